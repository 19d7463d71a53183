"""Flat workbooks in the layouts of all years, made from the committed editions (METHODS_carbon A2)."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path
from typing import Any

import xlsxwriter

from natcap.core.factors import library
from natcap.core.factors.widen import long_rows

__all__ = ["LATE", "LAYOUTS", "official_rows", "write_book"]

GASES = ("", "CO2", "CH4", "N2O")
HEADERS = {
    "id": "ID", "scope": "Scope", "level1": "Level 1", "level2": "Level 2", "level3": "Level 3", "level4": "Level 4",
    "text": "Column Text", "simple": "UOM (simple)", "uom": "UOM", "ghg": "GHG", "per": "GHG/Unit",
    "lookup": "Lookup", "value": "GHG Conversion Factor",
}  # fmt: skip
EARLY = ("scope", "level1", "level2", "level3", "level4", "text", "uom", "ghg", "value")
MIDDLE = ("scope", "level1", "level2", "level3", "level4", "text", "simple", "uom", "ghg", "lookup", "value")
LATE = ("id", "scope", "level1", "level2", "level3", "level4", "text", "uom", "per", "value")
# columns, header row, column of END (None: no END row), what a gas row is called
LAYOUTS: dict[int, tuple[tuple[str, ...], int, int | None, str]] = {
    2016: (EARLY, 5, None, "kg {gas}"),
    2017: (EARLY, 5, 0, "kg {gas}"),
    2020: (MIDDLE, 5, 1, "kg {gas}"),
    2022: ((*EARLY[:7], "per", "value"), 5, 1, "kg CO2e of {gas}"),
    2024: (LATE, 6, 1, "kg CO2e of {gas} per unit"),
}


@lru_cache(maxsize=2)
def _official_rows(year: int, folder: Path) -> list[dict[str, Any]]:
    template = LAYOUTS[year][3]
    rows = []
    with (folder / "factors.csv").open(newline="", encoding="utf-8") as handle:
        for record in csv.DictReader(handle):
            for row, place, state, value in long_rows(record):
                ghg = "kg CO2e" if place == 0 else template.format(gas=GASES[place])
                ghg = ghg if record["kind"] == "emission" else record["printed"]
                cell = float(value) if state == "v" else value
                number = place + 1 if record["kind"] == "emission" else 5
                rows.append({**record, "row": row, "id": f"{record['source_id']}_{number}", "ghg": ghg, "value": cell})
    return sorted(rows, key=lambda r: r["row"])


def official_rows(year: int) -> list[dict[str, Any]]:
    """The official rows of a committed edition, in sheet order, as dictionaries of cells."""
    return [dict(row) for row in _official_rows(year, library().edition("uk_gov", year).folder)]


def write_book(path: Path, year: int, rows: list[dict[str, Any]], **change: Any) -> Path:
    """A workbook in the layout of `year`, with the odd spaces that real ones have."""
    columns, header, end, _ = change.get("layout") or LAYOUTS[year]
    book = xlsxwriter.Workbook(str(path), {"in_memory": True})
    front = book.add_worksheet("Front page")
    labels = 0 if year >= 2025 else 1
    said = {
        "Version:": 1.2, "Year:": float(change.get("front_year", year)), "Status:": "Final",
        "Updated:": "08/06/2016", "Expiry:": "31/06/2017", "Factor set:": "Flat file",
    }  # fmt: skip
    front.write(9, labels, "Produced by Ricardo for the Department for Something (DfS)")
    for at, (label, value) in enumerate(said.items(), 11):
        front.write(at, labels, f"{label} ")
        front.write(at, labels + 1, value)
    sheet = book.add_worksheet(change.get("sheet", "Factors by Category"))
    sheet.write(0, 0, "UK Government GHG Conversion Factors for Company Reporting")
    printed = {**HEADERS, "value": f"GHG Conversion Factor {year}"} | change.get("headers", {})
    for column, name in enumerate(columns):
        sheet.write(header - 1, column, printed[name])
    for row in rows:
        for column, name in enumerate(columns):
            cell = row["ghg"] if name == "per" else row.get(name, "HIDE" if name in ("simple", "lookup") else "")
            if name == "level3" and isinstance(cell, str) and row["row"] % 7 == 0:
                cell = f"{cell}  ".replace(" ", "  ", 1)
            if cell != "":
                sheet.write(row["row"] - 1, column, cell)
    if end is not None and rows:
        sheet.write(rows[-1]["row"] + 1, end, "END")
    for (at, column), value in change.get("cells", {}).items():
        sheet.write(at, column, value)
    book.close()
    return path
