"""Read catastrophic losses: an area or a flow in each row, inside the years of the account, none twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from natcap.accounts.assets_account.losses.model import MODEL
from natcap.accounts.classes import slug
from natcap.accounts.services.account import Service
from natcap.accounts.services.library import services
from natcap.accounts.wings import Reader
from natcap.core.problems import Problem, Problems, did_you_mean
from natcap.core.project import FILE
from natcap.core.units import UnitError, convert, unit
from natcap.core.workbook import Row, RowTeller, read_tables, sound_sheets

__all__ = ["AREA", "FIELDS", "FLOW", "Loss", "Losses", "read_losses"]

Measure = Literal["area", "flow"]
AREA: Measure = "area"
FLOW: Measure = "flow"
FIELDS = {AREA: "hectares", FLOW: "flow"}
"""The column of the workbook that holds an amount."""
_FIELDS = tuple(one.name for one in MODEL.fields)
_SERVICES = ("services", "published")


@dataclass(frozen=True, slots=True)
class Loss:
    """One row. `zone` and `type` as written, "" where blank; `service` an id, "" for every service of the land.

    `amount` in hectares, or a year in the unit of the service; `entered` and `unit` as in the cell; `row` the cells.
    """

    event: str
    year: int
    zone: str
    type: str
    service: str
    measure: Measure
    amount: float
    entered: float
    unit: str
    evidence: str
    note: str
    row: Row = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Losses:
    """The rows of a workbook that is called `shown`, in its order."""

    shown: str
    rows: tuple[Loss, ...]


def read_losses(reader: Reader, valued: bool = True) -> Losses | None:
    """The input `losses`; None where it is not named, or wrong (then told). `valued`: asset values are switched on."""
    if "losses" not in reader.project.inputs:
        return None
    if not _has_values(reader, valued):
        return None
    path = reader.file("losses", "Name the workbook with the catastrophic losses")
    if path is None:
        return None
    shown, problems = reader.project.shown(path), reader.problems
    before, held = len(problems.errors), len(problems)
    frame = read_tables(path, [MODEL], problems, shown)[MODEL.id]
    broken = len(problems.errors) > before
    if broken:
        frame = sound_sheets(frame, problems[held:])
    elif frame.empty:
        problems.add(shown, "no row", "at least one catastrophic loss",
                     "Fill the sheet Losses, or take losses out of [inputs]: the account then says none recorded",
                     sheet=MODEL.sheet)  # fmt: skip
    rows = tuple(_Checker(shown, problems, reader.years(), problems[held:]).all(frame))
    return Losses(shown, rows) if len(problems.errors) == before else None


def _has_values(reader: Reader, valued: bool) -> bool:
    """Whether there is an asset account that can hold losses."""
    project = reader.project
    if valued and ({*_SERVICES} & set(project.inputs) or "services" in project.choices):
        return True
    found = "losses without services" if valued else "losses beside assets = false"
    remedy = 'Name services in [inputs], or services = "library" in [choices]' if valued else "Take assets = false out"
    reader.problems.add(FILE, found, "asset values, which a loss is taken from", f"{remedy}; or take losses out",
                        cell="inputs.losses")  # fmt: skip
    return False


class _Checker(RowTeller):
    def __init__(self, shown: str, problems: Problems, years: tuple[str, str],
                 broken: Sequence[Problem] = ()) -> None:  # fmt: skip
        super().__init__(shown, problems, broken)
        self.years = years
        self.services = services()
        self.names = {slug(s.name): s.id for s in self.services.values()} | {key: key for key in self.services}

    def all(self, frame: pd.DataFrame) -> Iterator[Loss]:
        met: dict[tuple[str, ...], set[str]] = {}
        for row in frame.to_dict("records"):
            found = self.loss(row)
            if found is not None and self.once(found, met):
                yield found

    def loss(self, row: Row) -> Loss | None:
        before = len(self.problems.errors)
        measure, service = self.measure(row), self.service(row)
        self.year(row)
        if len(self.problems.errors) > before or measure is None or not self.intact(row, *_FIELDS):
            return None
        if measure == FLOW and service is None:
            self.tell(row, "service", "no service", "the service whose flow was lost", "Name one in each row")
        elif measure == AREA and not row["type"]:
            self.tell(row, "type", "no ecosystem type", "the type that the land was at the opening")
        elif not row[FIELDS[measure]] > 0:
            self.tell(row, FIELDS[measure], f"{row[FIELDS[measure]]:g}", "an amount above 0",
                      "Write what was lost without a minus; where nothing was lost, delete the row")  # fmt: skip
        amount = np.nan if measure == FLOW and service is None else self.amount(row, measure, service)
        if len(self.problems.errors) > before:
            return None
        return Loss(
            row["event"], int(row["year"]), row["zone"], row["type"], "" if service is None else service.id, measure,
            amount, float(row[FIELDS[measure]]), row["unit"] if measure == FLOW else "ha", row["evidence"],
            row["note"], row,
        )  # fmt: skip

    def measure(self, row: Row) -> Measure | None:
        """What was lost, where exactly one of the two is filled."""
        if not self.intact(row, *FIELDS.values()):
            return None
        area, flow = (not np.isnan(row[FIELDS[name]]) for name in (AREA, FLOW))
        if area != flow:
            return AREA if area else FLOW
        found = "an area and a flow" if area else "no area and no flow"
        self.tell(row, "flow" if area else "hectares", found, "either an area or a flow",
                  "Area for land that became another type, flow for land that stayed; two rows for both")  # fmt: skip
        return None

    def service(self, row: Row) -> Service | None:
        if not row["service"]:
            return None
        key = self.names.get(slug(str(row["service"])), "")
        own = [s.id for s in self.services.values() if not s.abiotic]
        if key in own:
            return self.services[key]
        remedy = did_you_mean(str(row["service"]), own)
        if key:
            remedy = "An abiotic flow is no service of an ecosystem: it stands below the line, and loses nothing here"
        self.tell(row, "service", str(row["service"]), f"one of {', '.join(own)}, or blank", remedy)
        return None

    def year(self, row: Row) -> None:
        if not all(word.isdigit() for word in self.years):
            return  # the services tell that the years are missing
        opening, closing = map(int, self.years)
        if not opening < row["year"] <= closing:
            self.tell(row, "year", f"the year {row['year']:g}", f"a year from {opening + 1} to {closing}",
                      f"The account runs from {opening} to {closing}: what happened before is in its opening value, "
                      "what happened later in no value of it")  # fmt: skip

    def amount(self, row: Row, measure: Measure, service: Service | None) -> float:
        """Hectares, or the flow in the unit of the service."""
        text = str(row["unit"])
        wanted = "ha" if measure == AREA or service is None else service.unit
        try:
            if measure == AREA:
                if text and unit(text).id != unit("ha").id:
                    raise UnitError("An area is given in hectares")
                return float(row["hectares"])
            if not text:
                raise UnitError(f"The flow of {service.id if service else ''} is in {wanted} a year")
            return convert(float(row["flow"]), text, wanted)
        except UnitError as error:
            like = "ha, or blank" if measure == AREA else f"{wanted}, or a unit that converts to it"
            remedy = str(error) if measure == AREA else f"{error}. The year is understood: write no /year"
            self.tell(row, "unit", text or "no unit", like, remedy)
            return np.nan

    def once(self, loss: Loss, met: dict[tuple[str, ...], set[str]]) -> bool:
        """Whether no row above says the same; every service holds each single one."""
        key = (slug(loss.event), slug(loss.zone or "all"), slug(loss.type), loss.measure)
        known = met.setdefault(key, set())
        twice = bool(known) and (loss.service in known or not loss.service or "" in known)
        known.add(loss.service)
        if twice:
            self.tell(loss.row, "event", f"a second {loss.measure} of {loss.event} for the same place and service",
                      "each loss once", "Add the two up, or give another event its own name; a blank service stands "
                      "for every service of that land")  # fmt: skip
        return not twice
