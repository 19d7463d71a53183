"""The factor library: editions, their tables, and the one way to ask for a factor."""

from __future__ import annotations

from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from natcap.core.factors.editions import FAMILY, Edition, editions_in, factor_folders, read_table
from natcap.core.factors.layout import BLANK, BOUND, GASES, VALUE
from natcap.core.factors.model import Factor, FactorError, Match
from natcap.core.problems import did_you_mean
from natcap.core.report import FactorRef

__all__ = ["Library", "library"]


class Library:
    """Every edition under the given factor folders. Tables are read when first asked for."""

    def __init__(self, folders: list[Path]) -> None:
        self.folders = folders
        self._tables: dict[str, pd.DataFrame] = {}
        self._index: dict[str, pd.Series] = {}

    @cached_property
    def _editions(self) -> list[Edition]:
        return editions_in(self.folders)

    @cached_property
    def _units(self) -> dict[str, str]:
        frame = pd.read_csv(self.folders[0] / FAMILY / "units.csv", dtype=str)
        return dict(zip(frame["uom"], frame["unit"], strict=True))

    def editions(self, family: str | None = None) -> list[Edition]:
        """Every edition, oldest first; superseded ones too."""
        return [e for e in self._editions if family in (None, e.family)]

    def edition(self, family: str, year: int) -> Edition:
        """The edition in force for a year: whole before partial, then the newest version.

        Raises FactorError with the nearest year when there is none.
        """
        found = [e for e in self.editions(family) if e.year == year]
        if found:
            return found[-1]
        years = sorted({e.year for e in self.editions(family)})
        if not years:
            raise FactorError(f"there is no factor family {family!r}")
        nearest = min(years, key=lambda y: (abs(y - year), -y))
        raise FactorError(
            f"there is no {family} edition for {year}; the nearest is {nearest}. Add one with natcap factors add, or "
            "allow an earlier edition",
            nearest=nearest,
        )

    def table(self, family: str, year: int) -> pd.DataFrame:
        """A copy of the wide table of the edition in force (see editions.read_table)."""
        return self._frame(self.edition(family, year)).copy()

    def _frame(self, edition: Edition) -> pd.DataFrame:
        if edition.key not in self._tables:
            self._tables[edition.key] = read_table(edition, self._units)
        return self._tables[edition.key]

    def _row(self, edition: Edition, series: str) -> pd.Series | None:
        if edition.key not in self._index:
            names = self._frame(edition)["series"]
            named = names[names != ""]
            self._index[edition.key] = pd.Series(named.index, index=named.to_numpy())
        position = self._index[edition.key].get(series)
        return None if position is None else self._frame(edition).iloc[int(position)]

    def match(
        self,
        series: str,
        year: int,
        family: str = FAMILY,
        allow_earlier: bool = False,
        *,
        kind: str = "emission",
        bound: bool = False,
    ) -> Match:
        """The factor of `series` for `year`, and how it was found.

        Refused with FactorError: an unknown series, a year without an edition or without this series (unless
        `allow_earlier`), a blank ("not published for this year"), a bound such as "< 1" (unless `bound`), and a kWh
        row unless `kind` is "energy". Nothing is ever filled in silently.
        """
        try:
            edition = self.edition(family, year)
            row = self._row(edition, series)
            if row is not None:
                how = "partial edition" if edition.partial else "exact"
                note = "from a partial edition, read in a transcription" if edition.partial else ""
                return Match(self._factor(edition, row, kind, bound), how, year, note)
            reason: FactorError | None = None
        except FactorError as error:
            reason = error
        earlier = self._years(series, family)
        if allow_earlier:
            for candidate in reversed([e for e in earlier if e.year < year]):
                row = self._row(candidate, series)
                if row is None or candidate.partial or not self._valued(row, kind):
                    continue
                found = self._factor(candidate, row, kind, bound)
                return Match(found, "earlier edition", year, f"no factor for {year}: that of {candidate.year} is used")
        raise reason or self._missing(series, year, family, earlier)

    @staticmethod
    def _valued(row: pd.Series, kind: str) -> bool:
        return bool(row["kind"] == kind and VALUE in row["state"])

    def _years(self, series: str, family: str) -> list[Edition]:
        return [e for e in self.editions(family) if self._row(e, series) is not None]

    def _missing(self, series: str, year: int, family: str, held: list[Edition]) -> FactorError:
        if not held:
            newest = self._frame([e for e in self.editions(family) if not e.partial][-1])["series"]
            hint = did_you_mean(series, newest)
            return FactorError(f"there is no factor series {series!r}. {hint}".strip(), choices=(hint,) if hint else ())
        nearest = min((e.year for e in held), key=lambda y: (abs(y - year), -y))
        partial = " (partial)" if self.edition(family, year).partial else ""
        return FactorError(
            f"{series} is not in the {year} edition{partial}; the nearest edition that has it is {nearest}",
            nearest=nearest,
        )

    def _factor(self, edition: Edition, row: pd.Series, kind: str, bound: bool) -> Factor:
        series, state = str(row["series"]), str(row["state"])
        if row["kind"] != kind:
            is_a = "energy in kWh per unit" if row["kind"] == "energy" else "an emission factor"
            raise FactorError(f"{series} is {is_a}, not of kind {kind!r}")
        value, low, high, note = self._number(edition, row, state, bound)
        gases = {
            name: float(row[column])
            for name, column in zip(("CO2", "CH4", "N2O"), GASES[1:], strict=True)
            if not np.isnan(row[column])
        }
        labels = [row[c] for c in ("level1", "level2", "level3", "level4", "text", "uom") if row[c]]
        return Factor(
            row["factor_id"], series, " / ".join(labels), value, row["unit"], edition.id, edition.year, row["gwp_set"],
            edition.source, row["locator"], edition.verified, kind, gases, low, high, note,
        )  # fmt: skip

    @staticmethod
    def _number(
        edition: Edition, row: pd.Series, state: str, bound: bool
    ) -> tuple[float, float | None, float | None, str]:
        series = row["series"]
        if state[0] == VALUE:
            return float(row["kwh" if row["kind"] == "energy" else "kg_co2e"]), None, None, ""
        if state == ".v..":
            return float(row["kg_co2"]), None, None, "published as CO2 only, without a total"
        if state[0] == BOUND:
            if not bound:
                raise FactorError(
                    f"{series}: the {edition.year} edition prints {row['printed']!r}, a bound and no value"
                )
            high = float(row["printed"].strip("< "))
            return high, 0.0, high, f"printed as {row['printed']!r}: the upper bound is used"
        why = "left blank by its publisher" if state[0] == BLANK else "without a total in the official rows"
        raise FactorError(f"{series} is not published for {edition.year}: {why}. A blank is not zero")

    def ref(self, factor_id: str) -> FactorRef:
        """The reference of a factor id; KeyError when there is none."""
        family, folder, series = [*factor_id.split("/", 2), "", ""][:3]
        for edition in self.editions(family):
            if edition.folder.name == folder:
                row = self._row(edition, series)
                if row is not None:
                    return self._factor(edition, row, str(row["kind"]), True).ref()
        raise KeyError(factor_id)


@lru_cache(maxsize=4)
def _library(folders: tuple[Path, ...]) -> Library:
    return Library(list(folders))


def library(*folders: Path) -> Library:
    """The library over `factors/` of the program and the folders of NATCAP_EXTRA_FACTORS (or over given folders)."""
    return _library(tuple(folders) or tuple(factor_folders()))
