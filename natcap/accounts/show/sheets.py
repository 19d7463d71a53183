"""The nineteen account sheets: which number a section stands under, and what was not compiled.

The order is that of the Office for National Statistics' account tables as METHODS of the accounts, part D, lists them.
16 (factors used) and 17 (checks) are made for every workbook.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from string import ascii_lowercase

from natcap.core.report import Section

__all__ = ["SHEETS", "not_compiled", "placed", "sheet_of"]

_SERVICES = 'services, or services = "library" in [choices]'

SHEETS: Mapping[int, tuple[str, str]] = {
    1: ("Extent", "opening and closing"),
    2: ("Change matrix", "two maps, or a table from class to class"),
    3: ("Condition variables", "condition"),
    4: ("Condition indicators", "condition"),
    5: ("Physical supply of services", _SERVICES),
    6: ("Physical use of services", _SERVICES),
    7: ("Monetary supply of services", _SERVICES),
    8: ("Monetary use of services", _SERVICES),
    9: ("Asset account by service", _SERVICES),
    10: ("Asset account by ecosystem type", _SERVICES),
    11: ("Decomposition of the change", _SERVICES),
    12: ("Carbon stock", "carbon densities"),
    13: ("Biodiversity units", "metric or habitats"),
    14: ("Uncertainty", _SERVICES),
    15: ("Sensitivity", _SERVICES),
    18: ("Organisation balance sheet", "organisation"),
    19: ("Natural capital income statement", "organisation"),
}
"""Account sheets by number: title, and the input that makes it."""

_OWN: Mapping[str, int] = {"matrix": 2, "flows": 2, "matrix_by_zone": 2}


def sheet_of(section: Section) -> int:
    """The account sheet of a section of extent or carbon stock."""
    return _OWN.get(section.id, 12 if section.id.startswith("carbon") else 1)


def placed(sections: Iterable[tuple[int, Section]]) -> tuple[Section, ...]:
    """Sections in the order of the sheets, numbered: 5, then 5b, 5c; what shows the working 5w, 5w2."""
    pairs = sorted(sections, key=lambda pair: (pair[0], pair[1].group != "main"))
    met: Counter[tuple[int, str]] = Counter()
    found = []
    for sheet, section in pairs:
        place = met[sheet, section.group]
        met[sheet, section.group] += 1
        found.append(replace(section, number=_number(sheet, section.group, place)))
    return tuple(found)


def _number(sheet: int, group: str, place: int) -> str:
    if group == "back":
        return ""
    if group == "working":
        return f"{sheet}w{place + 1 if place else ''}"
    return f"{sheet}{ascii_lowercase[place] if place else ''}"


def not_compiled(sections: Sequence[Section]) -> tuple[str, ...]:
    """A sentence that names the account sheets without a table, and what each of them needs; nothing when all stand."""
    made = {int(section.number.rstrip(ascii_lowercase)) for section in sections if section.number[:1].isdigit()
            and section.group == "main"}  # fmt: skip
    missing = [f"{n} {title} (needs {need})" for n, (title, need) in SHEETS.items() if n not in made]
    return (f"Account sheets that were not compiled: {'; '.join(missing)}.",) if missing else ()
