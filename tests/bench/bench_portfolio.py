"""5,000 businesses of 50 rows each as one table, beside a bare pandas categorical merge of the same rows.

Run: python tests/bench/bench_portfolio.py [BUSINESSES] [ROWS] [PROJECTS]. Prints seconds (best of several,
interleaved), the ratio, and, once each, what reading the table as CSV and making the whole report take. Then as many
PROJECTS of ROWS rows as a folder (0: none), beside the same projects read and calculated, and built, one by one (in
processor time); and how much memory the folder takes at its peak, beside half of the projects.
"""

from __future__ import annotations

import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from natcap.carbon.business import trunk as single
from natcap.carbon.business.inputs import read as single_read
from natcap.carbon.business.lines import calculate as lines_of
from natcap.carbon.business.models import Choices, activity_model
from natcap.carbon.business.portfolio.batch import calculate, table_of
from natcap.carbon.business.portfolio.inputs import read
from natcap.carbon.business.portfolio.model import MODEL, REGISTER, SIZES
from natcap.carbon.business.portfolio.trunk import report
from natcap.carbon.business.reading import Rows
from natcap.carbon.business.result import calculate as single_calculate
from natcap.carbon.inventory import factor_years
from natcap.core.project import Period, Project, read_project
from tests.bench.bench_lines import bare_merge, best, rows_of

YEAR = 2025
_USED = (
    ("Electricity from the grid", "kWh", ""), ("Natural gas", "kWh", "gross"), ("Water supply", "m3", ""),
    ("General waste to landfill", "tonne", ""), ("Diesel (forecourt blend)", "litre", ""),
)  # fmt: skip
_SECTORS = ("62", "56", "49.3-5", "45", "86")


