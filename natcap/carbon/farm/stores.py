"""What comes onto the farm and what leaves it, as read: fertiliser, lime, fuel, land, production."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import pandas as pd

from natcap.carbon.farm.ask import Missing, ask, ask_for
from natcap.carbon.farm.book import Book, NoFactor, Pick, Unverified, user_pick
from natcap.carbon.farm.choices import Choices
from natcap.carbon.farm.soilset import product_picks
from natcap.carbon.farm.tell import Row, Teller, blank, rows_of
from natcap.carbon.farm.words import AGRICULTURAL, LAND_USES, vocabulary
from natcap.core.factors import FactorError, Match, library
from natcap.core.project import Period
from natcap.core.resources import root
from natcap.core.units import UnitError, factor_between, unit

__all__ = ["WHOLE_FARM", "factor_year", "read_fertiliser", "read_fuel", "read_land", "read_lime", "read_production"]

WHOLE_FARM = "Whole farm"
_MOST = 1e12


def _amount(row: Row, tell: Teller, to: str) -> float | None:
    """The amount of a row in the unit `to`; None where it or its unit is missing, negative or does not convert."""
    if blank(row["amount"]) or blank(row["unit"]) or not tell.within(row, "amount", 0, _MOST, "an amount"):
        return None
    try:
        return float(row["amount"]) * factor_between(str(row["unit"]), to)
    except UnitError as error:
        tell.at(row, "unit", str(row["unit"]), f"a unit that converts to {to}", str(error))
        return None


def _where(row: Row, field: str) -> dict[str, Any]:
    return {"_sheet": row["_sheet"], "_row": row["_row"], "_cell": row[f"_cell_{field}"]}


def read_fertiliser(frame: pd.DataFrame, tell: Teller, book: Book, choices: Choices, missing: Missing) -> pd.DataFrame:
    """One row per product: kg of product, kg N, kg of urea, and the factors of its nitrogen, urea and making."""
    found = []
    for row in rows_of(frame):
        key = tell.word(row, "product", vocabulary("fertilisers"))
        mass = _amount(row, tell, "kg")
        fits = tell.share(row, "n_percent", "nitrogen") & tell.share(row, "urea_pct", "urea")
        fits &= tell.within(row, "footprint", 0, 100, "kg CO2e per kg of product")
        if key and mass is not None and fits:
            found.append(_fertiliser(row, key, mass, tell, book, choices, missing))
    return pd.DataFrame(found)


def _fertiliser(
    row: Row, key: str, mass: float, tell: Teller, book: Book, choices: Choices, missing: Missing
) -> dict[str, Any]:
    kind = vocabulary("fertilisers").row(key)
    nitrogen, field = _nitrogen(row, kind["kind"], mass, tell)
    urea = _urea(row, kind["urea_percent"], mass, tell)
    return {
        "product": key,
        "label": kind["label"],
        "kind": kind["kind"],
        "enterprise": str(row["enterprise"] or WHOLE_FARM),
        "land": row["land"],
        "amount": float(row["amount"]),
        "unit": row["unit"],
        "mass": mass,
        "nitrogen": nitrogen,
        "urea": urea,
        **_where(row, "amount"),
        "_cell_n": row[f"_cell_{field}"],
        **_soil_picks(row, kind, tell, book, choices),
        "pick_urea": ask(tell, row, "product", book, "EF_urea", ("ipcc2006", "urea")) if urea else None,
        "pick_embedded": _embedded(row, kind, book, choices, missing),
    }


def _nitrogen(row: Row, kind: str, mass: float, tell: Teller) -> tuple[float, str]:
    """kg N of a row and the field it rests on. Given twice it must agree; a product with nitrogen needs it once."""
    share, given = row["n_percent"], row["n_kg"]
    if not blank(given) and not tell.within(
        row, "n_kg", 0, max(mass, 0.0), "kg of nitrogen, not more than the product,"
    ):
        return 0.0, "n_kg"
    if not blank(share) and not blank(given):
        worked = mass * float(share) / 100
        if abs(worked - float(given)) > 0.01 * max(worked, float(given)):
            said = f"{worked:g} kg N by the percentage"
            tell.at(row, "n_kg", f"{given:g}", said, "Give the percentage or the kilograms; both must say the same.")
        return float(given), "n_kg"
    if not blank(given):
        return float(given), "n_kg"
    if not blank(share):
        return mass * float(share) / 100, "n_percent"
    if kind == "mineral":
        return 0.0, "amount"
    remedy = "It stands on the bag, on the delivery note or in the analysis."
    tell.at(row, "n_percent", "an empty cell", "the nitrogen of the product, as a percentage or in kg", remedy)
    return 0.0, "n_percent"


def _urea(row: Row, usual: str, mass: float, tell: Teller) -> float:
    given = row["urea_pct"]
    if not blank(given):
        if usual and abs(float(given) - float(usual)) > 1e-9 and usual == "0" and float(given) > 0:
            tell.at(
                row, "urea_pct", f"{given:g}", "no urea in this product", "Choose 'Compound with nitrogen' for a blend."
            )
        return mass * float(given) / 100
    if usual == "":
        remedy = "Urea gives off CO2 as well. Write 0 if there is none."
        tell.at(row, "urea_pct", "an empty cell", "the share of urea in the product, per cent", remedy)
        return 0.0
    return mass * float(usual) / 100


def _soil_picks(
    row: Row, kind: Mapping[str, str], tell: Teller, book: Book, choices: Choices
) -> dict[str, Pick | None]:
    """EF1 and the volatilised fraction of a product, from the sets that were chosen."""
    if kind["kind"] == "mineral":
        return {"pick_direct": None, "pick_gas": None}
    remedy = "choose synthetic_set = 'same'" if choices.synthetic_set != "same" else ""
    if choices.volatilisation == "by_product":
        remedy = "choose volatilisation = 'all_synthetic'"
    land = "" if blank(row["land"]) else str(row["land"])
    found = ask_for(tell, row, "product", lambda: product_picks(book, choices, kind, land), remedy)
    return {"pick_direct": found[0], "pick_gas": found[1]} if found else {"pick_direct": None, "pick_gas": None}


def _embedded(row: Row, kind: Mapping[str, str], book: Book, choices: Choices, missing: Missing) -> Pick | None:
    """The footprint of making a product: the maker's, or the chosen set's; what has none is listed."""
    if not blank(row["footprint"]):
        where = f"{row['_sheet']} {row['_cell_footprint']}"
        return user_pick(
            f"user:{where}", "embedded", float(row["footprint"]), "kg CO2e/kg product", where, "given by the maker"
        )
    if kind["kind"] == "organic":
        return None
    label = kind["label"]
    if choices.embedded_set == "none":
        missing.append(("Fertiliser production", label, "embedded_set = 'none' was chosen"))
        return None
    try:
        pick = book.pick("embedded", choices.embedded_set, kind["embedded"])
    except (NoFactor, Unverified) as error:
        missing.append(("Fertiliser production", label, f"{error}; give the maker's footprint"))
        return None
    if pick.unit not in ("kg CO2e/kg product", "kg CO2e/kg N"):
        missing.append(
            (
                "Fertiliser production",
                label,
                f"{choices.embedded_set} counts it per {pick.unit.split('/')[-1]}, which is not asked",
            )
        )
        return None
    return pick


def read_lime(frame: pd.DataFrame, tell: Teller, book: Book) -> pd.DataFrame:
    """One row per delivery of lime, in kg of carbonate."""
    found = []
    for row in rows_of(frame):
        mass = _amount(row, tell, "kg")
        if mass is None or blank(row["material"]):
            continue
        found.append(
            {
                "material": row["material"],
                "enterprise": str(row["enterprise"] or WHOLE_FARM),
                "amount": float(row["amount"]),
                "unit": row["unit"],
                "mass": mass,
                **_where(row, "amount"),
                "pick_lime": ask(tell, row, "material", book, "EF_lime", ("ipcc2006", str(row["material"]))),
            }
        )
    return pd.DataFrame(found)


@lru_cache(maxsize=1)
def _series() -> pd.DataFrame:
    return pd.read_csv(root("factors") / "farm" / "fuel_series.csv", dtype=str, keep_default_na=False)


def factor_year(choices: Choices, period: Period) -> int:
    """The edition asked for: the chosen year, or the calendar year that holds most days of the period."""
    if choices.factor_year is not None:
        return choices.factor_year
    if period.start.year == period.end.year:
        return period.start.year
    new_year = period.start.replace(year=period.end.year, month=1, day=1)
    return period.end.year if (period.end - new_year).days + 1 > (new_year - period.start).days else period.start.year


def read_fuel(frame: pd.DataFrame, tell: Teller, choices: Choices, period: Period, missing: Missing) -> pd.DataFrame:
    """One row per fuel and factor series (burning, upstream, biogenic), in the unit of the factor."""
    year = factor_year(choices, period)
    found = []
    for row in rows_of(frame):
        key = tell.word(row, "fuel", vocabulary("fuels"))
        if not key or blank(row["unit"]):
            continue
        series = _series()[_series()["fuel"] == key]
        to = _unit_for(str(row["unit"]), list(series["unit"].unique()))
        if not to:
            options = ", ".join(series["unit"].unique())
            hint = "Gas bills are in kWh on gross calorific value: kWh_gross." if key == "natural_gas" else ""
            tell.at(row, "unit", str(row["unit"]), f"a unit that converts to {options}", hint)
            continue
        amount = _amount(row, tell, to)
        if amount is None:
            continue
        for record in series[series["unit"] == to].to_dict("records"):
            match = _match(row, record, year, tell, missing)
            if match is not None:
                found.append(
                    {
                        "fuel": key,
                        "label": vocabulary("fuels").row(key)["label"],
                        "source": record["source"],
                        "section": record["section"],
                        "enterprise": str(row["enterprise"] or WHOLE_FARM),
                        "amount": float(row["amount"]),
                        "unit": row["unit"],
                        "quantity": amount,
                        "factor_unit": to,
                        "match": match,
                        "evidence": row["evidence"],
                        **_where(row, "amount"),
                    }
                )
    return pd.DataFrame(found)


def _unit_for(given: str, options: list[str]) -> str:
    for option in options:
        try:
            factor_between(given, option)
        except UnitError:
            continue
        return option
    return ""


def _match(row: Row, record: dict[Any, Any], year: int, tell: Teller, missing: Missing) -> Match | None:
    """The factor of a series. Burning and power must have one; other flows are listed when they have none."""
    try:
        return library().match(record["series"], year)
    except FactorError as error:
        if record["source"] in ("fuel", "electricity"):
            remedy = "Set factor_year under [choices] in natcap.toml." if error.nearest else ""
            tell.at(row, "fuel", str(row["fuel"]), f"a fuel with a factor for {year}: {error}", remedy)
        else:
            missing.append((record["source"], str(row["fuel"]), str(error)))
    return None


def read_land(frame: pd.DataFrame, tell: Teller) -> pd.DataFrame:
    """One row per field, in hectares; `agricultural` tells whether it is in the area results are given per."""
    found = []
    for row in rows_of(frame):
        if (
            blank(row["area"])
            or blank(row["unit"])
            or blank(row["use"])
            or not tell.within(row, "area", 0, 1e6, "an area")
        ):
            continue
        found.append(
            {
                "field": row["field"],
                "use": row["use"],
                "label": LAND_USES[row["use"]],
                "hectares": float(row["area"]) * factor_between(str(row["unit"]), "hectare"),
                "agricultural": row["use"] in AGRICULTURAL,
                "enterprise": str(row["enterprise"] or WHOLE_FARM),
                **_where(row, "area"),
            }
        )
    columns = ("field", "use", "label", "hectares", "agricultural", "enterprise", "_sheet", "_row", "_cell")
    return pd.DataFrame(found, columns=columns)


def read_production(frame: pd.DataFrame, tell: Teller) -> pd.DataFrame:
    """One row per product sold, in kg."""
    found = []
    for row in rows_of(frame):
        mass = _amount(row, tell, "kg")
        if mass is None or blank(row["product"]) or blank(row["enterprise"]):
            continue
        found.append(
            {
                "product": str(row["product"]),
                "enterprise": str(row["enterprise"]),
                "mass": mass,
                "amount": float(row["amount"]),
                "unit": unit(str(row["unit"])).id,
                **_where(row, "amount"),
            }
        )
    return pd.DataFrame(found, columns=("product", "enterprise", "mass", "amount", "unit", "_sheet", "_row", "_cell"))
