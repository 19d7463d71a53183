"""Off-site sheets of the official workbook. The published empty copy lost them, so these sheets carry their headings.

Sheet names, cells of the header row and headings are those that Defra's own extractor of edition 4.1 reads; units are
the worked cases BNG-C1 (15.585516134) and BNG-E1 (3.128519384528), both taken from such sheets.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from natcap.accounts.biodiversity import Parcel, edition, read_official, recompute, totals
from natcap.accounts.biodiversity.recompute import risks
from natcap.core.problems import Problems

E = edition("4.1")
NO = "Area/compensation not in local strategy/ no local strategy"
HIGH = "Formally identified in local strategy"
NEAR = "Compensation outside LPA or NCA of impact site, but in neighbouring LPA or NCA"
FILLER = [f"Filler {n}" for n in range(6)]

D1 = ["Ref", "Broad Habitat", " Habitat Type", "Irreplaceable habitat", "Area (hectares)", "Condition ", "Score",
      "Strategic significance", "Total habitat units", "Area retained", "Area enhanced", "Spatial risk category",
      "Off-site reference"]  # fmt: skip
D2 = ["Broad Habitat", "Proposed habitat", "Area (hectares)", "Condition ", "Strategic significance",
      "Standard time to target condition (years)", "Habitat created in advance (years)",
      "Delay in starting habitat creation (years)", "Spatial risk category", "Habitat units delivered",
      "Off-site reference"]  # fmt: skip


def sheet(book: Any, name: str, headings: list[str], *rows: list[Any]) -> None:
    made = book.create_sheet(name)
    made.append([name])
    made.append([*headings, *FILLER])
    for row in rows:
        made.append(row)


def parcels(folder: Path, *, units: float = 15.585516133999999, risk: str = NEAR) -> list[Parcel]:
    book = Workbook()
    lost = [1, "Cropland", "Cereal crops", "No", 1.0, "Condition Assessment N/A", 1, NO, 2.0, 0.0, 0.0, risk, 1234.0]
    sheet(book, "D-1 Off-Site Habitat Baseline", D1, lost)
    # area sheets of creation hold the whole name in a second column of the same heading
    headings = [*D2[:2], "Proposed habitat", *D2[2:]]
    made = ["Grassland", "Other neutral grassland", "Grassland - Other neutral grassland", 2.0, "Fairly Good", NO, 7, 0,
            0, risk, units, 1234.0]  # fmt: skip
    sheet(book, "D-2 Off-Site Habitat Creation", headings, made)
    book.save(folder / "metric.xlsx")
    problems = Problems()
    found = read_official(folder / "metric.xlsx", problems)
    assert problems == []
    return found


def test_read_with_site_and_spatial_risk(tmp_path: Path) -> None:
    before, made = parcels(tmp_path)
    assert (before.on_site, before.step, before.habitat, before.site) == (False, "baseline", "Cropland - Cereal crops",
                                                                       "1234")  # fmt: skip
    assert (made.step, made.place, made.site) == ("creation", NEAR, "1234")
    assert made.printed == pytest.approx(15.585516134)


def test_units_before_spatial_risk_agree_and_the_gain_of_the_site_takes_it(tmp_path: Path) -> None:
    """Sheet Off-site gain site summary: net 15.585516134 - 2 = 13.585516134, times 0.75."""
    found = parcels(tmp_path)
    table = recompute(E, found)
    assert table["agrees"].all()
    assert table["note"].tolist() == ["", ""]
    assert risks(E, found) == [0.75, 0.75]
    row = totals(E, found).iloc[0]
    assert row["net"] == pytest.approx(13.585516134 * 0.75, abs=1e-9)
    assert table["units"].sum() == pytest.approx(row["baseline"] + row["created"], abs=1e-9)


def test_a_sheet_that_shows_units_after_spatial_risk_agrees_as_well(tmp_path: Path) -> None:
    found = parcels(tmp_path, units=15.585516134 * 0.75)
    table = recompute(E, found)
    assert table["agrees"].all()
    assert table["note"][1] == "the sheet shows units after spatial risk"
    assert totals(E, found)["net"][0] == pytest.approx(13.585516134 * 0.75, abs=1e-9)


def test_a_net_loss_takes_no_spatial_risk(tmp_path: Path) -> None:
    found = parcels(tmp_path)[:1]
    assert risks(E, found) == [1.0]
    assert totals(E, found)["net"][0] == -2.0


def test_a_wrong_figure_off_site_is_shown(tmp_path: Path) -> None:
    table = recompute(E, parcels(tmp_path, units=12.0))
    assert table["agrees"].tolist() == [True, False]
    assert table["difference"][1] == pytest.approx(3.585516134, abs=1e-9)


def test_two_categories_in_one_site_stand_row_by_row(tmp_path: Path) -> None:
    before, made = parcels(tmp_path)
    own = replace(before, place="Compensation inside LPA boundary or NCA of impact site")
    assert risks(E, [own, made]) == [1.0, 0.75]
