"""A farm to start from: an empty template, or a small mixed farm that does not exist."""

from __future__ import annotations

from pathlib import Path

from natcap.carbon.farm.models import models
from natcap.core.project import FILE
from natcap.core.workbook import write_template

__all__ = ["EXAMPLE_BANNER", "new"]

EXAMPLE_BANNER = "EXAMPLE: this farm does not exist; its figures show the form of an account."
_WORKBOOK = "farm.xlsx"
_GUIDANCE = (
    "Fill one row for each herd, product, bill and field. Sheets you do not need stay empty.",
    "Each class of animal has its own row: ewes and lambs are not 'sheep', and a suckler cow is not a dairy cow.",
    "Manure: say where the manure of each herd goes over the year, grazing included; the shares of a herd make 100.",
    "Urea goes on the sheet Fertiliser only: its CO2 and its nitrogen are both counted from there.",
    "Nitrogen: write the percentage that stands on the bag, or the kilograms.",
    "The sheet Feeding is used when natcap.toml says enteric = 'tier2'.",
)
_TOML = """\
kind = "farm"
name = "{name}"
period = "2025"              # twelve months: a year, or "2024-10-01 to 2025-09-30"
place = "{place}"
{banners}
[inputs]
farm = "{workbook}"

[choices]
soils_set = "ipcc2019_wet"   # ipcc2019_wet | ipcc2019_agg | ipcc2019_dry | ipcc2006
synthetic_set = "same"       # same | uk_nir: UK means by product and land use for synthetic nitrogen
volatilisation = "all_synthetic"  # all_synthetic | by_product
enteric = "tier1"            # tier1 | tier2: cattle with a row on the sheet Feeding
manure = "tier1"             # tier1 | tier2: solids and nitrogen of the same herds
embedded_set = "yara2012"    # yara2012 | brentrup2018_na | brentrup2018_eu | cattle_lca | none
gwp = "AR5"                  # AR4 | AR5 | AR6
allow_unverified = false     # true: use factors that were recalled, not read; every output marks them
"""


