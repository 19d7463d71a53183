"""Derived observations: products, sums of parts, sums over areas, ratios. Every one knows the rows it was made of.

A rate is never averaged or added: it is recomputed from its numerator and denominator or it is refused. A sum with a
missing member is missing, with the reason. Published rows are kept; where the same figure can be computed as well,
both are compared. Method sheet on progress tracking, A2 rules 5 to 7.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from natcap.core.problems import Problems
from natcap.progress.areas import Areas
from natcap.progress.definitions import Derivation, Indicator
from natcap.progress.observations import KEY

__all__ = ["Compared", "NotAdditive", "derive", "refuse_average", "spread"]

_SAME = ["period", "period_type", "position", "end", "unit", "method_version"]
"""What members of a sum must share, besides indicator and part."""


class NotAdditive(ValueError):
    """Somebody asked for the sum or mean of a rate over areas."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A published ratio beside the same ratio recomputed: how many, and the largest difference in its unit."""

    indicator: str
    count: int
    largest: float


def refuse_average(indicator: Indicator, place: str) -> None:
    """Raise NotAdditive when `indicator` cannot be added over areas; `place` is what it was asked for."""
    if not indicator.adds_areas:
        raise NotAdditive(
            f"{indicator.title} is a rate: the values of the parts of {place} are neither added nor averaged. "
            "Give its numerator and denominator, or the published value."
        )


