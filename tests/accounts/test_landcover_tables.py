"""Tables of areas: net change where only margins are known, a whole matrix where it is given, and what can be wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from shapely import box

from natcap.accounts import trunk
from natcap.core.problems import InputProblems
from natcap.core.project import read_project
from natcap.core.report import Report
from natcap.core.workbook import publish
from tests.accounts.maps import project, write_geojson

LONG = """zone,name,class,date,area (ha)
N,North,Arable,2015,60
N,North,Improved grassland,2015,40
N,North,Arable,2023,50
N,North,Improved grassland,2023,35
N,North,Deciduous woodland,2023,15
N,North,Deciduous woodland,2015,0
S,South,Arable,2015,10.5
S,South,Arable,2023,10.5
"""
CHANGE = """zone,from,to,area (ha)
N,Arable,Arable,45
N,Arable,Deciduous woodland,15
N,Improved grassland,Improved grassland,35
N,Improved grassland,Arable,5
S,Arable,Arable,10.5
"""
WIDE = """local-authority-code,official-name,Year,Arable:ha,Improved grassland:ha,Deciduous woodland (ha)
N,North,2015,60,40,0
N,North,2023,50,35,15
S,South,2015,10.5,0,0
S,South,2023,10.5,0,0
"""


def folder_of(tmp_path: Path, text: str, role: str = "area_table", **choices: Any) -> Path:
    (tmp_path / "areas.csv").write_text(text, encoding="utf-8")
    return project(tmp_path, {role: "areas.csv"}, {"classes": "ukceh_lcm_21", "comparable": True} | choices)


def build(tmp_path: Path, text: str, role: str = "area_table", **choices: Any) -> Report:
    return trunk.build(read_project(folder_of(tmp_path, text, role, **choices)))


def told(tmp_path: Path, text: str, role: str = "area_table", **choices: Any) -> str:
    with pytest.raises(InputProblems) as caught:
        build(tmp_path, text, role, **choices)
    said = str(caught.value)
    assert str(tmp_path.resolve()) not in said
    return said


def value(report: Report, key: str) -> float:
    found = report.figure(key).value
    assert found is not None
    return float(found)


def ids(report: Report) -> set[str]:
    return {section.id for section in report.sections}


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return build(tmp_path_factory.mktemp("net"), LONG)


@pytest.fixture(scope="module")
def gross(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return build(tmp_path_factory.mktemp("gross"), CHANGE, "change_table")


def test_margins_by_hand(net: Report) -> None:
    """North: arable 60 to 50, grass 40 to 35, woodland 0 to 15 ha. Stock: 70.5 x 72 + 40 x 81.5 t C at the opening."""
    assert net.period == "2015 to 2023"
    assert value(net, "extent.area.all") == 110.5
    assert value(net, "extent.opening.N.arable") == 60
    assert value(net, "extent.closing.N.deciduous_woodland") == 15
    assert value(net, "extent.net_change.all.arable") == -10
    assert value(net, "habitat.closing.all.enclosed_farmland") == 50 + 35 + 10.5
    assert value(net, "carbon_stock.opening.total") == pytest.approx(70.5 * 72 + 40 * 81.5, rel=1e-12)


def test_net_is_never_called_gross(net: Report) -> None:
    assert not ids(net) & {"matrix", "flows", "matrix_by_zone", "carbon_transitions"}
    assert not any(figure.id.startswith("extent.changed") for figure in net.figures)
    section = next(s for s in net.sections if s.id == "extent")
    labels = [column.label for column in section.columns]
    assert labels[2:4] == ["Net expansion", "Net reduction"]
    assert not any("anaged" in label for label in labels)
    row = section.table.iloc[-1]
    assert (row["additions"], row["reductions"], row["net_change"]) == (15, 15, 0)
    assert any("NET CHANGE ONLY" in banner for banner in net.banners)
    assert any("net" in note for note in section.notes)
    zones = next(s for s in net.sections if s.id == "zones")
    assert zones.marks[0, "changed"] == "[x]"
    assert all(check.passed for check in net.checks)


def test_figures_walk_back_to_the_cell(net: Report) -> None:
    ref = net.figure("extent.opening.S.arable").trace.inputs[0]
    assert (ref.file, ref.cell, ref.value, ref.unit) == ("areas.csv", "E8", "10.5", "ha")


def test_figures_of_a_matrix_walk_back_to_every_cell(gross: Report) -> None:
    """Arable in the north at the opening is 45 + 15 ha, rows 2 and 3; at the closing 45 + 5, rows 2 and 5."""
    refs = gross.figure("extent.opening.N.arable").trace.inputs
    assert [(ref.cell, ref.value, ref.unit) for ref in refs] == [("D2", "45", "ha"), ("D3", "15", "ha")]
    assert [ref.cell for ref in gross.figure("extent.closing.N.arable").trace.inputs] == ["D2", "D5"]


def test_net_account_publishes(net: Report, gross: Report, tmp_path: Path) -> None:
    for name, report in (("net", net), ("gross", gross)):
        publish(report, tmp_path / f"{name}.xlsx")
        assert (tmp_path / f"{name}.xlsx").stat().st_size > 10_000


def test_a_change_table_gives_the_whole_matrix(gross: Report) -> None:
    """The same land: behind 10 ha of net loss of arable are 15 ha lost and 5 ha gained."""
    assert value(gross, "extent.changed.all") == 20
    assert value(gross, "extent.opening.N.arable") == 60
    assert value(gross, "extent.net_change.all.arable") == -10
    section = next(s for s in gross.sections if s.id == "extent").table.set_index("item")
    assert section.loc["Arable", "managed_reduction"] + section.loc["Arable", "unmanaged_reduction"] == 15
    assert {"matrix", "flows"} <= ids(gross)
    assert all(check.passed for check in gross.checks)


@pytest.mark.parametrize(
    "text",
    [
        WIDE,
        "zone,class,opening (ha),closing (ha)\nN,3,60,50\nN,4,40,35\nN,1,0,15\nS,3,10.5,10.5\n",
        "zone,class,2015 (km2),2023 (km2)\nN,3,0.6,0.5\nN,4,0.4,0.35\nN,1,0,0.15\nS,3,0.105,0.105\n",
        "zone,class,date,area,unit\nN,3,opening,60,ha\nN,4,opening,0.4,km2\nN,3,closing,500000,m2\nN,4,closing,35,ha\n"
        "N,1,opening,0,ha\nN,1,closing,15,ha\nS,3,opening,10.5,ha\nS,3,closing,10.5,ha\n",
        "Zone,Class,Year,Hectares\nN,3,2015,60\nN,4,2015,40\nN,3,2023,50\nN,4,2023,35\nN,1,2015,0\nN,1,2023,15\n"
        "S,3,2015,10.5\nS,3,2023,10.5\n",
    ],
    ids=["wide", "paired", "years in square kilometres", "a unit in each row", "a unit as header"],
)
def test_layouts_say_the_same(tmp_path: Path, net: Report, text: str) -> None:
    found = build(tmp_path, text)
    for key in ("extent.area.all", "extent.closing.N.deciduous_woodland", "extent.net_change.all.arable"):
        assert value(found, key) == value(net, key)


def test_a_sheet_of_a_workbook(tmp_path: Path, net: Report) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Read me"
    book.active["A1"] = "Areas of a county"
    sheet = book.create_sheet("Areas")
    sheet.append(["Table 1: areas"])
    for line in LONG.splitlines():
        sheet.append([float(c) if c.replace(".", "").isdigit() else c for c in line.split(",")])
    book.save(tmp_path / "areas.xlsx")
    folder = project(tmp_path, {"area_table": "areas.xlsx"}, {"classes": "ukceh_lcm_21", "comparable": True})
    found = trunk.build(read_project(folder))
    assert value(found, "extent.closing.all.arable") == value(net, "extent.closing.all.arable")
    ref = found.figure("extent.opening.S.arable").trace.inputs[0]
    assert (ref.sheet, ref.cell) == ("Areas", "E9")


def test_years_of_natcap_toml_are_taken(tmp_path: Path) -> None:
    more = LONG + "N,North,Arable,2019,55\n"
    assert "the years 2015, 2019, 2023" in told(tmp_path, more)
    found = build(tmp_path, more, opening_year=2015, closing_year=2023)
    assert value(found, "extent.closing.N.arable") == 50
    assert any("the years 2019 were not read" in said for said in found.run.fallbacks)


def test_polygons_of_the_zones_give_a_map_and_are_compared(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, LONG, zone_field="id")
    shapes = {"N": box(4e5, 3e5, 4e5 + 1000, 3e5 + 1000), "S": box(4e5, 3e5 - 105, 4e5 + 1000, 3e5)}
    write_geojson(tmp_path / "z.geojson", shapes)
    toml = (folder / "natcap.toml").read_text().replace("[choices]", 'zones = "z.geojson"\n[choices]')
    (folder / "natcap.toml").write_text(toml)
    found = trunk.build(read_project(folder))
    assert found.geometry is not None
    zones = next(s for s in found.sections if s.id == "zones").table
    assert zones["polygon"].tolist()[:2] == [100.0, 10.5]
    write_geojson(tmp_path / "z.geojson", {"N": shapes["N"], "West": shapes["S"]})
    with pytest.raises(InputProblems, match="the zones S, expected zones that stand in"):
        trunk.build(read_project(folder))


def test_polygons_in_degrees_have_no_hectares(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, LONG, zone_field="id")
    write_geojson(tmp_path / "z.geojson", {"N": box(-1, 52, 0, 53), "S": box(-1, 51, 0, 52)}, crs=None)
    toml = (folder / "natcap.toml").read_text().replace("[choices]", 'zones = "z.geojson"\n[choices]')
    (folder / "natcap.toml").write_text(toml)
    with pytest.raises(InputProblems, match="geographic projection"):
        trunk.build(read_project(folder))


# What can be wrong.


def test_a_class_not_in_the_list(tmp_path: Path) -> None:
    text = told(tmp_path, LONG.replace("S,South,Arable,2015", "S,South,Arabel,2015"))
    assert "areas.csv, cell C8: found the class 'Arabel'" in text
    assert "Did you mean 'Arable'?" in text


def test_a_wide_column_of_no_class(tmp_path: Path) -> None:
    assert "cell D1: found the class 'Arabel'" in told(tmp_path, WIDE.replace("Arable:ha", "Arabel:ha"))


def test_duplicates(tmp_path: Path) -> None:
    text = told(tmp_path, LONG + "N,North,3,2015,1\n")
    assert "cell E10: found the area of N, Arable, 2015 for the second time" in text
    assert "first in E2" in text


def test_a_negative_area(tmp_path: Path) -> None:
    assert "cell E2: found the area -60, expected an area of 0 or more" in told(
        tmp_path, LONG.replace("2015,60", "2015,-60")
    )


def test_no_area_is_not_zero(tmp_path: Path) -> None:
    text = told(tmp_path, LONG.replace("2015,60", "2015,"))
    assert "cell E2: found an empty cell" in text
    assert "Write 0" in text


def test_no_unit(tmp_path: Path) -> None:
    text = told(tmp_path, LONG.replace(" (ha)", ""))
    assert "cell E1: found no unit of the areas" in text
    assert "area_unit" in text
    assert value(build(tmp_path, LONG.replace(" (ha)", ""), area_unit="ha"), "extent.area.all") == 110.5


def test_an_ambiguous_unit(tmp_path: Path) -> None:
    text = told(tmp_path, LONG.replace("(ha)", "(a)"))
    assert "found the unit 'a'" in text
    assert "acre" in text


def test_a_unit_of_something_else(tmp_path: Path) -> None:
    assert "a unit of mass" in told(tmp_path, LONG.replace("(ha)", "(kg)"))


def test_two_units_for_one_area(tmp_path: Path) -> None:
    text = told(tmp_path, "class,opening (ha),closing (ha),unit\n3,1,1,km2\n")
    assert "the units ha and km2 for one area" in text


def test_margins_that_disagree_with_the_matrix(tmp_path: Path) -> None:
    """The parts of the opening total of arable in N are 45 + 15 = 60 ha; the table says 61."""
    text = told(tmp_path, CHANGE + "N,Arable,Total,61\n", "change_table")
    assert (
        "cell D7: found a total of 61 ha for N, Arable to all classes, expected 60 ha, the sum of its 2 areas" in text
    )
    assert 'margins = "rounded"' in text
    build(
        tmp_path,
        CHANGE + "N,Arable,Total,60\nN,Total,Arable,50\nN,All,All,100\nTotal,Total,Total,110.5\n",
        "change_table",
    )


def test_a_matrix_that_does_not_sum(tmp_path: Path) -> None:
    text = told(tmp_path, CHANGE + "All zones,Total,Total,110\n", "change_table")
    assert "a total of 110 ha for all zones, all classes to all classes, expected 110.5 ha" in text


def test_rounded_margins_are_let_through_when_asked_and_told(tmp_path: Path) -> None:
    """Three parts with one decimal: a printed total may be 4 x 0.05 ha off, and no more."""
    parts = "zone,from,to,area (ha)\nN,3,3,1.1\nN,3,4,1.1\nN,3,1,1.1\nN,3,Total,"
    assert "expected 3.3 ha" in told(tmp_path, parts + "3.4\n", "change_table")
    found = build(tmp_path, parts + "3.4\n", "change_table", margins="rounded")
    assert any('as margins = "rounded" allows' in said for said in found.run.fallbacks)
    assert "expected 3.3 ha" in told(tmp_path, parts + "3.6\n", "change_table", margins="rounded")


def test_totals_of_an_area_table(tmp_path: Path) -> None:
    build(tmp_path, LONG + "N,North,Total,2015,100\nTotal,,Arable,2023,60.5\n")
    text = told(tmp_path, LONG + "N,North,Total,2015,99\n")
    assert "a total of 99 ha for N, all classes, 2015, expected 100 ha" in text


def test_a_zone_with_another_area_at_each_date(tmp_path: Path) -> None:
    text = told(tmp_path, LONG.replace("2023,50", "2023,40"))
    assert "an area of 100 ha at 2015 and of 90 ha at 2023 in zone N" in text
    found = build(tmp_path, LONG.replace("2023,50", "2023,40"), totals="differ")
    assert value(found, "extent.area.N") == 100
    assert value(found, "extent.closing.N.no_data") == 10
    assert all(check.passed for check in found.checks)


def test_whole_hectares_do_not_hide_a_hectare_of_a_small_zone(tmp_path: Path) -> None:
    """15 ha at the opening and 16 at the closing: rounded print could explain it (5 x 0.5 ha), an error as well.

    Of 150,000 ha a hectare is less than one in ten thousand, and is let through and told.
    """
    small = "zone,class,opening (ha),closing (ha)\nN,3,10,9\nN,20,5,7\n"
    text = told(tmp_path, small)
    assert "an area of 15 ha at opening and of 16 ha at closing in zone N" in text
    assert 'margins = "rounded"' in text
    asked = build(tmp_path, small, margins="rounded")
    assert value(asked, "extent.closing.N.arable") == 9
    county = build(tmp_path, small.replace("10,9", "149995,149994"))
    assert any("by no more than rounding" in said for said in county.run.fallbacks)


def test_absence_is_zero_only_where_the_zone_is_whole_without_it(tmp_path: Path) -> None:
    without = LONG.replace("N,North,Deciduous woodland,2015,0\n", "")
    found = build(tmp_path, without)
    assert any("taken as 0" in said for said in found.run.fallbacks)
    text = told(tmp_path, without.replace("2023,50", "2023,49"))
    assert "no area of N, Deciduous woodland, 2015" in text
    assert "absence is not zero" in text


def test_headers_that_say_nothing(tmp_path: Path) -> None:
    assert "zone, class, date and area" in told(tmp_path, "zone,thing\nN,3\n")
    assert "an area_table" in told(tmp_path, LONG, "change_table")


def test_two_sources_of_land_cover(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, LONG)
    toml = (folder / "natcap.toml").read_text().replace("[choices]", 'change_table = "areas.csv"\n[choices]')
    (folder / "natcap.toml").write_text(toml)
    with pytest.raises(InputProblems, match="land cover from one source"):
        trunk.build(read_project(folder))


def test_rules_for_cells_are_refused(tmp_path: Path) -> None:
    text = told(tmp_path, LONG, minimum_patch_ha=0.5, edges="fractional")
    assert "the name minimum_patch_ha with a table of areas" in text
    assert "the choice edges with a table of areas" in text


def test_an_unmapped_habitat(tmp_path: Path) -> None:
    (tmp_path / "classes.csv").write_text("code,name,habitat\n1,Wood,Woodland\n2,Field,\n")
    (tmp_path / "areas.csv").write_text("class,opening (ha),closing (ha)\nWood,1,2\nField,2,1\n")
    folder = project(tmp_path, {"area_table": "areas.csv", "class_list": "classes.csv"}, {"comparable": True})
    with pytest.raises(InputProblems, match="no habitat for the class 2, Field"):
        trunk.build(read_project(folder))


def test_formula_is_a_text(tmp_path: Path) -> None:
    found = build(tmp_path, LONG.replace("North", "=1+1"))
    publish(found, tmp_path / "out.xlsx")
    cells = [c.value for s in openpyxl.load_workbook(tmp_path / "out.xlsx") for row in s.iter_rows() for c in row
             if str(c.value) == "=1+1" and c.data_type == "f"]  # fmt: skip
    assert cells == []


def test_a_second_column_of_areas_is_refused(tmp_path: Path) -> None:
    text = told(tmp_path, "class,date,area (ha),area (acres)\n3,2015,1,2\n3,2023,1,2\n")
    assert "cell D1: found a second column area, 'area (acres)', expected each once (first in C1)" in text


def test_a_wide_column_of_numbers_without_a_unit_is_no_note(tmp_path: Path) -> None:
    """A class spelt in another way must not fall out of the account, even where the unit is chosen elsewhere."""
    text = "zone,year,Arabel,Improved grassland,remark\nN,2015,60,40,x\nN,2023,60,40,y\n"
    said = told(tmp_path, text, area_unit="ha")
    assert "cell C1: found the class 'Arabel'" in said
    found = build(tmp_path, text.replace("Arabel", "Arable"), area_unit="ha")
    assert any("'remark'" in str(problem) for problem in found.warnings)


def test_totals_of_a_spreadsheet_are_not_refused_for_their_last_digits(tmp_path: Path) -> None:
    """0.1 + 0.2 is 0.30000000000000004 in a spreadsheet, and a third of an acre is no whole number of 0.01 m2."""
    build(tmp_path, "from,to,area (ha)\n3,3,0.1\n3,4,0.2\n3,Total,0.30000000000000004\n", "change_table")
    build(tmp_path, "from,to,area (acres)\n3,3,0.3333333\n3,4,0.3333333\n3,Total,0.6666666\n", "change_table")


def test_choices_of_parcels_mean_nothing_to_a_table(tmp_path: Path) -> None:
    assert "the choice class_field with a table of areas" in told(tmp_path, LONG, class_field="cover")
