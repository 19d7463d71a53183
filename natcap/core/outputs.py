"""Write a report as JSON, CSV, HTML or a workbook: all of them or none."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from natcap.core.problems import Problems
from natcap.core.report import Column, Figure, Report, Section, Trace

__all__ = [
    "FORMATS",
    "amount",
    "change_text",
    "csv_text",
    "exact_text",
    "figure_text",
    "significant",
    "slug",
    "to_json",
    "write_outputs",
]

FORMATS = ("xlsx", "csv", "json", "html")
_HECTARES = frozenset({"ha", "hectare", "hectares"})
_WHOLE = 1e15
_RISKY = ("=", "+", "-", "@", "\t", "\r")


def slug(report: Report) -> str:
    """The file name of a report without its ending; SYNTHETIC stands in it when a banner says so."""
    words = re.sub(r"[^a-z0-9]+", "-", f"{report.subject} {report.kind} {report.period}".casefold()).strip("-")
    synthetic = any(b.upper().startswith("SYNTHETIC") for b in report.banners)
    return ("SYNTHETIC-" if synthetic else "") + (words[:80].strip("-") or report.kind)


def figure_text(figure: Figure) -> str:
    """A figure for people: in full where it is exact, else three significant figures; its unit, its range; "[x]"
    where there is no value."""
    if figure.value is None:
        return "[x] not available"
    text = amount(figure.value, figure.unit, exact_text(figure, figure.value))
    if figure.low is not None and figure.high is not None:
        scale = 100 if figure.unit == "fraction" else 1
        text += f" ({_rounded(figure.low * scale)} to {_rounded(figure.high * scale)})"
    return text if figure.status == "calculated" else f"{text} [{figure.status}]"


def change_text(figure: Figure) -> str:
    """The change of a figure in words, "down 130 tonnes CO2e since 2024"; empty where there is none."""
    if figure.change is None:
        return ""
    base = figure.change_from
    unit, scale = ("percentage points", 100) if figure.unit == "fraction" else (figure.unit, 1)
    if base.startswith("in percentage points"):
        base, unit = base.removeprefix("in percentage points").strip(), "percentage points"
    said = base.split(" ")[0].casefold() in ("since", "from", "against", "on")
    since = f" {base}" if said else f" since {base}" if base else ""
    if figure.change == 0:
        return f"no change{since}"
    size = abs(figure.change)
    moved = amount(size * scale, unit, exact_text(figure, size) if unit == figure.unit else "")
    return f"{'up' if figure.change > 0 else 'down'} {moved}{since}"


def exact_text(figure: Figure, value: float) -> str:
    """An exact amount of a figure (its value, its change) in full, as its table has it; empty where it may be rounded.

    Exact are whole numbers that were counted or calculated, and hectares, which are cells times their area; a figure
    with a range, and an amount that rests on a recalled number, are not.
    """
    if figure.low is not None or not math.isfinite(value) or figure.unit == "fraction":
        return ""
    whole = abs(value - round(value)) <= 1e-9 * max(1.0, abs(value)) and abs(value) < _WHOLE
    if figure.unit in _HECTARES and (whole or 1 <= abs(value) < _WHOLE):
        return f"{value:,.0f}" if whole else f"{value:,.2f}"
    return f"{value:,.0f}" if whole and figure.status in ("calculated", "observed") else ""


def amount(value: float, unit: str, text: str = "") -> str:
    """A number with its unit: "1,230 tonnes CO2e", "£5.00 million, 2024 prices"; a share as "91.8%".

    `text` is the number in full where it must not be rounded.
    """
    from natcap.core.workbook.text import unit_words

    if unit == "fraction":
        return f"{significant(value * 100)}%"

    money = re.fullmatch(r"GBP(?:(?:_|, )(\d{4})(?: prices)?)?", unit)
    if money:
        return f"£{text or _rounded(value)}".replace("£-", "-£") + (f", {money[1]} prices" if money[1] else "")
    return f"{text or _rounded(value)} {unit_words(unit)}".strip()


def _rounded(value: float) -> str:
    """Three significant figures, with millions and billions as words: zeros would look like digits that are known."""
    for least, word in ((1e9, "billion"), (1e6, "million")):
        if abs(value) >= 0.9995 * least and math.isfinite(value):
            return f"{significant(value / least)} {word}"
    return significant(value)


def significant(value: float, digits: int = 3) -> str:
    """A number rounded to `digits` significant figures, with thousands separated."""
    if value == 0 or not math.isfinite(value):
        return f"{value:,.0f}"
    rounded = float(f"{value:.{digits - 1}e}")
    places = digits - 1 - math.floor(math.log10(abs(rounded)))
    return f"{rounded:,.{max(places, 0)}f}"


def _plain(value: Any) -> Any:
    """A value as JSON has it: null for missing, ISO dates, floats as they are. ValueError for an infinity."""
    if isinstance(value, str) or value is None or value is True or value is False:
        return value
    if isinstance(value, np.generic):
        return _plain(value.item())
    if value is pd.NA or value is pd.NaT or value != value:
        return None
    if isinstance(value, float) and math.isinf(value):
        raise ValueError("an infinite number in a report")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(_plain(v) for v in value)
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return value if isinstance(value, (int, float)) else str(value)


def _column(found: list[Any]) -> list[Any]:
    """A column's values as JSON has them; a column of one kind goes through whole."""
    kinds = set(map(type, found))
    if kinds <= {str} or kinds <= {int}:
        return found
    if kinds <= {float}:
        if any(map(math.isinf, found)):
            raise ValueError("an infinite number in a report")
        return [None if value != value else value for value in found]
    return [_plain(value) for value in found]


