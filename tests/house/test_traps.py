"""Traps of labelled arrays and tables that have cost other systems their totals, held to this one's own functions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from natcap.core.lines import by, frame, gross
from natcap.core.report import Check, Column, Figure, Report, Run, Section, Trace

RUN = Run("0", (), (), {})


def test_grouping_keeps_rows_without_a_key() -> None:
    table = frame({"kg_co2e": [1.0, 2.0, 4.0], "place": ["A", None, "A"], "section": ["Scope 1"] * 3})
    assert by(table, ["place"])["kg_co2e"].sum() == 7.0


def test_sum_of_nothing_is_nothing() -> None:
    table = frame({"kg_co2e": [1.0], "place": ["A"]})
    assert by(table, ["place"], value="low")["low"].isna().all()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_line_without_a_result_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="no finite kg_co2e"):
        frame({"kg_co2e": [1.0, value]})


def test_an_unknown_column_is_refused() -> None:
    with pytest.raises(ValueError, match="kg_coe2"):
        frame({"kg_co2e": [1.0], "kg_coe2": [1.0]})


def test_biogenic_and_removals_never_enter_a_total() -> None:
    table = frame({"kg_co2e": [1.0, 2.0, -4.0], "section": ["Scope 1", "outside scopes", "removals"]})
    assert gross(table)["kg_co2e"].tolist() == [1.0]


def test_missing_is_not_a_value_and_a_value_is_not_missing() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        Figure("a", "A", None, "t", Trace("x"))
    with pytest.raises(ValueError, match="does not fit"):
        Figure("a", "A", 0.0, "t", Trace("x"), status="missing")


def test_a_report_that_does_not_close_is_not_made() -> None:
    broken = Check("x", "opening plus changes is closing", 1.0, 2.0, 0.0, "ha")
    with pytest.raises(ArithmeticError, match="opening plus changes"):
        Report("accounts", "t", "s", "2025", (), (), RUN, checks=(broken,))


def test_a_check_with_nothing_on_one_side_fails() -> None:
    assert not Check("x", "nan is not equal", float("nan"), 0.0, 1.0, "ha").passed


def test_ids_are_unique_and_columns_exist() -> None:
    one = Figure("a", "A", 1.0, "t", Trace("x"))
    with pytest.raises(ValueError, match="used twice: a"):
        Report("farm", "t", "s", "2025", (one, one), (), RUN)
    with pytest.raises(ValueError, match="no column b"):
        Section("s", "S", pd.DataFrame({"a": [1]}), (Column("b", "B"),))
