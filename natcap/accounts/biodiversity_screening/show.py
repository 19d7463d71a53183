"""Section 13 and figures of the screening estimate; its label stands in every title, label, note and banner."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from natcap.accounts.biodiversity_screening.screen import BOUNDS, Screening
from natcap.accounts.land import Land
from natcap.accounts.show.words import number, text
from natcap.accounts.wings import Setting, Wing
from natcap.core.report import Check, Figure, Section, Trace

__all__ = ["LABEL", "show"]

LABEL = "screening estimate, not a metric calculation"
_DATES = ("opening", "closing")
_NOTE = (
    f"This is a {LABEL}: each class of the map is taken for one plausible habitat in a range of conditions, both "
    "judged. It is not for planning, shows no compliance and supports no trade. Survey parcels "
    "and use the metric for those."
)
_NOTE_PER = "Units a hectare: distinctiveness x condition, at the lowest strategic significance."
_NOTE_NONE = "Classes without a habitat in the screening table are not estimated; their hectares are in no sum."


def show(setting: Setting, given: Screening) -> Wing:
    """The screening wing. Land comes from the maps of the project."""
    land = setting.land
    if land is None:
        raise ValueError("a screening estimate needs land cover")
    table = _table(land, given)
    return Wing(
        ((13, _section(setting, table)),),
        tuple(_figures(setting, given, land, table)),
        tuple(_checks(table)),
        banners=(f"Biodiversity units from land cover are a {LABEL}; habitats and conditions were judged.",),
        notes=(
            _NOTE,
            f"Scores are those of edition {given.edition.name} of the metric; they are alike in every edition held.",
        ),
        editions=(f"biodiversity metric {given.edition.name} (scores only)",),
        choices={"biodiversity": "screening", "metric_edition": given.edition.name},
        product=table,
    )


def _table(land: Land, given: Screening) -> pd.DataFrame:
    """A row for each class with land at either date, then the total of the classes that are estimated."""
    rows = []
    for at, item in enumerate(land.classes):
        areas = {date: float(land.area(date)[:, at].sum()) for date in _DATES}
        if not any(areas.values()):
            continue
        per = given.per_hectare.get(item.code, (np.nan,) * 3)
        row: dict[str, object] = {"key": item.key, "code": item.code, "name": item.name, **areas,
                                  "habitats": given.words.get(item.code, "not estimated"),
                                  "confidence": "Red (judged)" if item.code in given.words else "none"}  # fmt: skip
        row |= {f"per_{bound}": value for bound, value in zip(BOUNDS, per, strict=True)}
        row |= {f"{date}_{bound}": areas[date] * value for date in _DATES
                for bound, value in zip(BOUNDS, per, strict=True)}  # fmt: skip
        rows.append(row)
    known = [row for row in rows if row["habitats"] != "not estimated"]
    names = [*_DATES, *(f"{date}_{bound}" for date in _DATES for bound in BOUNDS)]
    total: dict[str, object] = {name: sum(float(str(row[name])) for row in known) for name in names}
    total |= {
        "key": "total",
        "code": 0,
        "name": "All classes that are estimated",
        "habitats": "",
        "confidence": "Red (judged)",
    }
    total |= {f"per_{bound}": np.nan for bound in BOUNDS}
    return pd.DataFrame([*rows, total])


def _section(setting: Setting, table: pd.DataFrame) -> Section:
    last = len(table) - 1
    none = np.flatnonzero(table["habitats"] == "not estimated")
    products = [f"{date}_{bound}" for date in _DATES for bound in BOUNDS]
    rates = [f"per_{bound}" for bound in BOUNDS]
    marks = {(int(row), name): "[x]" for row in none for name in (*rates, *products)}
    marks |= {(last, name): "[z]" for name in rates}
    cells = {key: "" for key in marks if key[1] in products}
    counted = '"not estimated"'
    cells |= {(last, name): f'SUMIFS({{{name}}},{{habitats}},"<>"&{counted})' for name in (*_DATES, *products)}
    opening, closing = (dict(zip(_DATES, setting.years, strict=True))[date] for date in _DATES)
    words = {"opening": opening, "closing": closing}
    columns = [text("name", "Land-cover class"), *(number(d, f"Area, {words[d]}") for d in _DATES),
               text("habitats", "Habitat and condition taken"), text("confidence", "Confidence")]  # fmt: skip
    columns += [number(f"per_{b}", f"Screening estimate, {b}, for a hectare", "units/ha") for b in BOUNDS]
    for date in _DATES:
        columns += [
            number(f"{date}_{b}", f"Screening estimate, {words[date]}, {b}", "units", f"[{date}]*[per_{b}]", 0)
            for b in BOUNDS
        ]
    row = table.iloc[last]
    left = float(table.loc[none, "closing"].sum()) if len(none) else 0.0
    told = f"; {left:,.0f} ha of classes without a habitat are left out" if left else ""
    return Section(
        "biodiversity_screening", f"Biodiversity units by land-cover class ({LABEL})", table, tuple(columns),
        summary=f"As a {LABEL}, the land of {closing} stands for {row['closing_low']:,.0f} to "
        f"{row['closing_high']:,.0f} units, {row['closing_central']:,.0f} with the conditions taken{told}.",
        notes=(_NOTE, _NOTE_PER, _NOTE_NONE), total_rows=(last,), cells=cells, marks=marks,
    )  # fmt: skip


def _figures(setting: Setting, given: Screening, land: Land, table: pd.DataFrame) -> Iterator[Figure]:
    keys = [item.key for item in land.classes]
    for row in table.to_dict("records"):
        whole = row["key"] == "total"
        for date, year in zip(_DATES, setting.years, strict=True):
            value = float(row[f"{date}_central"])
            if value != value:
                continue
            stem = f"biodiversity.screening.{date}"
            if whole:
                members = [r["key"] for r in table.to_dict("records") if r["key"] in keys and r["code"] in given.words]
                trace = Trace(f"sum over classes; {LABEL}", parents=tuple(f"{stem}.{key}" for key in members))
            else:
                how = f"hectares x {row['per_central']:g} units/ha ({row['per_low']:g} to {row['per_high']:g}); {LABEL}"
                trace = Trace(how, parents=(f"extent.{date}.all.{row['key']}",), factors=given.factors[row["code"]])
            name = "all classes that are estimated" if whole else row["name"]
            yield Figure(
                f"{stem}.{'all' if whole else row['key']}", f"Biodiversity units, {name}, {date} ({LABEL})", value,
                "area units", trace, low=float(row[f"{date}_low"]), high=float(row[f"{date}_high"]),
                status=setting.status(recalled=True), period=year, place="all zones",
            )  # fmt: skip


def _checks(table: pd.DataFrame) -> Iterator[Check]:
    for date in _DATES:
        low, central, high = (float(table[f"{date}_{bound}"].iloc[-1]) for bound in BOUNDS)
        outside = float(not low <= central <= high)
        title = f"Biodiversity ({LABEL}), {date}: values outside their range = none"
        yield Check(f"biodiversity.screening.{date}", title, outside, 0.0, 0, "values")
