"""Numbers as people write them: read, or refused with the readings."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from natcap.core.numbers import NumberError, money_number, number, number_column

READ = [
    ("0", 0.0),
    ("1234", 1234.0),
    ("1,234", 1234.0),
    ("12 500", 12500.0),
    ("1 000", 1000.0),
    ("1\u00a0000", 1000.0),
    ("1\u2009234\u2009567", 1234567.0),
    ("1\u202f000.5", 1000.5),
    ("1,234.5", 1234.5),
    ("1,234,567.891", 1234567.891),
    ("-3", -3.0),
    ("\u22123", -3.0),
    ("+3", 3.0),
    ("0.125", 0.125),
    ("0.500", 0.5),
    (".5", 0.5),
    ("-.25", -0.25),
    ("1.23", 1.23),
    ("12.5", 12.5),
    ("1234.567", 1234.567),
    ("1.2345", 1.2345),
    ("1e3", 1000.0),
    ("1.5E-3", 0.0015),
    ("1.234e5", 123400.0),
    ("  42  ", 42.0),
    ("007", 7.0),
    ("0e0", 0.0),
]


@pytest.mark.parametrize(("text", "value"), READ)
def test_a_plain_number_is_read(text: str, value: float) -> None:
    assert number(text) == value


REFUSED = [
    ("1.234", (1.234, 1234.0)),
    ("-1.234", (-1.234, -1234.0)),
    ("12.345", (12.345, 12345.0)),
    ("100.000", (100.0, 100000.0)),
    ("1,5", (1.5, 15.0)),
    ("12,50", (12.5, 1250.0)),
    ("1.000,5", (1000.5,)),
    ("1 234,5", (1234.5,)),
    ("1.234.567", (1234567.0,)),
    ("1,23,456", ()),
    ("12,34,567.5", ()),
    ("1234,567", (1234.567, 1234567.0)),
    ("1,234 567", ()),
    ("1  000", ()),
    ("12 50", ()),
    ("nan", ()),
    ("NaN", ()),
    ("inf", ()),
    ("-Infinity", ()),
    ("1e999", ()),
    ("1e-999", ()),
    ("1e9999", ()),
    ("(3)", ()),
    ("5%", ()),
    ("£5", ()),
    ("$5", ()),
    ("5 kg", ()),
    ("12 kg 5 g", ()),
    ("\uff11\uff12", ()),
    ("\u0661\u0662", ()),
    ("5\u00b2", ()),
    ("\u00bd", ()),
    ("1_000", ()),
    ("0x10", ()),
    ("--3", ()),
    ("- 3", ()),
    ("5.", ()),
    (".", ()),
    ("e5", ()),
    ("", ()),
    ("   ", ()),
    ("n/a", ()),
    ("#REF!", ()),
    ("1\u200b2", ()),
    ("1\x002", ()),
    ("9**9", ()),
    ("1" * 4301, ()),
    ("1" * 41, ()),
    ("True", ()),
]


@pytest.mark.parametrize(("text", "readings"), REFUSED, ids=[ascii(t[:20]) for t, _ in REFUSED])
def test_a_doubtful_text_is_refused_with_its_readings(text: str, readings: tuple[float, ...]) -> None:
    with pytest.raises(NumberError) as caught:
        number(text)
    assert caught.value.readings == readings
    assert len(str(caught.value)) < 300
    assert str(caught.value).isprintable()


def test_the_message_says_what_to_write() -> None:
    with pytest.raises(NumberError, match=r"could be 1\.234 or 1234"):
        number("1.234")
    with pytest.raises(NumberError, match="percent, in its own column"):
        number("5%")
    with pytest.raises(NumberError, match="unit in its own column"):
        number("5 kg")
    with pytest.raises(NumberError, match="minus sign"):
        number("(3)")


@pytest.mark.parametrize("value", [3, 3.0, np.float32(3), np.int64(3), Decimal("3"), Fraction(6, 2)])
def test_a_true_number_is_itself(value: object) -> None:
    assert number(value) == 3.0
    assert number(1.234) == 1.234


@pytest.mark.parametrize(
    "value",
    [True, False, np.True_, None, math.nan, math.inf, -math.inf, Decimal("NaN"), 10**400, pd.NA, pd.NaT, b"3", [3], 3j,
     pd.Timestamp("2024-01-01")],
    ids=repr,
)  # fmt: skip
def test_what_is_no_finite_number_is_refused(value: object) -> None:
    with pytest.raises(NumberError):
        number(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [("£1,234.50", 1234.5), ("-£5", -5.0), ("£-5", -5.0), ("GBP 20", 20.0), ("20 GBP", 20.0), ("12 500", 12500.0)],
)
def test_money_may_carry_a_pound_sign(text: str, value: float) -> None:
    assert money_number(text) == value


@pytest.mark.parametrize("text", ["£1.234", "-£-5", "£", "££5", "$5", "€5", "£5m", "(£5)", "£" + "1" * 50])
def test_doubtful_money_is_refused(text: str) -> None:
    with pytest.raises(NumberError):
        money_number(text)


@given(st.floats(-1e15, 1e15).filter(lambda v: v == 0 or abs(v) > 1e-290))
def test_what_is_written_with_commas_reads_back(value: float) -> None:
    for text in (f"{value:,.2f}", f"{value:.6e}"):
        assert number(text) == float(text.replace(",", ""))


@given(st.integers(-(10**14), 10**14))
def test_spaces_and_commas_are_the_same_grouping(value: int) -> None:
    assert number(f"{value:,}") == number(f"{value:,}".replace(",", " ")) == value


@given(st.text(max_size=50))
def test_any_text_gives_a_finite_number_or_a_number_error(text: str) -> None:
    try:
        value = number(text)
    except NumberError:
        return
    assert math.isfinite(value)
    assert any(c in "0123456789" for c in text)


def test_a_column_gives_numbers_blanks_and_every_error_with_its_position() -> None:
    values = [1, "2", "", None, math.nan, "1.234", True, math.inf, "3,000", "x", "1.234", pd.NA]
    floats, wrong = number_column(values)
    np.testing.assert_array_equal(
        floats, [1, 2, np.nan, np.nan, np.nan, np.nan, np.nan, np.nan, 3000, np.nan, np.nan, np.nan]
    )
    assert [place for place, _ in wrong] == [5, 6, 7, 9, 10]
    assert all(isinstance(error, NumberError) for _, error in wrong)


def test_numeric_columns_take_the_fast_path() -> None:
    for column in (np.array([1, 2, 3]), pd.Series([1.0, 2, 3]), pd.Series([1, 2, 3], dtype="int64")):
        floats, wrong = number_column(column)
        np.testing.assert_array_equal(floats, [1, 2, 3])
        assert wrong == []
    floats, wrong = number_column(np.array([1.0, np.inf, np.nan]))
    np.testing.assert_array_equal(floats, [1, np.nan, np.nan])
    assert [place for place, _ in wrong] == [1]


def test_booleans_and_other_columns_are_not_numbers() -> None:
    floats, wrong = number_column(np.array([True, False]))
    assert np.isnan(floats).all()
    assert len(wrong) == 2
    floats, wrong = number_column(pd.Series([1, None, 3], dtype="Int64"))
    np.testing.assert_array_equal(floats, [1, np.nan, 3])
    assert wrong == []
    assert number_column([])[0].shape == (0,)


def test_a_column_never_changes_what_it_was_given() -> None:
    given_values = np.array([1.0, np.inf])
    number_column(given_values)
    assert np.isinf(given_values[1])
