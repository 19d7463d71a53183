"""Figures of the error-adjusted areas, each with the cells of its points and the mapped areas behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from natcap.accounts.accuracy import Z95
from natcap.accounts.accuracy_account.account import AccuracyAccount, ClassChange, Estimate
from natcap.accounts.accuracy_account.read import AccuracyInput
from natcap.accounts.classes import slug
from natcap.accounts.wings import Setting
from natcap.core.report import Figure, InputRef, Trace

__all__ = ["accuracy_figures"]


def accuracy_figures(setting: Setting, account: AccuracyAccount, given: AccuracyInput) -> Iterator[Figure]:
    """Adjusted areas at each date, strata of change, and changes of classes."""
    for of, estimate in account.estimates.items():
        for n in range(len(estimate.strata.names)):
            if estimate.strata.hectares[n] > 0 or estimate.adjusted.area[n] > 0 or estimate.points[n].any():
                yield _area(setting, given, of, estimate, n)
    for change in account.changes:
        yield _change(setting, account, change)


def _figure(setting: Setting, key: str, label: str, value: float, error: float, trace: Trace, period: str) -> Figure:
    return Figure(key, label, value, "ha", trace, value - Z95 * error, value + Z95 * error, status=setting.status(),
                  period=period, place="all zones")  # fmt: skip


def _refs(given: AccuracyInput, of: str, estimate: Estimate, found: int) -> tuple[InputRef, ...]:
    """The cells of the points that were found to be a class."""
    rows: list[dict[str, Any]] = given.table[given.table["of"] == of].to_dict("records")  # type: ignore[assignment]
    return tuple(
        InputRef(given.shown, row["_sheet"], row["_cell_points"], f"{row['points']:g}", "points",
                 f"mapped as {row['map_class']}, found to be {row['reference_class']}")
        for row in rows if estimate.strata.words.get(slug(str(row["reference_class"]))) == found
    )  # fmt: skip


def _area(setting: Setting, given: AccuracyInput, of: str, estimate: Estimate, n: int) -> Figure:
    strata, adjusted = estimate.strata, estimate.adjusted
    error = float(adjusted.standard_error[n])
    parts = [
        f"{estimate.points[i, n]:g} / {estimate.points[i].sum():g} of {strata.hectares[i]:,.10g} ha ({strata.names[i]})"
        for i in range(len(strata.names)) if estimate.points[i, n] > 0
    ]  # fmt: skip
    trace = Trace(
        (" + ".join(parts) or "no point was found to be of this class") + f"; standard error {error:,.6g} ha",
        inputs=_refs(given, of, estimate, n) or (InputRef(given.shown),),
    )
    if of == "change":
        return _figure(setting, f"accuracy.stratum.{strata.keys[n]}", f"Adjusted area, {strata.names[n]}",
                       float(adjusted.area[n]), error, trace, setting.span)  # fmt: skip
    year = setting.years[("opening", "closing").index(of)]
    return _figure(setting, f"accuracy.area_{of}.all.{strata.keys[n]}", f"{strata.names[n]}, adjusted area at the {of}",
                   float(adjusted.area[n]), error, trace, year)  # fmt: skip


def _change(setting: Setting, account: AccuracyAccount, change: ClassChange) -> Figure:
    item, verdict = (
        account.classes[change.item],
        "distinguishable" if change.certain else "not distinguishable from zero",
    )
    if change.parts:
        keys = account.estimates["change"].strata.keys
        how = "strata that are gain of the class less those that are loss"
        parents = tuple(f"accuracy.stratum.{keys[n]}" for n, _ in change.parts)
    else:
        how = "closing less opening; error: root of the sum of the squares of both"
        parents = tuple(
            f"accuracy.area_{of}.all.{item.key}" for of in ("opening", "closing") if _stands(account, of, change.item)
        )
    trace = Trace(f"{how}; standard error {change.error:,.6g} ha: {verdict}", parents=parents)
    return _figure(
        setting,
        f"accuracy.change.all.{item.key}",
        f"{item.name}, adjusted change",
        change.area,
        change.error,
        trace,
        setting.span,
    )


def _stands(account: AccuracyAccount, of: str, n: int) -> bool:
    estimate = account.estimates[of]
    return bool(estimate.strata.hectares[n] > 0 or estimate.adjusted.area[n] > 0 or estimate.points[n].any())
