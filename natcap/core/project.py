"""A project folder: a `natcap.toml` that names its inputs and choices, so that a yearly run is one command.

kind = "business"            # accounts | business | farm | area | portfolio
name = "Example Logistics Ltd"
period = "2025"              # a year, or "2024-04-01 to 2025-03-31"

[inputs]
activity = "activity.xlsx"

[choices]
factor_year_rule = "majority"
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from natcap.core.problems import Problems

__all__ = ["FILE", "Period", "Project", "hash_file", "read_project", "require", "shown_value", "unquoted"]

FILE = "natcap.toml"
_REMOTE = re.compile(r"/vsi|[A-Za-z][A-Za-z0-9+.-]+:")
_SPAN = re.compile(r"(\d{4}-\d\d-\d\d) to (\d{4}-\d\d-\d\d)")


@dataclass(frozen=True, slots=True)
class Period:
    """A span of whole days, both ends included."""

    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def __str__(self) -> str:
        if (self.start.month, self.start.day, self.end.month, self.end.day) == (1, 1, 12, 31) and (
            self.start.year == self.end.year
        ):
            return str(self.start.year)
        return f"{self.start.isoformat()} to {self.end.isoformat()}"

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read "2025" or "2024-04-01 to 2025-03-31"; raises ValueError for anything else."""
        text = text.strip()
        if re.fullmatch(r"(19|20)\d\d", text):
            return cls(date(int(text), 1, 1), date(int(text), 12, 31))
        span = _SPAN.fullmatch(text)
        if not span:
            raise ValueError(f"period {text!r}: expected a year such as 2025, or 2024-04-01 to 2025-03-31")
        start, end = (date.fromisoformat(part) for part in span.groups())
        if end < start:
            raise ValueError(f"period {text!r} ends before it starts")
        return cls(start, end)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: Literal["accounts", "business", "farm", "area", "portfolio"]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    period: Annotated[str | int, Field()]
    place: str = ""
    banners: list[str] = []
    inputs: dict[str, Any] = {}
    choices: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Project:
    """A project read from its folder. `inputs` and `choices` are checked by the room that uses them."""

    root: Path
    kind: str
    name: str
    period: Period
    place: str
    inputs: dict[str, Any]
    choices: dict[str, Any]
    banners: tuple[str, ...] = ()

    def path(self, text: str) -> Path:
        """The file an input names, relative to the project folder. URLs and virtual paths are not files."""
        return (self.root / text).resolve()

    def shown(self, path: Path) -> str:
        """The path as printed in outputs: relative to the folder, never a path of this machine."""
        try:
            return path.resolve().relative_to(self.root.resolve()).as_posix()
        except ValueError:
            return path.name


def hash_file(path: Path) -> str:
    """SHA-256 of a file, read in blocks."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def read_project(path: Path) -> Project:
    """Read a project folder (or its `natcap.toml`). Raises InputProblems with everything wrong in the file."""
    file = path / FILE if path.is_dir() else path
    problems = Problems()
    if file.name != FILE or not file.is_file():
        problems.add(
            str(path),
            "no natcap.toml",
            "a project folder",
            "Make one: natcap new KIND FOLDER, with accounts, business, farm or area as KIND",
        )
        problems.raise_if_any()
    try:
        given = _File.model_validate(tomllib.loads(file.read_text(encoding="utf-8-sig")))
        period = Period.parse(str(given.period))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.add(FILE, f"a file that is not TOML ({error})", "key = value lines", "See natcap new --help")
    except ValidationError as error:
        for item in error.errors():
            where = ".".join(str(part) for part in item["loc"])
            problems.add(FILE, str(item.get("input")), f"{where}: {item['msg'].lower()}", cell=where)
    except ValueError as error:
        problems.add(FILE, str(given.period), str(error).partition(": expected ")[2] or str(error), cell="period")
    problems.raise_if_any()
    return Project(
        file.parent, given.kind, given.name, period, given.place, given.inputs, given.choices, tuple(given.banners)
    )


def shown_value(value: object) -> str:
    """A value of natcap.toml as a problem names it, so that text in quotes and a number look unlike."""
    if isinstance(value, bool):
        return f"the value {str(value).lower()}"
    return f'the text "{value}"' if isinstance(value, str) else f"the value {value}"


def unquoted(key: str, value: object) -> str:
    """A remedy where a number, or true or false, stands in quotes; empty where that is not what is wrong."""
    text = value.strip() if isinstance(value, str) else ""
    plain = text.lower() if text.lower() in ("true", "false") else text
    if plain in ("true", "false") or re.fullmatch(r"[-+]?\d+(\.\d+)?", plain):
        return f"In quotes it is text; write it without quotes: {key} = {plain}"
    return ""


def require(project: Project, name: str, problems: Problems, remedy: str = "") -> Path | None:
    """The file behind input `name`, or a problem when it is not named or not there."""
    text = project.inputs.get(name)
    if text is not None and not isinstance(text, str):
        problems.add(FILE, str(text), "the name of a file, in quotes", remedy, cell=f"inputs.{name}")
        return None
    if not text:
        problems.add(FILE, f"no input {name!r}", f"[inputs] {name} = a file name", remedy, cell=f"inputs.{name}")
        return None
    path = project.path(text)
    if _REMOTE.match(text):
        remedy = "Addresses and virtual paths are not read: download the file and name it"
    if not path.is_file():
        problems.add(FILE, text, "a file in the project folder", remedy, cell=f"inputs.{name}")
        return None
    return path
