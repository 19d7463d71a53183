"""What bad input gets from the farm: every problem at once, each at its cell, with what to do; nothing guessed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from natcap.carbon.farm import trunk
from natcap.carbon.farm.models import models
from natcap.core.problems import InputProblems, Problem
from natcap.core.project import read_project
from natcap.core.workbook import write_template

Data = dict[str, list[dict[str, object]]]
LAND: Data = {"land": [{"field": "All", "use": "permanent_grass", "area": 100, "unit": "ha"}]}
COWS: Data = {
    "herds": [{"herd": "Cows", "category": "dairy_cow", "head": 50}],
    "manure": [{"herd": "Cows", "system": "pasture", "percent": 100}],
}
Refuse = Callable[..., list[Problem]]


@pytest.fixture
def refuse(tmp_path: Path) -> Refuse:
    """Read a farm that must be refused; returns its problems."""

    def run(data: Data, choices: str = "", period: str = "2025") -> list[Problem]:
        text = (
            f'kind = "farm"\nname = "Test"\nperiod = "{period}"\n[inputs]\nfarm = "farm.xlsx"\n[choices]\n{choices}\n'
        )
        (tmp_path / "natcap.toml").write_text(text, encoding="utf-8")
        write_template(models(), tmp_path / "farm.xlsx", "Test", (), False, {**LAND, **data})
        with pytest.raises(InputProblems) as refused:
            trunk.read(read_project(tmp_path))
        return list(refused.value.problems)

    return run


def one(problems: list[Problem]) -> Problem:
    assert len(problems) == 1, "\n".join(str(p) for p in problems)
    return problems[0]


def herd(**change: object) -> Data:
    return {**COWS, "herds": [{**COWS["herds"][0], **change}]}


def test_unknown_animal_names_the_nearest(refuse: Refuse) -> None:
    problem = one(refuse(herd(category="dary cow")))
    assert (problem.file, problem.sheet, problem.cell) == ("farm.xlsx", "Herds", "B2")
    assert problem.found == "'dary cow'"
    assert "dairy_cow" in problem.expected
    assert "Did you mean 'dairy cow'?" in problem.remedy


def test_sheep_is_a_question(refuse: Refuse) -> None:
    problem = one(refuse(herd(category="Sheep")))
    assert problem.expected == "one of ewe, ram, lamb"


@pytest.mark.parametrize(
    ("change", "cell", "found"),
    [
        ({"head": -5}, "C2", "-5"),
        ({"days": 400}, "D2", "400"),
        ({"weight_kg": -1}, "F2", "-1"),
        ({"weight_kg": 60000}, "F2", "60000"),
        ({"enteric_ef": -3}, "G2", "-3"),
    ],
)
def test_impossible_numbers_of_a_herd(refuse: Refuse, change: dict[str, object], cell: str, found: str) -> None:
    problem = one(refuse(herd(**change)))
    assert (problem.cell, problem.found) == (cell, found)


def test_a_class_without_a_typical_weight_asks_for_one(refuse: Refuse) -> None:
    problem = one(refuse(herd(category="beef_cow")))
    assert problem.cell == "F2"
    assert "average live weight" in problem.remedy


def shares(*rows: tuple[str, float]) -> Data:
    return {**COWS, "manure": [{"herd": "Cows", "system": system, "percent": percent} for system, percent in rows]}


def test_shares_that_do_not_make_a_hundred(refuse: Refuse) -> None:
    problem = one(refuse(shares(("pasture", 60), ("slurry_crust", 30))))
    assert problem.found == "the shares of 'Cows', which add up to 90"
    assert problem.expected == "100 per cent"


def test_shares_as_fractions_are_recognised(refuse: Refuse) -> None:
    problem = one(refuse(shares(("pasture", 0.6), ("slurry_crust", 0.4))))
    assert "look like fractions" in problem.remedy


def test_a_herd_without_manure_systems(refuse: Refuse) -> None:
    problem = one(refuse({"herds": COWS["herds"]}))
    assert "without manure systems" in problem.found
    assert "grazing included" in problem.remedy


def test_manure_of_a_herd_that_is_not_there(refuse: Refuse) -> None:
    rows = [*COWS["manure"], {"herd": "Cws", "system": "pasture", "percent": 100}]
    problem = one(refuse({**COWS, "manure": rows}))
    assert problem.cell == "A3"
    assert "Did you mean 'Cows'?" in problem.remedy


def test_a_system_without_published_factors_for_the_animal(refuse: Refuse) -> None:
    data = {**herd(category="ewe"), "manure": [{"herd": "Cows", "system": "deep litter", "percent": 100}]}
    problems = refuse(data)
    assert any(
        "a system with published factors for Ewe" in p.expected and "solid_storage" in p.expected for p in problems
    )


def test_grazed_dung_is_not_carted_off(refuse: Refuse) -> None:
    rows = [{**COWS["manure"][0], "exported_pct": 20}]
    assert "neither bedded nor carted off" in one(refuse({**COWS, "manure": rows})).expected


def test_two_herds_of_one_name(refuse: Refuse) -> None:
    rows = [*COWS["herds"], {"herd": "cows", "category": "ewe", "head": 3}]
    assert any("a name for each herd" in p.expected for p in refuse({**COWS, "herds": rows}))


def bag(**change: object) -> Data:
    return {"fertiliser": [{"product": "Ammonium nitrate", "amount": 10, "unit": "t", "n_percent": 34.5, **change}]}


def test_nitrogen_as_a_fraction(refuse: Refuse) -> None:
    problem = one(refuse(bag(n_percent=0.345)))
    assert (problem.sheet, problem.cell) == ("Fertiliser", "D2")
    assert problem.remedy == "0.345 looks like a fraction: write 34.5."


def test_nitrogen_is_asked_for(refuse: Refuse) -> None:
    problem = one(refuse(bag(n_percent=None)))
    assert "as a percentage or in kg" in problem.expected


def test_nitrogen_given_twice_must_agree(refuse: Refuse) -> None:
    problem = one(refuse(bag(n_kg=345)))
    assert problem.expected == "3450 kg N by the percentage"


def test_more_nitrogen_than_fertiliser(refuse: Refuse) -> None:
    assert "not more than the product" in one(refuse(bag(n_percent=None, n_kg=20000))).expected


def test_urea_of_a_solution_is_asked_for(refuse: Refuse) -> None:
    problem = one(refuse(bag(product="uan", n_percent=30)))
    assert problem.expected == "the share of urea in the product, per cent"


def test_a_missing_unit(refuse: Refuse) -> None:
    problem = one(refuse(bag(unit=None)))
    assert (problem.cell, problem.found) == ("C2", "an empty cell")


def test_a_unit_of_the_wrong_kind(refuse: Refuse) -> None:
    assert one(refuse(bag(unit="litre"))).cell == "C2"


def test_gas_in_plain_kilowatt_hours_asks_for_the_basis(refuse: Refuse) -> None:
    problem = one(refuse({"fuel": [{"fuel": "natural gas", "amount": 1000, "unit": "kWh"}]}))
    assert "kWh_gross" in problem.remedy


def test_a_year_without_factors_says_which_there_are(refuse: Refuse) -> None:
    problem = one(refuse({"fuel": [{"fuel": "red diesel", "amount": 10, "unit": "litre"}]}, period="2009"))
    assert "for 2009" in problem.expected
    assert "factor_year" in problem.remedy


def test_less_than_a_year(refuse: Refuse) -> None:
    problem = one(refuse(COWS, period="2025-01-01 to 2025-06-30"))
    assert problem.cell == "period"
    assert "twelve months" in problem.expected


def test_choices_are_checked(refuse: Refuse) -> None:
    problems = refuse(COWS, 'soil_set = "ipcc2019_wet"\ngwp = "AR7"')
    assert {p.cell for p in problems} == {"choices.soil_set", "choices.gwp"}
    assert next(p for p in problems if p.cell == "choices.soil_set").remedy == "Did you mean 'soils_set'?"


def test_a_recalled_soil_set_is_refused_at_the_choice(refuse: Refuse) -> None:
    problem = one(refuse(COWS, 'soils_set = "ipcc2006"'))
    assert problem.cell == "choices.soils_set"
    assert "recalled, not read" in problem.found


def test_a_product_without_a_uk_mean(refuse: Refuse) -> None:
    problem = one(refuse(bag(product="ammonium_sulphate", n_percent=21), 'synthetic_set = "uk_nir"'))
    assert "uk_nir has no EF1 for Ammonium sulphate" in problem.found
    assert "synthetic_set = 'same'" in problem.remedy


def feed(**change: object) -> Data:
    row = {"herd": "Cows", "de_pct": 71, "milk_kg_day": 20, "milk_fat_pct": 4.2, "activity": "stall"}
    return {**COWS, "feeding": [{**row, **change}]}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"milk_fat_pct": 0.042}, "milk fat in per cent"),
        ({"de_pct": 0.71}, "digestibility in per cent"),
        ({"milk_fat_pct": None}, "milk fat in per cent, since there is milk"),
        ({"gain_kg_day": 0.8}, "a mature weight in kg, since the animals grow"),
    ],
)
def test_feeding_for_tier_2(refuse: Refuse, change: dict[str, object], expected: str) -> None:
    assert one(refuse(feed(**change), 'enteric = "tier2"')).expected == expected


def test_manure_at_tier_2_asks_for_protein(refuse: Refuse) -> None:
    problems = refuse(feed(), 'enteric = "tier2"\nmanure = "tier2"')
    assert [p.expected.split(" in ")[0] for p in problems] == ["crude protein", "milk protein"]
    assert one(refuse(COWS, 'manure = "tier2"')).cell == "choices.manure"


def test_an_own_factor_and_feeding_exclude_each_other(refuse: Refuse) -> None:
    data = {**feed(), "herds": [{**COWS["herds"][0], "enteric_ef": 120}]}
    assert "either an own enteric factor" in one(refuse(data, 'enteric = "tier2"')).expected


def test_everything_is_told_at_once(refuse: Refuse) -> None:
    """Nine things wrong on five sheets and in the settings: nine problems, in one go."""
    problems = refuse(
        {
            "herds": [
                {"herd": "Cows", "category": "cow", "head": 50},
                {"herd": "Ewes", "category": "ewe", "head": -1},
                {"herd": "Goats", "category": "goat", "head": 4},
            ],
            "manure": [
                {"herd": "Goats", "system": "pasture", "percent": 90},
                {"herd": "Pigs", "system": "heap", "percent": 10},
            ],
            "fertiliser": [
                {"product": "Nitro", "amount": 1, "unit": "t"},
                {"product": "urea", "amount": -2, "unit": "t", "n_percent": 46},
            ],
            "lime": [{"material": "chalk", "amount": 1, "unit": "t"}],
        },
        'gwp = "SAR"',
    )
    assert {(p.sheet, p.cell) for p in problems} >= {
        ("Herds", "B2"), ("Herds", "C3"), ("Herds", "B4"), ("Manure", "C2"), ("Manure", "A3"), ("Manure", "B3"),
        ("Fertiliser", "A2"), ("Fertiliser", "B3"), ("Lime", "A2"), ("", "choices.gwp"),
    }  # fmt: skip


def test_a_product_without_nitrogen_or_footprint_is_no_account(refuse: Refuse) -> None:
    rows = {"fertiliser": [{"product": "Muriate of potash", "amount": 5, "unit": "t"}]}
    assert one(refuse(rows)).found == "no source of emissions"


def test_no_workbook(tmp_path: Path) -> None:
    (tmp_path / "natcap.toml").write_text('kind = "farm"\nname = "T"\nperiod = "2025"\n[inputs]\nfarm = "no.xlsx"\n')
    with pytest.raises(InputProblems) as refused:
        trunk.read(read_project(tmp_path))
    assert "natcap new farm" in str(refused.value)
