"""Lines: one flow each, a quantity times a factor, with the cell it came from and the factor row it used.

Business and farm use the same table. One line per activity where the factor is published in CO2e (gas "CO2e", with
the split by gas beside it), one line per gas where it is published in mass of gas (gas "CH4", with its GWP).
Biogenic CO2 has section "outside scopes", removals section "removals"; neither is in a total. Electricity counted a
second time by contracts has section "Scope 2 (market-based)": it stands beside "Scope 2" and is in no total with it.

Text columns may be categorical; `frame` then copies nothing, which is how a million lines stay cheap.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

__all__ = ["COLUMNS", "MARKET", "NUMBERS", "OUTSIDE", "REMOVALS", "by", "frame", "gross", "select"]

COLUMNS: dict[str, str] = {
    "line": "number of the line, from 1",
    "period_start": "first day of the flow, ISO date",
    "period_end": "last day of the flow, ISO date",
    "period": "reporting period the flow belongs to, as text",
    "place": "site, field or area",
    "section": "Scope 1, 2, 3, Scope 2 (market-based), outside scopes, removals; or the enterprise heading of a farm",
    "category": "heading inside the section",
    "item": "what emits: meter, vehicle, herd, field",
    "activity": "activity id of the factor library",
    "basis": "location, market, gross, net, spend, or empty",
    "gas": "CO2e, CO2, CH4, N2O, ...",
    "quantity": "quantity as entered",
    "unit": "canonical unit of the quantity as entered",
    "factor_quantity": "quantity in the factor's unit",
    "factor_unit": "unit the factor is per",
    "factor": "value of the factor, kg of `gas` per factor_unit",
    "factor_id": "id of the factor row",
    "edition": "edition the factor came from",
    "match": "exact, earlier edition, partial edition, blended, user",
    "kg": "kilograms of `gas`",
    "gwp": "kg CO2e per kg of `gas`; for CO2e 1, or what another set of potentials makes of it",
    "gwp_set": "AR4, AR5, AR6; as the edition has it for CO2e",
    "kg_co2e": "kilograms CO2e",
    "kg_co2": "of which CO2, kg CO2e",
    "kg_ch4": "of which CH4, kg CO2e",
    "kg_n2o": "of which N2O, kg CO2e",
    "low": "lower end of kg_co2e",
    "high": "upper end of kg_co2e",
    "tier": "IPCC tier or data quality grade",
    "verified": "worst verification state among the numbers used",
    "file": "input file",
    "sheet": "input sheet",
    "cell": "input cell of the quantity",
    "evidence": "reference of the bill, log or survey",
    "note": "what a reader has to know",
}
"""Every column of a lines table, in order, with its meaning."""

NUMBERS: tuple[str, ...] = (
    "quantity", "factor_quantity", "factor", "kg", "gwp", "kg_co2e", "kg_co2", "kg_ch4", "kg_n2o", "low", "high",
)  # fmt: skip
OUTSIDE = "outside scopes"
MARKET = "Scope 2 (market-based)"
REMOVALS = "removals"


def frame(columns: dict[str, object]) -> pd.DataFrame:
    """Build a lines table from the given columns; the rest are empty text or missing numbers.

    Raises ValueError for a column that is not in COLUMNS, and for a missing or infinite `kg_co2e`: a line without
    a result must be refused before it gets here.
    """
    unknown = set(columns) - set(COLUMNS)
    if unknown:
        raise ValueError(f"not columns of a lines table: {', '.join(sorted(unknown))}")
    listed = [value for value in columns.values() if not isinstance(value, (str, float, int))]
    rows = max((len(value) for value in listed if hasattr(value, "__len__")), default=1)
    filled: dict[str, object] = {name: np.nan if name in NUMBERS else "" for name in COLUMNS}
    filled["line"] = np.arange(1, rows + 1)
    indexed = [value.index for value in listed if isinstance(value, pd.Series)]
    table = pd.DataFrame(filled | columns, index=indexed[0] if indexed else range(rows), copy=False)
    results = table["kg_co2e"].to_numpy(dtype="float64", na_value=np.nan)
    if not np.isfinite(results).all():
        raise ValueError(f"{int((~np.isfinite(results)).sum())} lines have no finite kg_co2e")
    return table


def select(lines: pd.DataFrame, where: dict[str, object]) -> pd.DataFrame:
    """Rows of `lines` where each named column equals the value, or is one of a list of values."""
    mask = np.ones(len(lines), dtype=bool)
    for column, wanted in where.items():
        values = list(wanted) if isinstance(wanted, (list, tuple, set)) else [wanted]
        mask &= lines[column].isin(values).to_numpy()
    return lines[mask]


def gross(lines: pd.DataFrame) -> pd.DataFrame:
    """Lines that may enter a gross total: neither outside scopes nor removals, and electricity by location only."""
    return lines[~lines["section"].isin([OUTSIDE, REMOVALS, MARKET])]


def by(lines: pd.DataFrame, keys: Sequence[str], value: str = "kg_co2e") -> pd.DataFrame:
    """Sum `value` by `keys`, keeping rows with a missing key; the sum of the parts is the whole."""
    return lines.groupby(list(keys), dropna=False, observed=True, sort=True)[value].sum(min_count=1).reset_index()
