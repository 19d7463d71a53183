"""Choices of the asset account: what each word does, and what is refused with a remedy."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from natcap.accounts.assets_account import AssetChoices, read
from natcap.accounts.assets_account.schedules import editions, options
from natcap.accounts.wings import active, known_choices
from natcap.core.factors import library
from natcap.core.factors.check import check
from natcap.core.money import carbon_values, discount_factors, schedules
from natcap.core.problems import InputProblems, Problems
from natcap.core.project import Period, Project
from tests.accounts.service_account import account, row, shown, wing


@dataclass
class _Reader:
    project: Project
    problems: Problems = field(default_factory=Problems)
    fallbacks: list[str] = field(default_factory=list)

    def file(self, role: str, remedy: str = "") -> Path | None:
        raise AssertionError(f"no file is read: {role} {remedy}")

    def years(self) -> tuple[str, str]:
        return "2020", "2023"


def asked(**choices: Any) -> tuple[AssetChoices | None, list[str]]:
    project = Project(Path(), "accounts", "Test", Period.parse("2023"), "", {}, choices)
    reader = _Reader(project)
    return read(reader), [str(p) for p in reader.problems]


def test_choices() -> None:
    assert asked() == (AssetChoices(), [])
    assert asked(assets=False) == (None, [])
    own = {"discount_timing": "mid", "discount_schedule": "flat_1_5", "carbon_path": "high", "discount_year": 2024}
    assert asked(**own) == (AssetChoices("mid", "flat_1_5", "high", 2024), [])
    assert asked()[0].option.since == 2026  # type: ignore[union-attr]
    assert asked(discount_year=2024)[0].option.since == 2022  # type: ignore[union-attr]


def test_bad_choices_are_told_with_what_there_is() -> None:
    found, said = asked(discount_timing="middle", discount_schedule="standart", carbon_path="mean", discount_year="new",
                        assets="yes")  # fmt: skip
    assert (found, len(said)) == (None, 1)
    found, said = asked(discount_timing="middle", discount_schedule="standart", carbon_path="mean", discount_year="new")
    assert (found, len(said)) == (None, 4)
    assert "natcap.toml, cell choices.discount_timing" in said[0]
    assert "one of start, end, mid" in said[0]
    assert "standard, sensitivity, review_2026, flat_3_5, flat_1_5" in said[1]
    assert "Did you mean 'standard'?" in said[1]
    assert "low, central, high" in said[2]
    assert "Health effects have this schedule anyway" in asked(discount_schedule="health")[1][0]


def test_a_schedule_has_no_edition_for_the_year() -> None:
    found, said = asked(discount_schedule="sensitivity", discount_year=2024)
    assert found is None
    assert "choices.discount_year" in said[0]
    assert "no edition of discount schedule 'sensitivity' is in force in 2024: the first is of 2026" in said[0]
    assert "the first is of 2022" in asked(discount_year=2021)[1][0]


@pytest.mark.parametrize("years", [(2019, 2023), (2020, 2060)])
def test_a_year_without_a_carbon_value_is_told_and_not_extrapolated(years: tuple[int, int]) -> None:
    """The carbon values begin in 2020; a hundred years from 2060 end in 2159, beyond them."""
    date, other = ("opening", "closing") if years[0] == 2019 else ("closing", "opening")
    rows = [row(d, "ghg", flow=1.0, price=260.0) for d in ("opening", "closing")]
    report = shown(wing(account([*rows, row("closing", "timber", flow=1.0, price=1.0)], years=years)))
    told = next(str(w) for w in report.warnings if "asset life" in str(w))
    assert f"natcap.toml, cell choices.{date}_year" in told
    assert "Greenhouse gas regulation" in told
    assert "have no year" in told
    assert "Nothing is extrapolated" in told
    assert ('carbon_before = "first"' in told) == (date == "opening")
    assert report.figure(f"assets.value.{date}.all.ghg").status == "missing"
    assert report.figure(f"assets.value.{other}.all.ghg").value is not None
    assert "have no year" in report.figure(f"assets.value.{date}.A.ghg.wood").trace.how
    effects = report.section("asset_decomposition").table.set_index("item")
    assert effects.loc["Greenhouse gas regulation", "uncompared"] != 0


def test_the_first_carbon_value_for_the_years_before_it() -> None:
    """From 2019: the value of 2020, 253.19, twice, then the path from 2021 on, a hundred years together."""
    rows = [row("opening", "ghg", flow=1.0, price=np.nan, value=np.nan)]
    early = shown(wing(account(rows, years=(2019, 2023)), AssetChoices(before="first")))
    prices = np.concatenate([[253.19], carbon_values(range(2020, 2119))])
    assert early.figure("assets.value.opening.total").value == pytest.approx(prices @ discount_factors("standard", 100))
    assert any("carbon value of 2020 stands for years before it" in said for said in early.run.fallbacks)
    table = early.section("asset_carbon_path").table
    assert table["published_central"].head(2).tolist() == [253.19, 253.19]
    assert asked(carbon_before="first")[0] == AssetChoices(before="first")
    assert "none, first" in asked(carbon_before="zero")[1][0]


def test_a_price_year_beyond_the_deflator_is_refused() -> None:
    with pytest.raises(InputProblems, match="has no year 2031"):
        wing(account([row("closing", "ghg", flow=1.0, price=260.0)], price_year=2031))


def test_schedules_are_dated_rows_that_agree_with_the_rates() -> None:
    assert [p for p in check(library()) if "assets" in str(p)] == []
    for option in editions():
        if isinstance(option.rates, str):
            assert schedules()[option.rates].bands[0][2] == option.ref.value
    assert set(options(2023)) == {"standard", "health", "flat_3_5", "flat_1_5", "rental"}


def test_runs_whenever_services_do() -> None:
    assert {"discount_timing", "discount_schedule", "discount_year", "carbon_path", "carbon_before", "assets"} <= set(
        known_choices()
    )
    for inputs, choices in (({"services": "s.xlsx"}, {}), ({}, {"services": "library"})):
        project = Project(Path(), "accounts", "Test", Period.parse("2023"), "", inputs, choices)
        ids = [s.id for s in active(project)]
        assert ids.index("services") < ids.index("assets") < ids.index("ranges")
