"""Every worked case, and every worked figure of the methods, through a whole project: workbook in, report out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from natcap.carbon.business.models import models
from natcap.carbon.business.trunk import build
from natcap.core.project import read_project
from natcap.core.report import Report
from natcap.core.workbook import write_template
from tests.carbon.books import project, value


@pytest.fixture(scope="module")
def cases(shared: Path) -> dict[str, Any]:
    """The worked cases of the shared folder by id."""
    return {case["id"]: case for case in json.loads((shared / "worked" / "carbon.json").read_text(encoding="utf-8"))}


def _built(folder: Path, period: str, *rows: Mapping[str, object], choices: str = "", **tables: Any) -> Report:
    """A project whose entries cover the whole period."""
    first, _, last = period.partition(" to ")
    days = {"start": first, "end": last} if last else {"start": f"{period}-01-01", "end": f"{period}-12-31"}
    return build(read_project(project(folder, period, choices, activity=[{**days, **r} for r in rows], **tables)))


def _factor(found: Report, part: str) -> float:
    """kg CO2e of the lines whose factor row holds `part`."""
    assert found.lines is not None
    return float(
        found.lines.loc[found.lines["factor_id"].astype("str").str.contains(part, regex=False), "kg_co2e"].sum()
    )


POWER = {"activity": "Electricity", "unit": "kWh"}


@pytest.mark.parametrize("unit, tonnes", [("MWh", 177.0), ("kWh", 0.177)])
def test_h04(tmp_path: Path, cases: dict[str, Any], unit: str, tonnes: float) -> None:
    found = _built(tmp_path, "2025", {**POWER, "quantity": cases["H04"]["inputs"]["value"], "unit": unit})
    assert value(found, "scope2.location") == pytest.approx(tonnes, abs=cases["H04"]["abs_tolerance"])
    assert cases["H04"]["expected"] == 177.0


def test_h08(tmp_path: Path, cases: dict[str, Any]) -> None:
    case = cases["H08"]
    found = _built(tmp_path, "2024-04-01 to 2025-03-31", {**POWER, "quantity": case["inputs"]["electricity_kWh"]})
    assert value(found, "scope2.location") == pytest.approx(case["expected"], abs=case["abs_tolerance"])
    assert any("uk_gov 2024" in edition for edition in found.run.editions)


def test_h09(tmp_path: Path, cases: dict[str, Any]) -> None:
    case = cases["H09"]
    row = {**POWER, "quantity": case["inputs"]["electricity_kWh"]}
    found = _built(tmp_path, "2019-05-26 to 2020-05-24", row, choices='factor_year_rule = "blended"\n')
    assert value(found, "scope2.location") == pytest.approx(case["expected"], abs=case["abs_tolerance"])
    assert "220 days of 2019, 145 days of 2020" in str(found.run.choices)


def test_h10(tmp_path: Path, cases: dict[str, Any]) -> None:
    """The official formula on its rounded values, as factors of one's own; and the published rows of 2021."""
    values = {"mineral": 2.706, "biodiesel": 0.168}
    share = cases["H10"]["inputs"]["share_biodiesel"]
    own = [
        {"name": f"Guide {name}", "value": number, "unit": "litre", "scope": "Scope 1", "source": "2025 set, Fuels 155"}
        for name, number in values.items()
    ]
    parts = {"mineral": 1 - share, "biodiesel": share}
    rows = [{"activity": f"Guide {name}", "quantity": 1000 * part, "unit": "litres"} for name, part in parts.items()]
    found = _built(tmp_path / "a", "2021", *rows, factors=own)
    assert value(found, "scope1") == pytest.approx(cases["H10"]["expected"], abs=cases["H10"]["abs_tolerance"])
    published = _built(
        tmp_path / "b", "2021", {"activity": "Diesel", "quantity": 1000, "unit": "litres", "share": share * 100}
    )
    assert value(published, "scope1") == pytest.approx(2.197926, abs=1e-6)


def test_h13(tmp_path: Path, cases: dict[str, Any]) -> None:
    case = cases["H13"]
    moved = case["inputs"]["tonnes"] * case["inputs"]["km"]
    row = {"activity": "Freight HGV: artic >33t, average laden", "quantity": moved, "unit": "tonne.km"}
    found = _built(tmp_path, "2025", row)
    assert _factor(found, "/freighting-goods/") == pytest.approx(case["expected"], abs=case["abs_tolerance"])


