"""The texts of a form as the cells of a file: read as those of a sheet are, refused with words beside their field."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from natcap.carbon.business.models import activity_model
from natcap.carbon.business.typed import unsafe
from natcap.core.problems import Problem, Problems
from natcap.core.project import FILE
from natcap.core.workbook import Field
from natcap.core.workbook.convert import convert_cells

__all__ = ["Finding", "cells_of", "sentence"]

_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about one field ("" for the bill as a whole): what is wrong, and what to do about it."""

    field: str
    text: str
    warning: bool = False


def sentence(problem: Problem) -> str:
    """A problem as it stands beside its field: the place is plain."""
    where = f"{FILE}, {problem.cell}: " if problem.file == FILE else ""
    text = f"{where}{problem.found}: expected {problem.expected}"
    return f"{text}. {problem.remedy}" if problem.remedy else f"{text}."


def cells_of(given: Mapping[str, str]) -> tuple[dict[str, str], list[Finding]]:
    """The texts of a form as the cells of the file: numbers, days, units and choices read as those of a sheet are."""
    texts: dict[str, str] = {}
    findings: list[Finding] = []
    for item in activity_model(False).fields:
        told = Problems()
        texts[item.name] = _cell(item, _plain(str(given.get(item.name, ""))), told)
        findings += [Finding(item.name, sentence(problem)) for problem in told]
    return texts, findings


def _cell(item: Field, text: str, told: Problems) -> str:
    """One text as the cell that is written; "" with its problem where it cannot be."""

    def tell(position: int, found: object, expected: str, remedy: str = "") -> None:
        told.add("", found, expected, remedy)

    if len(text) > _LONGEST:
        told.add("", f"a text of {len(text):,} characters", f"at most {_LONGEST} characters", "Shorten it.")
    elif unsafe(text) and item.kind == "text":
        told.add("", text, "a text that begins with a letter or a digit", "A spreadsheet would take it for a formula.")
    elif text:
        return _canonical(convert_cells(item, [text], tell).iloc[0])
    return ""


def _plain(text: str) -> str:
    """A text in one line, without what cannot be seen."""
    clean = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    return "".join(c for c in clean if unicodedata.category(c) not in ("Cf", "Cs", "Cn", "Co")).strip()


def _canonical(value: Any) -> str:
    """A value as its cell: a whole number without a dot, a day as ISO, a missing value as nothing."""
    if isinstance(value, datetime):
        return "" if pd.isna(value) else value.date().isoformat()
    if not isinstance(value, float):
        return str(value)
    number = float(value)
    if math.isnan(number):
        return ""
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