def _records(table: pd.DataFrame, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    columns = [_column(table[name].tolist()) for name in names]
    return (dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))


def _trace(trace: Trace) -> dict[str, Any]:
    return {
        "how": trace.how,
        "lines": _plain(trace.lines) if trace.lines is not None else None,
        "scale": trace.scale,
        "parents": list(trace.parents),
        "inputs": [_fields(i) for i in trace.inputs],
        "factors": [_fields(f) for f in trace.factors],
    }


def _fields(item: Any) -> dict[str, Any]:
    return {name: _plain(getattr(item, name)) for name in item.__slots__}


def _figure(figure: Figure) -> dict[str, Any]:
    record = {name: _plain(getattr(figure, name)) for name in figure.__slots__ if name not in ("id", "trace")}
    return record | _trace(figure.trace)


def _section(section: Section) -> dict[str, Any]:
    def cells(found: Mapping[tuple[int, str], str]) -> list[dict[str, Any]]:
        return [{"row": row, "column": name, "text": text} for (row, name), text in sorted(found.items())]

    return {
        "id": section.id,
        "title": section.title,
        "group": section.group,
        "summary": section.summary,
        "columns": [_fields(c) for c in section.columns],
        "rows": list(_records(section.table, [c.name for c in section.columns])),
        "total_rows": list(section.total_rows),
        "marks": cells(section.marks),
        "figures": cells(section.figures),
        "notes": list(section.notes),
        "sources": list(section.sources),
    }


def to_json(report: Report) -> str:
    """The whole report as one document; floats round-trip exactly, missing numbers are null."""
    return "".join(_json_parts(report))


def _json_parts(report: Report) -> Iterator[str]:
    """The document in parts, so that a million lines need not be held twice; each line is one line of text."""
    head, mark, tail = json.dumps(_document(report), ensure_ascii=False, allow_nan=False, indent=1).partition(_LINES)
    if not mark:
        raise ValueError("the document has no place for its lines")
    yield head + '\n "lines": ['
    if report.lines is not None:
        encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
        join = "\n  "
        for record in _records(report.lines, list(report.lines.columns)):
            yield join + encode(record)
            join = ",\n  "
    yield "]" + tail + "\n"


_LINES = '\n "lines": null'
"""Stands at the top level only: within a text, a new line is written as an escape."""