def batch_rows(businesses: int, each: int) -> tuple[Rows, pd.DataFrame]:
    """The rows of bench_lines under as many businesses, and the businesses."""
    made = rows_of(businesses * each)
    names = [f"B{n:05d}" for n in range(businesses)]
    codes = np.repeat(np.arange(businesses), each).astype("int16")
    site = pd.Categorical.from_codes(codes, categories=pd.Index(names, dtype="str"))
    number = np.arange(businesses)
    about = pd.DataFrame({
        "business": names, "name": names, "sector": np.array(_SECTORS)[number % 5],
        "size": np.array(SIZES)[number // 5 % 4], "employees": 5.0 + number % 90, "turnover": 1e5 * (1.0 + number % 90),
    })  # fmt: skip
    return Rows(made.frame.assign(site=site), made.uses, made.period, made.file), about


def write_csv(path: Path, businesses: int, each: int) -> None:
    """A table as somebody would send it, everyday activities only."""
    count, draw = businesses * each, np.random.default_rng(7)
    of, used = np.repeat(np.arange(businesses), each), draw.integers(0, len(_USED), businesses * each)
    labels = {f.name: f.label for f in MODEL.fields}
    columns = {
        "business": [f"B{n:05d}" for n in of], "name": [f"Business {n}" for n in of],
        "sector": np.array(_SECTORS)[of % 5], "size": np.array(SIZES)[of // 5 % 4], "employees": 5 + of % 90,
        "turnover": 100_000 * (1 + of % 90), "activity": np.array([u[0] for u in _USED])[used],
        "quantity": draw.uniform(100, 1000, count).round(2), "unit": np.array([u[1] for u in _USED])[used],
        "start": f"{YEAR}-01-01", "end": f"{YEAR}-12-31", "basis": np.array([u[2] for u in _USED])[used],
    }  # fmt: skip
    pd.DataFrame({labels[name]: values for name, values in columns.items()}).to_csv(path, index=False)


def whole(businesses: int, each: int) -> tuple[float, float]:
    """(seconds to read and check the CSV, seconds from there to the report)."""
    with tempfile.TemporaryDirectory() as folder:
        write_csv(Path(folder) / "portfolio.csv", businesses, each)
        text = f'kind = "portfolio"\nname = "Bench"\nperiod = "{YEAR}"\n[inputs]\ntable = "portfolio.csv"\n'
        (Path(folder) / "natcap.toml").write_text(text, encoding="utf-8")
        begun = time.perf_counter()
        inputs = read(read_project(Path(folder)))
        reading = time.perf_counter() - begun
        report(calculate(inputs))
        return reading, time.perf_counter() - begun - reading


def folder(root: Path, projects: int, each: int) -> Project:
    """A portfolio of as many projects with a CSV file each."""
    about = {f.name: f.label for f in REGISTER.fields}
    labels = [f.label for f in activity_model().fields]
    write_csv(root / "all.csv", projects, each)
    rows = pd.read_csv(root / "all.csv", dtype="str", keep_default_na=False)
    for name, part in rows.groupby(about["business"]):
        made = root / "clients" / str(name)
        made.mkdir(parents=True)
        part[[c for c in labels if c in part]].to_csv(made / "activity.csv", index=False)
        text = f'kind = "business"\nname = "{name}"\nperiod = "{YEAR}"\n[inputs]\nactivity = "activity.csv"\n'
        (made / "natcap.toml").write_text(text, encoding="utf-8")
    first = rows.drop_duplicates(about["business"])
    first[[c for c in about.values() if c in first]].to_csv(root / "register.csv", index=False)
    text = f'kind = "portfolio"\nname = "Bench"\nperiod = "{YEAR}"\n[inputs]\nprojects = "clients"\n'
    (root / "natcap.toml").write_text(text + 'register = "register.csv"\n', encoding="utf-8")
    return read_project(root)


def of_folder(projects: int, each: int, times: int = 3) -> dict[str, float]:
    """Processor time of a folder as a portfolio to its report, of its projects calculated, of each one built."""
    with tempfile.TemporaryDirectory() as name:
        hub = folder(Path(name), projects, each)
        alone = [read_project(path) for path in sorted((hub.root / "clients").iterdir())]
        ways: dict[str, Callable[[], object]] = {
            "portfolio": lambda: report(calculate(read(hub))),
            "calculated": lambda: [single_calculate(single_read(project)) and None for project in alone],
            "built": lambda: [single.build(project) and None for project in alone],
        }
        found = dict.fromkeys(ways, float("inf"))
        for _ in range(times):
            for way, job in ways.items():
                begun = time.process_time()
                job()
                found[way] = min(found[way], time.process_time() - begun)
        return found


def peak(projects: int, each: int) -> float:
    """MiB that a portfolio of a folder holds at its peak, as Python counts them."""
    with tempfile.TemporaryDirectory() as name:
        hub = folder(Path(name), projects, each)
        tracemalloc.start()
        calculate(read(hub))
        found = tracemalloc.get_traced_memory()[1] / 2**20
        tracemalloc.stop()
        return found


def main(businesses: int = 5_000, each: int = 50, projects: int = 200, times: int = 5) -> dict[str, float]:
    """Print the figures; return them by name."""
    rows, about = batch_rows(businesses, each)
    years = factor_years(Period.parse(str(YEAR)))

    def batch() -> pd.DataFrame:
        lines, _, _ = lines_of(rows, (), years, Choices())
        return table_of(lines, about)[0]

    table = batch()
    found = best({"bare merge": bare_merge(rows), "batch": batch}, times)
    ratio = found["batch"] / found["bare merge"]
    print(f"{businesses:,} businesses x {each} rows -> one table of {len(table):,} x {len(table.columns)}")
    print(f"bare categorical merge {found['bare merge']:.3f} s, batch {found['batch']:.3f} s: ratio {ratio:.2f}")
    reading, rest = whole(businesses, each)
    print(f"from a CSV: read and check {reading:.2f} s, calculate and report {rest:.2f} s")
    found |= {"ratio": ratio, "reading": reading, "report": rest}
    if projects:
        folders = of_folder(projects, each)
        held = peak(projects // 2, each), peak(projects, each)
        each_ms = folders["portfolio"] / projects * 1000
        print(f"{projects:,} projects x {each} rows as a folder: {folders['portfolio']:.2f} s, {each_ms:.1f} ms each;")
        for way in ("calculated", "built"):
            print(f"  one by one {way} {folders[way]:.2f} s: ratio {folders['portfolio'] / folders[way]:.2f}")
        print(f"  peak memory {held[0]:.1f} MiB of {projects // 2:,} projects, {held[1]:.1f} MiB of {projects:,}")
        found |= folders
    return found


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:4]))
