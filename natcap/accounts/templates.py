"""Workbooks to fill in beside the maps: one for each part of an account, made from the models that read them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from natcap.core.resources import root
from natcap.core.workbook.model import TableModel

__all__ = ["BOOKS", "EXAMPLE_BANNER", "Book", "write_books", "write_example_books"]

EXAMPLE_BANNER = "SYNTHETIC: made up for an example; nothing in it was measured."


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook of the input `input`: its file, its title, and the module with MODELS (or MODEL) and GUIDANCE."""

    input: str
    file: str
    title: str
    module: str

    def models(self) -> tuple[TableModel, ...]:
        module = import_module(self.module)
        found: tuple[TableModel, ...] = getattr(module, "MODELS", None) or (module.MODEL,)
        return found

    def guidance(self) -> tuple[str, ...]:
        found: str | Sequence[str] = import_module(self.module).GUIDANCE
        return (found,) if isinstance(found, str) else tuple(found)


BOOKS: tuple[Book, ...] = (
    Book("condition", "condition.xlsx", "Condition of ecosystem assets", "natcap.accounts.condition_account.model"),
    Book("accuracy", "accuracy.xlsx", "Reference points of the maps", "natcap.accounts.accuracy_account.model"),
)


def write_books(folder: Path) -> list[Path]:
    """Every workbook, empty, with guidance and one filled row to look at."""
    from natcap.core.workbook import write_template

    return [write_template(b.models(), folder / b.file, b.title, b.guidance(), True) for b in BOOKS]


def write_example_books(folder: Path, data: str) -> dict[str, Path]:
    """The SYNTHETIC workbooks of an example by input: those whose tables lie in the folder `data` of the data."""
    from natcap.core.workbook import write_template

    written: dict[str, Path] = {}
    for book in BOOKS:
        tables = {model.id: _rows(root("data") / data / f"{model.id}.csv") for model in book.models()}
        if any(tables.values()):
            path, title = folder / f"SYNTHETIC_{book.file}", f"SYNTHETIC: {book.title}"
            guidance = (EXAMPLE_BANNER, *book.guidance())
            written[book.input] = write_template(book.models(), path, title, guidance, False, tables)
    return written


def _rows(file: Path) -> list[dict[str, object]]:
    if not file.is_file():
        return []
    with file.open(newline="", encoding="utf-8") as handle:
        return [{key: value for key, value in row.items() if value != ""} for row in csv.DictReader(handle)]