def _document(report: Report) -> dict[str, Any]:
    run = report.run
    return {
        "kind": report.kind,
        "title": report.title,
        "subject": report.subject,
        "place": report.place,
        "period": report.period,
        "banners": list(report.banners),
        "notes": list(report.notes),
        "figures": {f.id: _figure(f) for f in report.figures},
        "sections": [_section(s) for s in report.sections],
        "lines": None,
        "checks": [{**_fields(c), "difference": c.difference, "passed": c.passed} for c in report.checks],
        "warnings": [w.as_dict() for w in report.warnings],
        "run": {
            "version": run.version,
            "inputs": [dict(i) for i in run.inputs],
            "editions": list(run.editions),
            "choices": _plain(run.choices),
            "controls": _plain(run.controls),
            "fallbacks": list(run.fallbacks),
        },
    }


def csv_text(table: pd.DataFrame, columns: Sequence[Column]) -> str:
    """A table as CSV: headers with units, numbers in full, text that no spreadsheet takes for a formula."""
    from natcap.core.workbook.text import header

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_safe(header(c)) for c in columns])
    cells = [[_cell(v) for v in table[c.name].tolist()] for c in columns]
    writer.writerows(zip(*cells, strict=True))
    return out.getvalue()


def _safe(text: str) -> str:
    return "'" + text if text.startswith(_RISKY) else text


def _cell(value: Any) -> str:
    plain = _plain(value)
    if plain is None:
        return ""
    return _safe(plain) if isinstance(plain, str) else repr(plain)


def _write_csv(report: Report, folder: Path) -> None:
    folder.mkdir()
    for section in report.sections:
        name = re.sub(r"[^A-Za-z0-9_]+", "_", section.id)
        (folder / f"{name}.csv").write_text(csv_text(section.table, section.columns), encoding="utf-8", newline="")
    names = ("id", "label", "value", "unit", "low", "high", "status", "period", "place")
    figures = pd.DataFrame([{name: getattr(f, name) for name in names} for f in report.figures], columns=list(names))
    columns = [Column(name, name) for name in names]
    (folder / "figures.csv").write_text(csv_text(figures, columns), encoding="utf-8", newline="")
    if report.lines is not None:
        columns = [Column(str(name), str(name)) for name in report.lines.columns]
        (folder / "lines.csv").write_text(csv_text(report.lines, columns), encoding="utf-8", newline="")


def write_outputs(report: Report, out_dir: Path, formats: Iterable[str] = FORMATS) -> list[Path]:
    """Write the report in each format into `out_dir`; nothing appears there until all of them are written.

    Returns the paths (the CSV files are in a folder). Raises ValueError for an unknown format.
    """
    wanted = list(dict.fromkeys(formats))
    unknown = [name for name in wanted if name not in FORMATS]
    if unknown:
        raise ValueError(f"unknown format {', '.join(unknown)}; expected {', '.join(FORMATS)}")
    name = slug(report)
    _may_write(out_dir)
    written: list[Path] = []
    with tempfile.TemporaryDirectory(dir=out_dir, prefix=".writing-") as folder:
        made = [_write(report, Path(folder), name, kind) for kind in wanted]
        for path in made:
            target = out_dir / path.name
            if target.is_dir():
                shutil.rmtree(target)
            path.replace(target)
            written.append(target)
    return written


def _may_write(folder: Path) -> None:
    """Make the folder of the results, or raise InputProblems that say why nothing can be written there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".writing-"):
            pass
    except OSError as error:
        problems = Problems()
        why = error.strerror or type(error).__name__
        problems.add(folder.name, f"no way to write here ({why.lower()})", "a folder that can be written to",
                     "Name another with --out, or ask who keeps the folder for the right to write")  # fmt: skip
        problems.raise_if_any()


def _write(report: Report, folder: Path, name: str, kind: str) -> Path:
    if kind == "csv":
        _write_csv(report, folder / f"{name}-csv")
        return folder / f"{name}-csv"
    path = folder / f"{name}.{kind}"
    if kind == "xlsx":
        from natcap.core.workbook import publish

        publish(report, path)
    elif kind == "json":
        with path.open("w", encoding="utf-8", newline="") as out:
            out.writelines(_json_parts(report))
    else:
        from natcap.core.page import to_html

        path.write_text(to_html(report), encoding="utf-8", newline="")
    return path
