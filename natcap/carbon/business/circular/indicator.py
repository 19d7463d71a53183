"""The material circularity indicator of products, in arrays.

V = M (1 - FR - FU - FS); W0 = M (1 - CR - CU - CC - CE); WC = M CR (1 - EC); WF = M FR (1 - EF) / EF;
W = W0 + (WF + WC) / 2; LFI = (V + W) / (2 M + (WF - WC) / 2); MCI = max(0, 1 - LFI 0.9 / X).
Full denominator of the Ellen MacArthur Foundation's methodology: with 2 M alone products that use or feed recycling
score too high.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from natcap.carbon.business.circular.published import constant

__all__ = ["COLUMNS", "mci"]

COLUMNS: tuple[str, ...] = ("mass", "fr", "fu", "fs", "cr", "cu", "cc", "ce", "ec", "ef", "x")
"""What `mci` needs: mass in any unit, shares from 0 to 1, and X, the utility against the industry's average."""


def mci(products: pd.DataFrame) -> pd.DataFrame:
    """The products with v, w0, wc, wf, w, lfi, raw (before the floor) and mci.

    EC may be NaN where CR is 0, EF where FR is 0.

    Raises ValueError for what the method cannot take: shares above one, EF = 0 beside recycled feedstock, X <= 0.
    """
    _possible(products)
    half, utility = constant("loss_share").value, constant("utility_constant").value
    p = products
    v = p["mass"] * (1 - p["fr"] - p["fu"] - p["fs"])
    w0 = p["mass"] * (1 - p["cr"] - p["cu"] - p["cc"] - p["ce"])
    wc = (p["mass"] * p["cr"] * (1 - p["ec"])).where(p["cr"] > 0, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        wf = (p["mass"] * p["fr"] * (1 - p["ef"]) / p["ef"]).where(p["fr"] > 0, 0.0)
    w = w0 + half * (wf + wc)
    lfi = (v + w) / (2 * p["mass"] + half * (wf - wc))
    raw = 1 - lfi * utility / p["x"]
    return p.assign(v=v, w0=w0, wc=wc, wf=wf, w=w, lfi=lfi, raw=raw, mci=raw.clip(lower=0.0))


def _possible(p: pd.DataFrame) -> None:
    """The reader tells these with their cells; a caller who comes another way is stopped here."""
    near = 1 + 1e-9
    wrong = {
        "FR + FU + FS above 1": p["fr"] + p["fu"] + p["fs"] > near,
        "CR + CU + CC + CE above 1": p["cr"] + p["cu"] + p["cc"] + p["ce"] > near,
        "EF of 0 or none beside recycled feedstock": (p["fr"] > 0) & ~(p["ef"] > 0),
        "no EC beside material collected for recycling": (p["cr"] > 0) & p["ec"].isna(),
        "X not above 0": ~(p["x"] > 0),
        "mass not above 0": ~(p["mass"] > 0),
    }
    found = [text for text, mask in wrong.items() if mask.any()]
    if found:
        raise ValueError(f"no material circularity indicator: {'; '.join(found)}")
