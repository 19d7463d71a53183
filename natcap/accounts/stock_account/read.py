"""Read what the thematic carbon account takes beyond land cover: movements, other gases, rules of the path, rasters of
InVEST."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from natcap.accounts.stock_account.gas_rows import DEFAULT_SET, judge_gases
from natcap.accounts.stock_account.model import MODELS
from natcap.accounts.wings import Reader
from natcap.core.gwp import gwp_sets
from natcap.core.project import FILE, shown_value
from natcap.core.workbook import RowTeller, read_tables, sound_sheets

__all__ = ["PATHS", "TIMINGS", "UNITS", "StockInput", "read"]

PATHS: tuple[str, ...] = ("years", "settled")
TIMINGS: tuple[str, ...] = ("opening", "middle")
UNITS: tuple[str, ...] = ("t/ha", "t/cell")
_ROLES: Mapping[str, str] = {"invest_opening": "opening", "invest_closing": "closing"}


@dataclass(frozen=True)
class StockInput:
    """Accepted inputs. `movements` and `gases` have the fields of their models, None where none were given.

    `gwp` is the set of potentials by which the gases become CO2e, `path` is years or settled ("" where not chosen),
    `timing` when in the span the land changed, `rasters` a file of InVEST by date, `unit` what a cell of it holds.
    """

    movements: pd.DataFrame | None = None
    shown: str = ""
    path: str = ""
    timing: str = "opening"
    rasters: Mapping[str, Path] | None = None
    unit: str = ""
    gases: pd.DataFrame | None = None
    gwp: str = DEFAULT_SET


def read(reader: Reader) -> StockInput | None:
    """What was given; None where something is wrong, which is then in the problems."""
    before = len(reader.problems.errors)
    path = _word(reader, "carbon_change", PATHS, "")
    timing = _word(reader, "carbon_timing", TIMINGS, "opening")
    rasters = _rasters(reader)
    unit = _word(reader, "invest_unit", UNITS, "")
    if rasters and not unit and len(reader.problems.errors) == before:
        reader.problems.add(
            FILE, "no invest_unit in [choices]", f"one of {', '.join(UNITS)}",
            "InVEST before 3.15 writes tonnes a cell, later editions tonnes a hectare", cell="choices.invest_unit",
        )  # fmt: skip
    potentials = _word(reader, "carbon_gwp", gwp_sets(), DEFAULT_SET)
    movements, gases, shown = _books(reader)
    if len(reader.problems.errors) > before:
        return None
    return StockInput(movements, shown, path, timing, rasters, unit, gases, potentials)


def _word(reader: Reader, key: str, allowed: tuple[str, ...], default: str) -> str:
    value = reader.project.choices.get(key, default)
    if value not in (*allowed, default):
        reader.problems.add(FILE, shown_value(value), f"{key}: one of {', '.join(allowed)}", cell=f"choices.{key}")
        return default
    return str(value)


def _rasters(reader: Reader) -> dict[str, Path]:
    found = {}
    for role, date in _ROLES.items():
        if role in reader.project.inputs:
            path = reader.file(role, "Name the stock raster that InVEST wrote")
            if path is not None:
                found[date] = path
    return found


def _books(reader: Reader) -> tuple[pd.DataFrame | None, pd.DataFrame | None, str]:
    """Movements and gases of the workbook, None where it holds none, and how the file is shown."""
    if "carbon_movements" not in reader.project.inputs:
        return None, None, ""
    path = reader.file("carbon_movements", "Name the workbook or CSV file with the carbon movements")
    if path is None:
        return None, None, ""
    shown, problems = reader.project.shown(path), reader.problems
    before = len(problems.errors)
    held = len(problems)
    found = read_tables(path, MODELS, problems, shown)
    teller = RowTeller(shown, problems, problems[held:])
    movements, gases = (sound_sheets(found[name], problems[held:]) for name in ("carbon_movements", "other_gases"))
    if movements.empty and gases.empty and len(problems.errors) == before:
        problems.add(shown, "no row", "at least one carbon movement or other gas",
                     "Fill it, or leave carbon_movements out")  # fmt: skip
    _judge(movements, teller)
    _twice(movements, teller)
    judge_gases(gases, teller)
    return _filled(movements), _filled(gases), shown


def _filled(frame: pd.DataFrame) -> pd.DataFrame | None:
    return None if frame.empty else frame.reset_index(drop=True)


def _judge(frame: pd.DataFrame, teller: RowTeller) -> None:
    for row in frame[frame["tonnes"] < 0].to_dict("records"):
        if row["kind"] not in ("reappraisal", ""):
            remedy = "The kind says which way carbon went: growth adds, harvest and disturbance take away"
            found = f"{row['tonnes']:g} t C of {row['kind']}"
            teller.tell(row, "tonnes", found, "tonnes of carbon, zero or more", remedy)


def _twice(frame: pd.DataFrame, teller: RowTeller) -> None:
    names = ["zone", "class", "pool", "kind", "source"]
    keys = frame[names].apply(lambda c: c.astype(str).str.casefold().str.strip())
    for row in frame[keys.duplicated()].to_dict("records"):
        found = f"{row['kind']} of {row['class']}, {row['pool']}, from the same source for the second time"
        if teller.intact(row, *names):
            teller.tell(row, "kind", found, "each movement once", "Add them up, or name two sources")
