"""Read what a project says of services: the workbook of its own figures, published values, choices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast, get_args

import numpy as np
import pandas as pd

from natcap.accounts.classes import slug
from natcap.accounts.price_year import deflated, tell_price_year
from natcap.accounts.services.account import Factor
from natcap.accounts.services.intermediate.given import PLACE, USES, Given, apart, refuse_halves
from natcap.accounts.services.intermediate.library import type_words
from natcap.accounts.services.library import Parameter, Price, services
from natcap.accounts.services.model import MODELS, READINGS
from natcap.accounts.services.published import read_published
from natcap.accounts.services.rows import Checker
from natcap.accounts.wings import Reader
from natcap.core.money import Level
from natcap.core.problems import Problems
from natcap.core.project import FILE, shown_value
from natcap.core.workbook import Row, read_tables, sound_rows

__all__ = ["ServicesInput", "read"]

_READING_COLUMNS = [f.name for f in READINGS.fields]


@dataclass(frozen=True)
class ServicesInput:
    """Accepted inputs of the services wing.

    `readings`: the fields of their model in the unit of the service, `_sheet`, `_row`, `_cell_*`, `factor` (Factor).
    `published`: see `read_published`. `uses`: service, user, share, factor (Factor), of the services that the user
    allocates himself. `library`: whether flows per hectare of the library are used. `intermediate` services are in none
    of these. `level`: the series of carbon values, that of the asset values; `early`: whether the first of them stands
    for the years before it.
    """

    years: tuple[int, int]
    price_year: int
    library: bool
    shown: str = ""
    readings: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=[*_READING_COLUMNS, "factor"]))
    parameters: tuple[Parameter, ...] = ()
    prices: tuple[Price, ...] = ()
    uses: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["service", "user", "share", "factor"]))
    published: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["zone", "service", "year", "amount"]))
    intermediate: Given = field(default_factory=Given)
    level: Level = "central"
    early: bool = False


def read(reader: Reader) -> ServicesInput | None:
    """What the project gives; None where something is wrong, which is then in the problems."""
    before = len(reader.problems.errors)
    years, price_year = _years(reader), _price_year(reader, "price_year")
    library = _library(reader)
    published = _published(reader)
    given = _workbook(reader, library) if "services" in reader.project.inputs else {}
    level, early = _carbon_values(reader)
    if len(reader.problems.errors) > before or years is None or price_year is None:
        return None
    return ServicesInput(years, price_year, library, published=published, level=level, early=early, **given)


def _tell(reader: Reader, key: str, found: object, expected: str, remedy: str = "") -> None:
    reader.problems.add(FILE, found, expected, remedy, cell=f"choices.{key}")


def _years(reader: Reader) -> tuple[int, int] | None:
    before = len(reader.problems.errors)
    opening, closing = reader.years()
    if len(reader.problems.errors) > before:
        return None
    if opening.isdigit() and closing.isdigit():
        return int(opening), int(closing)
    if all(reader.project.choices.get(key) is None for key in ("opening_year", "closing_year")) or opening == "opening":
        _tell(reader, "opening_year", "no years of the two dates", "opening_year = 2018 and closing_year = 2023",
              "Flows are those of a year: a price of carbon and a reading belong to one")  # fmt: skip
    else:
        _tell(reader, "closing_year", "no closing_year", "closing_year = 2023")
    return None


def _price_year(reader: Reader, key: str) -> int | None:
    year = reader.project.choices.get(key)
    if isinstance(year, int) and deflated(year):
        return year
    tell_price_year(reader.problems, key, year)
    return None


def _library(reader: Reader) -> bool:
    default = "own" if "services" in reader.project.inputs or "published" in reader.project.inputs else "library"
    word = reader.project.choices.get("services", default)
    if word not in ("library", "own"):
        _tell(reader, "services", str(word), '"library" or "own"',
              "library: flows per hectare from the library as well; own: only flows that you give")  # fmt: skip
    return bool(word == "library")


def _carbon_values(reader: Reader) -> tuple[Level, bool]:
    """The choices of the asset values, which tell wrong words; without them they are told here."""
    found = []
    for key, allowed in (("carbon_path", get_args(Level)), ("carbon_before", ("none", "first"))):
        default = "central" if key == "carbon_path" else "none"
        value = reader.project.choices.get(key, default)
        if value not in allowed and reader.project.choices.get("assets", True) is False:
            _tell(reader, key, shown_value(value), f"{key}: one of {', '.join(allowed)}",
                  f"Write one of these words, or leave it out for {default}")  # fmt: skip
        found.append(value if value in allowed else default)
    return cast(Level, found[0]), found[1] == "first"


def _published(reader: Reader) -> pd.DataFrame:
    empty = pd.DataFrame(columns=["zone", "service", "year", "amount"])
    if "published" not in reader.project.inputs:
        for key in ("published_price_year", "published_services"):
            if key in reader.project.choices:
                _tell(reader, key, f"the choice {key} alone", "an input published in [inputs]")
        return empty
    path = reader.file("published", "Name the CSV file of services by local authority")
    year = _price_year(reader, "published_price_year")
    wanted = reader.project.choices.get("published_services", [])
    if not isinstance(wanted, list) or not set(map(str, wanted)) <= set(services()):
        _tell(reader, "published_services", str(wanted), 'a list of services such as ["urban_cooling"]')
        return empty
    if path is None or year is None:
        return empty
    return read_published(path, reader.project.shown(path), year, tuple(map(str, wanted)), reader.problems)


def _workbook(reader: Reader, library: bool) -> dict[str, Any]:
    path = reader.file("services", "Name the workbook of services")
    if path is None:
        return {}
    shown, problems = reader.project.shown(path), reader.problems
    before = len(problems.errors)
    held = len(problems)
    tables: Mapping[str, pd.DataFrame] = read_tables(path, MODELS, problems, shown)
    broken = problems[held:] if len(problems.errors) > before else []
    users = {"", *tables["users"]["_sheet"]}
    shares_read = not any(p.sheet in users for p in broken if p.severity == "problem")
    if broken:
        tables = {model.id: sound_rows(tables[model.id], broken) for model in MODELS}
    elif all(tables[model.id].empty for model in MODELS) and not library:
        _no_row(problems, shown, path)
        return {}
    checker = _Book(shown, problems, type_words(reader.listed), whole=shares_read)
    readings, parameters = checker.readings(tables["readings"]), checker.parameters(tables["parameters"])
    prices, uses = checker.prices(tables["unit_values"]), checker.uses(tables["users"])
    if not broken:
        refuse_halves(tables, checker)
    return {"shown": shown, "parameters": parameters, **apart(readings, prices, uses)}


def _no_row(problems: Problems, shown: str, path: Path) -> None:
    sheets = ", ".join(model.sheet for model in MODELS)
    problems.add(shown, "no row", f"at least one row on one of the sheets {sheets}",
                 'Fill in a reading or a parameter, or set services = "library" in [choices]')  # fmt: skip


class _Book(Checker):
    """The four tables of the workbook, each row checked and none twice. Sums are only told of `whole` tables."""

    def __init__(self, shown: str, problems: Problems, types: frozenset[str], whole: bool = True) -> None:
        super().__init__(shown, problems, types)
        self.summed = whole

    def readings(self, frame: pd.DataFrame) -> pd.DataFrame:
        rows, factors = [], list[Factor]()
        for row in frame.to_dict("records"):
            service = self.service(row)
            service = None if service is None else self.measured(row, service)
            found = None if service is None else self.flow(row, service)
            if found is None or service is None:
                continue
            place = ".".join(slug(str(part)) for part in (row["zone"], row["type"] or "not_by_type", int(row["year"])))
            key = f"services.reading.{service.id}.{place}"
            factors.append(self.factor(found, key, f"flow read, {service.name}", "flow", service.unit))
            rows.append({**found, "service": service.id, "unit": service.unit})
        return pd.DataFrame(rows, columns=list(frame.columns)).assign(factor=pd.Series(factors, dtype=object))

    def once(self, rows: Iterable[tuple[Row, object]], name: str, what: str) -> None:
        met: set[object] = set()
        for row, key in rows:
            if key in met:
                self.tell(row, name, f"a second {what}", f"each {what} once", "Delete one of the rows")
            met.add(key)

    def parameters(self, frame: pd.DataFrame) -> tuple[Parameter, ...]:
        pairs = [(row, self.parameter(row)) for row in frame.to_dict("records")]
        self.once(((r, (p.service, p.habitat, p.name)) for r, p in pairs if p), "parameter",
                  "parameter of a service and habitat")  # fmt: skip
        return tuple(found for _, found in pairs if found)

    def prices(self, frame: pd.DataFrame) -> tuple[Price, ...]:
        pairs = [(row, self.price(row)) for row in frame.to_dict("records")]
        self.once(((r, (p.service, p.habitat, p.year)) for r, p in pairs if p), "value",
                  "unit value of a service, habitat and year")  # fmt: skip
        return tuple(found for _, found in pairs if found)

    def uses(self, frame: pd.DataFrame) -> pd.DataFrame:
        rows: list[tuple[object, ...]] = []
        records: list[Row] = []
        broken: set[str] = set()
        astray = False
        for row in frame.to_dict("records"):
            service = self.service(row)
            user = self.user(row, service)
            astray |= service is None  # its share may be that of any service
            broken |= set() if service is None or (user is not None and 0 <= row["share"] <= 1) else {service.id}
            if not 0 <= row["share"] <= 1:
                self.tell(row, "share", f"{row['share']:g}", "a share from 0 to 1")
            elif service is not None and user is not None:
                made = self.factor(row, f"services.own.user.{service.id}.{slug(user)}", f"share of use, {user}",
                                   "share", "fraction")  # fmt: skip
                rows.append((service.id, user, float(row["share"]), made, *(row[key] for key in PLACE)))
                records.append(row)
        self.once(zip(records, [key[:2] for key in rows], strict=True), "user", "share of a service and user")
        table = pd.DataFrame(rows, columns=[*USES, *PLACE])
        if self.summed:
            self.sums(table[~table["service"].isin(list(broken))], records, astray)
        return table

    def sums(self, table: pd.DataFrame, records: list[Row], astray: bool) -> None:
        """Shares of a service sum to 1; where a share went `astray`, to less than that."""
        for key, rows in table.groupby("service", sort=False):
            total = float(np.sum(rows["share"]))
            if total - 1 > 1e-9 or (1 - total > 1e-9 and not astray):
                self.tell(records[rows.index[-1]], "share", f"the shares of {key} with the sum {total:.10g}",
                          "shares that sum to 1", "Use equals supply: give every user of the service")  # fmt: skip
