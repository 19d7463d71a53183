"""Every cause in one round, and nothing that only follows from another: beside a wrong cell the rest is checked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from natcap.accounts import trunk
from natcap.accounts.accuracy_account.model import MODEL as POINTS
from natcap.accounts.assets_account.losses.model import MODEL as LOSSES
from natcap.accounts.assets_account.losses.read import read_losses
from natcap.accounts.condition_account.model import MODEL as READINGS
from natcap.accounts.habitats_account.model import MODELS as PARCELS
from natcap.accounts.organisation_account.model import MODELS as BALANCE
from natcap.accounts.reader import InputReader
from natcap.accounts.stock_account.model import MODELS as CARBON
from natcap.core.problems import InputProblems, Problem
from natcap.core.project import read_project
from natcap.core.units import UnitError, factor_between
from natcap.core.workbook import TableModel, write_template
from tests.accounts import organisation
from tests.accounts.maps import project, write_tif
from tests.accounts.service_projects import LIBRARY, READ, builder

NO = "Area/compensation not in local strategy/ no local strategy"
MODIFIED, NEUTRAL = "Grassland - Modified grassland", "Grassland - Other neutral grassland"
PARCEL: dict[str, Any] = {"label": "1", "place": "on site", "significance": NO, "habitat": MODIFIED, "size": 4.2,
                          "condition": "Moderate", "retained": 4.2, "enhanced": 0.0}  # fmt: skip
BETTER: dict[str, Any] = {"label": "3", "parcel": "1", "habitat": NEUTRAL, "size": 1.5, "condition": "Moderate",
                          "significance": NO}  # fmt: skip
MAKES: dict[str, Any] = {"label": "2", "place": "on site", "significance": NO, "habitat": NEUTRAL, "size": 2.0,
                         "condition": "Moderate"}  # fmt: skip
Places = list[tuple[str, str, str]]


def problems_of(folder: Path, inputs: dict[str, Any], **choices: Any) -> tuple[Problem, ...]:
    with pytest.raises(InputProblems) as caught:
        trunk.build(read_project(project(folder, inputs, choices)))
    return caught.value.problems


def places(found: tuple[Problem, ...]) -> Places:
    return [(p.sheet, p.cell, p.found) for p in found]


def filled(path: Path, models: list[TableModel], cells: dict[tuple[str, str], Any], **rows: Any) -> None:
    """A workbook of rows, with some of its cells written over."""
    write_template(models, path, path.stem, (), True, rows)
    book = openpyxl.load_workbook(path)
    for (sheet, cell), value in cells.items():
        book[sheet][cell] = value
    book.save(path)


def test_a_condition_row_is_checked_beside_its_wrong_cells(tmp_path: Path) -> None:
    """Row 3 has no number in K; its area (C) and its opening reading of a share (J) are wrong as well."""
    row = {"asset": "Long Wood", "ecosystem": "Woodland", "area": 58.5, "variable": "cover", "ect": "B1",
           "unit": "fraction", "lower": 0.0, "upper": 1.0, "opening": 0.5, "closing": 0.6}  # fmt: skip
    rows = [row, row | {"variable": "gaps", "area": 59.0, "opening": 62.0}, row | {"variable": "dead"},
            row | {"variable": "litter"}]  # fmt: skip
    wrong = {("Condition", "K3"): "n/a", ("Condition", "E4"): "Z9", ("Condition", "H5"): "high"}
    filled(tmp_path / "condition.xlsx", [READINGS], wrong, condition=rows)
    found = problems_of(tmp_path, {"condition": "condition.xlsx"})
    assert sorted(p.cell for p in found) == ["C3", "E4", "H5", "J3", "K3"]


def test_parcels_are_checked_beside_a_wrong_word(tmp_path: Path) -> None:
    """3.5 + 1.5 ha of 4.2 in I2; parcel 77 in B3; the parcel of B2 is there, and J3 may be what 77 stands for."""
    rows = {"baseline": [PARCEL | {"retained": 3.5, "enhanced": 1.5},
                         PARCEL | {"label": "4", "retained": 2.2, "enhanced": 2.0}],
            "created": [MAKES], "enhanced": [BETTER, BETTER | {"label": "5", "parcel": "77", "size": 2.0}]}  # fmt: skip
    filled(tmp_path / "habitats.xlsx", list(PARCELS), {("Created", "G2"): "Very good"}, **rows)
    found = places(problems_of(tmp_path, {"habitats": "habitats.xlsx"}))
    assert [(sheet, cell) for sheet, cell, _ in found] == [("Created", "G2"), ("Baseline", "I2"), ("Enhanced", "B3")]


def test_a_parcel_with_a_fault_is_none_the_less_a_parcel(tmp_path: Path) -> None:
    rows = {"baseline": [PARCEL | {"size": 0.0}], "enhanced": [BETTER]}
    filled(tmp_path / "habitats.xlsx", list(PARCELS), {}, **rows)
    assert places(problems_of(tmp_path, {"habitats": "habitats.xlsx"})) == [("Baseline", "F2", "'0'")]
    filled(tmp_path / "habitats.xlsx", list(PARCELS), {("Baseline", "E2"): "Gras"},
           baseline=[PARCEL | {"retained": 2.7, "enhanced": 1.5}], enhanced=[BETTER])  # fmt: skip
    assert [p.cell for p in problems_of(tmp_path, {"habitats": "habitats.xlsx"})] == ["E2"]


def test_points_and_movements_are_checked_beside_wrong_cells(tmp_path: Path) -> None:
    """Row 2 counts -3 points; row 4 is of no date, and names a class that a stratum of change might name."""
    write_tif(tmp_path / "map.tif", np.full((4, 5), 3, dtype=np.uint8), cell=100.0)
    point = {"of": "opening", "map_class": "Arable", "reference_class": "Arable", "points": 9}
    filled(tmp_path / "points.xlsx", [POINTS], {("Accuracy", "D3"): 2.5, ("Accuracy", "A4"): "before"},
           accuracy=[point | {"points": -3}, point | {"reference_class": "Fen"},
                     point | {"map_class": "no change"}])  # fmt: skip
    growth = {"zone": "map", "class": "Arable", "pool": "soil", "kind": "growth", "tonnes": 5.0, "source": "survey"}
    filled(tmp_path / "carbon.xlsx", list(CARBON), {("Carbon movements", "E2"): "much"},
           carbon_movements=[growth, growth | {"kind": "harvest", "tonnes": -5.0},
                             growth | {"class": "Arabel"}])  # fmt: skip
    found = problems_of(tmp_path, {"opening": "map.tif", "closing": "map.tif", "accuracy": "points.xlsx",
                                   "carbon_movements": "carbon.xlsx"},
                        classes="ukceh_lcm_21", comparable=True, carbon="library")  # fmt: skip
    cells = [(p.file, p.cell) for p in found]
    for place in (("points.xlsx", "D3"), ("points.xlsx", "A4"), ("points.xlsx", "D2"), ("carbon.xlsx", "E2"),
                  ("carbon.xlsx", "E3"), ("carbon.xlsx", "B4")):  # fmt: skip
        assert place in cells, (place, found)
    assert len(cells) == 6


CHANGES = """zone,from,to,area (ha)
N,Arable,Arable,100
N,Arable,Suburban,5
N,Arable,total,110
S,Arable,Arable,-4
S,Arable,total,7
total,Arable,total,300
"""


def table(folder: Path, text: str, role: str) -> Places:
    (folder / "areas.csv").write_text(text, encoding="utf-8")
    return places(problems_of(folder, {role: "areas.csv"}, classes="ukceh_lcm_21", comparable=True))


def test_totals_of_zones_that_were_read_are_checked_beside_a_wrong_area(tmp_path: Path) -> None:
    """100 + 5 = 105 ha and not 110 in N; in S, and so in all zones, an area is not known, and no sum of it either."""
    found = table(tmp_path, CHANGES, "change_table")
    assert [cell for _, cell, _ in found] == ["D5", "D4"]
    assert "110 ha for N" in found[1][2]
    assert [cell for _, cell, _ in table(tmp_path, CHANGES.replace("S,Arable,Arable,-4", "S,Arabel,Arable,4"),
                                         "change_table")] == ["B5"]  # fmt: skip


def test_an_area_at_one_date_is_told_once_and_the_other_zones_are_compared(tmp_path: Path) -> None:
    """N has 110 ha and 115; of S woodland is missing at the closing, and so 2 ha; T stands at the opening alone."""
    text = ("zone,class,date,area (ha)\nN,Arable,2015,110\nN,Arable,2023,115\nS,Arable,2015,5\nS,Arable,2023,5\n"
            "S,Deciduous woodland,2015,2\n")  # fmt: skip
    found = table(tmp_path, text, "area_table")
    assert [cell for _, cell, _ in found] == ["D6", "D2"]
    assert "no area of S, Deciduous woodland, 2023" in found[0][2]
    assert "110 ha at 2015 and of 115 ha at 2023" in found[1][2]
    found = table(tmp_path, text + "T,Arable,2015,1\n", "area_table")
    assert [cell for _, cell, _ in found] == ["D7", "D6", "D2"]


def test_both_years_and_their_order_are_told(tmp_path: Path) -> None:
    write_tif(tmp_path / "map.tif", np.full((4, 5), 3, dtype=np.uint8), cell=100.0)
    named = {"opening": "map.tif", "closing": "map.tif"}
    more: dict[str, Any] = {"classes": "ukceh_lcm_21", "comparable": True, "carbon": "none"}
    found = problems_of(tmp_path, named, opening_year="2018", closing_year=2010, **more)
    assert [p.cell for p in found] == ["choices.opening_year", "choices.closing_year"]
    assert "the years 2018 to 2010" in found[1].found
    found = problems_of(tmp_path, named, opening_year="2018", closing_year=1.5, **more)
    assert [p.cell for p in found] == ["choices.opening_year", "choices.closing_year"]


def test_names_are_told_beside_other_faults(tmp_path: Path) -> None:
    """A flow without a number (F3) hides neither its zone (A3) nor the habitat of a parameter (B2)."""
    build = builder(tmp_path)
    read = READ | {"service": "recreation", "flow": 5.0, "unit": "visit"}
    rows: dict[str, Any] = {
        "readings": [read, read | {"zone": "Leics", "unit": "people"}],
        "parameters": [{"service": "recreation", "habitat": "woodlnd", "parameter": "visits", "value": 3.0,
                        "unit": "visit/ha/yr", "evidence": "x"}],
    }  # fmt: skip
    with pytest.raises(InputProblems) as caught:
        build(LIBRARY, **rows)
    found = [(p.sheet, p.cell) for p in caught.value.problems]
    assert found == [("Readings", "F3"), ("Readings", "A3"), ("Parameters", "B2")]


def test_a_share_of_an_unknown_service_is_missed_in_no_sum(tmp_path: Path) -> None:
    """0.3 of recreation, and 0.7 of what may be recreation: the word is wrong, and not the sum."""
    build = builder(tmp_path)
    user = {"service": "recreation", "user": "households", "share": 0.3, "evidence": "x"}
    with pytest.raises(InputProblems) as caught:
        build(LIBRARY, users=[user, user | {"service": "recreaton", "user": "government", "share": 0.7}])
    assert [(p.sheet, p.cell) for p in caught.value.problems] == [("Users", "A3")]
    with pytest.raises(InputProblems) as caught:
        build(LIBRARY, users=[user | {"share": 1.5}])
    assert [(p.sheet, p.cell) for p in caught.value.problems] == [("Users", "C2")]


def test_a_price_year_is_told_once_where_it_stands(tmp_path: Path) -> None:
    """The deflator ends in 2024: of six amounts and two carbon flows only the price year is wrong."""
    rows = {
        "assets": [organisation.WOOD],
        "flows": [organisation.flow(), organisation.flow(service="Deer", price_year=2021), organisation.carbon()],
        "maintenance": [organisation.duty()], "previous": organisation.PREVIOUS[:0],
        "income": [organisation.item(price_year=2022)],
    }  # fmt: skip
    with pytest.raises(InputProblems) as caught:
        organisation.build(tmp_path, rows, price_year=2030)
    (only,) = caught.value.problems
    assert (only.file, only.cell, only.found) == ("natcap.toml", "choices.price_year", "the value 2030")
    with pytest.raises(InputProblems) as caught:
        organisation.build(tmp_path, rows | {"income": [organisation.item(amount=4.0)]}, price_year=None)
    assert [p.cell for p in caught.value.problems] == ["choices.price_year", "D2"]


def test_prices_of_unlike_amounts_say_so(tmp_path: Path) -> None:
    with pytest.raises(UnitError, match="money per volume and money per standing timber are different things"):
        factor_between("GBP/m3", "GBP/m3_overbark")
    with pytest.raises(UnitError, match="deflator"):
        factor_between("GBP_2020/m3", "GBP_2021/m3")


@pytest.mark.parametrize(("side", "said"), [
    ("closing", "closing.tif: found an area of 1.00 ha inside the zones without data at the closing,"),
    ("opening", "opening.tif: found an area of 1.00 ha inside the zones without data at the opening,"),
])  # fmt: skip
def test_missing_land_is_told_of_the_map_that_lacks_it(tmp_path: Path, side: str, said: str) -> None:
    """One cell of a hectare is 0 at one date."""
    for name in ("opening", "closing"):
        codes = np.full((4, 5), 3, dtype=np.uint8)
        codes[1, 1] = 0 if name == side else 3
        write_tif(tmp_path / f"{name}.tif", codes, cell=100.0)
    named = {"opening": "opening.tif", "closing": "closing.tif"}
    report = trunk.build(read_project(project(tmp_path, named, {"classes": "ukceh_lcm_21", "comparable": True,
                                                                "carbon": "none"})))  # fmt: skip
    assert any(str(problem).startswith(said) for problem in report.warnings), report.warnings


def test_losses_are_checked_beside_a_wrong_amount(tmp_path: Path) -> None:
    """The area (F2) is no number; the year (B2) is out of the account as well, and no flow is asked for instead."""
    row = {"event": "Storm", "year": 2010, "type": "Woodland", "hectares": 5.0, "evidence": "a survey"}
    filled(tmp_path / "losses.xlsx", [LOSSES], {("Losses", "F2"): "much"}, losses=[row])
    reader = InputReader(
        read_project(
            project(tmp_path, {"losses": "losses.xlsx"}, LIBRARY | {"opening_year": 2020, "closing_year": 2023})
        )
    )
    assert read_losses(reader) is None
    assert [p.cell for p in reader.problems] == ["F2", "B2"]


def test_an_organisation_is_checked_beside_wrong_cells(tmp_path: Path) -> None:
    """The extent (D2), a column (H2) and a flow (C3) cannot be read: nothing is told of the extent's biodiversity, of
    welfare outside memo, of an actual flow without an expected one; the year's price of row 3 and two assets are."""
    rows = {
        "assets": [organisation.WOOD | {"biodiversity": 3.0, "biodiversity_kind": "area"}, organisation.WOOD],
        "flows": [organisation.flow(kind="welfare"), organisation.flow(service="Deer", actual=1.0, price_year=1980)],
        "income": [organisation.item(amount=4.0)],
    }  # fmt: skip
    cells = {("Assets", "D2"): "ten", ("Assets", "J2"): "many", ("Flows", "H2"): "inside", ("Flows", "C3"): "some"}
    filled(tmp_path / "organisation.xlsx", list(BALANCE), cells, **rows)
    found = problems_of(tmp_path, {"organisation": "organisation.xlsx"}, price_year=2023, closing_year=2023,
                        opening_year=2022)  # fmt: skip
    assert {(p.sheet, p.cell) for p in found} == {
        *cells, ("Assets", "A3"), ("Flows", "G3"), ("Income", "D2"),
    }, found  # fmt: skip
