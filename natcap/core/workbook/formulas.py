"""Compile the formula grammar of `report.Column` to A1 references.

`[name]` is the cell of that column in the same row; `[name@2]` the cell of that column at row position 2 (from 0);
`{name}` the column's cells without total rows. `[section.name@2]` and `{section.name}` point into another section.
Text between double quotes is left alone, and so are array constants such as {1,2}.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from natcap.core.workbook.scan import address, column_letters

__all__ = ["Formulas", "Layout", "sum_of_lines"]

_TOKEN = re.compile(r'"(?:[^"]|"")*"|\[([^\[\]]+)\]|\{([A-Za-z_][^{}",;]*)\}')
_RANGES_ONLY = re.compile(
    r"\b(?:SUMIFS?|COUNTIFS?|AVERAGEIFS?|SUMPRODUCT|INDEX|MATCH|MAXIFS|MINIFS)\s*\(", re.IGNORECASE
)
_LATER = re.compile(r"(?<![\w.])(MAXIFS|MINIFS|TEXTJOIN|CONCAT|IFS|SWITCH|STDEV\.[SP]|VAR\.[SP])(?=\()")
"""Functions that a file must name with a prefix."""
_TOO_NEW = re.compile(r"\b(XLOOKUP|XMATCH|LET|LAMBDA|FILTER|UNIQUE|SORT|SORTBY|SEQUENCE|VSTACK|HSTACK)\(")
_LONGEST = 8_192


@dataclass(frozen=True)
class Layout:
    """Where a section's table stands: its sheet, the sheet row (from 0) of its first body row, its columns in order."""

    sheet: str
    first: int
    rows: int
    columns: tuple[str, ...]
    totals: frozenset[int] = field(default_factory=frozenset)

    def column(self, name: str) -> int:
        return self.columns.index(name)

    def spans(self) -> list[tuple[int, int]]:
        """Runs of body rows that are not totals, as (first, last) positions."""
        spans: list[tuple[int, int]] = []
        start: int | None = None
        for position in range(self.rows + 1):
            inside = position < self.rows and position not in self.totals
            if inside and start is None:
                start = position
            elif not inside and start is not None:
                spans.append((start, position - 1))
                start = None
        return spans


def _target(text: str, own: str, layouts: Mapping[str, Layout]) -> tuple[str, str]:
    """(section id, column name) of a reference; ValueError when it does not resolve."""
    if text in layouts[own].columns:
        return own, text
    for place in [i for i, letter in enumerate(text) if letter == "."]:
        section, name = text[:place], text[place + 1 :]
        if section in layouts and name in layouts[section].columns:
            return section, name
    raise ValueError(f"formula in section {own}: no column {text!r}")


def _prefix(section: str, own: str, layouts: Mapping[str, Layout]) -> str:
    return "" if section == own else "'" + layouts[section].sheet.replace("'", "''") + "'!"


def _cell(text: str, own: str, layouts: Mapping[str, Layout]) -> str | tuple[str]:
    """An address, or the letters alone (in a tuple) where the row is the formula's own."""
    name, _, position = text.partition("@")
    section, column = _target(name, own, layouts)
    layout = layouts[section]
    if not position and section == own:
        return (column_letters(layout.column(column)),)
    if not position.isdigit() or int(position) >= layout.rows:
        raise ValueError(f"formula in section {own}: no row for [{text}]")
    return _prefix(section, own, layouts) + address(layout.first + int(position), layout.column(column))


def _range(text: str, own: str, formula: str, layouts: Mapping[str, Layout]) -> str:
    section, column = _target(text, own, layouts)
    layout = layouts[section]
    letters, prefix = column_letters(layout.column(column)), _prefix(section, own, layouts)
    spans = layout.spans()
    if not spans:
        raise ValueError(f"formula in section {own}: {{{text}}} has no rows")
    if len(spans) > 1 and _RANGES_ONLY.search(formula):
        raise ValueError(f"formula in section {own}: {{{text}}} is broken by total rows")
    return ",".join(
        f"{prefix}${letters}${layout.first + start + 1}:${letters}${layout.first + end + 1}" for start, end in spans
    )


class Formulas:
    """Compiled formulas of a workbook, each text of each section once."""

    def __init__(self, layouts: Mapping[str, Layout]) -> None:
        self.layouts = layouts
        self._parts: dict[tuple[str, str], list[str | tuple[str]]] = {}

    def parts(self, formula: str, own: str) -> list[str | tuple[str]]:
        """The formula as texts, with column letters in a tuple where the row's own number is to follow."""
        key = (own, formula)
        if key not in self._parts:
            found: list[str | tuple[str]] = []
            done = 0
            formula = _LATER.sub(r"_xlfn.\1", formula)
            for match in _TOKEN.finditer(formula):
                found.append(formula[done : match.start()])
                done = match.end()
                if match[1] is not None:
                    found.append(_cell(match[1], own, self.layouts))
                elif match[2] is not None:
                    found.append(_range(match[2], own, formula, self.layouts))
                else:
                    found.append(match[0])
            if new := _TOO_NEW.search(formula):
                raise ValueError(f"formula in section {own}: {new[1]} is not known to every spreadsheet")
            self._parts[key] = [part for part in (*found, formula[done:]) if part]
        return self._parts[key]

    def text(self, formula: str, own: str, row: int) -> str:
        """The A1 formula, without "=", of the cell at row position `row` of section `own`."""
        number = str(self.layouts[own].first + row + 1)
        text = "".join(part[0] + number if isinstance(part, tuple) else part for part in self.parts(formula, own))
        if len(text) > _LONGEST:
            raise ValueError(f"formula in section {own}: longer than {_LONGEST:,} characters")
        return text


def sum_of_lines(where: Mapping[str, object], scale: float, columns: Sequence[str]) -> str | None:
    """The formula (in the grammar) of a figure that sums lines, or None where a spreadsheet would match differently.

    Spreadsheets compare text without case and read * ? ~ < > = in a criterion as signs.
    """
    parts = ["{lines.kg_co2e}"]
    lists = False
    for column, wanted in where.items():
        values = list(wanted) if isinstance(wanted, (list, tuple, set, frozenset)) else [wanted]
        texts = [
            value for value in values if isinstance(value, str) and value and not re.search(r'[*?~<>="{}\[\]]', value)
        ]
        if column not in columns or len(texts) != len(values) or not texts:
            return None
        lists |= len(texts) > 1
        if lists and len(texts) > 1 and sum(1 for v in where.values() if isinstance(v, (list, tuple, set))) > 1:
            return None
        quoted = [f'"{text}"' for text in sorted(texts)]
        parts += [f"{{lines.{column}}}", quoted[0] if len(quoted) == 1 else "{" + ";".join(quoted) + "}"]
    total = f"SUMIFS({','.join(parts)})" if where else "SUM({lines.kg_co2e})"
    total = f"SUMPRODUCT({total})" if lists else total
    return total if scale == 1 else f"{total}*{scale!r}"
