"""Rows of an organisation and a project around them, for its tests."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from natcap.accounts import trunk
from natcap.accounts.organisation_account.model import GUIDANCE, MODELS
from natcap.core.project import read_project
from natcap.core.report import Report
from natcap.core.workbook import write_template
from tests.accounts.maps import project

__all__ = ["PREVIOUS", "WOOD", "Rows", "build", "carbon", "duty", "flow", "inventory", "item", "move"]

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
WOOD: dict[str, Any] = {
    "asset": "Long Wood", "site": "Home", "habitat": "Woodland", "extent": 10.0, "unit": "ha", "previous_extent": 8.0,
    "condition": "Moderate", "right": "owned", "date": date(2023, 12, 31),
}  # fmt: skip
PREVIOUS: list[dict[str, Any]] = [
    {"part": part, "column": side, "amount": amount, "price_year": 2022, "year": 2022}
    for part, side, amount in (("assets", "private", 8000.0), ("assets", "external", 1000.0),
                               ("liabilities", "private", -2000.0), ("liabilities", "external", 0.0))
]  # fmt: skip


def flow(**more: Any) -> dict[str, Any]:
    """Ten cubic metres of timber at 30 pounds, for a hundred years."""
    return {
        "asset": "Long Wood", "service": "Timber", "flow": 10.0, "unit": "m3", "unit_value": 30.0, "price_year": 2023,
        "column": "private", "kind": "exchange", "life": 100,
    } | more  # fmt: skip


def carbon(**more: Any) -> dict[str, Any]:
    return flow(service="Carbon", unit="t CO2e", valued_by="carbon path", unit_value="", price_year="",
                column="external", **more)  # fmt: skip


def duty(**more: Any) -> dict[str, Any]:
    return {"asset": "Long Wood", "work": "Thinning", "duty": "legal", "cost": 100.0, "price_year": 2023,
            "column": "private", "life": 100} | more  # fmt: skip


def item(**more: Any) -> dict[str, Any]:
    return {"item": "Water", "entry": "water use", "amount": -40.0, "price_year": 2023, "column": "external",
            "kind": "exchange"} | more  # fmt: skip


def move(**more: Any) -> dict[str, Any]:
    return {"asset": "Long Wood", "move": "revaluation", "part": "assets", "column": "private", "amount": 500.0,
            "price_year": 2023} | more  # fmt: skip


def inventory(folder: Path, tonnes: object = 12.0, period: str = "2023", **more: Any) -> str:
    """A document as natcap writes it for a business, with no more than is read."""
    figure = {"label": "Total", "value": tonnes, "unit": "t CO2e", "status": "calculated"}
    made = {"kind": "business", "subject": "Estate Ltd", "period": period, "banners": [],
            "figures": {"business.total": figure}} | more  # fmt: skip
    (folder / "inventory.json").write_text(json.dumps(made), encoding="utf-8")
    return "inventory.json"


def build(folder: Path, rows: Rows, inputs: Mapping[str, str] | None = None, **choices: Any) -> Report:
    """The report of a project that is an organisation and nothing else."""
    write_template(MODELS, folder / "organisation.xlsx", "Organisation", GUIDANCE, True, dict(rows))
    settings = {name: value for name, value in ({"price_year": 2023} | choices).items() if value is not None}
    named = {"organisation": "organisation.xlsx"} | dict(inputs or {})
    return trunk.build(read_project(project(folder, named, settings)))
