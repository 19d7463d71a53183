"""Zones of tables of areas: no land twice, the same zones at both dates, and layers of a GeoPackage."""

from __future__ import annotations

from pathlib import Path

from tests.accounts.statistics_tables import gpkg, judge, one, pair, read, told, wide

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
