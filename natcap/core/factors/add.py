"""Add an edition: read the official workbook, say what it changes, write it as a folder of the library.

Nothing that is already held is overwritten. The same content again is "already held"; a workbook that agrees with a
transcription confirms it (hash and "read" are noted); a correction becomes a folder of its own beside the first.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from natcap.core.factors import doubts
from natcap.core.factors.concordance import load_concordance
from natcap.core.factors.diff import compare
from natcap.core.factors.editions import FAMILY, Edition, parse_factors
from natcap.core.factors.flat import FlatEdition, read_flat
from natcap.core.factors.library import Library, forget, library
from natcap.core.factors.widen import Wide
from natcap.core.factors.write import factors_csv, write_edition
from natcap.core.problems import InputProblems, Problem, Problems
from natcap.core.resources import root
from natcap.core.sources import Source
from natcap.core.units import UnitError, unit

__all__ = ["AddResult", "FlatEdition", "add", "agrees", "namer", "read_flat"]

_LICENCE = "OGL-UK-3.0"


@dataclass(frozen=True)
class AddResult:
    """What `add` found and did.

    `action`: "added", "already held", "confirmed" (a transcription agrees with the workbook) or "correction".
    `differences` is against the newest edition of an earlier year (`before`), `same_year` against what was held for
    the year itself; both as from diff.compare. `written` is empty after a dry run.
    """

    edition: FlatEdition
    action: str
    folder: Path
    before: Edition | None
    differences: pd.DataFrame
    held: Edition | None
    same_year: pd.DataFrame
    written: tuple[Path, ...]

    def counts(self) -> dict[str, int]:
        """Number of differences by cause."""
        found = self.differences["cause"].value_counts() if len(self.differences) else pd.Series(dtype=int)
        return {str(cause): int(number) for cause, number in found.items()}


def namer(lib: Library) -> Callable[[tuple[str, ...], str, int], str]:
    """The rule that names series: the concordance, else the publisher's id as last seen, else the labels themselves."""
    concordance = load_concordance(lib.folders[0] / FAMILY / "concordance.csv")
    by_id: dict[int, dict[str, str]] = {}
    spelled = _Spelled(lib)

    def name(labels: tuple[str, ...], stem: str, year: int) -> str:
        found, evidence = concordance.series(labels, year)
        if evidence == "same label" and found not in spelled.series:
            others = (concordance.series((*labels[:-1], uom), year) for uom in spelled.others(labels[-1]))
            found, evidence = next((o for o in others if o[0] in spelled.series), (found, evidence))
        if not stem or evidence != "same label":
            return found
        if year not in by_id:
            by_id[year] = _ids_before(lib, year)
        return by_id[year].get(stem, found)

    return name


