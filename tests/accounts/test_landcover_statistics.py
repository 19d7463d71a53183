"""Tables of areas as statistics are published: a year a file, a zone a row, a class a column, in whatever unit.

The UKCEH land cover statistics (doi 10.5285/0171ccb2-1c0c-404f-b782-e7204a86a92f) come so: a file for each level of
zones, a layer `regions` with columns percent_1 to percent_21. Every table here is made up, with round figures: a county
of 100 ha has 60 ha of arable land, 40 of improved grassland at the opening, and 15 of woodland at the closing.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import box

from natcap.accounts import trunk
from natcap.accounts.cover import read_cover
from natcap.accounts.margins import Margins
from natcap.accounts.reader import InputReader
from natcap.core.problems import InputProblems
from natcap.core.project import read_project
from tests.accounts.maps import project

Areas = dict[tuple[str, int], tuple[float, float]]
NAMES = {"Deciduous woodland": (0, 15), "Arable": (60, 50), "Improved grassland": (40, 35)}
CODES = {"Deciduous woodland": "1", "Arable": "3", "Improved grassland": "4"}
ZONES = {"E10000018": ("Leicestershire", 1), "E06000016": ("Leicester", 2)}


def wide(which: int, heads: str = "{name} (ha)", factor: float = 1, extra: str = "", more: str = "") -> str:
    """A table of one date: zones with their code and name, classes with these headers, hectares times a factor.

    `extra` are headers and `more` the values behind the classes, in which {ha} is the area of the zone in hectares.
    """
    header = ["CTYUA23CD", "CTYUA23NM"]
    header += [f'"{heads.format(name=name, code=CODES[name], year=(2015, 2023)[which])}"' for name in NAMES]
    lines = [",".join([*header, extra] if extra else header)]
    for key, (name, size) in ZONES.items():
        areas = [f"{areas[which] * size * factor:.10g}" for areas in NAMES.values()]
        lines.append(",".join([key, name, *areas, *([more.format(ha=100 * size, km2=size)] if more else [])]))
    return "\n".join(lines) + "\n"


def folder_of(tmp_path: Path, tables: dict[str, str | bytes], **choices: Any) -> Path:
    """A project of these tables by input; a text is a CSV file, bytes are a GeoPackage."""
    inputs = {}
    for role, table in tables.items():
        inputs[role] = f"{role}.gpkg" if isinstance(table, bytes) else f"{role}.csv"
        (tmp_path / inputs[role]).write_bytes(table if isinstance(table, bytes) else table.encode())
    return project(tmp_path, inputs, {"classes": "ukceh_lcm_21", "comparable": True} | choices)


def pair(opening: str | bytes, closing: str | bytes) -> dict[str, str | bytes]:
    return {"opening_table": opening, "closing_table": closing}


def read(tmp_path: Path, tables: dict[str, str | bytes], **choices: Any) -> tuple[InputReader, Areas]:
    """Hectares by zone and class code at both dates; every problem is a failure."""
    reader = InputReader(read_project(folder_of(tmp_path, tables, **choices)))
    found = read_cover(reader, reader.classes())
    reader.problems.raise_if_any()
    assert found is not None
    assert found.areas is not None
    counts = found.areas.counts
    assert isinstance(counts, Margins)
    codes = (0, *counts.codes)
    areas = {
        (zone, code): (float(counts.begin[z, n]) / 1e6, float(counts.end[z, n]) / 1e6)
        for z, zone in enumerate(counts.zones)
        for n, code in enumerate(codes)
    }
    return reader, areas


def told(tmp_path: Path, tables: dict[str, str | bytes], **choices: Any) -> str:
    with pytest.raises(InputProblems) as caught:
        read(tmp_path, tables, **choices)
    said = str(caught.value)
    assert str(tmp_path.resolve()) not in said
    return said


def one(text: str) -> dict[str, str | bytes]:
    return {"area_table": text}


EXPECTED = {
    ("E10000018", 1): (0, 15), ("E10000018", 3): (60, 50), ("E10000018", 4): (40, 35),
    ("E06000016", 1): (0, 30), ("E06000016", 3): (120, 100), ("E06000016", 4): (80, 70),
}  # fmt: skip


def judge(areas: Areas) -> None:
    assert {key: hectares for key, hectares in areas.items() if key[1]} == EXPECTED
    assert all(hectares == (0, 0) for key, hectares in areas.items() if not key[1])


@pytest.mark.parametrize(
    ("heads", "factor", "choices"),
    [
        ("{name} (ha)", 1, {}),
        ("{name}", 1, {"area_unit": "ha"}),
        ("{code}", 0.01, {"area_unit": "km2"}),
        ("LCM_{code}", 1, {"area_unit": "ha"}),
        ("class_{code}", 10_000, {"area_unit": "m2"}),
        ("LCM_CLASS_{code}_ha", 1, {}),
        ("{name} (km2)", 0.01, {}),
        ("{code}_km2", 0.01, {}),
        ("area_km2_{code}", 0.01, {}),
        ("Area of {name} (ha)", 1, {}),
        ("{name} sq km", 0.01, {}),
        ("lcm{year}_{code}_ha", 1, {}),
        ("count_{code}", 100, {"table_cell_m": 10}),
        ("{name} (pixels)", 16, {"table_cell_m": 25}),
    ],
)
def test_a_wide_table_of_one_date_says_the_same_under_every_header(
    tmp_path: Path, heads: str, factor: float, choices: dict[str, Any]
) -> None:
    """A hectare is 100 cells of 10 m, 16 cells of 25 m, 0.01 km2 and 10,000 m2."""
    judge(read(tmp_path, pair(wide(0, heads, factor), wide(1, heads, factor)), **choices)[1])


@pytest.mark.parametrize(
    ("heads", "extra", "more", "factors"),
    [
        ("percent_{code}", "total_area_km2", "{km2}", (1, 0.5)),
        ("{name} (%)", "Total area (ha)", "{ha}", (1, 0.5)),
        ("{name} %", "Area (ha)", "{ha}", (1, 0.5)),
        ("share_{code}", "Area (ha)", "{ha}", (0.01, 0.005)),
    ],
)
def test_percentages_of_an_area_that_is_given(
    tmp_path: Path, heads: str, extra: str, more: str, factors: tuple[float, float]
) -> None:
    """60 % of 100 ha and of 200 ha are 60 and 120 ha. `wide` doubles Leicester, so its shares are halved here."""

    def table(which: int) -> str:
        first, second = (wide(which, heads, factor, extra, more).splitlines() for factor in factors)
        return "\n".join([*first[:2], second[2]]) + "\n"

    judge(read(tmp_path, pair(table(0), table(1)))[1])


def test_figures_of_two_tables_walk_back_to_the_cell_of_their_date(tmp_path: Path) -> None:
    """The whole account: 300 ha, arable 180 to 150, and each figure from the file, cell and total it is of."""
    extra = {"heads": "percent_{code}", "extra": "Total area (ha)", "more": "{ha}"}
    tables = [wide(which, **extra).splitlines()[:2] for which in (0, 1)]
    found = trunk.build(read_project(folder_of(tmp_path, pair(*("\n".join(t) for t in tables)), opening_year=2015,
                                               closing_year=2023)))  # fmt: skip
    assert found.period == "2015 to 2023"
    assert found.figure("extent.net_change.all.arable").value == -10
    refs = [found.figure(f"extent.{date}.E10000018.arable").trace.inputs[0] for date in ("opening", "closing")]
    assert [(ref.file, ref.cell, ref.value) for ref in refs] == [
        ("opening_table.csv", "D2", "60"), ("closing_table.csv", "D2", "50")]  # fmt: skip
    assert refs[0].unit == "% of 100 ha in F2"
    assert all(check.passed for check in found.checks)
    assert any("NET CHANGE ONLY" in banner for banner in found.banners)


@pytest.mark.parametrize(
    "text",
    [
        "CTYUA23CD,CTYUA23NM,lcm2015_3_ha,lcm2015_4_ha,lcm2015_1_ha,lcm2023_3_ha,lcm2023_4_ha,lcm2023_1_ha\n"
        "E10000018,Leicestershire,60,40,0,50,35,15\nE06000016,Leicester,120,80,0,100,70,30\n",
        "lad_code,lad_name,Year,3,4,1,Total\nE10000018,Leicestershire,2015,60,40,0,100\n"
        "E10000018,Leicestershire,2023,50,35,15,100\nE06000016,Leicester,2015,120,80,0,200\n"
        "E06000016,Leicester,2023,100,70,30,200\n",
        "gss_code,land cover,year,area_ha\nE10000018,Arable and horticulture,2015,60\nE10000018,3,2023,50\n"
        "E10000018,Improved grassland,2015,40\nE10000018,4,2023,35\nE10000018,Broadleaved woodland,2015,0\n"
        "E10000018,1,2023,15\nE06000016,3,2015,120\nE06000016,3,2023,100\nE06000016,4,2015,80\n"
        "E06000016,4,2023,70\nE06000016,1,2015,0\nE06000016,1,2023,30\n",
    ],
    ids=["years in headers", "years in rows", "long, names of earlier editions"],
)
def test_tables_of_both_dates(tmp_path: Path, text: str) -> None:
    unit = {} if "_ha" in text else {"area_unit": "ha"}
    judge(read(tmp_path, one(text), **unit)[1])


def test_a_long_table_of_one_date(tmp_path: Path) -> None:
    head = "ctyua24cd,class,area_km2\n"
    opening = head + "E10000018,3,0.6\nE10000018,4,0.4\nE06000016,3,1.2\nE06000016,4,0.8\n"
    closing = (
        head + "E10000018,3,0.5\nE10000018,4,0.35\nE10000018,1,0.15\nE06000016,3,1\nE06000016,4,0.7\nE06000016,1,0.3\n"
    )
    judge(read(tmp_path, pair(opening, closing))[1])


# Units, which are never guessed.


def test_percentages_alone_are_refused(tmp_path: Path) -> None:
    """As the table of a year has them: percent_1 and no area."""
    text = told(tmp_path, pair(wide(0, "percent_{code}"), wide(1, "percent_{code}")))
    assert "opening_table.csv, cell C1: found the percentages of an area that is not given" in text
    assert "Add a column Total area (ha)" in text


def test_a_percentage_is_never_an_area_in_the_chosen_unit(tmp_path: Path) -> None:
    text = told(tmp_path, pair(wide(0, "{name} %"), wide(1, "{name} %")), area_unit="ha")
    assert "A percentage is no area" in text
    long = "zone,class,date,area,unit\nN,3,opening,60,%\nN,3,closing,50,%\n"
    assert "cell D2: found the unit '%'" in told(tmp_path, one(long))


def test_percentages_that_do_not_sum_to_100(tmp_path: Path) -> None:
    tables = [wide(w, "percent_{code}", 1, "Total area (ha)", "{ha}") for w in (0, 1)]
    text = told(tmp_path, pair(*tables))  # Leicester has the percentages twice
    assert "the percentages of E06000016, which sum to 200, expected a sum of 100" in text


def test_shares_and_percentages_in_the_wrong_column(tmp_path: Path) -> None:
    tables = ["\n".join(wide(w, "share_{code}", 1, "Area (ha)", "{ha}").splitlines()[:2]) for w in (0, 1)]
    assert "cell D2: found the share 60, expected 0 to 1" in told(tmp_path, pair(*tables))


def test_areas_and_percentages_in_one_table(tmp_path: Path) -> None:
    """Neither is picked; what is asked for is read, and the rest told."""

    def both(which: int) -> str:
        area, part = (wide(which, heads).splitlines() for heads in ("area_{code}_ha", "percent_{code}"))
        return "\n".join(f"{a},{p.split(',', 2)[2]}" for a, p in zip(area, part, strict=True)) + "\n"

    text = told(tmp_path, pair(both(0), both(1)))
    assert "cell F1: found the areas and percentages of the same classes, expected columns of one measure" in text
    assert "Set table_measure in [choices] to area or percent" in text
    reader, areas = read(tmp_path, pair(both(0), both(1)), table_measure="area")
    judge(areas)
    assert any("percent_3" in problem.found for problem in reader.problems.warnings)
    assert "expected one that opening_table.csv holds: areas and percentages" in told(
        tmp_path, pair(both(0), both(1)), table_measure="cells"
    )


def test_counts_of_cells_need_a_size(tmp_path: Path) -> None:
    tables = pair(wide(0, "count_{code}", 100), wide(1, "count_{code}", 100))
    text = told(tmp_path, tables)
    assert "cell C1: found the counts of cells of no known size" in text
    assert "table_cell_m = 10" in text
    assert "a whole number of cells" in told(tmp_path, pair(wide(0, "n_{code}", 0.01), wide(1, "n_{code}", 0.01)),
                                             table_cell_m=10)  # fmt: skip
    assert "table_cell_m: the side of a cell" in told(tmp_path, tables, table_cell_m="10")


def test_areas_without_a_unit(tmp_path: Path) -> None:
    assert "cell C1: found no unit of the areas" in told(tmp_path, pair(wide(0, "area_{code}"), wide(1, "area_{code}")))


def test_the_area_of_the_zone_beside_its_classes(tmp_path: Path) -> None:
    """A total has to be the sum; an area of the polygon is compared, for it may hold the sea."""
    tables = [wide(w, "{name} (ha)", 1, "Total (ha)", "{ha}") for w in (0, 1)]
    judge(read(tmp_path, pair(*tables))[1])
    text = told(tmp_path, pair(tables[0].replace(",100\n", ",101\n"), tables[1]))
    assert "a total of 101 ha for E10000018, all classes, opening, expected 100 ha" in text
    own = [wide(w, "{name} (ha)", 1, "Area (km2),Shape__Area,OBJECTID,BNG_E", "1.5,9,1,450000") for w in (0, 1)]
    reader, areas = read(tmp_path, pair(*own))
    judge(areas)
    assert "an area of 1.5 km2 of E10000018 beside classes that sum to 1 km2" in str(reader.problems.warnings)


def test_a_blank_cell_is_missing(tmp_path: Path) -> None:
    text = told(tmp_path, pair(wide(0).replace(",0,60", ",,60"), wide(1)))
    assert "opening_table.csv, cell C2: found an empty cell, expected an area" in text


def test_thousands_have_their_separators(tmp_path: Path) -> None:
    tables = [f'RGN22CD,Arable (ha)\nE12000004,"{number}"\n' for number in ("1,234,567.5", "1 234 567.5")]
    assert read(tmp_path, pair(*tables))[1]["E12000004", 3] == (1_234_567.5, 1_234_567.5)


def test_land_of_no_class(tmp_path: Path) -> None:
    """A column 0 or Unclassified is land without a class, not a class and not left out."""
    for head in ("0", "Unclassified", "class_0"):
        tables = [f"RGN22CD,Arable,{head}\nE12000004,90,10\n", f"RGN22CD,Arable,{head}\nE12000004,80,20\n"]
        areas = read(tmp_path, pair(*tables), area_unit="ha")[1]
        assert areas == {("E12000004", 0): (10, 20), ("E12000004", 3): (90, 80)}


# Classes.


def test_the_ten_aggregate_classes_are_not_the_21(tmp_path: Path) -> None:
    heads = "ctyua23cd," + ",".join(f"{n}_ha" for n in range(1, 11))
    table = heads + "\nE10000018" + ",1" * 10 + "\n"
    text = told(tmp_path, pair(table, table))
    assert "the codes 1 to 10, all of them and no others" in text
    assert "10 aggregate classes" in text
    named = "ctyua23cd,Arable (ha),Semi-natural grassland (ha)\nE10000018,1,1\n"
    assert "cell C1: found the class 'Semi-natural grassland'" in (text := told(tmp_path, pair(named, named)))
    assert "one of the 10 aggregate classes" in text


def test_an_abbreviation_is_no_class(tmp_path: Path) -> None:
    table = "ctyua23cd,Arable (ha),DW_ha\nE10000018,1,1\n"
    assert "cell C1: found the class 'DW'" in told(tmp_path, pair(table, table))


def test_one_class_twice(tmp_path: Path) -> None:
    table = "ctyua23cd,Arable (ha),3_ha\nE10000018,1,1\n"
    assert "the area of E10000018, Arable, opening for the second time" in told(tmp_path, pair(table, table))


def test_a_table_without_zones_is_one_area(tmp_path: Path) -> None:
    tables = ["Arable (ha),Urban (ha)\n5,6\n", "Arable (ha),Urban (ha)\n4,7\n"]
    assert read(tmp_path, pair(*tables))[1] == {("area", 0): (0, 0), ("area", 3): (5, 4), ("area", 20): (6, 7)}
    parts = ["percent_3,percent_20,total_area_ha\n50,50,10\n", "percent_3,percent_20,total_area_ha\n40,60,10\n"]
    reader, areas = read(tmp_path, pair(*parts))
    assert areas["area", 20] == (5, 6)
    assert any("percentages were taken of the area in the column total_area_ha" in said for said in reader.fallbacks)


def test_choices_that_a_matrix_is_not_read_by(tmp_path: Path) -> None:
    matrix = "ha,Arable,Urban\nArable,5,1\nUrban,0,2\n"
    text = told(tmp_path, {"change_table": matrix}, table_zones=["E10000018"])
    assert "the choice table_zones with a square matrix" in text


# Levels, which would count land twice.


def test_levels_of_zones_in_one_table(tmp_path: Path) -> None:
    table = "code,name,Arable\nE92000001,England,9\nE12000004,East Midlands,4\nE10000018,Leicestershire,1\n"
    text = told(tmp_path, pair(table, table), area_unit="ha", table_zone="code")
    assert "the levels 1 country (E92000001 England); 1 region (E12000004 East Midlands); 1 county" in text
    assert 'table_zones = ["E10000018"]' in text
    reader, areas = read(
        tmp_path, pair(table, table), area_unit="ha", table_zone="code", table_zones=["Leicestershire"]
    )
    assert areas["E10000018", 3] == (1, 1)
    assert len({zone for zone, _ in areas}) == 1
    assert any("2 rows of other zones were not read" in said for said in reader.fallbacks)
    names = table.replace("E92000001,", "").replace("E12000004,", "").replace("E10000018,", "").replace("code,", "")
    assert "the levels 1 country (England); 1 region (East Midlands)" in told(
        tmp_path, pair(names, names), area_unit="ha"
    )


def test_a_column_of_levels(tmp_path: Path) -> None:
    table = "level,name,Arable\ncountry,A,9\nregion,B,4\ncounty,C,1\ncounty,D,2\n"
    text = told(tmp_path, pair(table, table), area_unit="ha")
    assert "cell A1: found the levels country (1 rows), region (1 rows), county (2 rows)" in text
    assert "Set table_level" in text
    areas = read(tmp_path, pair(table, table), area_unit="ha", table_level="County")[1]
    assert {zone for zone, _ in areas} == {"C", "D"}
    assert "Did you mean 'county'" in told(tmp_path, pair(table, table), area_unit="ha", table_level="countys")
    assert "choices.table_zones" in told(tmp_path, pair(table, table), area_unit="ha", table_zones=["Cumbria"])


def test_two_kinds_of_zones_in_columns(tmp_path: Path) -> None:
    table = "CTYUA23CD,CTYUA23NM,RGN23CD,RGN23NM,Arable\nE10000018,Leicestershire,E12000004,East Midlands,1\n"
    text = told(tmp_path, pair(table, table), area_unit="ha")
    assert "cell C1: found the columns CTYUA23CD and RGN23CD, expected one column of zones" in text
    areas = read(tmp_path, pair(table, table), area_unit="ha", table_zone="CTYUA23CD")[1]
    assert {zone for zone, _ in areas} == {"E10000018"}
    earlier = table.replace("CTYUA23", "CTYUA19").replace("RGN23", "RGN19")
    areas = read(tmp_path, pair(earlier, table), area_unit="ha", table_zone="CTYUA23CD")[1]
    assert {zone for zone, _ in areas} == {"E10000018"}


def test_zones_that_stand_beside_one_another(tmp_path: Path) -> None:
    """Great Britain and Northern Ireland; Scotland and regions of England; counties and unitary authorities."""
    for codes in (("K03000001", "N92000002"), ("S92000003", "E12000004"), ("E10000018", "E06000016", "W06000015")):
        table = "zone,Arable\n" + "".join(f"{code},{n + 1}\n" for n, code in enumerate(codes))
        assert {zone for zone, _ in read(tmp_path, pair(table, table), area_unit="ha")[1]} == set(codes)
    named = "name,Arable\nGreat Britain,9\nNorthern Ireland,2\n"
    read(tmp_path, pair(named, named), area_unit="ha")
    more = named + "United Kingdom,11\n"
    assert "part of the United Kingdom" in told(tmp_path, pair(more, more), area_unit="ha")


def test_a_zone_that_is_the_sum_of_the_others(tmp_path: Path) -> None:
    table = "name,Arable (ha),Urban (ha)\nNorth,3,1\nSouth,4,2\nMy county,7,3\n"
    text = told(tmp_path, pair(table, table))
    assert "the zone My county, which is the sum of the 2 others" in text
    areas = read(tmp_path, pair(*[table.replace("My county", "Total")] * 2))[1]
    assert {zone for zone, _ in areas} == {"North", "South"}


# Zones of the two dates.


def test_zones_that_are_not_the_same_at_both_dates(tmp_path: Path) -> None:
    """Cumbria was split in 2023; a county with another code; one that is written in another way."""
    opening = "code,name,Arable (ha)\nE10000006,Cumbria,6\nE06000048,Northumberland,5\ne10000018,Leicestershire,1\n"
    closing = (
        "code,name,Arable (ha)\nE06000063,Cumberland,3\nE06000064,Westmorland and Furness,3\n"
        "E06000057,Northumberland,5\nE10000018,Leicestershire,1\n"
    )
    text = told(tmp_path, pair(opening, closing), table_zone="code")
    assert "opening_table.csv, cell C2: found the zone E10000006 Cumbria at opening alone" in text
    assert "(not at closing, in closing_table.csv)" in text
    assert "The other date has Northumberland with the code E06000057: its boundary or status changed" in text
    assert "The other date writes it E10000018: write it in one way" in text
    assert "a zone was split, joined or given another code" in text


def test_one_code_with_two_names(tmp_path: Path) -> None:
    text = told(tmp_path, pair(wide(0), wide(1).replace("Leicestershire", "Rutland")))
    assert "closing_table.csv, cell C2: found the name Rutland for the zone E10000018, expected Leicestershire" in text


def test_another_boundary_at_each_date(tmp_path: Path) -> None:
    text = told(tmp_path, pair(wide(0), wide(1).replace(",50,35", ",50,40")))
    assert "an area of 100 ha at opening and of 105 ha at closing in zone E10000018" in text


def test_years_of_the_two_tables(tmp_path: Path) -> None:
    heads = "lcm{year}_{code}_ha"
    text = told(tmp_path, pair(wide(1, heads), wide(0, heads)))
    assert "the year 2015 at the closing, and 2023 at the opening in opening_table.csv" in text
    assert "the year 2015, expected the year 2018, which natcap.toml gives as opening_year" in told(
        tmp_path, pair(wide(0, heads), wide(1, heads)), opening_year=2018, closing_year=2023
    )


def test_one_table_alone(tmp_path: Path) -> None:
    assert "no input 'closing_table'" in told(tmp_path, {"opening_table": wide(0)})
    text = told(tmp_path, {"opening": wide(0), "closing": wide(1)})
    assert "Name a table of areas of one date as opening_table in [inputs]" in text
    assert "land cover from one source" in told(tmp_path, pair(wide(0), wide(1)) | one(wide(0)))


# GeoPackages.


def gpkg(path: Path, layers: dict[str, str]) -> bytes:
    """A GeoPackage with tables as layers, each row on a square of 1 km2."""
    for name, text in layers.items():
        header, *rows = [line.split(",") for line in text.replace('"', "").splitlines()]
        shapes = np.array([box(1000 * n, 0, 1000 * n + 1000, 1000) for n in range(len(rows))], dtype=object)
        columns = [
            np.array(values, dtype=object if n < 2 else float) for n, values in enumerate(zip(*rows, strict=True))
        ]
        pyogrio.raw.write(path, shapely.to_wkb(shapes), columns, header, layer=name, driver="GPKG", crs="EPSG:27700",
                          geometry_type="Polygon", append=path.exists())  # fmt: skip
    found = path.read_bytes()
    path.unlink()
    return found


def test_areas_from_the_attributes_of_layers(tmp_path: Path) -> None:
    made = [gpkg(tmp_path / "x.gpkg", {"counties": wide(which)}) for which in (0, 1)]
    judge(read(tmp_path, pair(*made))[1])


def test_polygons_beside_the_areas_are_compared(tmp_path: Path) -> None:
    """Each square is 100 ha: Leicestershire has 100 ha of classes, Leicester 200."""
    made = [gpkg(tmp_path / "x.gpkg", {"counties": wide(which)}) for which in (0, 1)]
    reader, areas = read(tmp_path, pair(*made))
    judge(areas)
    said = [str(problem) for problem in reader.problems.warnings]
    assert len(said) == 2
    assert "sheet counties, cell zone E06000016: found a polygon of 100 ha beside classes that sum to 200 ha" in said[0]


def test_percentages_of_the_polygons(tmp_path: Path) -> None:
    """As in the layer regions of UKCEH: percent_3 of 60 and a polygon of 1 km2 are 60 ha; only where it is asked."""
    tables = ["\n".join(wide(which, "percent_{code}").splitlines()[:2]) for which in (0, 1)]
    made = pair(*(gpkg(tmp_path / "x.gpkg", {"regions": table}) for table in tables))
    assert 'set table_total = "polygons" in [choices]' in told(tmp_path, made)
    reader, areas = read(tmp_path, made, table_total="polygons")
    assert areas["E10000018", 3] == (60, 50)
    assert sum("were taken of the area of each polygon" in said for said in reader.fallbacks) == 2
    assert "without valid polygons" in told(tmp_path, pair(*tables), table_total="polygons")
    text = told(tmp_path, {"opening": made["opening_table"], "closing": made["closing_table"]})
    assert "A layer of zones with an area of each class is an opening_table" in text


def test_several_layers(tmp_path: Path) -> None:
    region = "RGN22CD,RGN22NM,Arable (ha)\nE12000004,East Midlands,9\n"
    made = [gpkg(tmp_path / "x.gpkg", {"counties": wide(which), "regions": region}) for which in (0, 1)]
    text = told(tmp_path, pair(*made))
    assert "opening_table.gpkg: found a table on 2 layers" in text
    assert "Set table_sheet in [choices] to one of: counties, regions" in text
    judge(read(tmp_path, pair(*made), table_sheet="counties")[1])
    assert "found no layer 'county'" in told(tmp_path, pair(*made), table_sheet="county")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 10**6), min_size=3, max_size=3), st.sampled_from(["ha", "km2", "m2"]))
def test_a_unit_moves_the_point_and_nothing_else(tmp_path: Path, cells: list[int], unit: str) -> None:
    """Counts of cells of 10 m, and the same in hectares, square kilometres or metres: one account, exactly."""
    per = {"ha": "0.01", "km2": "0.0001", "m2": "100"}[unit]
    head = "zone,{0},{1},{2}\nN,"
    counted = head.format("n_1", "n_3", "n_4") + ",".join(map(str, cells)) + "\n"
    measured = head.format(*(f"{code}_{unit}" for code in (1, 3, 4)))
    measured += ",".join(f"{Decimal(cell) * Decimal(per):f}" for cell in cells) + "\n"
    one_way = read(tmp_path, pair(counted, counted), table_cell_m=10)[1]
    assert read(tmp_path, pair(measured, measured))[1] == one_way