def spread(table: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Low and high of each row: as given, or half a unit of the last printed decimal for numbers that were rounded.

    A value printed with more than six decimals is taken as exact.
    """
    half = np.where(table["digits"] > 6, 0.0, 0.5 * 10.0 ** -table["digits"].astype("float64"))
    whole = (table["digits"] == 0) & (table["value"].abs() >= 1)  # counts are printed whole and are exact
    half = np.where(whole, 0.0, half)
    return table["low"].fillna(table["value"] - half), table["high"].fillna(table["value"] + half)


def derive(
    table: pd.DataFrame,
    indicators: Mapping[str, Indicator],
    rules: Sequence[Derivation],
    areas: Areas,
    problems: Problems,
) -> tuple[pd.DataFrame, tuple[Compared, ...]]:
    """Add derived rows to a table of observations; return it with the comparisons against published ratios.

    Disagreements beyond rounding are added to `problems` as warnings. Derived rows have an empty `source`, their
    inputs in `made_of` (ids) and a sentence in `how`.
    """
    table = table.assign(derived=False)
    for rule in [r for r in rules if r.rule in ("product", "sum_parts", "part")]:
        maker = {"product": _product, "sum_parts": _sum_parts, "part": _part}[rule.rule]
        table = _extend(table, maker(_now(table), rule, indicators))
    for whole in areas.wholes():
        table = _extend(table, _sum_areas(_now(table), whole, areas, indicators))
    compared: list[Compared] = []
    for rule in [r for r in rules if r.rule == "ratio"]:
        made = _ratio(_now(table), rule, indicators)
        compared += _compare(table, made, indicators[rule.indicator], areas, problems)
        table = _extend(table, made)
    return table, tuple(compared)


def _now(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["current"]]


def _extend(table: pd.DataFrame, made: pd.DataFrame) -> pd.DataFrame:
    """Append rows whose key is not there yet."""
    have = pd.MultiIndex.from_frame(table[KEY])
    new = made[~pd.MultiIndex.from_frame(made[KEY]).isin(have)] if len(made) else made
    if new.empty:
        return table
    new = new.assign(id=np.arange(len(new)) + int(table["id"].max()) + 1, current=True, derived=True, _row=0)
    for text in ("source", "release", "value_text", "_file", "_sheet", "_cell_value"):
        new[text] = ""
    return pd.concat([table, new.reindex(columns=table.columns)], ignore_index=True)


def _status(missing: pd.Series, estimated: pd.Series) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    return np.select([missing, estimated], ["not estimated", "estimated"], "observed").astype(object)


def _summed(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Sums by `keys`, missing as soon as one member is; `n` members; `gaps` names what is missing."""
    low, high = spread(rows)
    rows = rows.assign(_low=low, _high=high, _missing=rows["value"].isna(), _est=rows["status"] == "estimated")
    rows["_ids"] = rows["id"].map(lambda i: (int(i),))
    rows["_gap"] = np.where(rows["_missing"], rows["_label"] + " " + rows["status"] + "; ", "")
    found = rows.groupby(keys, sort=True, dropna=False).agg(
        n=("id", "size"), value=("value", "sum"), low=("_low", "sum"), high=("_high", "sum"),
        digits=("digits", "min"), missing=("_missing", "any"), est=("_est", "any"), made_of=("_ids", "sum"),
        gaps=("_gap", "sum"),
    ).reset_index()  # fmt: skip
    gone = found["missing"].to_numpy()
    found.loc[gone, ["value", "low", "high"]] = np.nan
    found["status"] = _status(found["missing"], found["est"])
    found["note"] = np.where(gone, "not summed: " + found["gaps"].str.rstrip("; "), "")
    exact = found["low"] == found["high"]
    found.loc[exact, ["low", "high"]] = np.nan
    return found


def _sum_areas(table: pd.DataFrame, whole: str, areas: Areas, indicators: Mapping[str, Indicator]) -> pd.DataFrame:
    members = areas.members(whole)
    adds = [key for key, found in indicators.items() if found.adds_areas]
    rows = table[table["area"].isin(members) & table["indicator"].isin(adds)].copy()
    rows["_label"] = rows["area"].map(areas.name)
    found = _summed(rows, ["indicator", "part", *_SAME])
    found = found[found["n"] == len(members)].copy()
    found["area"] = whole
    found["how"] = f"Sum over the {len(members)} areas that make up {areas.name(whole)}."
    return found


def _sum_parts(table: pd.DataFrame, rule: Derivation, indicators: Mapping[str, Indicator]) -> pd.DataFrame:
    prefix = f"{rule.left_part}/" if rule.left_part else ""
    depth = prefix.count("/")
    rows = table[(table["indicator"] == rule.left) & table["part"].str.startswith(prefix) & (table["part"] != "")]
    rows = rows[rows["part"].str.count("/") == depth].copy()
    rows["_label"] = rows["part"].str[len(prefix) :]
    found = _summed(rows, ["indicator", "area", *_SAME])
    found["indicator"], found["part"] = rule.indicator, rule.left_part
    found["how"] = f"Sum of the parts. {rule.note}"
    return found


def _part(table: pd.DataFrame, rule: Derivation, indicators: Mapping[str, Indicator]) -> pd.DataFrame:
    rows = table[(table["indicator"] == rule.left) & (table["part"] == rule.left_part)].copy()
    rows["made_of"] = rows["id"].map(lambda i: (int(i),))
    rows["indicator"], rows["part"], rows["unit"] = rule.indicator, "", indicators[rule.indicator].unit
    rows["how"] = rule.note
    return rows


def _pairs(table: pd.DataFrame, rule: Derivation) -> pd.DataFrame:
    """Rows of the left and the right indicator for the same area and period, both with a value."""
    low, high = spread(table)
    table = table.assign(low=low, high=high)[table["value"].notna() & (table["position"] >= rule.from_year)]
    left = table[(table["indicator"] == rule.left) & (table["part"] == rule.left_part)]
    right = table[(table["indicator"] == rule.right) & (table["part"] == rule.right_part)]
    keys = ["area", "period", "period_type"]
    wanted = [*keys, "value", "low", "high", "status", "id", "method_version"]
    return left.merge(right[wanted], on=keys, suffixes=("", "_r"), validate="one_to_one")


def _made(pairs: pd.DataFrame, rule: Derivation, indicators: Mapping[str, Indicator], how: str) -> pd.DataFrame:
    est = (pairs["status"] == "estimated") | (pairs["status_r"] == "estimated")
    pairs["status"] = _status(pd.Series(False, index=pairs.index), est)
    pairs["made_of"] = [(int(a), int(b)) for a, b in zip(pairs["id"], pairs["id_r"], strict=True)]
    pairs["indicator"], pairs["part"], pairs["unit"] = rule.indicator, "", indicators[rule.indicator].unit
    pairs["digits"], pairs["note"], pairs["how"] = 9, "", how
    return pairs


def _product(table: pd.DataFrame, rule: Derivation, indicators: Mapping[str, Indicator]) -> pd.DataFrame:
    pairs = _pairs(table, rule)
    for column in ("low", "high", "value"):  # value last: it is an input of none
        pairs[column] = pairs[column] * pairs[f"{column}_r"] * rule.multiplier
    pairs["method_version"] = pairs["method_version"] + " x " + pairs["method_version_r"]
    made = _made(pairs, rule, indicators, _said(rule, indicators, "times"))
    return made.assign(status="estimated")


def _ratio(table: pd.DataFrame, rule: Derivation, indicators: Mapping[str, Indicator]) -> pd.DataFrame:
    pairs = _pairs(table, rule)
    pairs = pairs[pairs["low_r"] > 0].copy()
    low, high = pairs["low"] / pairs["high_r"], pairs["high"] / pairs["low_r"]
    pairs["value"] = pairs["value"] / pairs["value_r"] * rule.multiplier
    pairs["low"], pairs["high"] = low * rule.multiplier, high * rule.multiplier
    exact = low == high
    pairs.loc[exact, ["low", "high"]] = np.nan
    return _made(pairs, rule, indicators, _said(rule, indicators, "over"))


def _said(rule: Derivation, indicators: Mapping[str, Indicator], verb: str) -> str:
    """The rule in a sentence."""
    names = [
        indicators[key].title + (f" ({part})" if part else "")
        for key, part in ((rule.left, rule.left_part), (rule.right, rule.right_part))
    ]
    times = f", times {rule.multiplier:g}" if rule.multiplier != 1 else ""
    return f"{names[0]} {verb} {names[1]}{times}. {rule.note}".strip()


def _circular(table: pd.DataFrame, both: pd.DataFrame) -> pd.Series:
    """Whether the numerator of a recomputed ratio was itself made of the published one."""
    made = table.set_index("id")["made_of"]
    told = [i in made[ids[0]] for i, ids in zip(both["id"], both["made_of_m"], strict=True)]
    return pd.Series(told, index=both.index, dtype="bool")


def _compare(
    table: pd.DataFrame, made: pd.DataFrame, indicator: Indicator, areas: Areas, problems: Problems
) -> list[Compared]:
    """Set recomputed ratios beside published ones; differences beyond the rounding of both become warnings."""
    published = table[table["current"] & ~table["derived"] & table["value"].notna()]
    wanted = [*KEY, "value", "low", "high", "made_of"]
    both = published.merge(made[wanted], on=KEY, suffixes=("", "_m"), validate="one_to_one")
    both = both[~_circular(table, both)]
    if both.empty:
        return []
    low, high = spread(both)
    made_low, made_high = both["low_m"].fillna(both["value_m"]), both["high_m"].fillna(both["value_m"])
    slack = indicator.closes_within + 1e-9 * both["value"].abs()
    off = (made_low > high + slack) | (made_high < low - slack)
    for row in both[off].to_dict("records"):
        problems.add(
            row["_file"], f"{row['value']:g} {row['unit']} published for {areas.name(row['area'])}, {row['period']}",
            f"{row['value_m']:.6g}, recomputed as: {indicator.formula}", "Numerator, denominator and rate may be of "
            "different releases.", sheet=row["_sheet"], cell=str(row.get("_cell_value", "")), warning=True,
        )  # fmt: skip
    return [Compared(indicator.indicator, len(both), float((both["value"] - both["value_m"]).abs().max()))]
