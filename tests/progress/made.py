"""Small tables for the tests: areas, observations and targets of a place that does not exist."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from natcap.core.problems import Problems
from natcap.core.targets import COLUMNS as TARGET_COLUMNS
from natcap.core.targets import Target, targets_from
from natcap.progress import areas as areas_module
from natcap.progress.areas import Areas, areas_from
from natcap.progress.definitions import indicators
from natcap.progress.observations import COLUMNS, observations_from

__all__ = ["AREAS", "PROJECT", "areas", "numbers", "project", "rows", "target"]

AREAS = [
    ("A1", "Aford", "district", "C1", ""),
    ("A2", "Bebury", "district", "C1", ""),
    ("C1", "Ceeshire", "county", "", "complete"),
]
PROJECT = """\
kind = "area"
name = "Ceeshire"
period = "2026"

[inputs]
areas = "areas.csv"
observations = "observations.csv"
targets = "targets.csv"

[choices]
as_of = "2026-06-01"
"""


def _frame(records: Sequence[dict[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
    table = pd.DataFrame(
        [{c: str(r.get(c, "")) for c in columns} for r in records], columns=list(columns), dtype=object
    )
    table["_file"], table["_sheet"] = "made.csv", ""
    table["_row"] = range(2, len(table) + 2)
    return table


def areas(problems: Problems | None = None, listed: Sequence[tuple[str, ...]] = tuple(AREAS)) -> Areas:
    records = [dict(zip(areas_module.COLUMNS, row, strict=False)) for row in listed]
    return areas_from(_frame(records, areas_module.COLUMNS), problems if problems is not None else Problems())


def rows(indicator: str, area: str, values: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    """One row for each period of `values`; None is a value that is not there."""
    unit = indicators()[indicator].unit if indicator in indicators() else "%"
    made = []
    for period, value in values.items():
        base = {"indicator": indicator, "area": area, "period": period, "period_type": "calendar year", "unit": unit}
        given = {"value": "", "status": "confidential"} if value is None else {"value": value, "status": "observed"}
        made.append(base | given | {"source": "natcap-choice", "release": "2026", "method_version": "one"} | more)
    return made


def numbers(records: Sequence[dict[str, Any]], problems: Problems | None = None) -> pd.DataFrame:
    """Checked observations."""
    said = problems if problems is not None else Problems()
    return observations_from(_frame(records, COLUMNS), indicators(), areas(), {"natcap-choice"}, said)


def target(problems: Problems | None = None, **given: Any) -> Target:
    """One target; `given` replaces parts of a promise of zero per person by 2030."""
    base = {
        "id": "made-2030", "indicator": "C02", "area": "A1", "scope": "whole area", "base_year": 2019,
        "base_verified": "read", "year": 2030, "value": 0, "unit": "t CO2e per person", "path": "linear",
        "source": "natcap-choice", "verified": "read", "wording": "none by 2030",
    }  # fmt: skip
    said = problems if problems is not None else Problems()
    units = {key: found.unit for key, found in indicators().items()}
    found = targets_from(_frame([base | given], TARGET_COLUMNS), units, areas(), {"natcap-choice"}, said)
    said.raise_if_any()
    return found[0]


def project(folder: Path, records: Sequence[dict[str, Any]], toml: str = PROJECT, targets: str = "") -> Path:
    """A project folder with these observations."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "natcap.toml").write_text(toml, encoding="utf-8")
    header = ",".join(areas_module.COLUMNS)
    (folder / "areas.csv").write_text("\n".join([header, *(",".join((*row, "")) for row in AREAS)]) + "\n", "utf-8")
    (folder / "targets.csv").write_text(",".join(TARGET_COLUMNS) + "\n" + targets, encoding="utf-8")
    table = pd.DataFrame([{c: r.get(c, "") for c in COLUMNS} for r in records], columns=list(COLUMNS))
    table.to_csv(folder / "observations.csv", index=False, lineterminator="\n")
    return folder
