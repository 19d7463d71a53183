"""Status in words: bands, every reason for saying nothing, targets whose year has come, and what is within noise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from natcap.core.problems import InputProblems
from natcap.core.targets import Target
from natcap.progress.assessment import Assessment, assess
from natcap.progress.definitions import bands, indicators
from natcap.progress.observations import series
from natcap.progress.status import ORDER, Outcome, cannot_say, chance_word, overall, ratio_word
from tests.progress.made import numbers, rows, target

BANDS = bands()
AS_OF = date(2026, 6, 1)
FALLING = {"2019": 1000, "2020": 1000, "2021": 1015, "2022": 960, "2023": 930, "2024": 905}


def judged(
    values: dict[str, Any], aim: Target | None = None, indicator: str = "C01", as_of: date = AS_OF, **more: Any
) -> Assessment:
    aim = aim or carbon()
    table = numbers(rows(indicator, "A1", values, **more))
    return assess(series(table, indicator, "A1"), aim, "A1", indicators()[indicator], BANDS, as_of)


def carbon(**given: Any) -> Target:
    return target(**({"indicator": "C01", "unit": "kt CO2e", "value": 400, "base_year": 2020} | given))


@pytest.mark.parametrize(
    ("ratio", "word"),
    [
        (1.3, "on track"), (0.95, "on track"), (0.9499, "slightly behind"), (0.60, "slightly behind"),
        (0.5999, "well behind"), (0.0, "well behind"), (-0.0001, "moving away"),
    ],
)  # fmt: skip
def test_bands_of_the_rate(ratio: float, word: str) -> None:
    assert ratio_word(ratio, BANDS) == word


@pytest.mark.parametrize(
    ("chance", "word"),
    [(0.66, "on track"), (0.659, "slightly behind"), (0.33, "slightly behind"), (0.329, "well behind")],
)
def test_bands_of_the_chance(chance: float, word: str) -> None:
    assert chance_word(chance, BANDS) == word


def test_the_whole_is_the_worst_of_the_tests() -> None:
    made = [
        Outcome("rate", 1.0, ORDER[0], "a"),
        Outcome("chance", 0.4, ORDER[1], "b"),
        Outcome("budget", None, "", "c"),
    ]
    assert overall(made).word == "slightly behind"
    assert overall([made[2]]).word == "cannot say"
    assert cannot_say(["no data"]).text == "? cannot say"


def test_worked_row_7_by_a_constant_rate() -> None:
    """905 to 400 by 2030: 12.7226 % a year needed, 2.4646 % achieved from 2020 to 2024, ratio 0.1937."""
    found = judged({k: v for k, v in FALLING.items() if k != "2019"}, carbon(path="exponential"))
    assert found.ratio == pytest.approx(0.1937, abs=5e-5)
    assert found.status.word == "well behind"
    assert found.path_value == pytest.approx(1000 * 0.4 ** (4 / 10))


def test_the_straight_form_for_a_straight_path() -> None:
    found = judged(FALLING)
    assert found.ratio == pytest.approx(((905 - 1000) / 5) / ((400 - 905) / 6))
    assert found.path_value == pytest.approx(1000 - 600 * 4 / 10)
    assert found.gap == pytest.approx(905 - 760)
    assert "well behind" in found.status.why
    assert found.status.text == "✖ well behind"


def test_zero_is_a_target_of_a_straight_path_only() -> None:
    assert judged(FALLING, carbon(value=0)).ratio == pytest.approx(((905 - 1000) / 5) / (-905 / 6))
    with pytest.raises(InputProblems, match="never reaches zero"):
        carbon(value=0, path="exponential")


def test_what_should_rise_is_judged_the_other_way() -> None:
    rising = {"2019/20": 40, "2020/21": 41, "2021/22": 42, "2022/23": 43, "2023/24": 44}
    aim = target(indicator="E01", unit="%", value=65, year=2035)
    found = judged(rising, aim, "E01", period_type="financial year")
    assert found.ratio == pytest.approx(1 / ((65 - 44) / 12))
    falling = dict(zip(rising, [44, 43, 42, 41, 40], strict=True))
    assert judged(falling, aim, "E01", period_type="financial year").status.word == "moving away"


@pytest.mark.parametrize(
    ("values", "more", "why"),
    [
        ({"2022": 960, "2023": 930, "2024": 905}, {}, "have 3 values, fewer than 4"),
        ({"2018": 1, "2019": 1, "2020": 1, "2021": 960, "2022": 930, "2023": 905}, {}, ""),
        ({"2017": 1015, "2018": 990, "2019": 960, "2020": 930}, {}, "65 months old, more than 30"),
        (FALLING, {"status": "estimated"}, "the newest value is estimated"),
        (FALLING | {"2025": None}, {}, "the newest period has no value (confidential)"),
    ],
    ids=["few points", "29 months are not too old", "too old", "not observed", "suppressed"],
)
def test_cannot_say(values: dict[str, Any], more: dict[str, str], why: str) -> None:
    found = judged(values, **more)
    if not why:
        assert found.status.word != "cannot say"
        assert found.months == 29
        return
    assert found.status.word == "cannot say"
    assert why.casefold() in found.status.why.casefold()


def test_not_yet_published_is_no_reason() -> None:
    waiting = rows("C01", "A1", FALLING) + rows("C01", "A1", {"2025": None}, status="not yet published")
    found = assess(series(numbers(waiting), "C01", "A1"), carbon(), "A1", indicators()["C01"], BANDS, AS_OF)
    assert found.status.word == "well behind"


def test_a_break_inside_the_window_says_nothing() -> None:
    old = rows("C01", "A1", {"2019": 1000, "2020": 1000, "2021": 1015})
    new = rows("C01", "A1", {"2022": 960, "2023": 930, "2024": 905}, method_version="two")
    found = assess(series(numbers(old + new), "C01", "A1"), carbon(), "A1", indicators()["C01"], BANDS, AS_OF)
    assert found.status.word == "cannot say"
    assert "The method changed inside the window (one to two)." in found.status.why
    assert found.ratio is not None, "the test is shown all the same"


def test_nothing_later_than_as_of_is_used() -> None:
    early = judged(FALLING, as_of=date(2024, 1, 31))
    assert early.latest is not None
    assert early.latest.period == "2023"
    assert judged(FALLING | {"2025": 700}, as_of=date(2025, 6, 1)).gap == judged(FALLING, as_of=date(2025, 6, 1)).gap


def test_no_series_says_so() -> None:
    found = assess(
        series(numbers(rows("C02", "A2", {"2023": 5})), "C01", "A1"), carbon(), "A1", indicators()["C01"], BANDS, AS_OF
    )
    assert found.latest is None
    assert found.status.word == "cannot say"


def test_a_target_whose_year_has_come() -> None:
    met = judged(FALLING, carbon(value=1020, year=2021))
    assert met.status.word == "target reached"
    missed = judged(FALLING, carbon(value=1000, year=2021))
    assert missed.status.word == "target missed"
    assert "In 2021 the value was 1015, the target 1000 kt CO2e." in missed.status.why
    assert missed.path_value is None


def test_a_target_met_ahead_of_its_year() -> None:
    assert judged(FALLING, carbon(value=910, year=2030)).status.word == "target reached"


def test_a_withdrawn_target_keeps_its_path() -> None:
    found = judged(FALLING, carbon(date_set="2019-06", date_withdrawn="unknown"))
    assert found.status.word == "withdrawn"
    assert found.path is not None
    assert found.target.label == "400 by 2030 (set 2019-06, withdrawn)"


def test_a_base_that_is_not_there_leaves_no_path_and_no_gap() -> None:
    found = judged(FALLING, carbon(base_year=2010))
    assert found.path is None
    assert found.gap is None
    assert found.no_path == "there is no value for the base year 2010"
    assert found.ratio is not None


def test_a_stated_base_wins_over_the_series() -> None:
    found = judged(FALLING, carbon(base_value=1200))
    assert found.path_value == pytest.approx(1200 - 800 * 4 / 10)


def test_a_band_within_noise_is_marked() -> None:
    """The newest value has a range that reaches from slightly behind to well behind."""
    slow = {"2019": 8.00, "2020": 7.60, "2021": 7.20, "2022": 6.80, "2023": 6.40}
    table = rows("C02", "A1", slow)
    table[-1] |= {"low": 5.8, "high": 7.0}
    aim = target(value=0, year=2030, base_year=2019)
    found = assess(series(numbers(table), "C02", "A1"), aim, "A1", indicators()["C02"], BANDS, AS_OF)
    assert found.status.noise == "Within noise: the range of the newest value allows slightly behind and well behind."
    table[-1] |= {"low": "", "high": ""}
    plain = assess(series(numbers(table), "C02", "A1"), aim, "A1", indicators()["C02"], BANDS, AS_OF)
    assert plain.status.noise == ""


def test_the_chance_is_tested_within_the_years_that_were_tried() -> None:
    falling = {str(y): round(8 * 0.96 ** (y - 2018), 2) for y in range(2018, 2025)}
    near = judged(falling, target(value=6.2, year=2027, base_year=2019), "C02")
    chance = next(t for t in near.status.tests if t.name == "chance")
    assert chance.value is not None
    assert 0.025 <= chance.value <= 0.975
    far = judged(falling, target(value=3.0, year=2040, base_year=2019), "C02")
    assert "2040 is further than the 5 years that were tried" in far.status.why
    none = judged(falling, target(value=0, year=2027, base_year=2019), "C02")
    assert "never reaches zero" in none.status.why


def test_bands_can_be_changed_but_not_turned_round() -> None:
    assert BANDS.changed({"ratio_on_track": 1.0}).ratio_on_track == 1.0
    with pytest.raises(KeyError):
        BANDS.changed({"ratio_on_trak": 1.0})
    with pytest.raises(ValueError, match="must fall"):
        BANDS.changed({"ratio_on_track": 0.5})
    strict = replace(BANDS, ratio_on_track=1.2)
    assert ratio_word(1.1, strict) == "slightly behind"
