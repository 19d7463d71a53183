"""Workbooks that a new project folder holds beside its main input: one for each part of a report that reads one."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from natcap.core.resources import root
from natcap.core.workbook.model import TableModel
from natcap.core.workbook.template import write_template

__all__ = ["EXAMPLE_BANNER", "Form", "read_rows", "write_example_forms", "write_forms"]

EXAMPLE_BANNER = "SYNTHETIC: made up for an example; nothing in it was measured."


@dataclass(frozen=True, slots=True)
class Form:
    """A workbook of the input `input`: its file, its title, and the module that says what is in it.

    The module holds MODELS (or MODEL) and GUIDANCE; where it holds several forms, `name` is the name of the model, and
    its guidance has the same name with _GUIDANCE behind it.
    """

    input: str
    file: str
    title: str
    module: str
    name: str = ""

    def models(self) -> tuple[TableModel, ...]:
        module = import_module(self.module)
        found: tuple[TableModel, ...] = () if self.name else getattr(module, "MODELS", ())
        return found or (getattr(module, self.name or "MODEL"),)

    def guidance(self) -> tuple[str, ...]:
        found: Sequence[str] = getattr(import_module(self.module), f"{self.name}_GUIDANCE".lstrip("_"))
        return tuple(found)


def write_forms(forms: Iterable[Form], folder: Path) -> list[Path]:
    """Every workbook, empty, with guidance and one filled row to look at."""
    return [write_template(b.models(), folder / b.file, b.title, b.guidance(), True) for b in forms]


def write_example_forms(forms: Iterable[Form], folder: Path, data: str) -> dict[str, Path]:
    """The SYNTHETIC workbooks of an example by input: those whose tables lie in the folder `data` of the data."""
    written: dict[str, Path] = {}
    for form in forms:
        tables = {model.id: read_rows(root("data") / data / f"{model.id}.csv") for model in form.models()}
        if any(tables.values()):
            path, title = folder / f"SYNTHETIC_{form.file}", f"SYNTHETIC: {form.title}"
            guidance = (EXAMPLE_BANNER, *form.guidance())
            written[form.input] = write_template(form.models(), path, title, guidance, False, tables)
    return written


def read_rows(file: Path) -> list[dict[str, object]]:
    """The rows of a CSV of an example, blank cells left out; none where there is no such file."""
    if not file.is_file():
        return []
    with file.open(newline="", encoding="utf-8") as handle:
        return [{key: value for key, value in row.items() if value != ""} for row in csv.DictReader(handle)]
