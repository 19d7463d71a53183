"""Write one edition as a folder: factors.csv, edition.toml, sources.csv. Same edition, same bytes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from natcap.core.factors.layout import COLUMNS, csv_text
from natcap.core.factors.widen import Wide
from natcap.core.sources import COLUMNS as SOURCE_COLUMNS
from natcap.core.sources import Source

__all__ = ["edition_toml", "factors_csv", "sources_csv", "write_edition"]


def factors_csv(wide: Sequence[Wide]) -> str:
    """The text of factors.csv."""
    return csv_text(COLUMNS, [w.record() for w in wide])


def _toml_value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else " " for c in text) + '"'


def edition_toml(facts: Mapping[str, Any]) -> str:
    """The text of edition.toml: plain values first, then the `gwp` table with its exceptions."""
    lines = [f"{key} = {_toml_value(value)}" for key, value in facts.items() if key != "gwp"]
    gwp = facts["gwp"]
    lines += ["", "[gwp]"] + [f"{key} = {_toml_value(value)}" for key, value in gwp.items() if key != "exception"]
    for exception in gwp.get("exception", []):
        lines += ["", "[[gwp.exception]]"] + [f"{key} = {_toml_value(value)}" for key, value in exception.items()]
    text = "\n".join(lines) + "\n"
    tomllib.loads(text)
    return text


def sources_csv(source: Source) -> str:
    """The text of sources.csv with the one publication of this edition."""
    cells = {name: getattr(source, "id" if name == "source" else name) for name in SOURCE_COLUMNS}
    return csv_text(SOURCE_COLUMNS, [cells])


def write_edition(folder: Path, wide: Sequence[Wide] | None, facts: Mapping[str, Any], source: Source) -> list[Path]:
    """Write the folder; `wide` None leaves factors.csv as it is. Returns the files written."""
    texts = {"edition.toml": edition_toml(facts), "sources.csv": sources_csv(source)}
    if wide is not None:
        texts = {"factors.csv": factors_csv(wide), **texts}
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return [folder / name for name in texts]
