"""Read projections of flows: one index for each service, ecosystem type and year, and how gaps are to be filled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from natcap.accounts.assets_account.projection_model import MODEL
from natcap.accounts.classes import slug
from natcap.accounts.services.rows import Checker
from natcap.accounts.wings import Reader
from natcap.core.problems import Problems
from natcap.core.project import FILE
from natcap.core.report import FactorRef, InputRef
from natcap.core.workbook import Row, read_tables, sound_rows

__all__ = ["After", "Between", "Projection", "given_projections", "read_projections"]

Between = Literal["none", "linear", "step"]
"""What stands for years between given years: nothing, a straight line, or the given year before them."""
After = Literal["none", "last"]
"""What stands for years after the last given year: nothing, or that year."""
_SPAN = (1900, 2300)


@dataclass(frozen=True, slots=True)
class Projection:
    """The index of a service as somebody gave it, by rising year. `type` as written; "" for every type.

    `refs` and `cells` say for each year where it stands; `names` has the cells of service and type in its first row.
    `judged`: a row has no source. `rag`: Amber at best, as a forecast is no measurement; Red where it is judged.
    """

    service: str
    type: str
    years: tuple[int, ...]
    index: tuple[float, ...]
    refs: tuple[FactorRef, ...]
    cells: tuple[InputRef, ...]
    names: tuple[InputRef, InputRef]
    rag: Literal["Amber", "Red"] = "Amber"
    judged: bool = False


def read_projections(reader: Reader, wanted: bool) -> tuple[Projection, ...]:
    """The projections of the input; none where there is none or something is wrong, which is then in the problems.

    `wanted`: whether the project makes asset values.
    """
    inputs, choices, problems = reader.project.inputs, reader.project.choices, reader.problems
    if "projections" not in inputs:
        for key in ("projection_between", "projection_after"):
            if key in choices:
                problems.add(FILE, f"the choice {key} alone", "an input projections in [inputs]",
                             "Name the workbook of projections, or take the choice out",
                             cell=f"choices.{key}")  # fmt: skip
        return ()
    if not wanted or not ({"services", "published"} & set(inputs) or "services" in choices):
        problems.add(FILE, "projections without asset values", "services, and not assets = false",
                     "Projections are of flows that asset values count: name services in [inputs] or [choices], or "
                     "take projections out", cell="inputs.projections")  # fmt: skip
        return ()
    path = reader.file("projections", "Name the workbook with the projections")
    if path is None:
        return ()
    shown, before = reader.project.shown(path), len(problems.errors)
    held = len(problems)
    frame = read_tables(path, [MODEL], problems, shown)[MODEL.id]
    if len(problems.errors) > before:
        frame = sound_rows(frame, problems[held:])
    elif frame.empty:
        problems.add(shown, "no row", "at least one index", "Fill the sheet Projections, or take projections out of "
                     "[inputs]", sheet=MODEL.sheet)  # fmt: skip
    return tuple(given_projections(frame, shown, problems))


def given_projections(frame: pd.DataFrame, shown: str, problems: Problems) -> Iterable[Projection]:
    """The projections of a table in the fields of the model; rows that are wrong are told and left out."""
    checker, seen = _Rows(shown, problems, frozenset()), dict[tuple[str, str], dict[int, Row]]()
    for row in frame.to_dict("records"):
        service = checker.checked(row)
        if service is None:
            continue
        year, mine = int(row["year"]), seen.setdefault((service, slug(str(row["type"])) if row["type"] else ""), {})
        if year in mine:
            of = f"{service}, {row['type']}" if row["type"] else service
            checker.tell(row, "year", f"the year {year} of {of} for the second time",
                         "each service, ecosystem type and year once", f"Row {mine[year]['_row']} has it as well: "
                         "delete one of the rows")  # fmt: skip
            continue
        mine[year] = row
    return [checker.projection(service, mine) for (service, _), mine in seen.items()]


class _Rows(Checker):
    """Rows of projections one by one, each at its cell."""

    def checked(self, row: Row) -> str | None:
        """The id of the service of a row that can be used."""
        service = self.service(row)
        if service is None:
            return None
        if service.section == "intermediate":
            self.tell(row, "service", f"a projection of {service.name}", "a service of final users",
                      "An intermediate service has no asset value of its own: take the row out")  # fmt: skip
            return None
        if service.rental:
            self.tell(row, "service", f"a projection of {service.name}", "a service whose asset is a sum of flows",
                      "Its price stands for a capital value and the asset is that capital: take the row "
                      "out")  # fmt: skip
            return None
        if not _SPAN[0] <= row["year"] <= _SPAN[1]:
            self.tell(row, "year", f"{row['year']:g}", "a calendar year such as 2023")
            return None
        if not np.isfinite(row["index"]):
            self.tell(row, "index", f"the index {row['index']:g}", "a number such as 100")
            return None
        return service.id

    def projection(self, service: str, rows: dict[int, Row]) -> Projection:
        years = sorted(rows)
        judged = any(not rows[year]["source"] for year in years)
        red = judged or any(rows[year]["confidence"] == "Red" for year in years)
        first = rows[years[0]] if years else {}
        kind = str(next((row["type"] for row in rows.values()), ""))
        cells = tuple(self.cell(rows[year], "index") for year in years)
        refs = tuple(self.ref(service, kind, rows[y], c) for y, c in zip(years, cells, strict=True))
        return Projection(service, kind, tuple(years), tuple(float(rows[y]["index"]) for y in years), refs, cells,
                          (self.cell(first, "service"), self.cell(first, "type")), "Red" if red else "Amber",
                          judged)  # fmt: skip

    def cell(self, row: Row, name: str) -> InputRef:
        value: Any = row[name]
        written = f"{value:.10g}" if isinstance(value, float) else str(value)
        place = str(row.get(f"_cell_{name}") or f"row {row['_row']}")
        note = "; ".join(text for text in (str(row["source"]), str(row["note"])) if text)
        return InputRef(self.shown, str(row["_sheet"]), place, written, "score", note)

    def ref(self, service: str, kind: str, row: Row, cell: InputRef) -> FactorRef:
        year, told = int(row["year"]), str(row["source"])
        key = ".".join(["projection", service, *([slug(kind)] if kind else []), str(year)])
        label = f"index of the flow in {year}, {self.services[service].name}{f', {kind}' if kind else ''}"
        return FactorRef(key, label, float(row["index"]), "score", told or "given without a source",
                         f"{self.shown}, {cell.sheet} {cell.cell}", "user" if told else "judged",
                         str(row["note"]))  # fmt: skip