def new(folder: Path, example: bool) -> list[Path]:
    """Write natcap.toml and the workbook; with `example` filled, so that check and build pass. Returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / FILE
    name, place = ("Example Mixed Farm", "Leicestershire") if example else ("My farm", "")
    banners = f'banners = ["{EXAMPLE_BANNER}"]\n' if example else ""
    settings.write_text(_TOML.format(name=name, place=place, banners=banners, workbook=_WORKBOOK), encoding="utf-8")
    workbook = write_template(
        models(), folder / _WORKBOOK, f"Farm workbook: {name}", _GUIDANCE, not example, _data() if example else None
    )
    return [settings, workbook]


def _data() -> dict[str, list[dict[str, object]]]:
    """Made-up quantities of a farm of 335 hectares with milk, beef, sheep and corn."""
    return {
        "herds": [
            {"herd": "Milking herd", "category": "Dairy cow", "head": 150},
            {"herd": "Dairy heifers", "category": "Replacement heifer", "head": 55, "enterprise": "Dairy"},
            {"herd": "Dairy calves", "category": "Calf under one year", "head": 60, "enterprise": "Dairy"},
            {"herd": "Suckler cows", "category": "Suckler or beef cow", "head": 40, "weight_kg": 650},
            {
                "herd": "Finishing cattle",
                "category": "Growing or finishing cattle over one year",
                "head": 35,
                "weight_kg": 480,
            },
            {"herd": "Ewes", "category": "Ewe", "head": 300},
            {"herd": "Lambs", "category": "Lamb or growing sheep", "head": 450, "days": 150},
        ],
        "manure": [
            {"herd": "Milking herd", "system": "Dropped on pasture while grazing", "percent": 35},
            {"herd": "Milking herd", "system": "Slurry store with a natural crust", "percent": 65},
            {"herd": "Dairy heifers", "system": "Dropped on pasture while grazing", "percent": 55},
            {"herd": "Dairy heifers", "system": "Farmyard manure in a heap", "percent": 45, "bedding_n_kg": 210},
            {
                "herd": "Dairy calves",
                "system": "Deep bedding, cleared after more than a month",
                "percent": 100,
                "bedding_n_kg": 240,
            },
            {"herd": "Suckler cows", "system": "Dropped on pasture while grazing", "percent": 60},
            {"herd": "Suckler cows", "system": "Farmyard manure in a heap", "percent": 40, "bedding_n_kg": 160},
            {"herd": "Finishing cattle", "system": "Dropped on pasture while grazing", "percent": 45},
            {"herd": "Finishing cattle", "system": "Farmyard manure in a heap", "percent": 55, "bedding_n_kg": 150},
            {"herd": "Ewes", "system": "Dropped on pasture while grazing", "percent": 88},
            {"herd": "Ewes", "system": "Farmyard manure in a heap", "percent": 12, "bedding_n_kg": 90},
            {"herd": "Lambs", "system": "Dropped on pasture while grazing", "percent": 100},
        ],
        "feeding": [
            {
                "herd": "Milking herd",
                "de_pct": 72,
                "milk_kg_day": 22.8,
                "milk_fat_pct": 4.1,
                "milk_protein_pct": 3.3,
                "protein_pct": 16.5,
                "pregnant_pct": 90,
                "activity": "pasture",
            },
        ],
        "fertiliser": [
            {
                "product": "Ammonium nitrate",
                "amount": 52,
                "unit": "t",
                "n_percent": 34.5,
                "land": "arable",
                "enterprise": "Arable",
            },
            {
                "product": "Ammonium nitrate",
                "amount": 38,
                "unit": "t",
                "n_percent": 34.5,
                "land": "grassland",
                "enterprise": "Dairy",
            },
            {"product": "Urea", "amount": 14, "unit": "t", "n_percent": 46, "land": "arable", "enterprise": "Arable"},
            {"product": "Muriate of potash", "amount": 12, "unit": "t", "enterprise": "Arable"},
            {
                "product": "Manure or other organic material brought in",
                "amount": 120,
                "unit": "t",
                "n_percent": 1.9,
                "land": "arable",
                "enterprise": "Arable",
            },
        ],
        "lime": [{"material": "limestone", "amount": 140, "unit": "t", "enterprise": "Arable"}],
        "fuel": [
            {
                "fuel": "Gas oil (red diesel)",
                "amount": 31500,
                "unit": "litre",
                "evidence": "Fuel merchant, 9 deliveries",
            },
            {"fuel": "Diesel (road)", "amount": 2100, "unit": "litre", "evidence": "Fuel card"},
            {
                "fuel": "Electricity from the grid",
                "amount": 84000,
                "unit": "kWh",
                "enterprise": "Dairy",
                "evidence": "Parlour meter",
            },
            {"fuel": "Burning oil (kerosene)", "amount": 1800, "unit": "litre", "evidence": "Grain drier"},
        ],
        "land": [
            {"field": "Upper ground", "use": "arable", "area": 96.4, "unit": "ha", "enterprise": "Arable"},
            {"field": "Brook fields", "use": "arable", "area": 31.7, "unit": "ha", "enterprise": "Arable"},
            {"field": "Home leys", "use": "temporary_grass", "area": 58.2, "unit": "ha", "enterprise": "Dairy"},
            {"field": "Long meadow", "use": "permanent_grass", "area": 42.9, "unit": "ha", "enterprise": "Dairy"},
            {"field": "Far side", "use": "permanent_grass", "area": 57.3, "unit": "ha", "enterprise": "Sheep"},
            {"field": "Hill pasture", "use": "permanent_grass", "area": 48.5, "unit": "ha", "enterprise": "Beef"},
            {"field": "Spinneys", "use": "woodland", "area": 6.1, "unit": "ha"},
        ],
        "production": [
            {"product": "Milk", "enterprise": "Dairy", "amount": 1248, "unit": "t"},
            {"product": "Beef cattle, live weight", "enterprise": "Beef", "amount": 17.2, "unit": "t"},
            {"product": "Lambs, live weight", "enterprise": "Sheep", "amount": 19.2, "unit": "t"},
            {"product": "Wheat", "enterprise": "Arable", "amount": 1010, "unit": "t"},
        ],
    }
