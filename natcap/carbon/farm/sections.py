"""The main tables of a farm report: summary, sources, enterprises and products, factor sets, what is not counted."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from natcap.carbon.farm.calculate import Result
from natcap.carbon.farm.figures import SCOPES, enterprise_area, product_id, product_table, slug
from natcap.carbon.farm.sources import SOURCES
from natcap.core import lines as core_lines
from natcap.core.report import Chart, Column, Section
from natcap.core.words import plural

__all__ = ["main_sections"]

_T = "t CO2e"
_LOW = Column(
    "low",
    "Low",
    _T,
    "number",
    1,
    note="Ends of the interval that holds 95 % of seeded draws of the factors with a printed range.",
)
_HIGH = Column("high", "High", _T, "number", 1)


def main_sections(result: Result, strip: pd.DataFrame) -> tuple[Section, ...]:
    """The tables a reader sees first, in order."""
    found = [
        _summary(result),
        _sources(result),
        _enterprises(result),
        _products(result),
        _strip(result, strip),
        _missing(result),
    ]
    return tuple(section for section in found if section is not None)


def _interval(result: Result, mask: np.ndarray, scale: float = 0.001) -> tuple[float, float]:
    return result.draws.interval(mask, scale) or (float("nan"), float("nan"))


def _marks(table: pd.DataFrame, names: tuple[str, ...], mark: str = "[x]") -> dict[tuple[int, str], str]:
    """Shorthand for the cells without a number."""
    return {(row, name): mark for name in names for row in range(len(table)) if pd.isna(table[name].iloc[row])}


def _sum(where: str, scale: float = 1000.0) -> str:
    return f"SUMIFS({{lines.kg_co2e}},{where})/{scale:g}"


def _summary(result: Result) -> Section:
    lines, land = result.lines, result.inputs.land
    area = float(land.loc[land["agricultural"], "hectares"].sum())
    rows = []
    for section in SCOPES:
        mask = (lines["section"] == section).to_numpy()
        rows.append((section, float(lines.loc[mask, "kg_co2e"].sum()) / 1000, *_interval(result, mask)))
    gross = lines["section"].isin(SCOPES).to_numpy()
    rows.append(("Farm total", sum(row[1] for row in rows), *_interval(result, gross)))
    table = pd.DataFrame(rows, columns=["what", "t_co2e", "low", "high"])
    table["kg_per_ha"] = table["t_co2e"] * 1000 / area if area > 0 else np.nan
    columns = (
        Column("what", "What"),
        Column("t_co2e", "Emissions", _T, "number", 1, _sum("{lines.section},[what]")),
        _LOW,
        _HIGH,
        Column(
            "kg_per_ha",
            "Per hectare",
            "kg CO2e/ha",
            "number",
            0,
            '[t_co2e]*1000/SUMIFS({land.hectares},{land.agricultural},"yes")' if area > 0 else None,
        ),
    )
    last = len(table) - 1
    figures = {(row, "t_co2e"): f"farm.{s.casefold().replace(' ', '')}" for row, s in enumerate(SCOPES)}
    figures |= {(last, "t_co2e"): "farm.total", (last, "kg_per_ha"): "farm.per_ha"}
    missing = {(r, c): f for (r, c), f in figures.items() if r == last or table["t_co2e"].iloc[r] != 0}
    total = table["t_co2e"].iloc[-1]
    per_ha = f", {table['kg_per_ha'].iloc[-1]:,.0f} kg a hectare" if area > 0 else ""
    summary = f"The farm emitted {total:,.0f} t CO2e in the year{per_ha}. Removals by land are not in this figure."
    return Section(
        "summary",
        "Summary by scope",
        table,
        columns,
        summary,
        notes=(
            "Scopes follow the GHG Protocol guidance for agriculture; indirect nitrous oxide is shown with scope 1.",
        ),
        total_rows=(last,),
        cells={(last, "t_co2e"): "SUM({t_co2e})"},
        figures=missing,
        marks=_marks(table, ("low", "high", "kg_per_ha")),
    )


def _sources(result: Result) -> Section:
    lines = result.lines
    rows = []
    for source in SOURCES.values():
        chosen = (lines["category"] == source.label).to_numpy()
        if source.section not in SCOPES or not chosen.any():
            continue
        part = lines[chosen]
        gases = [_of_gas(part, gas) for gas in ("CO2", "CH4", "N2O", "CO2e")]
        rows.append(
            (
                source.label,
                source.section,
                *gases,
                float(part["kg_co2e"].sum()) / 1000,
                *_interval(result, chosen),
                _tiers(part),
            )
        )
    table = pd.DataFrame(rows, columns=["source", "scope", "co2", "ch4", "n2o", "co2e", "total", "low", "high", "tier"])
    table = table.sort_values("total", ascending=False, kind="stable", ignore_index=True)
    whole = pd.DataFrame(
        [
            {
                "source": "All sources",
                "scope": "",
                **{c: table[c].sum() for c in ("co2", "ch4", "n2o", "co2e", "total")},
                "tier": "",
            }
        ]
    )
    mask = lines["section"].isin(SCOPES).to_numpy()
    whole["low"], whole["high"] = _interval(result, mask)
    first, most = table["source"].iloc[0], table["total"].iloc[0]
    largest = f"{first} is the largest source: {most:,.0f} t CO2e{_share(most, table['total'].sum(), ' of the total')}"
    chart = Chart("bar", largest, "source", "total", only={"scope": list(SCOPES)})
    table = pd.concat([table, whole], ignore_index=True)
    last = len(table) - 1
    gas_columns = tuple(
        Column(name, label, _T, "number", 1, _sum(f'{{lines.category}},[source],{{lines.gas}},"{gas}"'))
        for name, label, gas in (
            ("co2", "CO2", "CO2"),
            ("ch4", "CH4", "CH4"),
            ("n2o", "N2O", "N2O"),
            ("co2e", "Not split", "CO2e"),
        )
    )
    columns = (
        Column("source", "Source"),
        Column("scope", "Scope"),
        *gas_columns,
        Column("total", "Total", _T, "number", 1, "SUM([co2],[ch4],[n2o],[co2e])"),
        _LOW,
        _HIGH,
        Column("tier", "Method"),
    )
    cells = {(last, name): f"SUM({{{name}}})" for name in ("co2", "ch4", "n2o", "co2e", "total")}
    keys = {source.label: key for key, source in SOURCES.items()}
    figures = {(row, "total"): f"farm.source.{keys[label]}" for row, label in enumerate(table["source"][:-1])}
    return Section(
        "sources",
        "By source and gas",
        table,
        columns,
        largest + ".",
        notes=(
            "Factors published in CO2e are shown as not split; the sheet Working has the split where there is one.",
        ),
        charts=(chart,),
        total_rows=(last,),
        cells=cells,
        figures=figures | {(last, "total"): "farm.total"},
        marks=_marks(table, ("low", "high")) | _marks(table, ("co2", "ch4", "n2o", "co2e"), "[z]"),
    )


def _share(part: float, whole: float, of: str) -> str:
    return f", {part / whole:.0%}{of}" if whole else ""


def _of_gas(part: pd.DataFrame, gas: str) -> float:
    """t CO2e of one gas of a source; NaN where the source has no such gas, which is not zero."""
    return float(part.loc[part["gas"] == gas, "kg_co2e"].sum(min_count=1)) / 1000


def _tiers(part: pd.DataFrame) -> str:
    return ", ".join(sorted(set(part["tier"])))


_SIGNS = re.compile(r'[*?~<>="]')


def _live(names: pd.Series, formula: str) -> str | None:
    """A formula that looks names up, or None where a spreadsheet would take part of a name for a sign."""
    return None if any(_SIGNS.search(str(name)) for name in names) else formula


def _enterprises(result: Result) -> Section:
    gross = core_lines.gross(result.lines)
    table = core_lines.by(gross, ["place"]).rename(columns={"place": "enterprise"})
    table["t_co2e"] = table["kg_co2e"] / 1000
    table["hectares"] = [enterprise_area(result, place) or np.nan for place in table["enterprise"]]
    table["kg_per_ha"] = table["t_co2e"] * 1000 / table["hectares"]
    table = table.sort_values("t_co2e", ascending=False, kind="stable", ignore_index=True)[
        ["enterprise", "t_co2e", "hectares", "kg_per_ha"]
    ]
    most, whole = table["t_co2e"].iloc[0], table["t_co2e"].sum()
    chart = Chart(
        "bar",
        f"{table['enterprise'].iloc[0]} emits the most{_share(most, whole, ' of the farm')}",
        "enterprise",
        "t_co2e",
    )
    columns = (
        Column("enterprise", "Enterprise"),
        Column("t_co2e", "Emissions", _T, "number", 1, _live(table["enterprise"], f"({_lines_of_scopes()})/1000")),
        Column(
            "hectares",
            "Its agricultural land",
            "ha",
            "number",
            1,
            _live(
                table["enterprise"],
                'SUMIFS({land.hectares},{land.enterprise},[enterprise],{land.agricultural},"yes")',
            ),
        ),
        Column("kg_per_ha", "Per hectare of it", "kg CO2e/ha", "number", 0, "[t_co2e]*1000/[hectares]"),
    )
    figures = {(row, "t_co2e"): f"farm.enterprise.{slug(name)}" for row, name in enumerate(table["enterprise"])}
    figures |= {
        (row, "kg_per_ha"): f"farm.enterprise.{slug(name)}.per_ha"
        for row, name in enumerate(table["enterprise"])
        if not pd.isna(table["kg_per_ha"].iloc[row])
    }
    notes = ("Manure that is spread counts with its herd. Fuel and fertiliser without an enterprise are 'Whole farm'.",)
    return Section(
        "enterprises",
        "By enterprise",
        table,
        columns,
        chart.title + ".",
        notes,
        charts=(chart,),
        figures=figures,
        marks=_marks(table, ("hectares", "kg_per_ha"), "[z]"),
    )


def _lines_of_scopes() -> str:
    return "+".join(
        f'SUMIFS({{lines.kg_co2e}},{{lines.place}},[enterprise],{{lines.section}},"{scope}")' for scope in SCOPES
    )


def _products(result: Result) -> Section | None:
    table = product_table(result)
    if table.empty:
        return None
    table = table[["product", "enterprise", "mass", "kg_co2e", "intensity"]].reset_index(drop=True)
    columns = (
        Column("product", "Product"),
        Column("enterprise", "Enterprise"),
        Column("mass", "Sold", "kg", "number", 0),
        Column(
            "kg_co2e",
            "Emissions of the enterprise",
            "kg CO2e",
            "number",
            0,
            _live(table["enterprise"], _lines_of_scopes()),
        ),
        Column("intensity", "Per kg of product", "kg CO2e/kg", "number", 3, "[kg_co2e]/[mass]"),
    )
    said = [
        f"{row['product']} {row['intensity']:.2f} kg CO2e a kg"
        for row in table.to_dict("records")
        if row["intensity"] == row["intensity"]
    ]
    figures = {
        (row, "intensity"): product_id(table, record)
        for row, record in enumerate(table.to_dict("records"))
        if not pd.isna(table["intensity"].iloc[row])
    }
    notes = (
        "All emissions of an enterprise stand against its one product; nothing goes to calves, cull cows or straw.",
    )
    return Section(
        "products",
        "Per kg of product",
        table,
        columns,
        ("; ".join(said) or "No enterprise with one product") + ".",
        notes,
        figures=figures,
        marks=_marks(table, ("kg_co2e", "intensity")),
    )


def _strip(result: Result, strip: pd.DataFrame) -> Section | None:
    if result.soils.empty:
        return None
    table = strip[["label", "chosen", "direct", "indirect", "total", "low", "high", "verified", "reason"]].copy()
    for name in ("direct", "indirect", "total", "low", "high"):
        table[name] = table[name] / 1000
    shown = table["total"].dropna()
    title = f"Between factor sets, soil nitrous oxide runs from {shown.min():,.0f} to {shown.max():,.0f} t CO2e"
    columns = (
        Column("label", "Factor set"),
        Column("chosen", "In this account"),
        Column("direct", "Direct", _T, "number", 1),
        Column("indirect", "Indirect", _T, "number", 1),
        Column("total", "Soil nitrous oxide", _T, "number", 1, "[direct]+[indirect]"),
        _LOW,
        _HIGH,
        Column("verified", "How verified"),
        Column("reason", "Remark"),
    )
    chart = Chart("range", title, "label", "total", low="low", high="high")
    notes = ("The same nitrogen under each set. Storage losses of manure are left as in the account.",)
    return Section(
        "factor_sets",
        "Soil nitrous oxide under other factor sets",
        table,
        columns,
        title + ".",
        notes,
        charts=(chart,),
        marks=_marks(table, ("direct", "indirect", "total", "low", "high")),
    )


_ALWAYS = (
    ("Crop residues", "all crops", "method not built yet"),
    ("Soil carbon, trees and hedges", "all land", "method not built yet"),
    ("Drained peat", "all land", "method not built yet; on peat it is the largest source of all"),
    ("Bought feed", "all herds", "not asked for yet"),
)


def _missing(result: Result) -> Section:
    labels = {key: source.label for key, source in SOURCES.items()}
    rows = [(labels.get(source, source), item, reason) for source, item, reason in (*result.inputs.missing, *_ALWAYS)]
    table = pd.DataFrame(rows, columns=["source", "item", "reason"])
    columns = (Column("source", "Source"), Column("item", "Of what"), Column("reason", "Why it is not counted"))
    summary = f"{plural(len(table), 'flow is', 'flows are')} not counted. Not counted is not zero."
    return Section("not_counted", "What is not counted", table, columns, summary)
