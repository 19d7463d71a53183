"""Start an accounts project: templates to fill in, or the SYNTHETIC example of Leicester and Leicestershire."""

from __future__ import annotations

import shutil
from pathlib import Path

from natcap.accounts.classes import class_list
from natcap.accounts.forms import FORMS
from natcap.core.problems import Problems
from natcap.core.project import FILE
from natcap.core.resources import root
from natcap.core.tables import load
from natcap.core.workbook.forms import write_example_forms, write_forms

__all__ = ["write_example", "write_templates"]

_OPENING, _CLOSING = 2020, 2023

_EXAMPLE = f"""\
# SYNTHETIC example: the maps were generated; nothing here describes the real Leicester or Leicestershire.
kind = "accounts"
name = "Leicester and Leicestershire"
period = "{_OPENING}-01-01 to {_CLOSING}-12-31"
place = "Leicester and Leicestershire"

[inputs]
opening = "SYNTHETIC_land_cover_{_OPENING}.tif"
closing = "SYNTHETIC_land_cover_{_CLOSING}.tif"
zones = "districts.geojson"
{{books}}
[choices]
classes = "ukceh_lcm_21"
comparable = true
services = "library"
price_year = 2023
projection_between = "linear"
projection_after = "last"
organisation_name = "Example Council"
zone_field = "area_code"
zone_name = "area_name"
zone_area = "published_area_ha"
opening_year = {_OPENING}
closing_year = {_CLOSING}
"""

_TEMPLATE = """\
kind = "accounts"
name = "My county"
period = "2023"                     # the accounting year, or a span: "2018-01-01 to 2023-12-31"
place = ""

[inputs]
opening = "opening.tif"             # land cover at the opening: a GeoTIFF, or parcels; projected, in metres
closing = "closing.tif"             # land-cover map at the closing, on the same grid
zones = "zones.gpkg"                # areas: GeoPackage or GeoJSON in the projection of the maps, or a raster of numbers
# area_table = "area_table.xlsx"    # instead of maps: areas by zone, class and date
# opening_table = "lcm2018.csv"     # instead of maps: areas by zone and class as published for one year,
# closing_table = "lcm2023.csv"     # and the same for the other, such as UKCEH's UK land cover statistics
# change_table = "change_table.xlsx" # instead of maps: areas by zone that went from one class to another
# class_list = "classes.csv"        # your own classes (code, name) instead of a list of the library
# between = ["land_2020.tif"]       # maps between the two, in order of their years; needs between_years
# managed_areas = "planting.gpkg"   # polygons with a field kind that say which change is managed
# carbon_pools = "carbon_pools.csv" # your own carbon densities instead of those of the library
# carbon_movements = "carbon_movements.xlsx" # fellings, fires, growth of carbon; methane and nitrous oxide of peat
# condition = "condition.xlsx"      # readings of the condition of your woods, waters, fields
# services = "services.xlsx"        # flows, parameters and unit values of your own; needs price_year
# projections = "projections.xlsx"  # how flows develop over the life of their assets, in place of constant flows
# losses = "losses.xlsx"            # storms, fires, floods, outbreaks: what they took of area or flow
# published = "ons_services.csv"    # services by local authority, as the ONS publishes them
# accuracy = "accuracy.xlsx"        # reference points of the maps: areas with their standard error
# habitats = "habitats.xlsx"        # parcels before and after a plan, for biodiversity units
# organisation = "organisation.xlsx" # an organisation's balance sheet and income statement; needs price_year
# emissions = "inventory.json"      # what natcap built for its greenhouse gas inventory, for that statement
# metric = "metric.xlsm"            # a filled official workbook of the statutory biodiversity metric: recomputed

[choices]
classes = "ukceh_lcm_21"            # or corine, esa_worldcover, living_england_2022_23; see factors/landcover/lists.csv
zone_field = "area_code"            # the field of the zones that holds their id
# zone_name = "area_name"           # the field with their names
# zone_area = "area_ha"             # a field with published areas in hectares, to compare
# opening_year = 2018
# closing_year = 2023
# comparable = true                 # the producer declares the two maps comparable
# break_in_series = true            # the two maps are not: the difference is shown as a reappraisal
# minimum_patch_ha = 0.5            # changed patches that are smaller do not count as change
# between_years = [2020]            # the years of the maps between
# rotation_years = 5                # a change between crop and ley counts once it has lasted so many years
# table_zones = ["E10000018"]       # the zones of the tables that are read, by code or name
# class_field = "habitat"           # if opening and closing are parcels (GeoPackage, GeoJSON): the field with the class
# band = 1                          # the band that holds the class
# edges = "fractional"              # cells on the edge of a zone count in part
# unlikely = { bog = 5 }            # classes that hardly exist here: told beyond so many hectares
# align = "nearest"                 # if the grids differ: read the closing map on the grid of the opening map
# nodata = "each"                   # only if the two files declare different nodata values
# services = "library"              # flows per hectare of the library as well; "own": only what you give
# price_year = 2023                 # values are shown in the prices of this year
# published_price_year = 2024       # price year of the published values
# biodiversity = "screening"        # a range of units from land cover alone; not a metric calculation
# metric_edition = "statutory"      # edition of the biodiversity metric for habitats and metric: 4.1 if left out
# organisation_name = "My council"  # whose assets the organisation's account is of
# discount_schedule = "standard"    # or sensitivity, review_2026, flat_3_5, flat_1_5; discount_timing = "start"
# projection_between = "linear"     # or "step": fills the years between given years of a projection
# projection_after = "last"         # the last given year of a projection stands for all years after it
# discount_year = 2026              # the edition of the schedules in force that year; left out, the newest
# carbon_path = "central"           # carbon values: low, central or high
# carbon_before = "first"           # years before the first carbon value take it; left out, they have none
# draws = 10000                     # draws behind the ranges of services and values; seed = 1
# carbon = "none"                   # no carbon account
# soil_depth_cm = 30
# carbon_gwp = "AR5"                # potentials that turn methane and nitrous oxide of soils into CO2e; as the service
"""

