"""Tables of areas as statistics are published: a year a file, a zone a row, a class a column, in whatever unit.

The UKCEH land cover statistics (doi 10.5285/0171ccb2-1c0c-404f-b782-e7204a86a92f) come so: a file for each level of
zones, a layer `regions` with columns percent_1 to percent_21. Every table here is made up, with round figures: a county
of 100 ha has 60 ha of arable land, 40 of improved grassland at the opening, and 15 of woodland at the closing.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from natcap.accounts import trunk
from natcap.core.project import read_project
from tests.accounts.statistics_tables import folder_of, judge, one, pair, read, told, wide


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
