"""Recompute an official metric workbook and show every difference, parcel by parcel and in total."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from natcap.accounts.biodiversity.edition import Edition, MetricError
from natcap.accounts.biodiversity.official import Parcel
from natcap.accounts.biodiversity.units import Units, baseline, creation, enhancement

__all__ = ["TOLERANCE", "compute", "recompute", "totals"]

TOLERANCE = 1e-6
"""Units. The official sheets hold ten decimals of the temporal multiplier; a real difference is larger than this."""


def compute(e: Edition, parcel: Parcel) -> Units:
    """Units of one parcel; raises MetricError where the metric does not allow it."""
    p = parcel
    wet = {"encroachment": p.encroachment, "riparian": p.riparian, "place": p.place}
    if p.step == "baseline":
        return baseline(e, p.kind, p.habitat, _counted(e, p), p.condition, p.significance, **wet)
    if p.step == "creation":
        return creation(e, p.kind, p.habitat, p.size, p.condition, p.significance, p.advance, p.delay, **wet)
    lengthened = p.size_before if p.kind == "watercourse" and p.size > (p.size_before or p.size) else None
    return enhancement(
        e, p.kind, p.before, p.start, p.habitat, p.condition, p.size, p.significance, p.advance, p.delay,
        size_before=lengthened, **wet,
    )  # fmt: skip


def _counted(e: Edition, p: Parcel) -> float:
    """Size that generates baseline units: of irreplaceable habitat only what is enhanced, of habitat that needs bespoke
    compensation only what stays, and of anything else the whole."""
    if p.irreplaceable:
        if p.enhanced <= 0:
            raise MetricError("irreplaceable habitat generates no units")
        return p.enhanced
    stays = p.retained + p.enhanced
    if p.kind != "hedgerow" and e.habitat(p.kind, p.habitat)["trading_rule"] == "bespoke" and stays > 0:
        if stays < p.size:
            raise MetricError("any loss of this habitat is unacceptable without bespoke compensation")
        return stays
    return p.size


def recompute(e: Edition, parcels: Sequence[Parcel]) -> pd.DataFrame:
    """One row per parcel: sheet, cell, kind, step, habitat, size, printed, computed, difference, agrees, note.

    `printed` and `computed` are NaN where the workbook or the metric gives no number; the note says why, and `agrees`
    is then whether both withhold one.
    """
    rows = []
    for p in parcels:
        computed, note = np.nan, ""
        try:
            computed = compute(e, p).units
        except MetricError as error:
            note = str(error)
        printed = p.printed if isinstance(p.printed, float) else np.nan
        if isinstance(p.printed, str) and p.printed:
            note = f"{note}; the workbook says {p.printed!r}".removeprefix("; ")
        both_silent = bool(np.isnan(printed) and np.isnan(computed))
        difference = computed - printed
        rows.append(
            (p.sheet, p.cells.get("units", ""), p.kind, p.on_site, p.step, p.habitat, p.size, printed, computed,
             difference, both_silent or bool(abs(difference) <= TOLERANCE), note)
        )  # fmt: skip
    columns = ["sheet", "cell", "kind", "on_site", "step", "habitat", "size", "printed", "computed", "difference"]
    return pd.DataFrame(rows, columns=[*columns, "agrees", "note"])


def totals(e: Edition, parcels: Sequence[Parcel]) -> pd.DataFrame:
    """Units before and after per kind (area, hedgerow and watercourse never add), with net change and percentage.

    Columns kind, on_site, baseline, retained, created, enhanced, net, percent (NaN without a baseline). Raises
    MetricError when a parcel cannot be computed: a total without it would be wrong.
    """
    rows = []
    for kind in ("area", "hedgerow", "watercourse"):
        for on_site in (True, False):
            mine = [p for p in parcels if p.kind == kind and p.on_site == on_site]
            if not mine:
                continue
            before = [(p, compute(e, p)) for p in mine if p.step == "baseline"]
            base = sum(u.units for _, u in before)
            kept = sum(u.units * p.retained / u.size for p, u in before)
            made = sum(compute(e, p).units for p in mine if p.step == "creation")
            better = sum(compute(e, p).units for p in mine if p.step == "enhancement")
            net = kept + made + better - base
            rows.append((kind, on_site, base, kept, made, better, net, 100 * net / base if base else np.nan))
    columns = ["kind", "on_site", "baseline", "retained", "created", "enhanced", "net", "percent"]
    return pd.DataFrame(rows, columns=columns)