class _Spelled:
    """What the library holds already: its series, and the ways in which its editions spell each unit."""

    def __init__(self, lib: Library) -> None:
        self.lib = lib

    @cached_property
    def _frames(self) -> list[pd.DataFrame]:
        return [self.lib.frame(edition) for edition in self.lib.editions(FAMILY) if not edition.partial]

    @cached_property
    def series(self) -> frozenset[str]:
        return frozenset(name for frame in self._frames for name in frame["series"].unique() if name)

    @cached_property
    def _units(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        pairs = [frame[["unit", "uom"]].drop_duplicates() for frame in reversed(self._frames)]
        for one, uom in pd.concat(pairs).drop_duplicates().itertuples(index=False) if pairs else ():
            found.setdefault(str(one), []).append(str(uom))
        return found

    def others(self, uom: str) -> list[str]:
        """Other spellings of the same unit, those of the newest edition first; none for a unit that is not known."""
        try:
            return self._units.get(unit(uom).id, [])
        except UnitError:
            return []


def _whole_before(lib: Library, year: int) -> Edition | None:
    earlier = [e for e in lib.editions(FAMILY) if e.year < year and not e.partial]
    return earlier[-1] if earlier else None


def _ids_before(lib: Library, year: int) -> dict[str, str]:
    before = _whole_before(lib, year)
    if before is None:
        return {}
    table = lib.frame(before)
    known = table[(table["source_id"] != "") & (table["series"] != "")]
    return dict(zip(known["source_id"], known["series"], strict=True))


def add(path: Path, dry_run: bool = False, into: Path | None = None, lib: Library | None = None) -> AddResult:
    """Read an official flat workbook and add it to the library.

    Written to `into`/uk_gov when given, else to the program's own factors folder (a checkout, or NATCAP_FACTORS). An
    installed copy is never written into: the refusal names `into` and NATCAP_EXTRA_FACTORS. Raises InputProblems.
    """
    lib = lib or library()
    flat = read_flat(path, namer(lib))
    text = factors_csv(flat.wide).encode()
    held = next((e for e in reversed(lib.editions(FAMILY)) if e.year == flat.year), None)
    before = _whole_before(lib, flat.year)
    table = parse_factors(text)
    action, name, keep = _decide(lib, flat, table)
    flat = _doubted(lib, flat, before, table, held if held and not held.partial else before)
    base = (into or _own_folder(path.name, dry_run)) / FAMILY
    written: tuple[Path, ...] = ()
    if not dry_run and action != "already held":
        facts = _facts(flat, before, held if action == "confirmed" else None)
        wide = None if keep and (base / name / "factors.csv").is_file() else flat.wide
        written = tuple(write_edition(base / name, wide, facts, _source(flat, name)))
        forget()
    return AddResult(
        flat, action, base / name, before, compare(lib.frame(before), table) if before else pd.DataFrame(),
        held, compare(lib.frame(held), table) if held else pd.DataFrame(), written,
    )  # fmt: skip


def _doubted(
    lib: Library, flat: FlatEdition, before: Edition | None, table: pd.DataFrame, known: Edition | None
) -> FlatEdition:
    """The edition with the warnings of a look at the library beside it. Raises InputProblems where it may be wrong."""
    problems, sheet = Problems(), (flat.file, flat.sheet)
    newest = max((e.year for e in lib.editions(FAMILY) if not e.partial), default=0)
    doubts.ends(flat.year, newest, flat.ended, sheet, problems)
    if before:
        doubts.against(lib.frame(before), table, flat.ended, sheet, problems)
    if known:
        doubts.gaps(lib.frame(known), table, sheet, problems)
    problems.raise_if_any()
    return replace(flat, warnings=(*flat.warnings, *problems.warnings))


def _decide(lib: Library, flat: FlatEdition, table: pd.DataFrame) -> tuple[str, str, bool]:
    """(action, folder name, whether the table there stays as it is), given what is held for the year.

    A transcription is confirmed when labels and numbers agree; bounds ("< 1") that it had lost are then written.
    """
    whole = [e for e in lib.editions(FAMILY) if e.year == flat.year and not e.partial]
    if not whole:
        return "added", str(flat.year), False
    for edition in reversed(whole):
        held = parse_factors(edition.folder / "factors.csv")
        if agrees(held, table) or (edition.source.sha256 and agrees(_content(held), _content(table))):
            return ("already held" if edition.source.sha256 else "confirmed"), edition.folder.name, True
        lossy = ["state", "printed"]
        if not edition.source.sha256 and agrees(held.drop(columns=lossy), table.drop(columns=lossy)):
            return "confirmed", edition.folder.name, False
    name = f"{flat.year}-v{flat.version}"
    taken = {e.folder.name for e in whole}
    return "correction", f"{name}-{flat.sha256[:8]}" if name in taken else name, False


def _content(table: pd.DataFrame) -> pd.DataFrame:
    """A table without its place in a workbook: a copy with rows moved, or without ids, says nothing new."""
    bare = table.drop(columns=["rows", "source_id"])
    return bare.sort_values([c for c in bare.columns if c not in bare.select_dtypes("number").columns], kind="stable")


def agrees(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Whether two tables of factors are the same: every text exactly, every number to 14 digits.

    Programs that save a workbook anew keep 15 to 17 digits, so the last of them cannot tell two editions apart.
    """
    if len(one) != len(other) or list(one.columns) != list(other.columns):
        return False
    numbers = list(one.select_dtypes("number").columns)
    texts = [name for name in one.columns if name not in numbers]
    near = np.isclose(one[numbers], other[numbers], rtol=1e-14, atol=0, equal_nan=True)
    return bool(near.all()) and bool((one[texts].to_numpy() == other[texts].to_numpy()).all())


def _own_folder(shown: str, dry_run: bool) -> Path:
    folder = root("factors")
    installed = "_bundled" in folder.parts and "NATCAP_FACTORS" not in os.environ
    if not dry_run and (installed or not os.access(folder, os.W_OK)):
        remedy = "Give a folder of your own (--into DIR) and set NATCAP_EXTRA_FACTORS to it, so that it is read"
        raise InputProblems([Problem(shown, "an installed copy of the program", "a folder to write into", remedy)])
    return folder


def _facts(flat: FlatEdition, before: Edition | None, confirmed: Edition | None) -> dict[str, Any]:
    return {
        "year": flat.year,
        "status": flat.status or "unstated",
        "partial": False,
        "verified": "read",
        "rows": flat.rows,
        "sheet": flat.sheet,
        "file": flat.file,
        "updated": flat.updated,
        "valid_until": flat.valid_until,
        "gwp": confirmed.facts["gwp"] if confirmed else _gwp(flat.wide, before),
    }


def _gwp(wide: list[Wide], before: Edition | None) -> dict[str, Any]:
    """GWP set by the edition's own figure for methane; exceptions as in the edition before when the set is the same."""
    from natcap.core.gwp import gwp

    printed = {w.values.get(0) for w in wide if w.labels[1].startswith("Refrigerant") and w.labels[3] == "Methane"}
    sets = [name for name in ("AR4", "AR5") if gwp("CH4", name).value in printed]
    if not sets:
        earlier: dict[str, Any] = dict(before.facts["gwp"]) if before else {"default": "unstated"}
        return earlier | {"note": "the edition prints no GWP of methane that tells its set; as in the edition before"}
    if before and before.gwp_set == sets[0]:
        carried: dict[str, Any] = dict(before.facts["gwp"])
        return carried | {"note": "set read from the printed GWP of methane; exceptions as in the edition before"}
    return {"default": sets[0], "note": "set read from the printed GWP of methane"}


def _source(flat: FlatEdition, name: str) -> Source:
    return Source(
        id=f"{FAMILY}_{name}",
        title=f"UK Government GHG conversion factors for company reporting {flat.year}, flat file",
        publisher=flat.publisher,
        published=flat.updated or str(flat.year),
        version=flat.version,
        licence=_LICENCE,
        sha256=flat.sha256,
        note=f"read from {flat.file}",
    )
