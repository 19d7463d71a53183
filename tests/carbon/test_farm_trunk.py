"""The farm's trunk: from a workbook to figures and back, with the identities every account has to keep."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from natcap.carbon.farm import trunk
from natcap.carbon.farm.calculate import Result, calculate
from natcap.carbon.farm.checks import checks
from natcap.carbon.farm.models import models
from natcap.core import lines as core_lines
from natcap.core.outputs import to_json
from natcap.core.problems import InputProblems
from natcap.core.project import read_project
from natcap.core.report import Report
from natcap.core.workbook import publish, write_template

Data = dict[str, list[dict[str, object]]]
LAND: Data = {"land": [{"field": "All", "use": "permanent_grass", "area": 100, "unit": "ha"}]}
FarmMaker = Callable[..., Path]


@pytest.fixture
def farm(tmp_path: Path) -> FarmMaker:
    def make(data: Data, choices: str = "", period: str = "2025", name: str = "farm") -> Path:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        text = (
            f'kind = "farm"\nname = "Test"\nperiod = "{period}"\n[inputs]\nfarm = "farm.xlsx"\n[choices]\n{choices}\n'
        )
        (folder / "natcap.toml").write_text(text, encoding="utf-8")
        write_template(models(), folder / "farm.xlsx", "Test", (), False, {**LAND, **data})
        return folder

    return make


def build(folder: Path) -> Report:
    return trunk.build(read_project(folder))


def value(report: Report, key: str) -> float:
    found = report.figure(key).value
    assert found is not None
    return found


def herd(category: str, head: float, system: str = "pasture", **more: object) -> Data:
    return {
        "herds": [{"herd": "A", "category": category, "head": head, **more}],
        "manure": [{"herd": "A", "system": system, "percent": 100}],
    }


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("example")
    trunk.new(folder, example=True)
    return folder


@pytest.fixture(scope="module")
def report(example: Path) -> Report:
    return build(example)


@pytest.fixture(scope="module")
def result(example: Path) -> Result:
    return calculate(trunk.read(read_project(example)))


def test_a_dairy_herd_by_hand(farm: FarmMaker) -> None:
    """100 cows on slurry with a crust, by hand from Tables 10.11, 10.13A, 10.14, 10.19, 10.21, 10.22, 11.1 and 11.3."""
    found = build(farm(herd("dairy_cow", 100, "slurry_crust")))
    solids, n = 100 * 8.4 * 600 / 1000 * 365, 100 * 0.54 * 600 / 1000 * 365
    assert value(found, "farm.source.enteric") == pytest.approx(100 * 126 * 28 / 1000)
    assert value(found, "farm.source.manure_ch4") == pytest.approx(solids * 33.8 / 1000 * 28 / 1000)
    assert value(found, "farm.source.manure_n2o") == pytest.approx(n * 0.005 * 44 / 28 * 265 / 1000)
    assert value(found, "farm.source.manure_n2o_indirect") == pytest.approx(n * 0.30 * 0.014 * 44 / 28 * 265 / 1000)
    spread = n * (1 - 0.30 - 0.005 - 3 * 0.005)
    assert value(found, "farm.nitrogen.to_soil") == pytest.approx(spread)
    assert value(found, "farm.source.soils_n2o") == pytest.approx(spread * 0.006 * 44 / 28 * 265 / 1000)
    indirect = spread * (0.21 * 0.014 + 0.24 * 0.011) * 44 / 28 * 265 / 1000
    assert value(found, "farm.source.soils_n2o_indirect") == pytest.approx(indirect)
    assert value(found, "farm.per_ha") == pytest.approx(value(found, "farm.total") * 1000 / 100)


def test_eight_ewes_are_not_eight_lambs_nor_eight_cows(farm: FarmMaker) -> None:
    """Tier 1 goes by class: cattle are not sheep, and mass and nitrogen differ within the flock."""
    ewes, lambs, cows = (build(farm(herd(c, 8), name=c)) for c in ("ewe", "lamb", "dairy_cow"))
    assert value(ewes, "farm.source.enteric") == pytest.approx(8 * 9 * 28 / 1000)
    assert value(cows, "farm.source.enteric") == pytest.approx(8 * 126 * 28 / 1000)
    assert value(ewes, "farm.nitrogen.excreted") == pytest.approx(8 * 0.36 * 65 / 1000 * 365)
    assert value(lambs, "farm.nitrogen.excreted") == pytest.approx(8 * 0.36 * 40 / 1000 * 365)


def test_urea_gives_carbon_dioxide_and_nitrous_oxide_from_one_row(farm: FarmMaker) -> None:
    """10 t of urea: 7,333 kg CO2 (Eq 11.13) and the nitrous oxide of 4,600 kg N, each once."""
    found = build(farm({"fertiliser": [{"product": "Urea", "amount": 10, "unit": "t", "n_percent": 46}]}))
    assert value(found, "farm.source.urea") == pytest.approx(10 * 0.2 * 44 / 12)
    assert value(found, "farm.source.soils_n2o") == pytest.approx(4600 * 0.016 * 44 / 28 * 265 / 1000)
    assert (found.lines["category"] == "Urea").sum() == 1
    assert "farm.urea_once" in {check.id for check in found.checks}


def test_uk_means_for_synthetic_nitrogen(farm: FarmMaker) -> None:
    """Ammonium nitrate on arable land emits 0.6 % by the UK trials where the wet default says 1.6 %: 2.7 times less."""
    rows: Data = {"fertiliser": [{"product": "an", "amount": 10, "unit": "t", "n_percent": 34.5, "land": "arable"}]}
    wet, uk = build(farm(rows)), build(farm(rows, 'synthetic_set = "uk_nir"', name="uk"))
    assert value(wet, "farm.source.soils_n2o") / value(uk, "farm.source.soils_n2o") == pytest.approx(1.6 / 0.6)
    strip = wet.section("factor_sets").table.set_index("label")["direct"]
    means = strip["UK means for synthetic N, IPCC 2019 wet for the rest"]
    assert means == pytest.approx(value(uk, "farm.source.soils_n2o"))


def test_gwp_sets_change_farm_gases_and_leave_fuel_alone(example: Path, tmp_path: Path, report: Report) -> None:
    folder = tmp_path / "ar6"
    trunk.new(folder, example=True)
    settings_file = folder / "natcap.toml"
    settings_file.write_text(settings_file.read_text().replace('gwp = "AR5"', 'gwp = "AR6"'))
    other = build(folder)
    assert value(other, "farm.gas.ch4") / value(report, "farm.gas.ch4") == pytest.approx(27.0 / 28)
    assert value(other, "farm.gas.n2o") / value(report, "farm.gas.n2o") == pytest.approx(273 / 265)
    assert value(other, "farm.source.fuel") == value(report, "farm.source.fuel")
    assert any("published on AR5" in note for note in other.notes)


def test_recalled_factors_are_refused_then_marked_everywhere(farm: FarmMaker) -> None:
    data = herd("goat", 40)
    with pytest.raises(InputProblems) as refused:
        build(farm(data))
    problem = next(p for p in refused.value.problems if "goat" in p.found)
    assert (problem.sheet, problem.cell) == ("Herds", "B2")
    assert "allow_unverified = true" in problem.remedy
    assert "Own enteric factor" in problem.remedy
    found = build(farm(data, "allow_unverified = true"))
    assert found.figure("farm.source.enteric").status == "recalled"
    assert found.figure("farm.total").status == "recalled"
    assert found.figure("farm.source.manure_ch4").status == "calculated"
    assert any("RECALLED" in banner and "farm.enteric.ipcc2019.goat" in banner for banner in found.banners)
    assert set(found.lines.loc[found.lines["category"] == "Enteric fermentation", "verified"]) == {"recalled"}


def test_an_own_factor_stands_in_for_a_recalled_one(farm: FarmMaker) -> None:
    found = build(farm(herd("goat", 40, enteric_ef=6.5, enteric_source="Trial 2024")))
    line = found.lines.iloc[0]
    assert (line["kg"], line["match"], line["note"]) == (260.0, "user", "Trial 2024")
    assert line["factor_id"] == "user:Herds G2"


def test_recalled_sets_show_in_the_strip_only_when_allowed(farm: FarmMaker) -> None:
    data = herd("dairy_cow", 10)
    closed = build(farm(data)).section("factor_sets").table.set_index("label")
    opened = build(farm(data, "allow_unverified = true", name="open")).section("factor_sets").table.set_index("label")
    assert np.isnan(closed.loc["IPCC 2006", "total"])
    assert "allow_unverified" in closed.loc["IPCC 2006", "reason"]
    assert opened.loc["IPCC 2006", "total"] > opened.loc["IPCC 2019, wet climate", "total"]
    assert "recalled" in opened.loc["IPCC 2006", "verified"]


def test_tier_2_of_a_herd_like_the_annex_cow_meets_tier_1(farm: FarmMaker) -> None:
    feeding = {
        "herd": "A", "de_pct": 71, "milk_kg_day": 20.3, "milk_fat_pct": 4.2, "milk_protein_pct": 3.2,
        "protein_pct": 16.1, "pregnant_pct": 90, "activity": "stall",
    }  # fmt: skip
    data = {**herd("dairy_cow", 10, "slurry_crust"), "feeding": [feeding]}
    tier1 = build(farm(data))
    tier2 = build(farm(data, 'enteric = "tier2"\nmanure = "tier2"', name="two"))
    for key in ("farm.source.manure_ch4", "farm.nitrogen.excreted"):
        assert value(tier2, key) == pytest.approx(value(tier1, key), rel=0.01)
        assert value(tier2, key) != value(tier1, key)
    assert "worked:VS_rate:A" in {ref.id for ref in tier2.figure("farm.source.manure_ch4").trace.factors}


def test_poultry_without_a_published_enteric_factor_is_listed_not_zeroed(farm: FarmMaker) -> None:
    found = build(farm(herd("broiler", 5000, "poultry_litter", weight_kg=1.1, days=250)))
    assert "farm.source.enteric" not in {f.id for f in found.figures}
    missing = found.section("not_counted").table
    assert ("Enteric fermentation", "Broiler") in set(zip(missing["source"], missing["item"], strict=True))


def test_a_farm_without_animals_or_nitrogen(farm: FarmMaker) -> None:
    """Only fuel: totals stand, nitrogen does not, and nothing falls over."""
    found = build(farm({"fuel": [{"fuel": "red diesel", "amount": 1000, "unit": "litre"}]}))
    assert value(found, "farm.source.fuel") == pytest.approx(2.75541)
    assert {"farm.nitrogen.to_soil", "farm.source.enteric"}.isdisjoint(f.id for f in found.figures)


def test_one_enterprise_written_two_ways_is_one(farm: FarmMaker) -> None:
    fuel = [{"fuel": "diesel", "amount": 10, "unit": "litre", "enterprise": e} for e in ("Dairy", "dairy ", "DAIRY")]
    found = build(farm({"fuel": fuel}))
    assert list(found.section("enterprises").table["enterprise"]) == ["Dairy"]


def test_two_enterprises_may_sell_the_same_product(farm: FarmMaker) -> None:
    sold = [{"product": "Beef", "enterprise": e, "amount": 1, "unit": "t"} for e in ("Dairy", "Suckler")]
    data = {**herd("dairy_cow", 5), "production": sold}
    ids = {f.id for f in build(farm(data)).figures}
    assert {"farm.product.beef_dairy.per_kg", "farm.product.beef_suckler.per_kg"} <= ids


@pytest.mark.parametrize("name", ['=HYPERLINK("http://x")', "A*", "<5 years", "牛", "Cows [1]", "x" * 300])
def test_odd_names_come_through_as_text(farm: FarmMaker, name: str, tmp_path: Path) -> None:
    data: Data = {
        "herds": [{"herd": name, "category": "ewe", "head": 5, "enterprise": name}],
        "manure": [{"herd": name, "system": "pasture", "percent": 100}],
        "production": [{"product": name, "enterprise": name, "amount": 1, "unit": "t"}],
    }
    found = build(farm(data))
    publish(found, tmp_path / "odd.xlsx")
    assert value(found, "farm.source.enteric") == pytest.approx(5 * 9 * 28 / 1000)


def test_an_empty_herd_is_zero_and_divides_nothing(farm: FarmMaker) -> None:
    found = build(farm(herd("ewe", 0)))
    assert value(found, "farm.total") == 0
    assert "nan" not in found.section("sources").summary.casefold()


def test_a_partial_edition_shows_as_a_fallback(farm: FarmMaker) -> None:
    """The 2026 edition holds 39 known rows. Road diesel is among them and is used and said to be; red diesel is not."""
    found = build(farm({"fuel": [{"fuel": "diesel", "amount": 10, "unit": "litre"}]}, period="2026"))
    assert set(found.lines["match"]) == {"partial edition"}
    assert found.run.fallbacks
    with pytest.raises(InputProblems, match="nearest edition that has it is 2025"):
        build(farm({"fuel": [{"fuel": "red diesel", "amount": 10, "unit": "litre"}]}, period="2026"))


def test_land_without_agriculture_gives_no_figure_per_hectare(farm: FarmMaker) -> None:
    data = {**herd("ewe", 10), "land": [{"field": "Wood", "use": "woodland", "area": 3, "unit": "ha"}]}
    figure = build(farm(data)).figure("farm.per_ha")
    assert (figure.value, figure.status) == (None, "missing")


def test_burnt_wood_stays_outside_the_total(farm: FarmMaker) -> None:
    found = build(farm({"fuel": [{"fuel": "wood chips", "amount": 20, "unit": "t"}]}))
    assert value(found, "farm.outside") > 10
    assert value(found, "farm.total") < 5
    assert found.figure("farm.removals").status == "missing"


def test_the_example_passes_and_is_marked(report: Report) -> None:
    assert report.banners[0].startswith("EXAMPLE")
    assert not report.warnings
    assert [f.id for f in report.headlines] == [
        "farm.total", "farm.per_ha", "farm.product.milk.per_kg", "farm.removals", "farm.nitrogen.per_ha",
    ]  # fmt: skip
    assert 0.5 < value(report, "farm.product.milk.per_kg") < 2.0  # published footprints of UK milk lie near 1.2
    assert all(check.passed for check in report.checks)


def test_every_figure_that_sums_lines_is_that_sum(report: Report) -> None:
    summed = [f for f in report.figures if f.trace.lines is not None and f.value is not None]
    for figure in summed:
        chosen = core_lines.select(report.lines, dict(figure.trace.lines or {}))
        assert figure.value == pytest.approx(chosen["kg_co2e"].sum() * figure.trace.scale, rel=1e-12), figure.id
        if figure.low is not None and figure.high is not None:
            assert figure.low < figure.value < figure.high
    assert len(summed) > 25


def test_every_line_names_its_cell_factor_and_product(report: Report) -> None:
    lines = report.lines
    assert (lines[["file", "sheet", "cell", "factor_id", "edition", "match", "verified", "tier"]] != "").all().all()
    assert np.allclose(lines["factor_quantity"] * lines["factor"], lines["kg"], rtol=1e-12)
    assert np.allclose(lines["kg"] * lines["gwp"], lines["kg_co2e"], rtol=1e-12)
    assert set(lines["section"]) == {"Scope 1", "Scope 2", "Scope 3", "outside scopes"}


def test_the_workbook_is_written_with_every_formula_resolved(report: Report, tmp_path: Path) -> None:
    assert publish(report, tmp_path / "farm.xlsx") == ()
    sources = report.section("sources")
    lime = int(sources.table.index[sources.table["source"] == "Lime"][0])
    assert sources.marks[(lime, "ch4")] == "[z]"  # lime has no methane: not applicable, not zero


def test_two_builds_give_the_same_document(example: Path) -> None:
    assert to_json(build(example)) == to_json(build(example))


def test_template_is_read_without_a_problem(tmp_path: Path) -> None:
    """An empty template lacks only its content: no complaint about its form."""
    trunk.new(tmp_path, example=False)
    with pytest.raises(InputProblems) as refused:
        build(tmp_path)
    assert {p.found for p in refused.value.problems} == {"no source of emissions"}


quick = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@quick
@given(st.floats(0.01, 50))
def test_herd_lines_are_linear_in_heads(result: Result, times: float) -> None:
    herds = result.herds.assign(head=result.herds["head"] * times, population=result.herds["population"] * times)
    manure = result.inputs.manure.assign(bedding_n=result.inputs.manure["bedding_n"] * times)
    other = calculate(replace(result.inputs, herds=herds, manure=manure)).lines
    animals = result.lines["category"].isin(["Enteric fermentation", "Manure methane", "Manure nitrous oxide"])
    animals |= result.lines["activity"].str.contains("soils_n2o.*(?:manure|grazing)", regex=True)
    assert np.allclose(other.loc[animals, "kg_co2e"], result.lines.loc[animals, "kg_co2e"] * times, rtol=1e-9)
    assert np.array_equal(other.loc[~animals & (other["sheet"] != "Manure"), "kg_co2e"],
                          result.lines.loc[~animals & (result.lines["sheet"] != "Manure"), "kg_co2e"])  # fmt: skip


@quick
@given(st.lists(st.floats(0, 100), min_size=12, max_size=12), st.lists(st.floats(0, 5000), min_size=12, max_size=12))
def test_nitrogen_closes_whatever_is_bedded_or_carted_off(
    result: Result, off: list[float], bedding: list[float]
) -> None:
    housed = (result.inputs.manure["system"] != "pasture").to_numpy()
    manure = result.inputs.manure.assign(
        exported_pct=np.where(housed, off, 0.0), bedding_n=np.where(housed, bedding, 0.0)
    )
    other = calculate(replace(result.inputs, manure=manure))
    assert all(check.passed for check in checks(other))
    m = other.manure
    gone = m[["n2o_n", "volatilised", "leached", "n2", "exported", "to_soil"]].sum(axis=1)
    assert np.allclose(m["excreted"] + m["bedding_n"], gone, rtol=1e-9)


@quick
@given(st.sampled_from(["category", "place", "gas", "section", "tier"]))
def test_parts_are_the_whole(result: Result, key: str) -> None:
    gross = core_lines.gross(result.lines)
    assert core_lines.by(gross, [key])["kg_co2e"].sum() == pytest.approx(gross["kg_co2e"].sum(), rel=1e-12)
