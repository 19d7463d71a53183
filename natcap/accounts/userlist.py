"""A class list that the user gives as a table: code, name, and what else is known of each class."""

from __future__ import annotations

import re
from pathlib import Path

from natcap.accounts.classes import ClassList, LandClass, slug
from natcap.core.problems import Problems

__all__ = ["read_class_list"]

_MOST_CODE = 2**31 - 1


def _fields() -> tuple[object, ...]:
    from natcap.core.workbook import Field

    answer = ("yes", "no")
    return (
        Field(
            "code", "code", "integer", synonyms=("value", "lucode", "gridcode"), help="Value of the class in the map"
        ),
        Field("name", "name", synonyms=("class", "label", "description"), help="Name of the class"),
        Field("colour", "colour", required=False, synonyms=("color",), help="Colour as #rrggbb"),
        Field("habitat", "habitat", required=False, help="Habitat to which the class is summed"),
        Field("semi_natural", "semi_natural", "choice", required=False, choices=answer, help="Is it semi-natural?"),
        Field(
            "managed",
            "managed",
            "choice",
            required=False,
            choices=answer,
            help="Is land that becomes this class made so by people?",
        ),
        Field(
            "role",
            "role",
            "choice",
            required=False,
            choices=("class", "nodata"),
            help="nodata for codes without a class",
        ),
    )


def read_class_list(path: Path, shown: str, problems: Problems) -> ClassList | None:
    """Read a class list; None when anything in it is wrong."""
    from natcap.core.workbook import TableModel, read_tables, sound_rows

    before, held = len(problems.errors), len(problems)
    model = TableModel("classes", "classes", "Classes of the map", _fields())  # type: ignore[arg-type]
    frame = read_tables(path, [model], problems, shown)["classes"]
    classes: list[LandClass] = []
    seen: dict[int, str] = {}
    keys: set[str] = set()
    frame = sound_rows(frame, problems[held:])
    for row in frame.to_dict("records"):
        code, place = int(row["code"]), {"sheet": row["_sheet"], "cell": row["_cell_code"]}
        if code in seen:
            problems.add(
                shown, f"a code, {code}, for the second time", f"each code once (first in {seen[code]})", **place
            )
        if not -_MOST_CODE <= code <= _MOST_CODE:
            problems.add(shown, f"the code {code}", f"a code of at most {_MOST_CODE:,}", **place)
        if row["colour"] and not re.fullmatch(r"#[0-9a-fA-F]{6}", row["colour"]):
            problems.add(
                shown, row["colour"], "a colour such as #2e7d32", sheet=row["_sheet"], cell=row["_cell_colour"]
            )
        seen.setdefault(code, row["_cell_code"])
        key = slug(row["name"]) if slug(row["name"]) not in keys else f"{slug(row['name'])}_{code}"
        keys.add(key)
        classes.append(
            LandClass(
                code,
                key,
                row["name"],
                row["role"] or "class",
                row["colour"] or "#9a9a9a",
                row["semi_natural"],
                row["managed"],
                bool(row["managed"]),
                row["habitat"],
            )
        )
    _judge_habitats(classes, seen, shown, problems)
    if len(problems.errors) > before:
        return None
    if not any(c.role == "class" for c in classes):
        problems.add(shown, "no classes", "at least one class")
        return None
    return ClassList(slug(path.stem), f"Class list of {shown}", tuple(classes))


def _judge_habitats(classes: list[LandClass], cells: dict[int, str], shown: str, problems: Problems) -> None:
    """Habitats for every class or for none: an account of some of them would lose land without a word."""
    real = [c for c in classes if c.role == "class"]
    bare = [c for c in real if not c.habitat]
    if len(bare) == len(real):
        return
    for item in bare:
        problems.add(
            shown, f"no habitat for the class {item.code}, {item.name}", "a habitat for every class, or for none",
            "Fill its habitat; write Unclassified where none fits", cell=cells.get(item.code, ""),
        )  # fmt: skip
