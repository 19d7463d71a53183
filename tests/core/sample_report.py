"""A small report that uses everything a report can hold, for the tests of what is written from it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from natcap.core import lines
from natcap.core.problems import Problem
from natcap.core.report import Chart, Check, Column, FactorRef, Figure, InputRef, Report, Run, Section, Trace

__all__ = ["HOSTILE", "lines_table", "sample"]

HOSTILE = "=cmd|' /C calc'!A0"
_KINDS = (
    ("Scope 1", "Gas", "Boiler", "kWh_gross", 0.18296, "f.gas"),
    ("Scope 1", "Fuels", "Van", "litre", 2.51233, "f.diesel"),
    ("Scope 2", "Electricity", "Meter 1", "kWh", 0.20705, "f.electricity"),
)


def lines_table(count: int = 30) -> pd.DataFrame:
    """`count` lines over three activities and two sites, from cells D2, D3, ..."""
    kind = [_KINDS[n % 3] for n in range(count)]
    quantity = np.round(100 + np.arange(count) * 7.3, 1)
    factor = np.array([k[4] for k in kind])
    kg = quantity * factor
    return lines.frame(
        {
            "period": ["2025"] * count,
            "place": [("Wharf Street", "Mill & Sons <North>")[n % 2] for n in range(count)],
            "section": [k[0] for k in kind],
            "category": [k[1] for k in kind],
            "item": [k[2] for k in kind],
            "activity": [k[1].casefold() for k in kind],
            "gas": ["CO2e"] * count,
            "quantity": quantity,
            "unit": [k[3] for k in kind],
            "factor_quantity": quantity,
            "factor_unit": [k[3] for k in kind],
            "factor": factor,
            "factor_id": [k[5] for k in kind],
            "edition": ["example 2025"] * count,
            "match": ["exact"] * count,
            "kg": kg,
            "gwp": [1.0] * count,
            "gwp_set": ["AR5"] * count,
            "kg_co2e": kg,
            "verified": ["read"] * count,
            "file": ["activity.xlsx"] * count,
            "sheet": ["Activity"] * count,
            "cell": [f"D{n + 2}" for n in range(count)],
            "evidence": [HOSTILE if n == 4 else f"bill {n}" for n in range(count)],
        }
    )


def _by_scope(table: pd.DataFrame) -> Section:
    sums = lines.by(table, ["section"])
    sums["tonnes"] = sums["kg_co2e"] / 1000
    sums["share"] = sums["kg_co2e"] / sums["kg_co2e"].sum()
    total = {"section": "Total", "kg_co2e": sums["kg_co2e"].sum(), "tonnes": sums["tonnes"].sum(), "share": 1.0}
    sums = pd.concat([sums, pd.DataFrame([total])], ignore_index=True)
    columns = (
        Column("section", "Scope"),
        Column(
            "kg_co2e", "Emissions", "kg CO2e", "number", formula="SUMIFS({lines.kg_co2e},{lines.section},[section])"
        ),
        Column("tonnes", "Emissions", "tonnes CO2e", "number", 3, "[kg_co2e]/1000"),
        Column("share", "Share", "", "percent", formula="[kg_co2e]/[kg_co2e@2]", note="Of scopes 1 and 2."),
    )
    return Section(
        "by_scope", "Emissions by scope", sums, columns, "Scope 1 is the larger part.",
        notes=("Removals are not subtracted.",), sources=("UK Government conversion factors, 2025",),
        charts=(Chart("bar", "Scope 1 is the larger part", "section", "tonnes"),), total_rows=(2,),
        cells={(2, "kg_co2e"): "SUM({kg_co2e})"}, figures={(0, "tonnes"): "business.scope1"},
    )  # fmt: skip


def _mixed() -> Section:
    table = pd.DataFrame(
        {
            "day": pd.to_datetime(["2025-01-31", "2025-02-28", "2025-03-31", None]),
            "year": [2023, 2024, 2025, 2025],
            "name": ["plain", HOSTILE, " a long text " + "of many words " * 30, ""],
            "amount": [1234.5, -0.25, np.nan, 0.0],
            "count": [1, 2, 3, 1_000_000],
            "paid": [10.5, 20.25, 1e6, 3.0],
        }
    )
    columns = (
        Column("name", "Name"), Column("day", "Day", "", "date"), Column("year", "Year", "", "year"),
        Column("amount", "Amount", "hectare", "number"), Column("count", "Count", "head", "integer"),
        Column("paid", "Paid", "GBP_2024", "money"),
        Column("double", "Twice the amount", "hectare", "number", formula="IF(ISNUMBER([amount]),2*[amount],0)"),
    )  # fmt: skip
    table["double"] = (2 * table["amount"]).fillna(0)
    return Section("mixed", "One of each kind", table, columns, marks={(3, "day"): "[z]"})


def _extent() -> Section:
    """An account by entries, with references to rows and two runs of rows between totals."""
    table = pd.DataFrame(
        {
            "entry": ["Opening", "Additions", "Reductions", "Closing"],
            "woodland": [100.0, 12.5, 2.25, 110.25],
            "grassland": [50.0, 0.0, 10.25, 39.75],
        }
    )
    table["all"] = table["woodland"] + table["grassland"]
    columns = (
        Column("entry", "Entry"), Column("woodland", "Woodland", "hectare", "number"),
        Column("grassland", "Grassland", "hectare", "number"),
        Column("all", "All", "hectare", "number", formula="[woodland]+[grassland]"),
    )  # fmt: skip
    closing = {(3, name): f"[{name}@0]+[{name}@1]-[{name}@2]" for name in ("woodland", "grassland")}
    return Section("extent", "Extent account", table, columns, total_rows=(3,), cells=closing, group="working")


def _empty() -> Section:
    columns = (Column("name", "Name"), Column("value", "Value", "tonne", "number"))
    return Section("empty", "Offsets bought", pd.DataFrame({"name": [], "value": []}), columns)


def _figures(scope1: float, scope2: float) -> tuple[Figure, ...]:
    gas = FactorRef("f.gas", "Natural gas", 0.18296, "kg CO2e per kWh", "Example source, 2025", "Fuels, row 27", "read")
    cell = InputRef("activity.xlsx", "Activity", "D2", "100", "kWh_gross", "")
    both = {"section": ["Scope 1", "Scope 2"]}
    first = Trace("Lines of scope 1.", {"section": "Scope 1"}, 0.001, (), (cell,), (gas,))
    second = Trace("Lines of scope 2.", {"section": "Scope 2"}, 0.001)
    sum_of = Trace("Scope 1 plus scope 2.", both, 0.001, ("business.scope1", "business.scope2"))
    unit = "t_co2e"
    low, high = 0.9 * scope1, 1.1 * scope1
    return (
        Figure("business.scope1", "Scope 1", scope1, unit, first, low, high, headline=True, period="2025"),
        Figure("business.scope2", "Scope 2", scope2, unit, second, headline=True),
        Figure("business.total", "Scopes 1 and 2", scope1 + scope2, unit, sum_of, headline=True),
        Figure("business.scope3", "Scope 3", None, unit, Trace("Not assessed."), status="missing"),
    )


def sample(count: int = 30) -> Report:
    """The report, with `count` lines."""
    table = lines_table(count)
    by_scope = _by_scope(table)
    scope1, scope2, total = by_scope.table["kg_co2e"]
    return Report(
        "business", "Greenhouse gas inventory of Example Logistics Ltd, 2025", "Example Logistics Ltd", "2025",
        _figures(scope1 / 1000, scope2 / 1000), (by_scope, _mixed(), _extent(), _empty()),
        Run(
            "0.1.0", ({"file": "activity.xlsx", "sha256": "ab12"},), ("example 2025",),
            {"gwp": "AR5", "factor_year_rule": "majority"}, {"activity.rows": str(count)}, ("Site B: earlier edition",),
        ),
        place="Leicester", lines=table,
        checks=(Check("scopes", "Scopes add up to the total", float(scope1 + scope2), float(total), 1e-6, "kg_co2e"),),
        warnings=(Problem("activity.xlsx", "a hidden row", "all in sight", "It was read.", "Activity", "", "warning"),),
        banners=("SYNTHETIC: example data, not a real business",), notes=("Figures are for the example only.",),
    )  # fmt: skip


def with_texts(report: Report, texts: list[str]) -> Report:
    """The report with a section of the given texts, and with the first of them in every other place for text."""
    first = texts[0]
    table = pd.DataFrame({"text": texts, "n": range(len(texts))})
    columns = (Column("text", "Text"), Column("n", f"{first}", f"{first}", "integer", note=first))
    section = Section("texts", first, table, columns, first, notes=(first,), sources=(first,))
    return replace(
        report, sections=(*report.sections, section), title=first, subject=first, notes=(first,), banners=(first,)
    )
