"""The figures of a farm account, each with the lines, cells and pages it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from natcap.carbon.farm.calculate import Result
from natcap.carbon.farm.read import hectares
from natcap.carbon.farm.sources import SOURCES
from natcap.carbon.farm.warming import ref_of, warming
from natcap.core import lines as core_lines
from natcap.core.report import FactorRef, Figure, InputRef, Trace
from natcap.core.verification import UNPUBLISHED

__all__ = ["SCOPES", "enterprise_area", "figures", "product_id", "product_table", "slug"]

SCOPES: tuple[str, ...] = ("Scope 1", "Scope 2", "Scope 3")
_TONNE = 1000.0
_GASES = {
    "ch4": ("CH4", "methane"),
    "n2o": ("N2O", "nitrous oxide"),
    "co2": ("CO2", "carbon dioxide of lime and urea"),
    "co2e": ("CO2e", "published in CO2e (fuel, power, fertiliser)"),
}


def slug(text: str) -> str:
    """A name as part of a figure id; a name without Latin letters or digits gives its bytes in hexadecimal."""
    return re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_") or text.casefold().encode().hex()


@dataclass
class _Maker:
    """Makes figures that sum lines."""

    result: Result

    def __post_init__(self) -> None:
        self.refs: dict[str, FactorRef] = {}
        project = self.result.inputs.project
        self.period, self.place = str(project.period), project.place

    def sum(
        self,
        key: str,
        label: str,
        unit: str,
        where: Mapping[str, Any],
        scale: float,
        how: str,
        parents: tuple[str, ...] = (),
        inputs: tuple[InputRef, ...] = (),
        headline: bool = False,
    ) -> Figure:
        """A figure over the lines that `where` selects, times `scale`; missing when there are none or no scale."""
        chosen = core_lines.select(self.result.lines, dict(where))
        if chosen.empty or not np.isfinite(scale):
            return self.absent(key, label, unit, how, headline)
        value = float(chosen["kg_co2e"].sum()) * scale
        mask = self.result.lines.index.isin(chosen.index)
        ends = self.result.draws.interval(mask, scale) or (None, None)
        recalled = bool(chosen["verified"].isin(UNPUBLISHED).any())
        trace = Trace(how, dict(where), scale, parents, inputs, () if parents else self.factors(chosen))
        return Figure(
            key,
            label,
            value,
            unit,
            trace,
            ends[0],
            ends[1],
            "recalled" if recalled else "calculated",
            self.period,
            self.place,
            headline,
        )

    def absent(self, key: str, label: str, unit: str, how: str, headline: bool = False) -> Figure:
        return Figure(
            key,
            label,
            None,
            unit,
            Trace(how),
            status="missing",
            period=self.period,
            place=self.place,
            headline=headline,
        )

    def given(self, key: str, label: str, value: float, unit: str, trace: Trace, headline: bool = False) -> Figure:
        """A figure that is not a sum of lines."""
        if not np.isfinite(value):
            return self.absent(key, label, unit, trace.how, headline)
        return Figure(key, label, value, unit, trace, period=self.period, place=self.place, headline=headline)

    def factors(self, chosen: pd.DataFrame) -> tuple[FactorRef, ...]:
        """Every published number behind the chosen lines, potentials last. Figures with parents show theirs."""
        picks = self.result.picks(chosen.index)
        for key in picks.keys() - self.refs.keys():
            self.refs[key] = picks[key].ref()
        refs = [self.refs[key] for key in picks]
        refs += _published(self.result, chosen)
        gwps = warming(self.result.inputs.choices.gwp)
        refs += [ref_of(gwps[gas]) for gas in ("CH4", "N2O") if (chosen["gas"] == gas).any()]
        return tuple({ref.id: ref for ref in refs}.values())


def _published(result: Result, chosen: pd.DataFrame) -> Iterator[FactorRef]:
    """The library's factors of fuel and power lines."""
    ids = set(chosen["factor_id"])
    if result.inputs.fuel.empty:
        return
    for match in result.inputs.fuel["match"]:
        if match.factor.id in ids:
            yield match.factor.ref()


def figures(result: Result) -> tuple[Figure, ...]:
    """Every figure of the account, headlines first."""
    make, area = _Maker(result), hectares(result.inputs.land)
    sources, products = list(_sources(make)), list(_products(make))
    found = [*_totals(make, area, tuple(f.id for f in sources)), *products, _removals(make), *_nitrogen(make, area)]
    found += [*_scopes(make), *sources, *_gases(make), *_enterprises(make)]
    return tuple(sorted(found, key=lambda figure: not figure.headline))


