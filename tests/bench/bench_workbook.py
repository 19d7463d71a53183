"""A workbook of 100,000 bills read, checked and calculated, beside the bare calamine read of the same file.

Run: python tests/bench/bench_workbook.py [ROWS]. Prints seconds of processor time (best of several) and the ratio.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import xlsxwriter
from python_calamine import CalamineWorkbook

from natcap.carbon.business.inputs import read
from natcap.carbon.business.result import calculate
from natcap.core.project import read_project

HEADERS = (
    "Site", "Activity", "Quantity", "Unit", "Period start", "Period end", "Calorific basis", "Evidence", "Meter",
)  # fmt: skip
_KINDS = (
    ("Electricity", "kWh", ""), ("Natural gas", "kWh", "gross"), ("Diesel", "litre", ""), ("Water supply", "m3", ""),
    ("R410A", "kg", ""),
)  # fmt: skip


def write(folder: Path, rows: int, seed: int = 20250101) -> Path:
    """A project of made-up bills: 40 sites, 5 activities, 12 months."""
    draw = np.random.default_rng(seed)
    book = xlsxwriter.Workbook(folder / "activity.xlsx", {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("Activity")
    sheet.write_row(0, 0, HEADERS)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    kinds, sites, months = draw.integers(0, 5, rows), draw.integers(0, 40, rows), draw.integers(0, 12, rows)
    amounts = draw.uniform(50, 5000, rows).round(2)
    for n in range(rows):
        name, unit, basis = _KINDS[kinds[n]]
        start = np.datetime64("2025-01") + months[n]
        first, last = start.astype("datetime64[D]"), (start + 1).astype("datetime64[D]") - 1
        sheet.write_row(n + 1, 0, (f"Site {sites[n]}", name, amounts[n], unit))
        sheet.write_datetime(n + 1, 4, first.astype(object), day)
        sheet.write_datetime(n + 1, 5, last.astype(object), day)
        sheet.write_row(n + 1, 6, (basis, f"Bill {n}", f"Meter {n % 4000}"))
    book.close()
    (folder / "natcap.toml").write_text(
        'kind = "business"\nname = "Bench"\nperiod = "2025"\n[inputs]\nactivity = "activity.xlsx"\n', encoding="utf-8"
    )
    return folder


def jobs(folder: Path) -> dict[str, Callable[[], Any]]:
    """The bare read, and the whole way from file to lines."""
    project = read_project(folder)

    def bare() -> list[list[Any]]:
        book = CalamineWorkbook.from_path(folder / "activity.xlsx")
        return book.get_sheet_by_name("Activity").to_python(skip_empty_area=False)

    return {"bare read": bare, "read, check, calculate": lambda: calculate(read(project))}


def main(rows: int = 100_000, times: int = 3) -> float:
    """Print the figures; return the ratio."""
    with tempfile.TemporaryDirectory() as name:
        work = jobs(write(Path(name), rows))
        found = dict.fromkeys(work, float("inf"))
        for turn in range(times + 1):
            for key, job in work.items():
                begun = time.process_time()
                job()
                if turn:  # the first turn fills the caches of factors and words
                    found[key] = min(found[key], time.process_time() - begun)
    ratio = found["read, check, calculate"] / found["bare read"]
    print(
        f"{rows:,} rows: " + ", ".join(f"{key} {value:.2f} s" for key, value in found.items()) + f": ratio {ratio:.2f}"
    )
    return ratio


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
