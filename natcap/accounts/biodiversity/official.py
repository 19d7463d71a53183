"""Read a filled official metric workbook: every parcel with its cell, and the units the workbook itself shows.

Sheets are known by their first letters (A area, B hedgerow, C watercourse on site; D, E, F off site) and columns by
their printed headings, so that a moved column is found and a missing one is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from natcap.accounts.biodiversity.area_check import AreaCheck, area_checks
from natcap.accounts.biodiversity.edition import Kind, Years
from natcap.accounts.biodiversity.stated import Stated, stated
from natcap.core.problems import Problems
from natcap.core.workbook import Book, Sheet, open_workbook

__all__ = ["Filled", "Parcel", "read_filled", "read_official"]

Step = Literal["baseline", "creation", "enhancement"]
_KINDS: dict[str, tuple[Kind, bool]] = {
    "A": ("area", True), "B": ("hedgerow", True), "C": ("watercourse", True),
    "D": ("area", False), "E": ("hedgerow", False), "F": ("watercourse", False),
}  # fmt: skip
_STEPS: dict[str, Step] = {"1": "baseline", "2": "creation", "3": "enhancement"}
_COMMON = {"condition": "condition", "significance": "strategic significance"}
_LATER = {"advance": "in advance (years)", "delay": "delay in starting"}
_WET = {"encroachment": "extent of encroachment", "riparian": "extent of encroachment for both banks"}
_HEADINGS: dict[Step, dict[str, str]] = {
    "baseline": _COMMON | {"retained": "retained", "enhanced": "enhanced", "reference": "ref"},
    "creation": _COMMON | _LATER,
    "enhancement": _COMMON | _LATER | {"before": "baseline habitat", "start": "baseline condition category"},
}
_NAMES: dict[Step, tuple[str, ...]] = {
    "baseline": ("habitat type", "hedgerow type", "watercourse type"),
    "creation": ("proposed habitat", "habitat type", "watercourse type"),
    "enhancement": ("proposed habitat",),
}
_SINGLE: dict[str, tuple[str, ...]] = {
    "broad": ("broad habitat",),
    "irreplaceable": ("irreplaceable habitat",),
    "agreed": ("bespoke compensation agreed",),
    "place": ("spatial risk category", "spatial risk"),
    "site": ("off-site reference", "gain site reference"),
}
_UNITS = ("total habitat units", "total hedgerow units", "total watercourse units", "units delivered")


@dataclass(frozen=True)
class Parcel:
    """One row of the official workbook. `printed` is what its units cell shows: a number, a text, or nothing."""

    sheet: str
    row: int
    kind: Kind
    on_site: bool
    step: Step
    habitat: str
    size: float
    condition: str
    significance: str
    printed: float | str
    before: str = ""
    start: str = ""
    advance: Years = 0
    delay: Years = 0
    encroachment: str = ""
    riparian: str = ""
    place: str = ""
    site: str = ""
    irreplaceable: bool = False
    agreed: bool = False
    retained: float = 0.0
    enhanced: float = 0.0
    size_before: float | None = None
    cells: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Filled:
    """An official workbook: its parcels in sheet order, the edition it is of, and its area checks by place."""

    parcels: list[Parcel]
    stated: Stated
    checks: dict[bool, AreaCheck] = field(default_factory=dict)


def read_official(path: Path, problems: Problems, shown: str | None = None) -> list[Parcel]:
    """Every filled parcel of the workbook, in sheet order. Adds to `problems` what cannot be read, with its cell."""
    return read_filled(path, problems, shown).parcels


def read_filled(path: Path, problems: Problems, shown: str | None = None) -> Filled:
    """Parcels as by `read_official`, and what the workbook says of its edition."""
    book = open_workbook(path, problems, shown, macros_ok=True)
    return Filled([], Stated()) if book is None else Filled(_all(book, problems), stated(book), area_checks(book))


def _all(book: Book, problems: Problems) -> list[Parcel]:
    parcels: list[Parcel] = []
    known = 0
    for sheet in book.sheets:
        found = re.match(r"([A-F])-([123]) ", sheet.name)
        if found:
            known += 1
            kind, on_site = _KINDS[found[1]]
            parcels += _parcels(sheet, kind, on_site, _STEPS[found[2]], problems, book.shown)
    if not known:
        expected = "sheets named A-1 On-Site Habitat Baseline and so on"
        problems.add(book.shown, "no sheet of the metric", expected, "Is this the official metric workbook?")
    return parcels


def _parcels(sheet: Sheet, kind: Kind, on_site: bool, step: Step, problems: Problems, file: str) -> Iterator[Parcel]:
    top = _heading_row(sheet.rows)
    if top is None:
        problems.add(file, "no row of headings", "the headings of the official sheet", sheet=sheet.name)
        return
    columns = _columns(sheet.rows, top, kind, step)
    needed = {"habitat", "size", "condition", "significance", "units"} | ({"before", "start"} & set(_HEADINGS[step]))
    missing = sorted(needed - set(columns))
    if missing:
        problems.add(file, "the headings", f"columns for {', '.join(missing)}", sheet=sheet.name, cell=f"A{top + 1}")
        return
    for position, row in enumerate(sheet.rows[top + 1 :], top + 2):
        values = {name: row[at] if at < len(row) else "" for name, at in columns.items()}
        name = str(values["habitat"]).strip()
        if name.casefold().startswith("total"):
            return
        if name and name not in ("0", "0.0") and values["size"] != "":
            yield from _parcel(values, columns, sheet.name, position, kind, on_site, step, problems, file)


def _heading_row(rows: list[list[Any]]) -> int | None:
    for position, row in enumerate(rows[:20]):
        words = {_fold(cell) for cell in row}
        if "condition" in words and "strategic significance" in words and len(words) > 15:
            return position
        if words & {"habitat enhanced in advance (years)", "standard time to target condition (years)"}:
            return position
    return None


def _fold(cell: Any) -> str:
    return re.sub(r"\s+", " ", str(cell)).strip().casefold()


def _columns(rows: list[list[Any]], top: int, kind: Kind, step: Step) -> dict[str, int]:
    """Position of each field: the lower heading where there is one, else the group heading above it."""
    above = rows[top - 1] if top else []
    width = max(len(rows[top]), len(above))
    lower = [_fold(rows[top][i]) if i < len(rows[top]) else "" for i in range(width)]
    upper = [_fold(above[i]) if i < len(above) else "" for i in range(width)]
    names = [low or up for low, up in zip(lower, upper, strict=True)]
    sizes = ("area (hectares)", "length (km)")
    found: dict[str, int] = {}
    habitat = [i for i, n in enumerate(names) if n in _NAMES[step]]
    if habitat:
        # area sheets repeat the heading: the second column holds "broad habitat - habitat" in full
        found["habitat"] = habitat[-1] if kind == "area" and step != "baseline" else habitat[0]
    after = found.get("habitat", 0) if step == "enhancement" else 0
    for field_name, heading in _HEADINGS[step].items() | (_WET.items() if kind == "watercourse" else set()):
        hits = [i for i, n in enumerate(names) if _is(field_name, heading, n)]
        if field_name not in ("before", "start"):
            hits = [i for i in hits if i >= after]
        if hits:
            found[field_name] = hits[0]
    size = [i for i, n in enumerate(names) if n in sizes and i > after]
    if size:
        found["size"] = size[0]
    if step == "enhancement":
        before = [i for i, n in enumerate(names) if n in sizes and i < found["habitat"]]
        if before:
            found["size_before"] = before[0]
    for label, words in _SINGLE.items():
        hits = [i for i, n in enumerate(names) if n in words or (label == "agreed" and n.startswith(words))]
        if hits:
            found[label] = hits[0]
    units = [i for i, n in enumerate(names) if any(u in n for u in _UNITS)]
    if units:
        found["units"] = units[0]
    return found


def _is(field_name: str, heading: str, name: str) -> bool:
    if field_name in ("retained", "enhanced"):
        return name in (f"area {heading}", f"length {heading}")
    if field_name == "reference":
        return name in ("ref", "baseline ref")
    if field_name in ("advance", "delay"):
        return heading in name
    return name == heading


def _parcel(
    values: dict[str, Any], columns: dict[str, int], sheet: str, row: int, kind: Kind, on_site: bool, step: Step,
    problems: Problems, file: str,
) -> Iterator[Parcel]:  # fmt: skip
    cells = {name: f"{_letter(at)}{row}" for name, at in columns.items()}
    sizes = {}
    for name in ("size", "retained", "enhanced", "size_before"):
        value = values.get(name, "")
        if value == "":
            continue
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            problems.add(file, str(value), "a number", sheet=sheet, cell=cells[name])
            return
        sizes[name] = float(value)
    times: dict[str, Years] = {}
    for name in ("advance", "delay"):
        years = _years(values.get(name, ""))
        if years is None:
            expected = "whole years, 30+ or blank"
            problems.add(file, str(values[name]), expected, sheet=sheet, cell=cells[name])
            return
        times[name] = years
    name = str(values["habitat"]).strip()
    if kind == "area" and step == "baseline":
        name = f"{str(values.get('broad', '')).strip()} - {name}"
    printed = values["units"]
    yield Parcel(
        sheet, row, kind, on_site, step, name, sizes["size"], str(values["condition"]).strip(),
        str(values["significance"]).strip(), float(printed) if isinstance(printed, (int, float)) else str(printed),
        before=str(values.get("before", "")).strip(), start=str(values.get("start", "")).strip(),
        advance=times["advance"], delay=times["delay"],
        encroachment=str(values.get("encroachment", "")).strip(), riparian=str(values.get("riparian", "")).strip(),
        place=str(values.get("place", "")).strip(), site=_reference(values.get("site", "")),
        irreplaceable=_fold(values.get("irreplaceable", "")) == "yes",
        agreed=_fold(values.get("agreed", "")) == "yes",
        retained=sizes.get("retained", 0.0), enhanced=sizes.get("enhanced", 0.0),
        size_before=sizes.get("size_before"), cells=cells,
    )  # fmt: skip


def _reference(value: Any) -> str:
    """A reference as text; a number cell of 1234.0 is the reference 1234."""
    return f"{value:g}" if isinstance(value, float) else str(value).strip()


def _years(value: Any) -> Years | None:
    text = str(value).strip()
    if text in ("", "0", "0.0"):
        return 0
    if text.startswith("30+"):
        return "30+"
    try:
        number = float(text)
    except ValueError:
        return None
    return int(number) if number == int(number) and 0 <= number <= 30 else None


def _letter(position: int) -> str:
    text = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        text = chr(65 + rest) + text
    return text
