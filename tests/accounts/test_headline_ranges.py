"""A total of services or assets carries the range that was drawn for it."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from natcap.accounts.show.ranged import beside, ranged
from natcap.core.report import Column, Figure, Section, Trace


def figure(key: str, value: float | None, low: float | None = None) -> Figure:
    status = "missing" if value is None else "calculated"
    return Figure(key, key, value, "GBP", Trace("made"), low, None if low is None else 99.0, status)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "total, drawn",
    [
        ("services.value.closing.all.total", "ranges.value.closing.all.total"),
        ("assets.value.opening.total", "ranges.asset.opening.all.total"),
    ],
)
def test_a_total_takes_the_ends_of_its_own_range(total: str, drawn: str) -> None:
    first, *rest = ranged((figure(total, 10.0), figure(f"{drawn}.p05", 8.0), figure(f"{drawn}.p95", 13.0)))
    assert (first.value, first.low, first.high) == (10.0, 8.0, 13.0)
    assert drawn in first.trace.how
    assert [f.low for f in rest] == [None, None]


def test_the_carbon_stock_gives_up_its_ends_for_the_drawn_range() -> None:
    """Every density at its low end at once is no 5th percentile; the table of the stock still shows both ends."""
    ends = (figure("ranges.carbon_stock.closing.all.total.p05", 8.0),
            figure("ranges.carbon_stock.closing.all.total.p95", 13.0))  # fmt: skip
    first = ranged((figure("carbon_stock.closing.total", 10.0, 1.0), *ends))[0]
    assert (first.low, first.high) == (8.0, 13.0)
    assert ranged((figure("carbon_stock.closing.total", 10.0, 1.0),))[0].low == 1.0


def test_nothing_is_made_up_where_no_range_was_drawn() -> None:
    alone = (figure("services.value.closing.all.total", 10.0), figure("extent.area.all", 5.0))
    assert ranged(alone) == alone
    half = (*alone, figure("ranges.value.closing.all.total.p05", 8.0))
    assert ranged(half) == half


def test_a_missing_total_and_a_range_that_stands_stay_as_they_are() -> None:
    ends = (figure("ranges.value.closing.all.total.p05", 8.0), figure("ranges.value.closing.all.total.p95", 13.0))
    for total in (
        figure("services.value.closing.all.total", None),
        figure("services.value.closing.all.total", 10.0, 1.0),
    ):
        assert ranged((total, *ends))[0] == total


@pytest.mark.parametrize("central, low", [(10.0, -8.0), (11.0, None)])
def test_a_change_takes_only_a_range_of_its_own_amount(central: float, low: float | None) -> None:
    """A range of what compares is none of a change that holds more; one of no width is no range."""
    key = "ranges.effect_compared.change.all.total"
    ends = {"p05": -8.0, "p95": 13.0, "central": central}
    drawn = tuple(figure(f"{key}.{end}", value) for end, value in ends.items())
    assert ranged((figure("assets.change.total", 10.0), *drawn))[0].low == low
    still = tuple(figure(f"{key}.{end}", 10.0) for end in ends)
    assert ranged((figure("assets.change.total", 10.0), *still))[0].low is None


def test_a_section_of_a_change_says_its_range_with_its_signs() -> None:
    key = "ranges.carbon_change.change.all.total"
    table = pd.DataFrame({"p05": [-1234.0], "p95": [5678.0], "verdict": ["not distinguishable from zero"]})
    drawn = Section("ranges_physical", "Ranges", table, (Column("p05", "P5"),), figures={(0, "p50"): f"{key}.p50"})
    stock = Section("carbon_stock", "Stock", pd.DataFrame({"a": [1]}), (Column("a", "A"),), summary="All.")
    said = beside((stock, drawn), (replace(figure(f"{key}.p50", 9.0), unit="t C"),))[0].summary
    assert said == ("All. In nine of ten draws the change of the carbon stock is -1,234 t C to 5,678 t C: not "
                    "distinguishable from zero.")  # fmt: skip