_README = """\
# Natural capital accounts

1. Put two land-cover maps into this folder. For Great Britain: the UKCEH Land Cover Map at 10 m or 25 m, two editions
   that UKCEH declares comparable, as GeoTIFF in EPSG:27700 (band 1 holds the class). UKCEH licenses them: order them
   at its data centre. CORINE and ESA WorldCover do as well; WorldCover comes in degrees and has to be reprojected
   first, with nearest neighbour.
2. Put the areas you account for into it: districts, wards, estates, as GeoPackage or GeoJSON in the projection of the
   maps.
3. Name the files in natcap.toml, and the field that holds the id of each area.
4. The workbooks and carbon_pools.csv are empty. Fill those for which you have figures, and take the # off their lines
   in natcap.toml; leave the others as they are. carbon_pools.csv is for carbon densities of your own (tonnes of carbon
   per hectare and class).
5. natcap check FOLDER lists everything that is wrong; natcap build FOLDER writes the workbook.

Nothing is resampled, reprojected or guessed unless natcap.toml asks for it.
"""


def _write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def write_templates(folder: Path) -> list[Path]:
    """natcap.toml with every choice explained, what to put in, and empty workbooks for the parts of the account."""
    folder.mkdir(parents=True, exist_ok=True)
    toml, readme = _write(folder, FILE, _TEMPLATE), _write(folder, "README.md", _README)
    pools = _write(folder, "carbon_pools.csv", "lucode,LULC_Name,C_above,C_below,C_soil,C_dead\n")
    return [readme, toml, pools, *write_forms(FORMS, folder)]


def write_example(folder: Path) -> list[Path]:
    """The SYNTHETIC example: two generated maps, the districts, and a natcap.toml that builds."""
    from natcap.accounts.synthetic import make_landscape, write_map
    from natcap.accounts.zones import PolygonZones, read_zones

    folder.mkdir(parents=True, exist_ok=True)
    data = root("data")
    zones_path = folder / "districts.geojson"
    shutil.copyfile(data / "leicestershire" / "zones" / "districts.geojson", zones_path)
    problems = Problems()
    zones = read_zones(
        zones_path, zones_path.name, {"zone_field": "area_code", "zone_name": "area_name"}, None, problems
    )
    problems.raise_if_any()
    if not isinstance(zones, PolygonZones):
        raise TypeError("the districts of the example are polygons")
    shares, changes = (load(f"leicestershire/synthetic_{name}", data) for name in ("shares", "changes"))
    land = make_landscape(zones, shares, changes)
    classes = class_list("ukceh_lcm_21")
    maps = [folder / f"SYNTHETIC_land_cover_{year}.tif" for year in (_OPENING, _CLOSING)]
    for path, codes in zip(maps, (land.opening, land.closing), strict=True):
        write_map(path, codes, land.grid, classes)
    books = write_example_forms(FORMS, folder, "leicestershire/example")
    inputs = "".join(f'{name} = "{path.name}"\n' for name, path in books.items())
    settings = _write(folder, FILE, _EXAMPLE.replace("{books}", inputs))
    return [settings, *maps, zones_path, *books.values()]
