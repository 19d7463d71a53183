"""Sections and figures of the condition account: variables (3), indicators, indices and means (4)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from natcap.accounts.condition import ECT, MINIMUM_CLASSES
from natcap.accounts.condition_account.account import DATES, ConditionAccount, condition_account
from natcap.accounts.condition_account.figures import condition_figures
from natcap.accounts.condition_account.read import ConditionInput
from natcap.accounts.show.sure import word_of
from natcap.accounts.show.words import HA, number, text
from natcap.accounts.wings import Setting, Wing
from natcap.core.report import Chart, Check, Column, Section

__all__ = ["STARTER_BANNER", "show"]

STARTER_BANNER = (
    "Condition rests in part on starter reference levels that were judged: to be confirmed before publication."
)
_STARTER = "starter level, to be confirmed"
_NOTE_INDICATOR = (
    "Indicator = (reading - lower level) / (upper level - lower level), held between 0 and 1. Where more is worse the "
    "lower level is the larger number."
)
_NOTE_INDEX = (
    "Index: mean of the indicators within each class of the SEEA Ecosystem Condition Typology, then the mean over the "
    f"classes with readings. With fewer than {MINIMUM_CLASSES} classes there is no index; nothing is filled in."
)
_NOTE_TYPES = (
    "Reference conditions differ between ecosystem types: the indices of two types say nothing about which is better."
)
_NOTE_ALIKE = "A change is shown only where the same variables of the same assets were read at both dates."
_SPANNED = re.compile(r'[*?~<>="{}\[\]]')


def show(setting: Setting, given: ConditionInput) -> Wing:
    """The condition wing. Raises nothing: everything wrong was found while reading."""
    account = condition_account(given)
    starter = bool(given.table["starter"].any())
    sections = (
        (3, _variables(setting, account, given)),
        (4, _indicators(setting, account)),
        (4, _index(setting, account, given.weights)),
        (4, _by_ecosystem(setting, account)),
    )
    return Wing(
        sections,
        tuple(condition_figures(setting, account, given)),
        tuple(_checks(account)),
        banners=(STARTER_BANNER,) if starter else (),
        editions=("condition/variables (starter levels)",) if starter else (),
        choices={} if given.weights is None else {"condition_weights": _listed(given.weights)},
        controls={"condition readings": str(int(given.table[list(DATES)].notna().sum().sum()))},
    )


def _marks(table: pd.DataFrame, names: tuple[str, ...]) -> dict[tuple[int, str], str]:
    return {(int(row), name): "[x]" for name in names for row in np.flatnonzero(table[name].isna())}


def _plain(name: str, label: str, unit: str = "", note: str = "", formula: str | None = None) -> Column:
    return Column(name, label, unit, "number", None, formula, note)


def _index_column(name: str, label: str, formula: str | None = None, note: str = "") -> Column:
    return Column(name, label, "", "number", 3, formula, note)


def _dated(setting: Setting, what: str, date: str) -> str:
    year = setting.years[DATES.index(date)]
    return f"{what} at the {date}" if year == date else f"{what} {year} ({date})"


def _variables(setting: Setting, account: ConditionAccount, given: ConditionInput) -> Section:
    table = account.readings.assign(
        change=lambda d: d["closing"] - d["opening"],
        levels=lambda d: np.where(d["starter"], _STARTER, "as given"),
        confidence=lambda d: _words(d["starter"]),
        place=lambda d: d["_sheet"] + " row " + d["_row"].astype(str),
    )
    columns = (
        text("asset", "Asset or zone"), text("ecosystem", "Ecosystem type"), text("variable", "Condition variable"),
        text("ect", "ECT class"), text("unit", "Unit"), _plain("lower", "Lower reference level"),
        _plain("upper", "Upper reference level"), text("reference_type", "Reference type"),
        text("levels", "Reference levels"), _plain("opening", _dated(setting, "Reading", "opening")),
        _plain("closing", _dated(setting, "Reading", "closing")),
        _plain("change", "Change", formula="[closing]-[opening]"), text("confidence", "Confidence"),
        text("evidence", "Source and evidence"), text("place", "Place in the input"),
    )  # fmt: skip
    judged, rows = int(table["starter"].sum()), len(table)
    lean = f" {judged} of them lean on starter levels that are to be confirmed." if judged else ""
    return Section(
        "condition_variables",
        "Condition variables",
        table[[c.name for c in columns]],
        columns,
        summary=f"{rows} condition variables of {account.assets['pair'].nunique()} assets.{lean}",
        notes=(*([STARTER_BANNER] if judged else []), "ECT classes: " + _classes()),
        sources=(given.shown + (" (SYNTHETIC)" if setting.synthetic else ""),),
        marks=_marks(table, ("opening", "closing", "change")),
    )


def _words(starter: pd.Series) -> list[str]:
    """Red where a reference level is a starter level, which was judged; what the user gave is Amber."""
    return [word_of(["judged" if judged else "user"]) for judged in starter]


def _classes() -> str:
    return "; ".join(f"{code} {name}" for code, name in ECT.items()) + "."


def _indicators(setting: Setting, account: ConditionAccount) -> Section:
    names = ["asset", "ecosystem", "variable", "ect"]
    table = account.readings[names].assign(opening=account.readings["i_opening"], closing=account.readings["i_closing"])
    table["change"] = table["closing"] - table["opening"]
    table["confidence"] = _words(account.readings["starter"])
    cells = {}
    for row in range(len(table)):
        low, high = (f"[condition_variables.{end}@{row}]" for end in ("lower", "upper"))
        for date in DATES:
            reading = f"[condition_variables.{date}@{row}]"
            cells[row, date] = f"MAX(0,MIN(1,({reading}-{low})/({high}-{low})))"
    moved = table["change"].dropna()
    up, down = int((moved > 0).sum()), int((moved < 0).sum())
    return Section(
        "condition_indicators",
        "Condition indicators",
        table,
        (
            text("asset", "Asset or zone"), text("ecosystem", "Ecosystem type"),
            text("variable", "Condition variable"), text("ect", "ECT class"),
            _index_column("opening", _dated(setting, "Indicator", "opening")),
            _index_column("closing", _dated(setting, "Indicator", "closing")),
            _index_column("change", "Change", "[closing]-[opening]"), text("confidence", "Confidence"),
        ),
        summary=f"Of {len(moved)} indicators with both readings {up} rose and {down} fell, {setting.span}.",
        notes=(_NOTE_INDICATOR,),
        cells=cells,
        marks=_marks(table, (*DATES, "change")),
    )  # fmt: skip


def _listed(weights: Mapping[str, float]) -> str:
    return ", ".join(f"{key} {weights[key]:g}" for key in ECT if weights.get(key))


def _index_formulas(weights: Mapping[str, float] | None) -> tuple[str, str]:
    """Classes that count, and the weighted mean over those with readings, as formulas."""
    if weights is None:
        return "COUNT([A1]:[C1])", "AVERAGE([A1]:[C1])"
    held = {key: weights[key] for key in ECT if weights.get(key)}
    count = "+".join(f"IF(ISNUMBER([{key}]),1,0)" for key in held)
    summed = "+".join(f"IF(ISNUMBER([{key}]),{part!r}*[{key}],0)" for key, part in held.items())
    weighed = "+".join(f"IF(ISNUMBER([{key}]),{part!r},0)" for key, part in held.items())
    return count, f"({summed})/({weighed})"


def _index(setting: Setting, account: ConditionAccount, weights: Mapping[str, float] | None) -> Section:
    names = ["asset", "ecosystem", "date", "area", *ECT, "classes", "coverage", "index"]
    table = account.assets[names].reset_index(drop=True)
    known = table["index"].notna()
    table["covered"] = table["area"].where(known, 0.0)
    table["weighted"] = (table["index"] * table["area"]).where(known, 0.0)
    judged = account.readings.groupby("pair")["starter"].any()
    table["confidence"] = _words(account.assets["pair"].map(judged))
    counted, meaned = _index_formulas(weights)
    columns = (
        text("asset", "Asset or zone"), text("ecosystem", "Ecosystem type"), text("date", "Date"),
        number("area", "Area"),
        *(_index_column(code, f"{code} {name}") for code, name in ECT.items()),
        Column("classes", "Classes with readings", "", "integer", None, counted),
        Column("coverage", "Coverage of the six classes", "", "percent", 0, "[classes]/6"),
        _index_column("index", "Condition index", meaned),
        number("covered", "Area with an index", HA, "IF(ISNUMBER([index]),[area],0)"),
        number("weighted", "Index times area", HA, "IF(ISNUMBER([index]),[index]*[area],0)"),
        text("confidence", "Confidence"),
    )  # fmt: skip
    without = int((~known).sum())
    told = f" {without} of {len(table)} have too few classes for one." if without else ""
    return Section(
        "condition_index",
        "Condition index of each asset",
        table,
        columns,
        summary=f"A condition index for {account.assets['pair'].nunique()} assets at two dates.{told}",
        notes=(
            _NOTE_INDEX,
            *(() if weights is None else (f"Weights of the classes: {_listed(weights)}.",)),
            _NOTE_TYPES,
        ),
        cells=_class_cells(account),
        marks=_marks(table, (*ECT, "index")),
    )


def _class_cells(account: ConditionAccount) -> dict[tuple[int, str], str]:
    """The mean within a class, over the cells of its indicators."""
    readings = account.readings
    members = {
        key: rows.index.tolist()
        for date in DATES
        for key, rows in readings[readings[date].notna()].assign(date=date).groupby(["pair", "date", "ect"])
    }
    cells = {}
    for row, (pair, date) in enumerate(zip(account.assets["pair"], account.assets["date"], strict=True)):
        for code in ECT:
            found = members.get((pair, date, code))
            if found:
                cells[row, code] = f"AVERAGE({','.join(f'[condition_indicators.{date}@{at}]' for at in found)})"
    return cells


def _by_ecosystem(setting: Setting, account: ConditionAccount) -> Section:
    judged = account.readings.groupby("ecosystem")["starter"].any()
    table = account.ecosystems.drop(columns="alike").assign(confidence=lambda d: _words(d["ecosystem"].map(judged)))
    safe = not any(_SPANNED.search(name) for name in table["ecosystem"]) and table["ecosystem"].str.casefold().is_unique
    cells = {}
    for row in range(len(table)) if safe else ():
        for date in DATES:
            where = f'{{condition_index.ecosystem}},[ecosystem],{{condition_index.date}},"{date}"'
            area, covered, weighted = (
                f"SUMIFS({{condition_index.{name}}},{where})" for name in ("area", "covered", "weighted")
            )
            cells[row, date] = f"{weighted}/{covered}"
            cells[row, f"covered_{date}"] = f"{covered}/{area}"
    title = _finding(setting, table)
    shown = table["change"].notna()
    chart = Chart("bar", setting.mark(title), "ecosystem", "change",
                  only={"ecosystem": table.loc[shown, "ecosystem"].tolist()})  # fmt: skip
    return Section(
        "condition_by_ecosystem",
        "Condition index by ecosystem type",
        table,
        (
            text("ecosystem", "Ecosystem type"), Column("assets", "Assets", "", "integer"), number("area", "Area"),
            _index_column("opening", _dated(setting, "Condition index", "opening")),
            Column("covered_opening", "Share of the area with an index, opening", "", "percent", 0),
            _index_column("closing", _dated(setting, "Condition index", "closing")),
            Column("covered_closing", "Share of the area with an index, closing", "", "percent", 0),
            _index_column("change", "Change", "[closing]-[opening]"), text("confidence", "Confidence"),
        ),
        summary=f"{title}.",
        notes=(_NOTE_INDEX, _NOTE_TYPES, _NOTE_ALIKE),
        charts=(chart,) if shown.any() else (),
        cells=cells,
        marks=_marks(table, (*DATES, "change")),
    )  # fmt: skip


def _finding(setting: Setting, table: pd.DataFrame) -> str:
    known = table.dropna(subset=["change"])
    if known.empty:
        return "No ecosystem type has a condition index that compares at both dates"
    row = known.to_dict("records")[int(known["change"].abs().to_numpy().argmax())]
    way = "rose" if row["change"] > 0 else "fell" if row["change"] < 0 else "stayed"
    moved = f"from {row['opening']:.2f} to {row['closing']:.2f}"
    among = f", the largest change of {len(known)}" if len(known) > 1 else ""
    return f"The condition index of {row['ecosystem']} {way} {moved}{among}, {setting.span}"


def _checks(account: ConditionAccount) -> Iterator[Check]:
    readings, assets = account.readings, account.assets
    for date in DATES:
        yield Check(
            f"condition.read.{date}",
            f"Condition: readings at the {date} = indicators at the {date}",
            float(readings[date].notna().sum()),
            float(readings[f"i_{date}"].notna().sum()),
            0,
            "readings",
        )
    outside = ((assets["index"] < 0) | (assets["index"] > 1)).sum()
    yield Check("condition.bounds", "Condition: indices outside 0 to 1 = none", float(outside), 0.0, 0, "indices")
    mine = assets[assets["date"] == "closing"]
    left = float((mine["index"] * mine["area"]).sum())
    held = account.ecosystems
    right = float((held["closing"] * held["covered_closing"] * held["area"]).sum())
    title = "Condition: index x area over assets = over ecosystem types, closing"
    yield Check("condition.weighted", title, left, right,
                1e-9 * max(left, 1.0), "ha")  # fmt: skip
