"""Supply contracts against the quality criteria of scope 2: what contradicts itself is refused, what is odd is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from natcap.core.problems import InputProblems, Problem
from tests.carbon.books import report, value

BILL = {"activity": "Electricity", "quantity": 1000, "unit": "kWh"}
RENEWABLE, RATE = "renewable, certificates retired", "supplier rate"


def _told(folder: Path, kind: str, factor: float | None, evidence: str = "Contract 7") -> list[Problem]:
    contract = {"start": "2025-01-01", "end": "2025-12-31", "kind": kind, "factor": factor, "evidence": evidence}
    try:
        return list(report(folder, activity=[BILL], contracts=[contract]).warnings)
    except InputProblems as error:
        return list(error.problems)


@pytest.mark.parametrize(
    "kind, factor, evidence, severity, said",
    [
        (RENEWABLE, 0.182, "REGO 12", "problem", "certificates retired for this supply"),
        (RENEWABLE, 0.012, "REGO of a biomass plant", "warning", "methane and nitrous oxide"),
        (RATE, 0.182, "REGO backed tariff", "warning", "speaks of certificates"),
        (RATE, 0.0, "Supplier fuel mix", "warning", "certificates retired"),
        (RATE, 200, "Supplier fuel mix", "problem", "Is it grams? Then it is 0.2 kg CO2e per kWh."),
        (RATE, 182, "Supplier fuel mix", "problem", "Is it grams? Then it is 0.182 kg CO2e per kWh."),
        (RATE, 1.4, "Supplier fuel mix", "warning", "coal"),
        (RATE, 0.000182, "Supplier fuel mix", "warning", "Is it tonnes? Then it is 0.182 kg CO2e per kWh."),
        (RATE, -0.1, "Supplier fuel mix", "problem", "from 0"),
    ],
)
def test_what_does_not_fit_is_told_at_its_cell(
    tmp_path: Path, kind: str, factor: float, evidence: str, severity: str, said: str
) -> None:
    (found,) = [p for p in _told(tmp_path, kind, factor, evidence) if p.sheet == "Contracts"]
    assert (found.cell, found.severity) == ("E2", severity)
    assert said in f"{found.found} {found.expected} {found.remedy}"


@pytest.mark.parametrize(
    "kind, factor, evidence",
    [(RENEWABLE, None, "REGO 12"), (RENEWABLE, 0.0, "REGO 12"), (RATE, 0.182, "Fuel mix"), (RATE, 0.9, "Fuel mix")],
)
def test_what_fits_is_quiet(tmp_path: Path, kind: str, factor: float | None, evidence: str) -> None:
    assert not _told(tmp_path, kind, factor, evidence)


def test_a_told_rate_counts_as_it_stands(tmp_path: Path) -> None:
    contract = {"start": "2025-01-01", "end": "2025-12-31", "kind": RATE, "factor": 0.182, "evidence": "REGO tariff"}
    assert value(report(tmp_path, activity=[BILL], contracts=[contract]), "scope2.market") == pytest.approx(0.182)
