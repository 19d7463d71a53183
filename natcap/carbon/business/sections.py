"""The tables of a business report that people read first: by scope, by category, by site and month, by activity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from natcap.carbon.business import periods
from natcap.carbon.business.figures import GROSS, TONNE, UNIT, slug
from natcap.carbon.business.months import by_site_and_month
from natcap.carbon.business.plan import categories
from natcap.carbon.business.result import Result, YearResult
from natcap.carbon.business.vocabulary import vocabulary
from natcap.carbon.inventory import SCOPE_1, SCOPE_2, SCOPE_3, Totals
from natcap.core.lines import MARKET, OUTSIDE
from natcap.core.report import Chart, Column, Section
from natcap.core.words import plural

__all__ = ["LIVE", "activities", "by_category", "by_site", "is_live", "share_text", "sumifs", "summary", "tonnes"]

LIVE = 100_000
"""Lines up to which a workbook's cells are live sums over them; above it, the values stand as computed."""


def is_live(result: Result) -> bool:
    """Whether cells can be live sums over the lines."""
    return len(result.lines) <= LIVE


def sumifs(where: Mapping[str, str], scale: float = 1 / TONNE) -> str:
    """A live sum of kg CO2e over the lines where each column has the given text (or the cell of a named column)."""
    parts = [f"{{lines.{name}}},{value if value.startswith('[') else _quoted(value)}" for name, value in where.items()]
    return f"SUMIFS({{lines.kg_co2e}},{','.join(parts)})*{scale!r}"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def tonnes(kg: float | None) -> float:
    """Kilograms as tonnes; missing stays missing."""
    return float("nan") if kg is None else kg / TONNE


def share_text(part: float | None, whole: float | None) -> str:
    """A share in words for people, such as "62 %"; empty where there is no whole."""
    return f"{part / whole:.0%}".replace("%", " %") if part is not None and whole else ""


def _years_columns(result: Result) -> tuple[Column, ...]:
    """This year, last year, and the change between them."""
    before = result.prior.period if result.prior else "Year before"
    like = periods.alike(result)
    change = "[this]-[prior]" if like else None
    share = 'IF([prior]=0,"[z]",([this]-[prior])/[prior])' if like else None
    return (
        Column("this", result.this.period, UNIT, "number", 3), Column("prior", before, UNIT, "number", 3),
        Column("change", "Change", UNIT, "number", 3, change), Column("relative", "Change", "%", "percent", 1, share),
    )  # fmt: skip


def _changes(
    result: Result, table: pd.DataFrame
) -> tuple[pd.DataFrame, dict[tuple[int, str], str], dict[tuple[int, str], str]]:
    """Fill change and relative change; (table, cells without a formula, marks of missing values).

    Neither applies where last year's period is of another length.
    """
    table = table.assign(change=table["this"] - table["prior"])
    table["relative"] = table["change"] / table["prior"].where(table["prior"] != 0)
    apart = result.prior is not None and not periods.alike(result)
    if apart:
        table[["change", "relative"]] = np.nan
    cells: dict[tuple[int, str], str] = {}
    marks: dict[tuple[int, str], str] = {}
    for row in range(len(table)):
        for name in ("this", "prior", "change", "relative"):
            if np.isnan(table[name].iloc[row]):
                none = name == "relative" and table["prior"].iloc[row] == 0
                marks[(row, name)] = "[z]" if none or (apart and name in ("change", "relative")) else "[x]"
                cells[(row, name)] = ""
    return table, cells, marks


def _live(result: Result, cells: dict[tuple[int, str], str], row: int, where: Mapping[str, str]) -> None:
    """Make this year's and last year's cell of a row live sums, unless they are missing."""
    if not is_live(result):
        return
    for name, year in (("this", result.this), ("prior", result.prior)):
        if year is not None and (row, name) not in cells:
            cells[(row, name)] = sumifs({**where, "period": year.span})


