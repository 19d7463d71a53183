"""Refrigerants beyond the published list, gases of older editions, and what electric vehicles take by market."""

from __future__ import annotations

from pathlib import Path

import pytest

from natcap.carbon.business.blends import code_of, pieces
from natcap.carbon.business.vocabulary import UnknownActivity, vocabulary
from natcap.carbon.business.words import key_of
from natcap.core.lines import MARKET, OUTSIDE
from tests.carbon.bills import kg, lines_of, problems_of


def _gas(name: str, amount: float = 10, unit: str = "kg") -> dict[str, object]:
    return {"Activity": name, "Quantity": amount, "Unit": unit}


@pytest.mark.parametrize(
    ("period", "scope1", "outside"), [("2025", 1273.22, 0.27), ("2021", 1385.8, 0.27)],
)  # fmt: skip
def test_r448a_by_its_parts(tmp_path: Path, period: str, scope1: float, outside: float) -> None:
    """26 % R32, 26 % R125, 21 % R134a, 20 % R1234yf, 7 % R1234ze by mass.

    2025 (AR5): 0.26 x 677 + 0.26 x 3,170 + 0.21 x 1,300 = 1,273.22 kg CO2e per kg, and 0.27 x 1 outside the scopes.
    2021 (AR4): 0.26 x 675 + 0.26 x 3,500 + 0.21 x 1,430 = 1,385.8; the olefins are printed as < 1.
    """
    lines = lines_of(tmp_path, [_gas("R448A")], period)
    assert kg(lines, "Scope 1") == pytest.approx(10 * scope1, rel=1e-12)
    assert kg(lines, OUTSIDE) == pytest.approx(10 * outside, rel=1e-12)
    assert lines["factor_quantity"].sum() == pytest.approx(10)
    assert set(lines["verified"]) == {"read-secondary"}
    assert lines["note"].str.contains("R448A by its parts by mass, as in ASHRAE").all()


def test_a_blend_of_grams_topped_up_elsewhere(tmp_path: Path) -> None:
    """2,000 g of R513A (44 % R134a, 56 % R1234yf): 2 x 0.44 x 1,300 = 1,144 kg."""
    lines = lines_of(tmp_path, [_gas("R-513A top up", 2000, "g")])
    assert kg(lines, "Scope 1") == pytest.approx(1144)
    let = lines_of(tmp_path, [{**_gas("Refrigerant R513A", 2), "Scope 3 category": 13}])
    assert (kg(let, "Scope 1"), kg(let, "Scope 3")) == (0.0, pytest.approx(1144))


@pytest.mark.parametrize("name", ["R449A", "R450A", "R452A", "R454B", "R454C", "R455A", "R513A", "R407H"])
def test_shares_sum_to_one_and_every_part_is_published(name: str) -> None:
    assert code_of(key_of(name)) == name
    assert sum(piece.share for piece in pieces(name)) == pytest.approx(1, abs=1e-9)
    assert all(vocabulary().resolve(piece.gas).units for piece in pieces(name))


@pytest.mark.parametrize("text", ["R410A", "R404A", "R22", "R407C"])
def test_a_published_blend_keeps_its_published_row(text: str) -> None:
    assert "by its parts" not in vocabulary().resolve(text).label


@pytest.mark.parametrize("text", ["R717", "R499Z", "R1233zd"])
def test_another_code_is_never_offered_for_a_code(tmp_path: Path, text: str) -> None:
    """R717 is ammonia: R170, ethane, only looks like it."""
    with pytest.raises(UnknownActivity) as refused:
        vocabulary().candidates(text)
    assert refused.value.choices == ()
    (told,) = problems_of(tmp_path, [_gas(text)])
    assert "sheet Factors" in told.remedy


@pytest.mark.parametrize(("name", "factor"), [("R22", 1810), ("CFC-12", 10900), ("HCFC-142b", 2310)])
def test_gases_of_the_montreal_protocol_in_older_editions(tmp_path: Path, name: str, factor: float) -> None:
    """The 2021 edition has one row for a gas; what is wholly outside the Kyoto Protocol stays outside the scopes."""
    lines = lines_of(tmp_path, [_gas(name, 3)], "2021")
    assert (kg(lines, OUTSIDE), kg(lines, "Scope 1")) == (pytest.approx(3 * factor), 0.0)
    assert lines["note"].str.contains("before 2022").all()


def test_electric_vehicles_by_market_at_the_residual_mix(tmp_path: Path) -> None:
    """1,000 miles at the published 0.33243 kWh per mile and 0.36515 kg/kWh, the residual mix of 2022: 121.39 kg."""
    row = {"Activity": "Company car: average, battery electric", "Quantity": 1000, "Unit": "miles"}
    lines = lines_of(tmp_path, [row])
    assert kg(lines, "Scope 2") == pytest.approx(58.94)
    assert kg(lines, MARKET) == pytest.approx(1000 * 0.33243 * 0.36515)
    assert lines.loc[lines["section"] == MARKET, "note"].str.contains("2022, the last year known").all()
    located = lines_of(tmp_path, [row], market_fallback="location")
    assert kg(located, MARKET) == pytest.approx(58.94)
    older = lines_of(tmp_path, [row], gwp_set="SAR")
    assert kg(older, MARKET) == pytest.approx(1000 * 0.33243 * 0.36515)  # the residual mix has no split by gas


def test_a_journey_of_people_says_how_to_write_it(tmp_path: Path) -> None:
    (told,) = problems_of(tmp_path, [{"Activity": "Rail", "Quantity": 120, "Unit": "miles"}])
    assert told.remedy == "Write passenger mile: the distance times the people who travelled."
    (told,) = problems_of(tmp_path, [{"Activity": "UK hotel", "Quantity": 3, "Unit": "nights"}])
    assert "room nights" in told.remedy