def _totals(make: _Maker, area: float, parents: tuple[str, ...]) -> Iterator[Figure]:
    where = {"section": list(SCOPES)}
    how = "Sum of all sources of scopes 1 to 3. Removals and biogenic carbon dioxide are not in it."
    yield make.sum("farm.total", "Farm emissions in the year", "t CO2e", where, 1 / _TONNE, how, parents, headline=True)
    cells = _land_cells(make.result, agricultural=True)
    how = "Farm emissions over the utilised agricultural area (arable, grass, rough grazing, permanent crops)."
    yield make.sum(
        "farm.per_ha",
        "Emissions per hectare",
        "kg CO2e/ha",
        where,
        1 / area if area else float("nan"),
        how,
        ("farm.total", "farm.area"),
        cells,
        headline=True,
    )
    trace = Trace("Sum of the fields in agricultural use, from the sheet Land.", inputs=cells)
    yield make.given("farm.area", "Utilised agricultural area", area, "ha", trace)


def _land_cells(result: Result, agricultural: bool, enterprise: str = "") -> tuple[InputRef, ...]:
    land = result.inputs.land
    land = land[land["agricultural"]] if agricultural else land
    land = land[land["enterprise"] == enterprise] if enterprise else land
    return tuple(
        InputRef(
            result.inputs.file,
            row["_sheet"],
            row["_cell"],
            f"{row['hectares']:g}",
            "ha",
            f"{row['field']}, {row['label']}",
        )
        for row in land.to_dict("records")
    )


def _scopes(make: _Maker) -> Iterator[Figure]:
    present = set(make.result.lines["category"])
    for section in SCOPES:
        key = section.casefold().replace(" ", "")
        how = f"Sum of the lines of {section}."
        parents = tuple(f"farm.source.{k}" for k, s in SOURCES.items() if s.section == section and s.label in present)
        where = {"section": section}
        yield make.sum(f"farm.{key}", f"{section} of the farm", "t CO2e", where, 1 / _TONNE, how, parents)
    where = {"section": core_lines.OUTSIDE}
    how = "Carbon dioxide of burnt biomass, from the published factors; outside the scopes and in no total."
    yield make.sum("farm.outside", "Biogenic carbon dioxide of fuel", "t CO2", where, 1 / _TONNE, how)


def _sources(make: _Maker) -> Iterator[Figure]:
    for key, source in SOURCES.items():
        if source.section not in SCOPES or not (make.result.lines["category"] == source.label).any():
            continue
        how = f"Sum of the lines of {source.label.casefold()}: {source.what}."
        yield make.sum(f"farm.source.{key}", source.label, "t CO2e", {"category": source.label}, 1 / _TONNE, how)


def _gases(make: _Maker) -> Iterator[Figure]:
    for key, (gas, label) in _GASES.items():
        where = {"gas": gas, "section": list(SCOPES)}
        how = f"Sum of the lines whose gas is {gas}, at its GWP-100 of {make.result.inputs.choices.gwp}."
        if gas == "CO2e":
            how = "Sum of the lines whose factor is published in CO2e; each line shows the split where there is one."
        yield make.sum(f"farm.gas.{key}", f"Emissions: {label}", "t CO2e", where, 1 / _TONNE, how)


def _enterprises(make: _Maker) -> Iterator[Figure]:
    for place in sorted(set(make.result.lines["place"])):
        where = {"place": place, "section": list(SCOPES)}
        how = f"Sum of the lines of {place}. Manure that is spread counts with the herd it comes from."
        yield make.sum(f"farm.enterprise.{slug(place)}", f"Emissions of {place}", "t CO2e", where, 1 / _TONNE, how)
        cells = _land_cells(make.result, True, place)
        area = enterprise_area(make.result, place)
        if area > 0:
            how = f"Emissions of {place} over its agricultural land."
            yield make.sum(
                f"farm.enterprise.{slug(place)}.per_ha",
                f"{place}: per hectare of its land",
                "kg CO2e/ha",
                where,
                1 / area,
                how,
                (f"farm.enterprise.{slug(place)}",),
                cells,
            )


