"""Emissions of the organisation from the document (JSON) that `natcap build` wrote for its inventory."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from natcap.accounts.organisation_account.given import Emissions
from natcap.accounts.wings import Reader
from natcap.core.project import Period
from natcap.core.report import InputRef

__all__ = ["read_emissions"]

_TOTALS: Mapping[str, str] = {"business": "business.total", "farm": "farm.total"}
"""The figure with all emissions of a year, by kind of report."""
_UNIT = "t CO2e"
_MOST = 200_000_000
"""Bytes: a document of a million lines is smaller."""


def read_emissions(reader: Reader, year: int) -> Emissions | None:
    """The tonnes of the reporting year; None where no document is named, or it does not serve (in the problems)."""
    if "emissions" not in reader.project.inputs:
        return None
    path = reader.file("emissions", "Name the JSON that natcap build wrote for the business or the farm")
    if path is None:
        return None
    shown, problems = reader.project.shown(path), reader.problems
    document = _document(path)
    kind = document.get("kind")
    key = _TOTALS.get(kind, "") if isinstance(kind, str) else ""
    if not key:
        found = f"a document of kind {kind!r}" if document else "a file that is not a document of natcap"
        problems.add(shown, found, "the JSON that natcap build writes for a business or a farm",
                     "Build that project and name the .json among its results")  # fmt: skip
        return None
    figures = document.get("figures")
    figure = figures.get(key) if isinstance(figures, dict) else None
    value = figure.get("value") if isinstance(figure, dict) else None
    number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    if not isinstance(figure, dict) or not number or figure.get("unit") != _UNIT:
        problems.add(shown, "no such figure with a value" if not figure else "the figure without a value in t CO2e",
                     f"{key} in {_UNIT}", "Build the inventory again", cell=f"figures.{key}")  # fmt: skip
        return None
    period = str(document.get("period", ""))
    if not _fits(period, year, reader.project.period):
        problems.add(shown, f"the period {period}", f"a year of account that is the reporting year {year}",
                     "Build the inventory for the year of this account", cell="period")  # fmt: skip
        return None
    tonnes = float(value)  # type: ignore[arg-type]
    if tonnes < 0:
        problems.add(shown, f"the total {tonnes:g} {_UNIT}", "emissions of 0 or more", cell=f"figures.{key}")
        return None
    where = InputRef(shown, "", f"figures.{key}", repr(value), _UNIT, str(figure.get("label", "")))
    return Emissions(tonnes, f"{document.get('subject', '')}: {figure.get('label', key)}", _status(document, figure),
                     where)  # fmt: skip


def _document(path: Path) -> Mapping[str, Any]:
    """The document, or nothing where the file is none."""
    try:
        if path.stat().st_size > _MOST:
            return {}
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _status(document: Mapping[str, Any], figure: Mapping[str, Any]) -> str:
    banners = document.get("banners")
    marks = [str(banner).upper() for banner in banners] if isinstance(banners, list) else []
    if any(mark.startswith(("SYNTHETIC", "EXAMPLE")) for mark in marks):
        return "synthetic"
    return str(figure.get("status", "calculated"))


def _fits(text: str, year: int, project: Period) -> bool:
    """Whether a period is the reporting year: the period of the project where that is one year, or that calendar year.

    A year of account may begin on any day, but it has to be a whole one.
    """
    try:
        period = Period.parse(text)
    except ValueError:
        return False
    return 364 <= period.days <= 366 and (period == project or str(period) == str(year))
