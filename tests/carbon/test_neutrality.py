"""The neutrality ledger: by hand, then what it refuses, then the claim that lacks a step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from natcap.carbon.business import trunk
from natcap.carbon.business.neutrality.model import GUIDANCE, MODELS
from natcap.carbon.business.neutrality.serials import block, meets
from natcap.core.problems import InputProblems
from natcap.core.project import read_project
from natcap.core.report import Report
from natcap.core.workbook import publish, write_template
from tests.carbon.bills import example_with
from tests.conftest import absent
from tests.core import recalc

STEPS: list[dict[str, Any]] = [
    {"step": "quantify", "day": "2026-01-10", "action": "Checked", "evidence": "Letter of the auditor"},
    {"step": "reduce", "day": "2025-01-15", "action": "Plan", "evidence": "Board paper 3"},
    {"step": "remove", "day": "2025-01-15", "action": "No land of our own", "evidence": "Board paper 3"},
    {"step": "offset", "day": "2026-01-20", "action": "Credits for the residual", "evidence": "Board paper 9"},
]
HEDGE: dict[str, Any] = {"what": "Hedge", "tonnes": 35, "chain": "yes", "evidence": "Survey"}
CREDIT: dict[str, Any] = {
    "registry": "UK Land Carbon Registry", "project": "Example Wood", "kind": "removal", "vintage": 2024,
    "first": "GBR-104-001-2024", "last": "GBR-104-100-2024", "tonnes": 100, "state": "retired",
    "retired": "2026-02-01", "purpose": "Example, 2025",
}  # fmt: skip
Build = Callable[..., Report]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    example_with(tmp_path, neutrality="neutrality.xlsx")

    def job(steps: list[dict[str, Any]] | None = None, removals: list[dict[str, Any]] | None = None,
            credits: list[dict[str, Any]] | None = None, **choices: str) -> Report:  # fmt: skip
        tables = {"steps": STEPS if steps is None else steps, "removals": removals or [], "credits": credits or []}
        write_template(MODELS, tmp_path / "neutrality.xlsx", "Neutrality", GUIDANCE, True, tables)
        project = read_project(tmp_path)
        project.choices.update(choices)
        return trunk.build(project)

    return job


def told(build: Build, *arguments: Any, **choices: Any) -> str:
    with pytest.raises(InputProblems) as caught:
        build(*arguments, **choices)
    return str(caught.value)


def value(report: Report, key: str) -> float:
    found = report.figure(f"business.neutrality.{key}").value
    assert found is not None
    return found


def enough(build: Build) -> list[dict[str, Any]]:
    """Credits for the whole footprint of the example, in one block."""
    gross = value(build(), "gross")
    size = int(gross) + 1
    return [CREDIT | {"first": "A-1", "last": f"A-{size}", "tonnes": size}]


def test_by_hand(build: Build) -> None:
    """Gross less 35 t of a hedge less 100 t of retired credits; a held credit and a tree elsewhere count nothing."""
    elsewhere = HEDGE | {"what": "Trees abroad", "tonnes": 500, "chain": "no"}
    unproven = HEDGE | {"what": "Soil", "tonnes": 7, "evidence": ""}
    held = CREDIT | {"first": "X-1", "last": "X-50", "tonnes": 50, "state": "held", "retired": ""}
    report = build(None, [HEDGE, elsewhere, unproven], [CREDIT, held])
    gross = report.figure("business.total").value
    assert gross is not None
    assert value(report, "gross") == pytest.approx(gross, rel=1e-12)
    assert value(report, "residual") == pytest.approx(gross - 35)
    assert value(report, "credits_removal") == -100
    assert value(report, "credits_avoidance") == 0
    assert value(report, "balance") == pytest.approx(gross - 135)
    why = report.section("neutrality_credits").table["why"].tolist()
    assert why == ["counts", "held, not retired"]
    assert report.section("neutrality_removals").table["why"].tolist() == [
        "counts", "outside of the value chain: a credit, if anything", "no evidence",
    ]  # fmt: skip
    assert any("may not be claimed for 2025" in note for note in report.notes)
    cell = report.figure("business.neutrality.removals").trace.inputs[0]
    assert (cell.sheet, cell.value) == ("Removals", "35")


@pytest.mark.parametrize(
    "scopes, removed, retired, balance",
    [((420.0, 180.0, 2400.0), 35.0, 2900.0, 65.0), ((1.0, 1.0, 1.0), 0.0, 4.0, -1.0)],
)
def test_the_published_balance(scopes: tuple[float, ...], removed: float, retired: float, balance: float) -> None:
    """METHODS_progress, worked case 10: 420 + 180 + 2,400 - 35 - 2,900 = +65 t: not neutral."""
    import pandas as pd

    from natcap.carbon.business.neutrality.ledger import Ledger

    removals = pd.DataFrame({"tonnes": [removed], "counts": [True]})
    credits = pd.DataFrame({"tonnes": [retired], "counts": [True], "kind": ["removal"]})
    made = Ledger(dict(zip(("Scope 1", "Scope 2", "Scope 3"), scopes, strict=True)), removals, credits, ())
    assert made.balance == pytest.approx(balance)


def test_a_claim_stands_when_every_step_is_on_record(build: Build) -> None:
    report = build(None, None, enough(build), claim="carbon neutral")
    assert set(report.section("neutrality_conditions").table["met"]) == {"met"}
    said = " ".join(report.notes)
    assert "carbon neutral after the order of ISO 14068-1" in said
    assert "Not to be claimed" in said
    assert value(report, "gross") > 0


@pytest.mark.parametrize("step", ["quantify", "reduce", "remove", "offset"])
def test_a_claim_without_a_step_is_refused_with_what_is_missing(build: Build, step: str) -> None:
    blocks = enough(build)
    text = told(build, [row for row in STEPS if row["step"] != step], None, blocks, claim="carbon neutral")
    assert f"without the step {step}" in text
    assert "cell choices.claim" in text
    assert "take the claim out" in text


def test_a_claim_without_enough_credits_is_refused_with_the_tonnes(build: Build) -> None:
    text = told(build, None, None, [CREDIT], claim="carbon neutral")
    assert "100.0 t of credits for a residual of" in text


def test_a_plan_made_after_the_credits_is_not_in_order(build: Build) -> None:
    late = [row | ({"day": "2026-03-01"} if row["step"] == "reduce" else {}) for row in STEPS]
    assert "first retirement 2026-02-01" in told(build, late, None, enough(build), claim="carbon neutral")


def test_credits_retired_too_late_do_not_count(build: Build) -> None:
    late = CREDIT | {"retired": "2027-01-01"}
    report = build(None, None, [late])
    assert value(report, "credits_removal") == 0
    assert "too late" in report.section("neutrality_credits").table["why"][0]


@pytest.mark.parametrize(
    "change, said",
    [
        ({"retired": ""}, "the day of its retirement"),
        ({"vintage": 2027}, "a year no later than 2026"),
        ({"tonnes": 90}, "100 serial numbers for 90 t"),
        ({"last": "XYZ-104-100-2024"}, "differ in more than one number"),
        ({"last": "GBR-104-000-2024"}, "comes before the first"),
        ({"tonnes": -100}, "tonnes above zero"),
        ({"state": "held"}, "retired, as there is a date"),
    ],
)
def test_wrong_credits_are_told_with_their_cell(build: Build, change: dict[str, Any], said: str) -> None:
    text = told(build, None, None, [CREDIT | change])
    assert said in text
    assert "neutrality.xlsx, sheet Credits, cell " in text


def test_a_serial_number_counts_once(build: Build) -> None:
    again = CREDIT | {"first": "GBR-104-050-2024", "last": "GBR-104-149-2024"}
    text = told(build, None, None, [CREDIT, again])
    assert "each credit once" in text
    assert "row 2 as well" in text


def test_a_single_serial_number_inside_a_block_counts_once_whichever_number_counts(build: Build) -> None:
    """In GBR-7-2024 the year is the longer number, yet 7 is what counts in the block GBR-1-2024 to GBR-25-2024."""
    many = CREDIT | {"first": "GBR-1-2024", "last": "GBR-25-2024", "tonnes": 25}
    text = told(build, None, None, [many, CREDIT | {"first": "GBR-7-2024", "last": "", "tonnes": 1}])
    assert "row 2 as well" in text
    assert not meets(block("R", "GBR-26-2024"), block("R", "GBR-1-2024", "GBR-25-2024"))
    assert not meets(block("R", "GBR-7-2023"), block("R", "GBR-1-2024", "GBR-25-2024"))


def test_the_same_numbers_under_another_name_of_the_register_are_told(build: Build) -> None:
    text = told(build, None, None, [CREDIT, CREDIT | {"registry": "UK Land Carbon Registry (UKLCR)"}])
    assert "If it is one register, write its name the same way" in text
    other = CREDIT | {"registry": "Another", "project": "Other Wood"}
    assert any("under Another" in str(p) for p in build(None, None, [CREDIT, other]).warnings)


def test_a_check_before_the_period_ended_or_yet_to_come_is_none(build: Build) -> None:
    early = [STEPS[0] | {"day": "2025-06-30"}, *STEPS[1:]]
    text = told(build, early, None, [CREDIT], claim="carbon neutral")
    assert "on record of 2025-06-30, before the period ended" in text
    text = told(build, [STEPS[0] | {"day": "2099-01-10"}, *STEPS[1:]], None, [CREDIT])
    assert "2099-01-10, a day to come" in text
    assert "sheet Steps, cell B2" in text


def test_removals_beyond_the_footprint_are_asked_about(build: Build) -> None:
    notes = build(None, [HEDGE | {"tonnes": 35_000}], [CREDIT]).section("neutrality").notes
    assert any("are they kilograms?" in note for note in notes)


def test_other_claims_are_refused(build: Build) -> None:
    assert "no claim of net zero" in told(build, claim="net zero")


@given(st.integers(1, 10**6), st.integers(0, 5000), st.integers(1, 10**6), st.integers(0, 5000))
def test_blocks_meet_exactly_where_their_numbers_do(a: int, more: int, b: int, further: int) -> None:
    one, two = block("R", f"P{a}-24", f"P{a + more}-24"), block("r ", f"p{b}-24", f"p{b + further}-24")
    if more and further:
        assert meets(one, two) == bool(range(max(a, b), min(a + more, b + further) + 1))
    assert one.size == more + 1


@pytest.mark.office
def test_it_recalculates_to_its_own_values(build: Build, tmp_path: Path) -> None:
    if recalc.office() is None:
        absent("LibreOffice is not installed")
    publish(build(None, [HEDGE], [CREDIT]), tmp_path / "out.xlsx")
    count, wrong = recalc.compare(tmp_path / "out.xlsx", tmp_path)
    assert not wrong
    assert count > 100
