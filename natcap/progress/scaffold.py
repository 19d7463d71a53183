"""Start a project folder of kind "area": the example as it travels with the program, or templates to fill in."""

from __future__ import annotations

import shutil
from pathlib import Path

from natcap.core.project import FILE
from natcap.core.resources import root
from natcap.core.sources import COLUMNS as SOURCE_COLUMNS
from natcap.core.targets import COLUMNS as TARGET_COLUMNS
from natcap.core.targets import PATHS, SCOPES
from natcap.core.workbook import Field, TableModel, write_template
from natcap.progress.areas import COLUMNS as AREA_COLUMNS
from natcap.progress.definitions import indicators
from natcap.progress.inputs import BLANK
from natcap.progress.observations import COLUMNS, STATUSES
from natcap.progress.periods import TYPES

__all__ = ["write_project"]

_EXAMPLE = "leicestershire"
_PLAIN = """\
kind = "area"
name = "My area"
period = "2026"

[inputs]
areas = "areas.csv"
observations = "observations.xlsx"     # or a folder of such tables
targets = "targets.csv"
sources = "sources.csv"
# Official files can be dropped in as they are:
# official = [{ adapter = "la_co2", file = "la_co2_emissions.csv", release = "2022-06" }]

[choices]
as_of = "2026-06-01"                   # the day on which the status is judged; nothing later is used
"""
_HELP = {
    "part": "Empty for the whole; Industry or Industry/Gas for a part of it.",
    "period": "2023; 2023/24; 2026-04-01; as the type of period says.",
    "value": "Empty where the status says there is no value. A missing value is not zero.",
    "unit": "As in the definitions of the indicators.",
    "source": "An id of sources.csv.",
    "release": "Edition of the publication; a revision is another release of the same row.",
    "method_version": "Another word here is a break in the series.",
}
_EXAMPLES = {
    "indicator": "C02", "area": "E06000016", "period": "2023", "period_type": "calendar year", "value": "3.23",
    "unit": "t CO2e per person", "status": "observed", "source": "desnz-la-ghg-2023", "release": "2025-07-03",
    "method_version": "territorial",
}  # fmt: skip


def observation_model() -> TableModel:
    """The input model of observations, with lists to choose from."""
    choices = {"indicator": tuple(indicators()), "period_type": TYPES, "status": STATUSES}
    fields = tuple(
        Field(
            name, name, "choice" if name in choices else "text", name not in BLANK["observations"],
            choices=choices.get(name, ()), help=_HELP.get(name, ""), example=_EXAMPLES.get(name, ""),
        )
        for name in COLUMNS
    )  # fmt: skip
    return TableModel("observations", "observations", "Observations", fields)


def write_project(folder: Path, example: bool) -> list[Path]:
    """Write natcap.toml and its tables into `folder`; returns them in the order in which to open them."""
    folder.mkdir(parents=True, exist_ok=True)
    return _example(folder) if example else _blank(folder)


def _example(folder: Path) -> list[Path]:
    data = root("data") / _EXAMPLE
    written = []
    for name in ("natcap.toml", "areas.csv", "targets.csv", "sources.csv"):
        source = data / ("area.toml" if name == FILE else name)
        shutil.copyfile(source, folder / name)
        written.append(folder / name)
    (folder / "observations").mkdir(exist_ok=True)
    for path in sorted((data / "observations").glob("*.csv")):
        shutil.copyfile(path, folder / "observations" / path.name)
        written.append(folder / "observations" / path.name)
    return written


def _blank(folder: Path) -> list[Path]:
    (folder / FILE).write_text(_PLAIN, encoding="utf-8")
    for name, columns in (("areas", AREA_COLUMNS), ("targets", TARGET_COLUMNS), ("sources", SOURCE_COLUMNS)):
        (folder / f"{name}.csv").write_text(",".join(columns) + "\n", encoding="utf-8")
    guidance = (
        "One row is one figure: an indicator, for an area, for a period, with its unit, status and source.",
        "A value that is missing is a word in status, and the cell of the value stays empty.",
        f"Targets go into targets.csv: scope is one of {', '.join(SCOPES)}; path is one of {', '.join(PATHS)}.",
    )
    path = write_template(
        [observation_model()], folder / "observations.xlsx", "Observations of an area", guidance, example=True
    )
    return [folder / FILE, folder / "areas.csv", path, folder / "targets.csv", folder / "sources.csv"]
