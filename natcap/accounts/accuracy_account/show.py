"""Sections, figures and checks of the error-adjusted areas: stands after the extent account (1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from natcap.accounts.accuracy import Z95, change_is_distinguishable
from natcap.accounts.accuracy_account.account import AccuracyAccount, ClassChange, Estimate, accuracy_account
from natcap.accounts.accuracy_account.figures import accuracy_figures
from natcap.accounts.accuracy_account.read import AccuracyInput
from natcap.accounts.margins import Margins
from natcap.accounts.show.words import HA, amount, number, text
from natcap.accounts.wings import Setting, Wing
from natcap.core.problems import Problems
from natcap.core.report import Chart, Check, Column, Section

__all__ = ["show"]

_NOTE_METHOD = (
    "Stratified estimator of Olofsson et al. 2014, Remote Sensing of Environment 148, section 4.2: the share of the "
    "points of each map class found to be a class, times the mapped area. It assumes points drawn at random in each "
    "map class."
)
_NOTE_MAPPED = "Mapped areas are those of the maps, before any change is left out; all zones together."
_NOTE_SAMPLES = (
    "The samples of the two dates count as independent. Points that were visited for both make the error smaller."
)
_NOTE_VERDICT = "Distinguishable: the adjusted change exceeds 1.96 of its standard error."
_SPANNED = re.compile(r'[*?~<>="{}\[\]]')
_LOW, _HIGH = f"[adjusted]-{Z95!r}*[error]", f"[adjusted]+{Z95!r}*[error]"
_WORDS = {True: "distinguishable", False: "not distinguishable from zero"}


def show(setting: Setting, given: AccuracyInput) -> Wing:
    """The accuracy wing. Raises InputProblems where the points do not fit the classes and areas of the maps."""
    problems = Problems()
    account = _account(setting, given, problems)
    problems.raise_if_any()
    if account is None:
        raise AssertionError("points were refused without a problem")
    sections = [_areas(setting, account, given)] if set(account.estimates) - {"change"} else []
    change = _change(setting, account, given)
    sections += ([change] if change is not None else []) + [_points(account, given)]
    return Wing(
        tuple((1, section) for section in sections),
        tuple(accuracy_figures(setting, account, given)),
        tuple(_checks(account, given)),
        controls={"reference points": str(int(given.table["points"].sum()))},
        product=account,
    )


def _account(setting: Setting, given: AccuracyInput, problems: Problems) -> AccuracyAccount | None:
    land = setting.land
    if land is None:
        problems.add(given.shown, "no land cover to adjust", "maps of opening and closing", "Name them in [inputs]")
        return None
    opening, closing = land.opening.sum(axis=0), land.closing.sum(axis=0)
    matrix = None if land.matrix is None else land.matrix.sum(axis=0)[1:, 1:]
    if setting.show is not None:
        raw = setting.show.results.raw
        opening, closing = (raw.area(part[:, 1:].sum(axis=0)) for part in (raw.opening, raw.closing))
        matrix = None if matrix is None or isinstance(raw, Margins) else raw.area(raw.total())[1:, 1:]
    return accuracy_account(given, land.classes, opening, closing, matrix, problems)


def _safe(account: AccuracyAccount) -> bool:
    """Whether every name can stand in a condition of SUMIFS as it is."""
    return not any(_SPANNED.search(name) for e in account.estimates.values() for name in e.strata.names)


def _summed(of: str) -> dict[str, str]:
    """Formulas of the adjusted area and its error, summed from the points section."""
    where = f'{{accuracy_points.of}},"{of}",{{accuracy_points.reference}},[item]'
    return {"adjusted": f"SUMIFS({{accuracy_points.area}},{where})",
            "error": f"SQRT(SUMIFS({{accuracy_points.variance}},{where}))"}  # fmt: skip


def _interval() -> tuple[Column, ...]:
    return (number("adjusted", "Adjusted area"), number("error", "Standard error"),
            number("low", "Low end of the 95 % interval", formula=_LOW),
            number("high", "High end of the 95 % interval", formula=_HIGH))  # fmt: skip


def _ends(table: pd.DataFrame) -> pd.DataFrame:
    table["low"], table["high"] = (table["adjusted"] + sign * Z95 * table["error"] for sign in (-1, 1))
    return table


def _used(estimate: Estimate) -> list[int]:
    mapped, area = estimate.strata.hectares, estimate.adjusted.area
    return [int(n) for n in np.flatnonzero((mapped > 0) | (area > 0) | (estimate.points.sum(axis=1) > 0))]


def _areas(setting: Setting, account: AccuracyAccount, given: AccuracyInput) -> Section:
    rows: list[list[object]] = []
    cells: dict[tuple[int, str], str] = {}
    figures: dict[tuple[int, str], str] = {}
    for of in ("opening", "closing"):
        estimate = account.estimates.get(of)
        for n in _used(estimate) if estimate is not None else ():
            found, points = estimate.adjusted, estimate.points  # type: ignore[union-attr]
            cells |= {(len(rows), name): formula for name, formula in _summed(of).items()} if _safe(account) else {}
            figures[len(rows), "adjusted"] = f"accuracy.area_{of}.all.{account.classes[n].key}"
            rows.append([of, account.classes[n].name, int(points[n].sum()), found.mapped[n], found.area[n],
                         found.standard_error[n]])  # fmt: skip
    table = _ends(pd.DataFrame(rows, columns=["of", "item", "points", "mapped", "adjusted", "error"]))
    table["off"] = table["adjusted"] - table["mapped"]
    most = int(table["off"].astype(float).abs().to_numpy().argmax())
    row = table.to_dict("records")[most]
    title = (
        f"{row['item']} at the {row['of']} is mapped as {amount(row['mapped'])} and by the sample is "
        f"{amount(row['adjusted'])}, plus or minus {amount(Z95 * row['error'])}"
    )
    chart = Chart("range", setting.mark(title), "item", "adjusted", low="low", high="high",
                  only={"of": [row["of"]]})  # fmt: skip
    return Section(
        "accuracy_area",
        "Error-adjusted area",
        table,
        (
            text("of", "Map"),
            text("item", "Land-cover class"),
            Column("points", "Points mapped as the class", "", "integer"),
            number("mapped", "Mapped area"),
            *_interval(),
            number("off", "Adjusted less mapped", formula="[adjusted]-[mapped]"),
        ),
        summary=f"{title}: the largest difference between map and sample.",
        notes=(_NOTE_METHOD, _NOTE_MAPPED),
        sources=(given.shown,),
        charts=(chart,),
        cells=cells,
        figures=figures,
    )


def _change(setting: Setting, account: AccuracyAccount, given: AccuracyInput) -> Section | None:
    strata = account.estimates.get("change")
    cells: dict[tuple[int, str], str] = {}
    figures: dict[tuple[int, str], str] = {}
    rows: list[list[object]] = []
    if strata is not None:
        for n, name in enumerate(strata.strata.names):
            found = strata.adjusted
            sure = bool(change_is_distinguishable(found.area[n : n + 1], found.standard_error[n : n + 1])[0])
            cells |= {(n, key): formula for key, formula in _summed("change").items()} if _safe(account) else {}
            figures[n, "adjusted"] = f"accuracy.stratum.{strata.strata.keys[n]}"
            rows.append(
                [name, "stratum of change", found.mapped[n], found.area[n], found.standard_error[n], _WORDS[sure]]
            )
    for change in account.changes:
        cells |= _change_cells(account, change, len(rows))
        figures[len(rows), "adjusted"] = f"accuracy.change.all.{account.classes[change.item].key}"
        basis = (
            "net change, from the sample of change" if change.parts else "net change, from the samples of both dates"
        )
        rows.append(
            [account.classes[change.item].name, basis, change.mapped, change.area, change.error, _WORDS[change.certain]]
        )
    if not rows:
        return None
    table = _ends(pd.DataFrame(rows, columns=["item", "basis", "mapped", "adjusted", "error", "verdict"]))
    table = table[["item", "basis", "mapped", "adjusted", "error", "low", "high", "verdict"]]
    return Section(
        "accuracy_change",
        "Error-adjusted change",
        table,
        (
            text("item", "Land-cover class or stratum"), text("basis", "What is estimated"), number("mapped", "Mapped"),
            number("adjusted", "Adjusted"), *_interval()[1:], text("verdict", "Against zero"),
        ),
        summary=f"{_finding(setting, account)}.",
        notes=(_NOTE_METHOD, _NOTE_VERDICT, _NOTE_MAPPED, _NOTE_SAMPLES),
        sources=(given.shown,),
        cells=cells,
        figures=figures,
    )  # fmt: skip


def _change_cells(account: AccuracyAccount, change: ClassChange, row: int) -> dict[tuple[int, str], str]:
    """Live formulas of a net change; the error of a change from strata needs their covariance and stands as a value."""
    if change.parts:
        terms = "".join(f"{'+' if way > 0 else '-'}[adjusted@{n}]" for n, way in change.parts)
        return {(row, "adjusted"): terms.removeprefix("+")}
    used = [_used(account.estimates[of]) for of in ("opening", "closing")]
    if any(change.item not in rows for rows in used):
        return {}
    one, other = used[0].index(change.item), len(used[0]) + used[1].index(change.item)
    return {
        (row, "adjusted"): f"[accuracy_area.adjusted@{other}]-[accuracy_area.adjusted@{one}]",
        (row, "error"): f"SQRT([accuracy_area.error@{one}]^2+[accuracy_area.error@{other}]^2)",
    }


def _finding(setting: Setting, account: AccuracyAccount) -> str:
    changes = account.changes
    if not changes:
        return f"The sample says how large each stratum of change is, {setting.span}"
    sure = [account.classes[c.item].name for c in changes if c.certain]
    if not sure:
        return f"By the sample the change of none of {len(changes)} classes can be told from zero, {setting.span}"
    return (
        f"By the sample the change of {len(sure)} of {len(changes)} classes can be told from zero: {', '.join(sure)}, "
        f"{setting.span}"
    )


def _points(account: AccuracyAccount, given: AccuracyInput) -> Section:
    rows = []
    for of, estimate in account.estimates.items():
        for i, j in np.argwhere(estimate.points > 0):
            n, mapped = estimate.points[i].sum(), estimate.strata.hectares[i]
            share = estimate.points[i, j] / n
            variance = mapped**2 * share * (1 - share) / (n - 1) if n > 1 else 0.0
            names = estimate.strata.names
            rows.append(
                [of, names[i], names[j], int(estimate.points[i, j]), int(n), mapped, share, mapped * share, variance]
            )
    fields = ["of", "map_class", "reference", "points", "all", "mapped", "share", "area", "variance"]
    where = "{accuracy_points.of},[of],{accuracy_points.map_class},[map_class]"
    every = f"SUMIFS({{accuracy_points.points}},{where})" if _safe(account) else None
    return Section(
        "accuracy_points",
        "Reference points",
        pd.DataFrame(rows, columns=fields),
        (
            text("of", "Sample"),
            text("map_class", "Map class or stratum"),
            text("reference", "Found to be"),
            Column("points", "Points", "", "integer"),
            Column("all", "Points of the map class", "", "integer", formula=every),
            number("mapped", "Mapped area of the map class"),
            Column("share", "Share of the points", "", "percent", 2, "[points]/[all]"),
            number("area", "Share times mapped area", HA, "[mapped]*[share]"),
            number(
                "variance", "Variance of that area", "ha^2", "IF([all]>1,[mapped]^2*[share]*(1-[share])/([all]-1),0)"
            ),
        ),
        summary=f"{int(given.table['points'].sum()):,} points; each row adds to the adjusted area of the class found.",
        notes=(_NOTE_METHOD,),
        sources=(given.shown,),
        group="working",
    )


def _checks(account: AccuracyAccount, given: AccuracyInput) -> Iterator[Check]:
    for of, estimate in account.estimates.items():
        whole = float(estimate.strata.hectares.sum())
        yield Check(
            f"accuracy.area.{of}",
            f"Accuracy, {of}: adjusted areas sum to the mapped area",
            float(estimate.adjusted.area.sum()),
            whole,
            1e-9 * max(whole, 1.0),
            HA,
        )
    used = sum(float(estimate.points.sum()) for estimate in account.estimates.values())
    yield Check(
        "accuracy.points", "Accuracy: points used = points given", used, float(given.table["points"].sum()), 0, "points"
    )