def test_h14(tmp_path: Path, cases: dict[str, Any]) -> None:
    case = cases["H14"]
    row = {"activity": "HGV artic >33t", "quantity": 1000, "unit": "km", "share": case["inputs"]["load"] * 100}
    assert value(_built(tmp_path, "2025", row), "scope1") == pytest.approx(case["expected"], abs=case["abs_tolerance"])


def test_h19(tmp_path: Path, cases: dict[str, Any]) -> None:
    """2,000 t leave a base year of 33,120 t: 31,120 t restated, 6.04 %, above 5 %."""
    case = cases["H19"]
    folder = project(
        tmp_path, inputs='base = "base.xlsx"\n', choices='base_period = "2021"\n',
        activity=[{"activity": "Reported emissions", "quantity": 1, "unit": "tCO2e", "category": 15}],
        changes=[{"day": "2024-09-30", "kind": "divestment", "tonnes": case["inputs"]["removed"], "reason": "Sale"}],
    )  # fmt: skip
    whole = case["inputs"]["restated_base"] + case["inputs"]["removed"]
    before = {"activity": "Reported emissions", "quantity": whole, "unit": "tCO2e", "category": 15,
              "start": "2021-01-01", "end": "2021-12-31"}  # fmt: skip
    write_template(models(), folder / "base.xlsx", "Base", (), False, {"activity": [before]})
    found = build(read_project(folder))
    assert value(found, "base.restated") == pytest.approx(case["inputs"]["restated_base"])
    assert value(found, "base.significance") == pytest.approx(case["expected"], abs=case["abs_tolerance"])
    assert "has to be restated" in found.section("changes").summary


def test_h22(tmp_path: Path, cases: dict[str, Any]) -> None:
    """By gas under AR5 as factors of one's own, and as the 2023 set prints it."""
    case = cases["H22"]
    base = {"name": "H22 mix", "unit": "kWh", "scope": "Scope 2", "source": "GHG Protocol cross-sector v2.0"}
    own = [
        {**base, "value": case["inputs"][f"kg_{gas}"], "gas": gas, "gwp_set": "" if gas == "CO2" else "AR5"}
        for gas in ("CO2", "CH4", "N2O")
    ]
    found = _built(tmp_path / "a", "2023", {"activity": "H22 mix", "quantity": 1000, "unit": "kWh"}, factors=own)
    assert value(found, "scope2.location") == pytest.approx(case["expected"], abs=case["abs_tolerance"])
    printed = _built(tmp_path / "b", "2023", {**POWER, "quantity": 1000})
    assert value(printed, "scope2.location") == pytest.approx(case["expected"], abs=5e-7)
    assert printed.lines is not None
    line = printed.lines[printed.lines["section"] == "Scope 2"].iloc[0]
    assert line["kg_co2"] + line["kg_ch4"] + line["kg_n2o"] == pytest.approx(line["kg_co2e"], rel=1e-4)


def test_h28(tmp_path: Path, cases: dict[str, Any]) -> None:
    case = cases["H28"]
    rows = [{"activity": name, "quantity": 1000 * case["inputs"][name], "unit": "kg"} for name in ("R32", "R125")]
    parts = _built(tmp_path / "a", "2025", *rows)
    assert value(parts, "scope1") == pytest.approx(case["expected"], abs=case["abs_tolerance"])
    for year, known in (("2025", 1924), ("2022", 2088)):
        blend = _built(tmp_path / year, year, {"activity": "R410A", "quantity": 1000, "unit": "kg"})
        assert value(blend, "scope1") == known


def test_h36(tmp_path: Path, cases: dict[str, Any]) -> None:
    """The line says the price year of the multiplier and that there is no VAT in the money."""
    case = cases["H36"]
    spent = {"industry": "62", "amount": case["inputs"]["spend_GBP"], "vat": "excluding VAT", "start": "2023-01-01",
             "end": "2023-12-31"}  # fmt: skip
    found = _built(tmp_path, "2023", spend=[spent])
    assert value(found, "scope3.cat01") * 1000 == pytest.approx(case["expected"], abs=case["abs_tolerance"])
    assert found.lines is not None
    line = found.lines.iloc[0]
    assert "without VAT, in prices of 2023" in line["note"]
    assert "2023" in line["factor_unit"]
    assert found.section("completeness").table["state"][0] == "estimated"


