"""Folders of business projects for the tests of portfolios, written as a growth hub keeps them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from natcap.carbon.business.models import activity_model
from natcap.carbon.business.portfolio.model import ABOUT, MODEL, REGISTER

__all__ = ["add_project", "hub_of", "write_csv", "write_hub", "write_table"]

_BILL = {f.name: f.label for f in activity_model().fields}
_WHO = {f.name: f.label for f in REGISTER.fields}


def write_csv(path: Path, labels: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Rows by field name under the headers that people see; fields without a column are left out."""
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, list(labels.values()))
        writer.writeheader()
        writer.writerows({labels[name]: value for name, value in row.items() if name in labels} for row in rows)


def add_project(folder: Path, bills: Sequence[Mapping[str, Any]], name: str = "", more: str = "",
                period: str = "2025", inputs: str = 'activity = "activity.csv"') -> Path:  # fmt: skip
    """A business project of a CSV file. `more` is TOML under [choices]."""
    folder.mkdir(parents=True, exist_ok=True)
    write_csv(folder / "activity.csv", _BILL, bills)
    text = (
        f'kind = "business"\nname = "{name or folder.name}"\nperiod = "{period}"\n[inputs]\n{inputs}\n[choices]\n{more}'
    )
    (folder / "natcap.toml").write_text(text, encoding="utf-8")
    return folder


def hub_of(root: Path, who: Iterable[Mapping[str, Any]], projects: str = "clients", **choices: Any) -> Path:
    """The portfolio's own natcap.toml and its register."""
    root.mkdir(parents=True, exist_ok=True)
    write_csv(root / "register.csv", _WHO, who)
    said = "\n".join(f"{key} = {value!r}".replace("'", '"') for key, value in choices.items())
    text = (f'kind = "portfolio"\nname = "Hub"\nperiod = "2025"\n[inputs]\nprojects = "{projects}"\n'
            f'register = "register.csv"\n[choices]\n{said}\n')  # fmt: skip
    (root / "natcap.toml").write_text(text, encoding="utf-8")
    return root


def write_hub(root: Path, rows: Sequence[Mapping[str, Any]], **choices: Any) -> Path:
    """The same businesses as a long table of `rows`, as a folder of projects and a register."""
    names = list(dict.fromkeys(row["business"] for row in rows))
    first = {name: next(row for row in rows if row["business"] == name) for name in names}
    for name in names:
        bills = [row for row in rows if row["business"] == name]
        add_project(root / "clients" / name, bills, first[name].get("name", ""))
    who = [{key: first[name][key] for key in ("business", *ABOUT) if key in first[name]} for name in names]
    return hub_of(root, who, **choices)


def write_table(root: Path, rows: Sequence[Mapping[str, Any]], **choices: Any) -> Path:
    """A portfolio of one long table."""
    root.mkdir(parents=True, exist_ok=True)
    write_csv(root / "portfolio.csv", {f.name: f.label for f in MODEL.fields}, rows)
    said = "\n".join(f"{key} = {value!r}".replace("'", '"') for key, value in choices.items())
    text = f'kind = "portfolio"\nname = "Hub"\nperiod = "2025"\n[inputs]\ntable = "portfolio.csv"\n[choices]\n{said}\n'
    (root / "natcap.toml").write_text(text, encoding="utf-8")
    return root
