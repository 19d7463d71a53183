"""Editions of the UK Government conversion factors as they lie in folders, and their tables."""

from __future__ import annotations

import csv
import os
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from natcap.core.factors.layout import COLUMNS, GASES
from natcap.core.resources import root
from natcap.core.sources import Source
from natcap.core.units import UnitError, unit

__all__ = ["FAMILY", "Edition", "editions_in", "factor_folders", "gwp_sets", "parse_factors", "read_table"]

FAMILY = "uk_gov"
_NUMBERS = (*GASES, "kwh")


@dataclass(frozen=True)
class Edition:
    """One edition: which year it is for, how complete it is, where it lies and where it came from."""

    family: str
    year: int
    version: str
    status: str
    partial: bool
    source: Source
    folder: Path
    rows: int
    sheet: str
    verified: str
    gwp_set: str
    facts: dict[str, Any] = field(compare=False, repr=False)

    @property
    def key(self) -> str:
        """Family and folder, the beginning of every factor id of the edition."""
        return f"{self.family}/{self.folder.name}"

    @property
    def id(self) -> str:
        """Name for people and for the record of a run, such as "uk_gov 2025 v1"."""
        version = f" v{self.version}" if self.version[:1].isdigit() else ""
        return f"{self.family} {self.year}{version}" + (" partial" if self.partial else "")

    @cached_property
    def order(self) -> tuple[int, bool, tuple[int, ...], bool]:
        """Sorts by year, then partial before whole, older version, transcription before the file itself."""
        digits = tuple(int(p) for p in self.version.split(".") if p.isdigit())
        return (self.year, not self.partial, digits, self.verified == "read")


def factor_folders() -> list[Path]:
    """`factors/` of the program, then the folders named in NATCAP_EXTRA_FACTORS (separated as in PATH)."""
    extra = os.environ.get("NATCAP_EXTRA_FACTORS", "")
    return [root("factors"), *(Path(p) for p in extra.split(os.pathsep) if p)]


def _source(file: Path) -> Source:
    with file.open(newline="", encoding="utf-8") as handle:
        row = next(csv.DictReader(handle))
    return Source(**{("id" if name == "source" else name): value for name, value in row.items()})


def _edition(file: Path, family: str) -> Edition:
    facts = tomllib.loads(file.read_text(encoding="utf-8"))
    source = _source(file.with_name("sources.csv"))
    return Edition(
        family, facts["year"], source.version, facts["status"], facts["partial"], source, file.parent,
        facts["rows"], facts["sheet"], facts["verified"], facts["gwp"]["default"], facts,
    )  # fmt: skip


def editions_in(folders: list[Path], family: str = FAMILY) -> list[Edition]:
    """Every edition of `family` in the given factor folders, oldest first."""
    files = [file for folder in folders for file in sorted((folder / family).glob("*/edition.toml"))]
    return sorted((_edition(file, family) for file in files), key=lambda e: e.order)


def gwp_sets(edition: Edition, table: pd.DataFrame) -> pd.Series:
    """GWP set of each row: the default of the edition, with its listed exceptions by `level1` (and `level2`)."""
    found = pd.Series(edition.gwp_set, index=table.index, dtype="object")
    for exception in edition.facts["gwp"].get("exception", []):
        mask = table["level1"] == exception["level1"]
        if "level2" in exception:
            mask &= table["level2"] == exception["level2"]
        found[mask] = exception["set"]
    return found


def _locators(edition: Edition, table: pd.DataFrame) -> pd.Series:
    if edition.partial:
        return "id " + table["source_id"] + " of the workbook, by transcription"
    return (
        f"sheet {edition.sheet}, row " + table["rows"].str.replace(r"^(?:\. )*", "", regex=True).str.partition(" ")[0]
    )


def _unit_id(uom: str) -> str:
    """Canonical unit of a printed one; empty when it is not known, and then its factors are refused."""
    try:
        return unit(uom).id
    except UnitError:
        return ""


def parse_factors(source: Path | bytes) -> pd.DataFrame:
    """The columns of a factors.csv (layout.COLUMNS): text columns without missing values, numbers NaN where empty."""
    import pyarrow as pa
    from pyarrow import csv as pa_csv

    types = {name: pa.float64() if name in _NUMBERS else pa.string() for name in COLUMNS}
    options = pa_csv.ConvertOptions(column_types=types, strings_can_be_null=False, null_values=[""])
    opened = pa.BufferReader(source) if isinstance(source, bytes) else source
    table: pd.DataFrame = pa_csv.read_csv(opened, convert_options=options).to_pandas()
    return table


def read_table(edition: Edition) -> pd.DataFrame:
    """The wide table of an edition, one row per factor in the order of the workbook.

    Columns: factor_id, those of layout.COLUMNS, unit (canonical id; empty when unknown), gwp_set, locator.
    Missing numbers are NaN; `state` says whether the source left a blank, gave a bound, or has no such row.
    """
    table = parse_factors(edition.folder / "factors.csv")
    series = table["series"].where(table["series"] != "", "row-" + table["rows"])
    table.insert(0, "factor_id", edition.key + "/" + series)
    table["unit"] = table["uom"].map({uom: _unit_id(uom) for uom in table["uom"].unique()})
    table["gwp_set"] = gwp_sets(edition, table)
    table["locator"] = _locators(edition, table)
    return table