def test_a_large_plug_in_hybrid(tmp_path: Path) -> None:
    """10,000 miles at 0.11397 kg (2023 set): 1,140 kg."""
    row = {"activity": "company car large plug-in hybrid", "quantity": 10_000, "unit": "miles"}
    assert value(_built(tmp_path, "2023", row), "scope1") == pytest.approx(1.140, abs=5e-4)


def test_radiative_forcing_weighs_only_the_carbon_dioxide(tmp_path: Path) -> None:
    """With forcing is 1.7 times the CO2 and once the rest."""
    row = {"activity": "Flight long-haul economy", "quantity": 1_000_000, "unit": "passenger.km"}
    lines = {}
    for name in ("with", "without"):
        found = _built(tmp_path / name, "2025", row, choices=f'radiative_forcing = "{name}"\n')
        assert found.lines is not None
        flown = found.lines["factor_id"].astype("str").str.contains("/business-travel-air/")
        lines[name] = found.lines[flown].iloc[0]
    plain = lines["without"]
    expected = 1.7 * plain["kg_co2"] + plain["kg_ch4"] + plain["kg_n2o"]
    assert lines["with"]["kg_co2e"] == pytest.approx(expected, rel=1e-3)


KNOWN = {
    2016: (0.41205, 0.03727, 0.183997, 0.204441, 2.611625, 2.196974, 2088, None),
    2017: (0.35156, 0.03287, 0.184164, 0.204627, 2.600163, 2.198354, 2088, 31.1),
    2018: (0.28307, 0.02413, 0.18396, 0.20437, 2.62694, 2.20307, 2088, 26.4),
    2019: (0.2556, 0.0217, 0.18385, 0.20428, 2.59411, 2.20904, 2088, 17.4),
    2020: (0.23314, 0.02005, 0.18387, 0.20374, 2.54603, 2.16802, 2088, 15.7),
    2021: (0.21233, 0.01879, 0.18316, 0.20297, 2.51233, 2.19352, 2088, 13.9),
    2022: (0.19338, 0.01769, 0.18254, 0.20227, 2.55784, 2.16185, 2088, 10.4),
    2023: (0.207074, 0.017915, 0.182929, 0.202671, 2.512064, 2.097473, 1924, 10.4),
    2024: (0.20705, 0.0183, 0.1829, 0.20264, 2.51279, 2.0844, 1924, 10.4),
    2025: (0.177, 0.01853, 0.18296, 0.2027, 2.57082, 2.06916, 1924, 10.4),
    2026: (0.13096, 0.01299, 0.18231, None, 2.58354, 2.075, 1924, 10.4),
}
"""Known values of the official sets by year: electricity, its losses, gas gross and net (kWh), diesel, petrol (litre),
R410A (kg), a hotel night."""


@pytest.mark.parametrize("year", sorted(KNOWN))
def test_known_values_of_every_year(tmp_path: Path, year: int) -> None:
    """The whole table of known values, each through an entry of a thousand units on its own meter."""
    gas = {"activity": "Natural gas", "unit": "kWh"}
    entries = [
        POWER, {**POWER, "note": "losses"}, {**gas, "basis": "gross"}, {**gas, "basis": "net"},
        {"activity": "Diesel", "unit": "litres"}, {"activity": "Petrol", "unit": "litres"},
        {"activity": "R410A", "unit": "kg"}, {"activity": "Hotel UK", "unit": "room nights"},
    ]  # fmt: skip
    known = KNOWN[year]
    wanted = [n for n, number in enumerate(known) if number is not None and n != 1]
    rows = [{**entries[n], "quantity": 1000, "item": f"E{n}"} for n in wanted]
    found = _built(tmp_path, str(year), *rows)
    assert found.lines is not None
    for number in wanted:
        mine = found.lines[(found.lines["item"] == f"E{number}").to_numpy()]
        main = mine.iloc[0]
        assert main["kg_co2e"] / 1000 == pytest.approx(known[number], abs=5e-7), entries[number]
    assert _factor(found, "/t-d-uk-electricity/electricity-uk/") / 1000 == pytest.approx(known[1], abs=5e-7)
