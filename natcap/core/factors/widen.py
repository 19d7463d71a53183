"""From official rows (one per gas) to wide rows (one per factor), and back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from natcap.core.factors.layout import BLANK, BOUND, GASES, NO_ROW, VALUE
from natcap.core.problems import Problems

__all__ = ["FlatRow", "Wide", "gas_of", "long_rows", "widen"]

_GAS = re.compile(r"kg\s?co2e(?:\s+of\s+(co2|ch4|n2o))?(?:\s+per\s+unit)?", re.IGNORECASE)
_MASS = re.compile(r"kg\s?(co2|ch4|n2o)(?:\s+per\s+unit)?", re.IGNORECASE)
_BOUND = re.compile(r"<\s*(\d+(?:\.\d+)?)")
_PLACE = {"": 0, "co2": 1, "ch4": 2, "n2o": 3}


@dataclass(frozen=True, slots=True)
class FlatRow:
    """One official row: sheet row, labels in LABELS order, what is counted, and the value cell as it was read."""

    row: int
    source_id: str
    labels: tuple[str, ...]
    ghg: str
    value: float | str | None


@dataclass(slots=True)
class Wide:
    """One factor while its rows are gathered; slots are total, CO2, CH4, N2O (only the first for energy)."""

    labels: tuple[str, ...]
    source_id: str
    kind: str
    series: str = ""
    values: dict[int, float] = field(default_factory=dict)
    states: dict[int, str] = field(default_factory=dict)
    rows: dict[int, int] = field(default_factory=dict)
    printed: str = ""

    def record(self) -> dict[str, object]:
        """The row of factors.csv: numbers as float, missing as empty text."""
        places = range(len(GASES)) if self.kind == "emission" else range(1)
        record: dict[str, object] = dict(
            zip(("scope", "level1", "level2", "level3", "level4", "text", "uom"), self.labels, strict=True)
        )
        names = GASES if self.kind == "emission" else ("kwh",)
        record |= {names[p]: value for p, value in self.values.items()}
        record["state"] = "".join(self.states.get(p, NO_ROW) for p in places)
        record["rows"] = " ".join(str(self.rows.get(p, NO_ROW)) for p in places)
        return record | {
            "series": self.series, "source_id": self.source_id, "kind": self.kind, "printed": self.printed,
        }  # fmt: skip


def gas_of(ghg: str) -> int | None:
    """0 for a total in CO2e, 1 to 3 for the CO2e of CO2, CH4, N2O; None for anything else.

    Up to 2021 the gas rows are labelled `kg CH4`, later `kg CO2e of CH4 (per unit)`. Both mean kg CO2e.
    """
    mass = _MASS.fullmatch(ghg)
    if mass:
        return _PLACE[mass.group(1).lower()]
    found = _GAS.fullmatch(ghg)
    return _PLACE[(found.group(1) or "").lower()] if found else None


def _kind(flat: FlatRow) -> tuple[str, int] | None:
    gas = gas_of(flat.ghg)
    if gas is not None:
        return "emission", gas
    if not flat.ghg and flat.value is None:
        return "empty", 0
    slip = "kwh" in flat.labels[1].lower() and not any(letter.isalnum() for letter in flat.ghg)
    if flat.ghg.lower().startswith("kwh") or (flat.ghg and slip):
        return "energy", 0
    return None


def _stem(source_id: str) -> str:
    return source_id.rpartition("_")[0]


def widen(
    rows: Iterable[FlatRow],
    series: Callable[[tuple[str, ...], str], str],
    problems: Problems,
    cell: Callable[[int, str], tuple[str, str, str]],
) -> list[Wide]:
    """Gather official rows into factors, in the order of their first row.

    `series(labels, id stem)` names the factor; `cell(row, field)` gives (file, sheet, address) for problems. Added as
    problems: an unknown gas label, text that is neither a number nor a bound, the same row twice, two factors with
    one series. An odd unit on a kWh row is kept and warned of.
    """
    found: dict[tuple[object, ...], Wide] = {}
    for flat in rows:
        sorted_out = _kind(flat)
        if sorted_out is None:
            _tell(problems, cell(flat.row, "ghg"), flat.ghg or "no gas", "kg CO2e, kg CO2e of a gas, or kWh")
            continue
        kind, place = sorted_out
        key = (*flat.labels, kind, flat.row if kind == "empty" else 0)
        wide = found.setdefault(key, Wide(flat.labels, _stem(flat.source_id), kind))
        if place in wide.rows:
            first = f"one row per factor and gas (row {wide.rows[place]} has the same labels)"
            _tell(problems, cell(flat.row, "ghg"), " / ".join(p for p in flat.labels if p), first)
            continue
        wide.rows[place] = flat.row
        _take(flat, place, wide, problems, cell)
    _name(found.values(), series, problems, cell)
    return list(found.values())


def _take(
    flat: FlatRow, place: int, wide: Wide, problems: Problems, cell: Callable[[int, str], tuple[str, str, str]]
) -> None:
    if wide.kind == "energy":
        wide.printed = flat.ghg
        if not flat.ghg.lower().startswith("kwh"):
            _tell(problems, cell(flat.row, "ghg"), flat.ghg, "kWh; kept as printed, read as kWh", warning=True)
    if flat.value is None:
        wide.states[place] = BLANK
    elif isinstance(flat.value, float):
        wide.states[place], wide.values[place] = VALUE, flat.value
    elif _BOUND.fullmatch(flat.value):
        wide.states[place], wide.printed = BOUND, flat.value
    else:
        _tell(problems, cell(flat.row, "value"), flat.value, "a number, a blank or a bound such as < 1")


def _name(
    found: Iterable[Wide],
    series: Callable[[tuple[str, ...], str], str],
    problems: Problems,
    cell: Callable[[int, str], tuple[str, str, str]],
) -> None:
    taken: dict[str, Wide] = {}
    for wide in found:
        if wide.kind == "empty":
            continue
        wide.series = series(wide.labels, wide.source_id)
        other = taken.setdefault(wide.series, wide)
        if other is not wide:
            row, first = min(wide.rows.values()), min(other.rows.values())
            _tell(problems, cell(row, "level1"), wide.series, f"a series of its own (row {first} has the same)")


def _tell(
    problems: Problems, where: tuple[str, str, str], found: object, expected: str, *, warning: bool = False
) -> None:
    file, sheet, address = where
    remedy = "" if warning else "Use the workbook as published; if it is printed so, report it to its publisher"
    problems.add(file, found, expected, remedy, sheet=sheet, cell=address, warning=warning)


def long_rows(record: dict[str, str]) -> Iterator[tuple[int, int, str, str]]:
    """The official rows behind one row of factors.csv (all cells as text): (sheet row, place, state, value).

    A row that is not known is 0.
    `place` is 0 for the total or the kWh, 1 to 3 for CO2, CH4, N2O.
    """
    names = GASES if record["kind"] == "emission" else ("kwh",)
    for place, (state, row) in enumerate(zip(record["state"], record["rows"].split(" "), strict=True)):
        if state != NO_ROW:
            value = record["printed"] if state == BOUND else record[names[place]]
            yield (int(row) if row != NO_ROW else 0), place, state, value