def enterprise_area(result: Result, place: str) -> float:
    """Agricultural land of an enterprise, ha; 0 when the sheet Land names none."""
    land = result.inputs.land
    return float(land.loc[land["agricultural"] & (land["enterprise"] == place), "hectares"].sum())


def product_table(result: Result) -> pd.DataFrame:
    """Products: kg sold, emissions of their enterprise, and kg CO2e per kg where it sells one product only."""
    made = result.inputs.production
    if made.empty:
        return pd.DataFrame(columns=["product", "enterprise", "mass", "kg_co2e", "intensity", "products"])
    table = made.groupby(["enterprise", "product"], sort=True)[["mass"]].sum(min_count=1).reset_index()
    gross = core_lines.gross(result.lines)
    table["kg_co2e"] = table["enterprise"].map(gross.groupby("place")["kg_co2e"].sum(min_count=1))
    table["products"] = table.groupby("enterprise")["product"].transform("count")
    alone = (table["products"] == 1) & (table["mass"] > 0)
    table["intensity"] = (table["kg_co2e"] / table["mass"]).where(alone)
    return table


def product_id(table: pd.DataFrame, row: Mapping[Any, Any]) -> str:
    """Figure id of a product; with its enterprise where several enterprises sell it."""
    shared = (table["product"] == row["product"]).sum() > 1
    name = slug(f"{row['product']} {row['enterprise']}" if shared else row["product"])
    return f"farm.product.{name}.per_kg"


def _products(make: _Maker) -> Iterator[Figure]:
    """Per kg of product, for enterprises with one product; the largest enterprise's is a headline."""
    table = product_table(make.result)
    largest = table.loc[table["intensity"].notna(), "kg_co2e"].max() if len(table) else float("nan")
    for row in table.to_dict("records"):
        key, label = product_id(table, row), f"{row['product']}: emissions per kg"
        if not np.isfinite(row["intensity"]):
            how = "The enterprise sells several products, or has no emissions of its own; nothing is shared out."
            yield make.absent(key, label, "kg CO2e/kg", how)
            continue
        where = {"place": row["enterprise"], "section": list(SCOPES)}
        how = f"All emissions of {row['enterprise']} over its {row['product'].casefold()}; none go to by-products."
        cells = tuple(
            InputRef(
                make.result.inputs.file, r["_sheet"], r["_cell"], f"{r['amount']:g}", str(r["unit"]), str(r["product"])
            )
            for r in make.result.inputs.production.to_dict("records")
            if (r["enterprise"], r["product"]) == (row["enterprise"], row["product"])
        )
        parents = (f"farm.enterprise.{slug(row['enterprise'])}",)
        yield make.sum(key, label, "kg CO2e/kg", where, 1 / row["mass"], how, parents, cells, row["kg_co2e"] == largest)


def _removals(make: _Maker) -> Figure:
    how = "Carbon taken up by trees, hedges and soils is not estimated here. It would never be netted off."
    return make.absent("farm.removals", "Removals by land", "t CO2e", how, headline=True)


def _nitrogen(make: _Maker, area: float) -> Iterator[Figure]:
    soil, manure = make.result.soils, make.result.manure
    if len(soil):
        cells = tuple(
            InputRef(
                make.result.inputs.file,
                r["_sheet"],
                r["_cell"],
                f"{r['nitrogen']:.6g}",
                "kg N",
                f"{r['item']} ({r['kind']})",
            )
            for r in soil.to_dict("records")
        )
        total = float(soil["nitrogen"].sum())
        how = (
            "Nitrogen of fertiliser, of manure spread after its losses, of dung on pasture and of what was brought in."
        )
        yield make.given("farm.nitrogen.to_soil", "Nitrogen put on the land", total, "kg N", Trace(how, inputs=cells))
        how = "Nitrogen put on the land over the utilised agricultural area."
        trace = Trace(how, parents=("farm.nitrogen.to_soil", "farm.area"))
        yield make.given(
            "farm.nitrogen.per_ha", "Nitrogen put on the land per hectare", total / area, "kg N/ha", trace, True
        )
    if len(manure):
        how = "Animals x rate x live mass / 1000 x 365 (Eq 10.30), summed over herds."
        refs = tuple({p.id: p.ref() for name in ("pick_mass", "pick_n_rate") for p in manure[name]}.values())
        yield make.given(
            "farm.nitrogen.excreted",
            "Nitrogen excreted",
            float(manure["excreted"].sum()),
            "kg N",
            Trace(how, factors=refs),
        )