def summary(result: Result) -> Section:
    """1 Summary by scope, this year beside last year."""
    rows: list[tuple[str, str, str]] = [
        (SCOPE_1, "scope1", SCOPE_1), ("Scope 2, location-based", "location", SCOPE_2), (SCOPE_3, "scope3", SCOPE_3),
        ("Total, scope 2 by location", "total", ""), ("Scope 2, market-based", "market", MARKET),
        ("Total, scope 2 by market", "total_market", ""), ("Outside of scopes", "outside", OUTSIDE),
    ]  # fmt: skip
    before = result.prior.totals if result.prior else Totals(None, None, None, None, None)
    table = pd.DataFrame({
        "heading": [label for label, _, _ in rows],
        "this": [tonnes(getattr(result.this.totals, name)) for _, name, _ in rows],
        "prior": [tonnes(getattr(before, name)) for _, name, _ in rows],
    })  # fmt: skip
    table, cells, marks = _changes(result, table)
    for row, (_, _, section) in enumerate(rows):
        if section:
            _live(result, cells, row, {"section": section})
    for row, parts in ((3, (0, 1, 2)), (5, (0, 4, 2))):
        for name in ("this", "prior"):
            there = [part for part in parts if (part, name) not in marks]
            if (row, name) not in cells and there:
                cells[(row, name)] = "+".join(f"[{name}@{part}]" for part in there)
    ids = ("scope1", "scope2.location", "scope3", "total", "scope2.market", "total_market", "outside_scopes")
    figures = {(row, "this"): f"business.{key}" for row, key in enumerate(ids)}
    if result.prior:
        figures |= {(row, "prior"): f"business.{key}.prior" for row, key in enumerate(ids)}
    return Section(
        "summary", "Summary by scope", table, (Column("heading", "Heading"), *_years_columns(result)),
        _finding(result), (*_NOTES, *periods.notes(result)),
        charts=(_scopes_chart(result),), total_rows=(3, 5), cells=cells, marks=marks,
        figures=figures,
    )  # fmt: skip


_NOTES = (
    "The total is scope 1, scope 2 (location-based) and scope 3. The market-based figure stands beside the "
    "location-based one and is never added to it.",
    "Outside of scopes holds biogenic CO2 and gases outside the Kyoto Protocol; it is in no total.",
)


def _finding(result: Result) -> str:
    total = result.this.totals
    if total.total is None:
        return "Nothing was entered that has emissions."
    parts = {SCOPE_1: total.scope1, "scope 2": total.location, "scope 3": total.scope3}
    largest = max(parts, key=lambda name: parts[name] or 0.0)
    said = f"{result.this.period}: {total.total / TONNE:,.1f} {UNIT} in all, {largest.lower()} most"
    said += f" ({share_text(parts[largest], total.total)})"
    if result.prior and result.prior.totals.total and periods.alike(result):
        before = result.prior.totals.total
        word = "more" if total.total > before else "less"
        said += f"; {abs(total.total / before - 1):.1%} {word} than in {result.prior.period}".replace("%", " %")
    return said + "."


def _scopes_chart(result: Result) -> Chart:
    only = {"heading": [SCOPE_1, "Scope 2, location-based", SCOPE_3]}
    return Chart("bar", _finding(result).rstrip("."), "heading", "this", only=only)


def by_category(result: Result) -> Section:
    """2 By category, largest first inside each scope."""
    keys = ["section", "category"]
    sums = [
        year.lines.groupby(keys, observed=True)["kg_co2e"].sum(min_count=1).rename(name) / TONNE
        for name, year in (("this", result.this), ("prior", result.prior)) if year is not None
    ]  # fmt: skip
    table = pd.concat(sums, axis=1).reset_index().astype(dict.fromkeys(keys, "str"))
    table = table if result.prior else table.assign(prior=np.nan)
    order = {name: place for place, name in enumerate((SCOPE_1, SCOPE_2, SCOPE_3, MARKET, OUTSIDE))}
    table["order"] = table["section"].map(order)
    table = table.sort_values(["order", "this"], ascending=[True, False], kind="stable").reset_index(drop=True)
    table, cells, marks = _changes(result, table.drop(columns="order"))
    for row, (section, category) in enumerate(zip(table["section"], table["category"], strict=True)):
        _live(result, cells, row, {"section": section, "category": category})
    gross = table[table["section"].isin(GROSS)]
    top = gross.sort_values("this", ascending=False, kind="stable").head(1)
    said = f"{top['category'].iloc[0]} is the largest heading, {top['this'].iloc[0]:,.1f} {UNIT}" if len(top) else ""
    names = {SCOPE_1: "scope1", SCOPE_2: "scope2.location", SCOPE_3: "scope3", MARKET: "scope2.market"}
    by_heading = {heading: key for key, heading in categories().items()}
    figures = {
        (row, "this"): f"business.{names.get(section, 'outside_scopes')}.{slug(by_heading[category])}"
        for row, (section, category) in enumerate(zip(table["section"], table["category"], strict=True))
        if (row, "this") not in marks
    }
    columns = (Column("section", "Scope"), Column("category", "Category"), *_years_columns(result))
    chart = Chart("bar", said or "Emissions by category", "category", "this", only={"section": GROSS})
    return Section(
        "categories", "By category", table, columns, f"{said}." if said else "", periods.notes(result),
        charts=(chart,), cells=cells, marks=marks, figures=figures,
    )  # fmt: skip


