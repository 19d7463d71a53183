"""Energy made on site in the report: used and exported beside each other, and a CHP's emissions by what they made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from natcap.carbon.business.figures import TONNE, UNIT, Maker, slug
from natcap.carbon.business.generation import Plant, chp_weights, power_share
from natcap.carbon.business.plan import match
from natcap.carbon.business.records import CHP
from natcap.carbon.business.result import Result
from natcap.carbon.business.sections import is_live, sumifs
from natcap.carbon.inventory import SCOPE_1
from natcap.core.lines import select
from natcap.core.report import Check, Column, FactorRef, Figure, InputRef, Section, Status, Trace

__all__ = ["Shared", "checks", "chp_section", "figures", "section", "shared"]

_GRID = "uk-electricity/electricity-generated/electricity-uk/kwh"


@dataclass(frozen=True, slots=True)
class Shared:
    """A CHP: kg CO2e of its fuel in scope 1, its output in kWh, and the kg that each output stands for."""

    name: str
    fuel: float
    power: float
    exported: float
    heat: float
    sold: float

    @property
    def of_power(self) -> float:
        return self.fuel * power_share(self.power, self.heat)

    @property
    def of_heat(self) -> float:
        return self.fuel - self.of_power

    @property
    def of_exported(self) -> float:
        """kg of the power that others take."""
        return self.of_power * self.exported / self.power if self.power else 0.0

    @property
    def of_sold(self) -> float:
        """kg of the heat that others take."""
        return self.of_heat * self.sold / self.heat if self.heat else 0.0


def _plants(result: Result) -> tuple[Plant, ...]:
    return result.this.year.book.plants


def shared(result: Result) -> list[Shared]:
    """Every CHP by name, its rows summed; one whose fuel is not in scope 1 is left out."""
    found = []
    names = dict.fromkeys(plant.name for plant in _plants(result) if plant.kind == CHP)
    for name in names:
        rows = [plant for plant in _plants(result) if plant.kind == CHP and plant.name == name]
        lines = select(result.this.lines, {"section": SCOPE_1, "item": name})
        if len(lines):
            sums = (sum(p.generated for p in rows), sum(p.exported for p in rows))
            heat = (sum(p.heat or 0.0 for p in rows), sum(p.heat_sold or 0.0 for p in rows))
            found.append(Shared(name, float(lines["kg_co2e"].sum()), *sums, *heat))
    return found


def _grid(result: Result) -> tuple[float, tuple[FactorRef, ...]]:
    """kg CO2e per kWh of the grid in the factor years of the period, with the published rows."""
    years, early = result.this.year.years, result.inputs.choices.allow_earlier
    found = [(share, match(_GRID, year, early).factor) for year, share in years.shares]
    return sum(share * factor.value for share, factor in found), tuple(factor.ref() for _, factor in found)


def _cells(plants: tuple[Plant, ...], name: str) -> tuple[InputRef, ...]:
    return tuple(
        InputRef(p.file, p.sheet, p.cell, f"{getattr(p, name):g}", "kWh", f"{p.name}: {p.evidence}".rstrip(": "))
        for p in plants
    )


def figures(result: Result) -> Iterator[Figure]:
    """Generated, used and exported, what export may displace, and the parts of each CHP."""
    plants = _plants(result)
    if not plants:
        return
    make = Maker(result, result.this)
    status: Status = "synthetic" if make.synthetic else "calculated"
    labels = {
        "generated": "Electricity generated on site",
        "used": "of which used on site",
        "exported": "of which exported",
    }
    for name, label in labels.items():
        how = "Sum of the sheet Generation. Own renewable electricity has no emissions in scope 1 or 2."
        yield Figure(
            f"business.generation.{name}_kwh", label, sum(getattr(p, name) for p in plants), "kWh",
            Trace(how, inputs=_cells(plants, name)), status=status, period=result.this.period,
        )  # fmt: skip
    factor, refs = _grid(result)
    how = "Exported kWh times the grid's average. It stands beside the scopes, is in no total and lowers none."
    yield Figure(
        "business.generation.displaced", "Grid electricity that export may displace",
        sum(p.exported for p in plants) * factor / TONNE, UNIT,
        Trace(how, parents=("business.generation.exported_kwh",), factors=refs), status=status,
        period=result.this.period,
    )  # fmt: skip
    for chp in shared(result):
        yield from _chp_figures(make, chp)


def _chp_figures(make: Maker, chp: Shared) -> Iterator[Figure]:
    key, weights = f"chp.{slug(chp.name)}", chp_weights()
    yield make.sum(f"{key}.fuel", f"{chp.name}: fuel", {"section": SCOPE_1, "item": chp.name})
    how = (
        f"Fuel shared {weights['power'].value:g} a kWh of power to {weights['heat'].value:g} a kWh of heat: "
        f"{chp.power:,.10g} kWh of power, {chp.heat:,.10g} kWh of heat. All of it stays in scope 1."
    )
    parts = {
        "power": ("power", chp.of_power), "heat": ("heat", chp.of_heat),
        "exported": ("power that others take", chp.of_exported), "sold": ("heat that others take", chp.of_sold),
    }  # fmt: skip
    cells = _cells(tuple(p for p in make.year.year.book.plants if p.name == chp.name), "generated")
    for name, (label, kg) in parts.items():
        trace = Trace(how, parents=(f"business.{key}.fuel",), inputs=cells, factors=tuple(weights.values()))
        yield Figure(
            f"business.{key}.{name}", f"{chp.name}: {label}", kg / TONNE, UNIT, trace,
            status=make.status(make.year.lines), period=make.year.period,
        )  # fmt: skip


def checks(result: Result) -> Iterator[Check]:
    """Used and exported are what was generated; the parts of a CHP are its fuel."""
    plants = _plants(result)
    if plants:
        made = sum(p.generated for p in plants)
        parts = sum(p.used + p.exported for p in plants)
        near = 1e-9 * max(made, 1.0)
        yield Check("generation", "Electricity used and exported is what was generated", parts, made, near, "kWh")
    for chp in shared(result):
        parts, near = chp.of_power + chp.of_heat, 1e-9 * max(abs(chp.fuel), 1.0)
        title = f"Power and heat of {chp.name} stand for all its fuel"
        yield Check(f"chp.{slug(chp.name)}", title, parts, chp.fuel, near, "kg CO2e")


def section(result: Result) -> Section | None:
    """Energy made on site: generated, used, exported, and what export may displace, beside the scopes."""
    plants = _plants(result)
    if not plants:
        return None
    factor, _ = _grid(result)
    table = pd.DataFrame({
        "site": [p.site for p in plants], "plant": [p.name for p in plants], "kind": [p.kind for p in plants],
        "generated": [p.generated for p in plants], "exported": [p.exported for p in plants],
        "used": [p.used for p in plants], "factor": factor,
        "own": ["in scope 1 with its fuel" if p.kind == CHP else "none in scope 1 or 2" for p in plants],
    })  # fmt: skip
    table["displaced"] = table["exported"] * table["factor"] / TONNE
    sums = {name: table[name].sum() for name in ("generated", "exported", "used", "displaced")}
    blank = {"site": "All plants", "plant": "", "kind": "", "own": ""}
    table = pd.concat([table, pd.DataFrame([{**blank, **sums}])], ignore_index=True)
    last = len(table) - 1
    cells = {(last, name): f"SUM({{{name}}})" for name in sums}
    columns = (
        Column("site", "Site"), Column("plant", "Plant"), Column("kind", "Technology"),
        Column("generated", "Generated", "kWh", "number", 0), Column("exported", "Exported", "kWh", "number", 0),
        Column("used", "Used on site", "kWh", "number", 0, "[generated]-[exported]"),
        Column("own", "Emissions of own use"), Column("factor", "Grid average", "kg CO2e per kWh", "number"),
        Column(
            "displaced", "Grid electricity that export may displace", UNIT, "number", 3, "[exported]*[factor]/1000.0"
        ),
    )  # fmt: skip
    share = sums["used"] / sums["generated"] if sums["generated"] else float("nan")
    said = f"{sums['generated']:,.0f} kWh were made on site; "
    said += f"{share:.0%} of it was used there.".replace("%", " %") if share == share else "none of it was used."
    ids = {"generated": "generated_kwh", "exported": "exported_kwh", "used": "used_kwh", "displaced": "displaced"}
    notes = (
        "Scope 2 counts what was bought, whole: export is never taken off it. The last column stands beside.",
        "Electricity made on site and used there is no purchase: leave it out of the sheet Activity.",
    )
    return Section(
        "generation", "Energy made on site", table, columns, said, notes, total_rows=(last,), cells=cells,
        marks={(last, "factor"): "[z]"},
        figures={(last, name): f"business.generation.{key}" for name, key in ids.items()},
    )  # fmt: skip


def chp_section(result: Result) -> Section | None:
    """Combined heat and power: the fuel's emissions by output, and the part that others take."""
    found = shared(result)
    if not found:
        return None
    weights = {name: ref.value for name, ref in chp_weights().items()}
    table = pd.DataFrame({
        "plant": [c.name for c in found], "fuel": [c.fuel / TONNE for c in found], "power": [c.power for c in found],
        "heat": [c.heat for c in found], "exported": [c.exported for c in found], "sold": [c.sold for c in found],
        "of_power": [c.of_power / TONNE for c in found], "of_heat": [c.of_heat / TONNE for c in found],
        "of_exported": [c.of_exported / TONNE for c in found], "of_sold": [c.of_sold / TONNE for c in found],
    })  # fmt: skip
    above, beside = f"{weights['power']!r}*[power]", f"{weights['heat']!r}*[heat]"
    where = {"section": SCOPE_1, "item": "[plant]", "period": result.this.span}
    live = sumifs(where) if is_live(result) else None
    columns = (
        Column("plant", "Plant"), Column("fuel", "Fuel, scope 1", UNIT, "number", 3, live),
        Column("power", "Power", "kWh", "number", 0), Column("heat", "Heat", "kWh", "number", 0),
        Column("exported", "Power to others", "kWh", "number", 0), Column("sold", "Heat to others", "kWh", "number", 0),
        Column("of_power", "Emissions of power", UNIT, "number", 3, f"[fuel]*{above}/({above}+{beside})"),
        Column("of_heat", "Emissions of heat", UNIT, "number", 3, "[fuel]-[of_power]"),
        Column("of_exported", "of power to others", UNIT, "number", 3, "IF([power]=0,0,[of_power]*[exported]/[power])"),
        Column("of_sold", "of heat to others", UNIT, "number", 3, "IF([heat]=0,0,[of_heat]*[sold]/[heat])"),
    )  # fmt: skip
    others = sum(c.of_exported + c.of_sold for c in found) / TONNE
    ratio = f"{weights['power']:g} to {weights['heat']:g}"
    said = f"{others:,.1f} {UNIT} of the fuel stand for heat and power that others take; they stay in scope 1."
    note = f"A kWh of power and of heat share the fuel in the ratio {ratio}: {chp_weights()['power'].source}."
    figure_of = {
        (row, f"of_{name}"): f"business.chp.{slug(c.name)}.{name}"
        for row, c in enumerate(found) for name in ("power", "heat", "exported", "sold")
    }  # fmt: skip
    figure_of |= {(row, "fuel"): f"business.chp.{slug(c.name)}.fuel" for row, c in enumerate(found)}
    return Section("chp", "Combined heat and power", table, columns, said, (note,), figures=figure_of)