def by_site(result: Result) -> Section:
    """3 By site and month: bills spread over months by days."""
    year = result.this
    gross = year.lines[year.lines["section"].isin(GROSS)]
    wide = by_site_and_month(gross, year.year.period)
    months = [name for name in wide.columns if name != "place"]
    names = {month: "m" + month.replace("-", "_") for month in months}
    table = wide.rename(columns=names)
    shown = list(names.values())
    table[shown] = table[shown] / TONNE
    table["total"] = table[shown].sum(axis=1, min_count=1)
    sums = {name: table[name].sum(min_count=1) for name in (*shown, "total")}
    table = pd.concat([table, pd.DataFrame([{"place": "All sites", **sums}])], ignore_index=True)
    last = len(table) - 1
    cells = {(last, name): f"SUM({{{name}}})" for name in (*shown, "total") if not np.isnan(table[name].iloc[last])}
    marks = {
        (row, name): "[x]" for row in range(len(table)) for name in shown if np.isnan(table[name].iloc[row])
    }  # fmt: skip
    columns = (
        Column("place", "Site"),
        *(Column(names[month], month, UNIT, "number", 3) for month in months),
        Column("total", "Total", UNIT, "number", 3, f"SUM({','.join(f'[{name}]' for name in shown)})"),
    )
    largest = table.iloc[:last].sort_values("total", ascending=False, kind="stable").head(1)
    said = ""
    if len(largest) and last > 1:
        whole = table["total"].iloc[last]
        said = f"{largest['place'].iloc[0]} emits most: {share_text(largest['total'].iloc[0], whole)} of the total."
    figures = {(row, "total"): _site_figure(year, str(place)) for row, place in enumerate(table["place"][:last])}
    figures[(last, "total")] = "business.total"
    chart = Chart(
        "bar", said.rstrip(".") or "Emissions by site", "place", "total", only={"place": list(table["place"][:last])}
    )
    return Section(
        "sites", "By site and month", table, columns, said,
        ("A bill that spans months is shared between them by days. A month without a bill is [x], not zero.",),
        charts=(chart,), total_rows=(last,), cells=cells, marks=marks, figures=figures,
    )  # fmt: skip


def _site_figure(year: YearResult, place: str) -> str:
    taken: dict[str, str] = {}
    for name in sorted(year.lines["place"].astype("str").unique()):
        key = slug(name)
        while key in taken.values():
            key += "_2"
        taken[name] = key
    return f"business.site.{taken[place]}"


def activities(result: Result) -> Section:
    """4 Lines summed by activity and factor row, largest first; every line stands in the Working sheet."""
    year = result.this
    keys = ["section", "category", "activity", "unit", "factor_unit", "factor", "factor_id", "match"]
    grouped = year.lines.groupby(keys, observed=True)
    table = grouped[["quantity", "factor_quantity", "kg_co2e"]].sum(min_count=1)
    table["lines"] = grouped.size()
    table = table.reset_index()
    for name in keys:
        if name != "factor":
            table[name] = table[name].astype("str")
    known = vocabulary().activities
    bought = {group.series: f"Spend: {group.name}" for group in year.year.book.spend.groups}
    table["label"] = [known[key].label if key in known else bought.get(key, key) for key in table["activity"]]
    table["tonnes"] = table["kg_co2e"] / TONNE
    order = {name: place for place, name in enumerate((SCOPE_1, SCOPE_2, SCOPE_3, MARKET, OUTSIDE))}
    table["order"] = table["section"].map(order)
    by: Sequence[str] = ["order", "tonnes", "factor_id"]
    table = table.sort_values(list(by), ascending=[True, False, True], kind="stable").reset_index(drop=True)
    table = table.drop(columns=["order", "kg_co2e"])
    formula = None
    if is_live(result):
        where = {name: f"[{name}]" for name in ("section", "category", "activity", "factor_id", "unit")}
        formula = sumifs({**where, "period": year.span})
    columns = (
        Column("section", "Scope"), Column("category", "Category"), Column("label", "Activity"),
        Column("quantity", "Quantity", "", "number"), Column("unit", "Unit"),
        Column("factor", "Factor", "kg CO2e per factor's unit", "number"), Column("factor_unit", "Factor's unit"),
        Column("tonnes", "Emissions", UNIT, "number", 3, formula), Column("match", "How the factor was found"),
        Column("lines", "Lines", "", "integer"), Column("factor_id", "Factor row"), Column("activity", "Activity id"),
    )  # fmt: skip
    found = f"{plural(len(year.lines), 'line')} from {plural(len(year.rows), 'entry', 'entries')}"
    said = f"{found}; every one stands in the worksheet Working."
    return Section("activities", "Lines by activity and factor", table, columns, said)
