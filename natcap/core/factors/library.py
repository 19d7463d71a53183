"""The factor library: editions, their tables, and the one way to ask for a factor."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from natcap.core.factors import parameters
from natcap.core.factors.bulk import TableMatch, match_table
from natcap.core.factors.diff import compare
from natcap.core.factors.editions import FAMILY, Edition, editions_in, factor_folders, read_table
from natcap.core.factors.history import History, history
from natcap.core.factors.layout import VALUE
from natcap.core.factors.match import ONLY_CO2, blended, factor_of
from natcap.core.factors.model import Factor, FactorError, Match
from natcap.core.factors.search import Index, load_words
from natcap.core.problems import did_you_mean
from natcap.core.report import FactorRef

__all__ = ["Library", "forget", "library"]

_LONGEST = 200


class Library:
    """Every edition under the given factor folders. Tables are read when first asked for."""

    def __init__(self, folders: list[Path]) -> None:
        self.folders = folders
        self._tables: dict[str, pd.DataFrame] = {}
        self._positions: dict[str, pd.Index] = {}
        self._found: dict[str, Index] = {}

    @cached_property
    def _editions(self) -> list[Edition]:
        return editions_in(self.folders)

    def editions(self, family: str | None = None) -> list[Edition]:
        """Every edition of the conversion factors, oldest first, superseded ones too. Other families have tables."""
        return [e for e in self._editions if family in (None, e.family)]

    def families(self) -> list[str]:
        """Names that `table` and `match` accept as `family`."""
        return [FAMILY, *parameters.FAMILIES]

    def edition(self, family: str, year: int) -> Edition:
        """The edition in force for a year: whole before partial, then the newest version.

        Raises FactorError with the nearest year when there is none.
        """
        found = [e for e in self.editions(family) if e.year == year]
        if found:
            return found[-1]
        years = sorted({e.year for e in self.editions(family)})
        if not years:
            raise FactorError(f"there is no factor family {family!r}", choices=tuple(self.families()))
        nearest = min(years, key=lambda y: (abs(y - year), -y))
        raise FactorError(
            f"there is no {family} edition for {year}; the nearest is {nearest}. Add one with natcap factors add, or "
            "allow an earlier edition",
            nearest=nearest,
        )

    def table(self, family: str, year: int) -> pd.DataFrame:
        """A copy of the table of the edition in force (see editions.read_table), or a parameter family's rows."""
        if family in parameters.FAMILIES:
            rows = parameters.family_table(family, self.folders[0])
            return rows[rows["year"] == year].reset_index(drop=True)
        return self.frame(self.edition(family, year)).copy()

    def frame(self, edition: Edition) -> pd.DataFrame:
        """The table of any edition, superseded ones too. Shared: copy before changing it."""
        if edition.key not in self._tables:
            self._tables[edition.key] = read_table(edition)
        return self._tables[edition.key]

    def positions(self, edition: Edition) -> pd.Index:
        """Series by row of `frame`; rows without a series have their row number, which is no series."""
        if edition.key not in self._positions:
            names = self.frame(edition)["series"].to_numpy(dtype=object)
            missing = names == ""
            names[missing] = np.flatnonzero(missing)
            self._positions[edition.key] = pd.Index(names, dtype=object)
        return self._positions[edition.key]

    def row(self, edition: Edition, series: str) -> pd.Series | None:
        """The row of a series in an edition, or None."""
        try:
            place = self.positions(edition).get_loc(series)
        except KeyError:
            return None
        assert isinstance(place, int)
        return self.frame(edition).iloc[place]

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
        row unless `kind` is "energy". Nothing is ever filled in silently. A series of a parameter family
        ("spend/sic-62") is found by its first part.
        """
        other = family if family in parameters.FAMILIES else parameters.family_of(series)
        if other:
            return parameters.match_parameter(other, series, year, allow_earlier, self.folders[0])
        if not self.editions(family):
            raise FactorError(f"there is no factor family {family!r}", choices=tuple(self.families()))
        try:
            edition = self.edition(family, year)
            row = self.row(edition, series)
            if row is not None:
                how = "partial edition" if edition.partial else "exact"
                note = "from a partial edition, read in a transcription" if edition.partial else ""
                return Match(factor_of(edition, row, kind, bound), how, year, note)
            refusal = None
        except FactorError as error:
            refusal = error
        held = self._held(series, family)
        earlier = self._earlier(series, year, held, kind) if allow_earlier else None
        if earlier is None:
            raise refusal if refusal and held else self._absent(series, year, family, held)
        note = f"no factor for {year}: that of {earlier[0].year} is used"
        return Match(factor_of(*earlier, kind, bound), "earlier edition", year, note)

    def _held(self, series: str, family: str) -> list[Edition]:
        return [e for e in self.editions(family) if series in self.positions(e)]

    def _earlier(self, series: str, year: int, held: list[Edition], kind: str) -> tuple[Edition, pd.Series] | None:
        for edition in reversed(held):
            row = self.row(edition, series)
            if edition.year >= year or edition.partial or row is None:
                continue
            if row["kind"] == kind and (row["state"][0] == VALUE or row["state"] == ONLY_CO2):
                return edition, row
        return None

    def _absent(self, series: str, year: int, family: str, held: list[Edition]) -> FactorError:
        if not held:
            hint = did_you_mean(series, self._alike(series, family))
            choice = (hint.split("'")[1],) if hint else ()
            return FactorError(f"there is no factor series {series!r}. {hint}".strip(), choices=choice)
        nearest = min((e.year for e in held), key=lambda y: (abs(y - year), -y))
        partial = " (partial)" if self.edition(family, year).partial else ""
        return FactorError(
            f"{series} is not in the {year} edition{partial}; the nearest edition that has it is {nearest}",
            nearest=nearest,
        )

    def _alike(self, series: str, family: str) -> list[str]:
        """At most fifty series that share the most parts with an unknown one; comparing letters with all is slow."""
        asked = set(series[:_LONGEST].lower().split("/"))
        names = {str(n) for e in self.editions(family)[-2:] for n in self.positions(e) if isinstance(n, str)}
        shared = {name: len(asked & set(name.split("/"))) for name in names}
        most = max(shared.values(), default=0)
        return sorted(name for name, number in shared.items() if number == most > 0)[:50]

    def blend(self, days: Mapping[int, int], series: str, family: str = FAMILY, allow_earlier: bool = False) -> Match:
        """The factors of several years weighted by days, the publisher's "blended" rule: {2019: 220, 2020: 145}.

        Raises FactorError as `match`, ValueError for days that are not positive.
        """
        if not days or any(number <= 0 for number in days.values()):
            raise ValueError("days of each year must be above zero")
        found = {year: self.match(series, year, family, allow_earlier) for year in sorted(days)}
        return blended(found, days)

    def match_table(
        self,
        series: pd.Categorical | pd.Series,
        years: npt.NDArray[np.int64] | int,
        family: str = FAMILY,
        allow_earlier: bool = False,
        kind: str = "emission",
    ) -> TableMatch:
        """Match many rows at once (see bulk.match_table)."""
        return match_table(self, series, years, family, allow_earlier, kind)

    def find(self, text: str, year: int | None = None, limit: int = 50) -> pd.DataFrame:
        """Rows found by everyday words, the likeliest first (search.COLUMNS); the newest whole edition by default."""
        if year is None:
            edition = [e for e in self.editions(FAMILY) if not e.partial][-1]
        else:
            edition = self.edition(FAMILY, year)
        if edition.key not in self._found:
            means = load_words(self.folders[0] / FAMILY / "words.csv")
            self._found[edition.key] = Index(self.frame(edition), edition.year, means)
        return self._found[edition.key].find(text, limit)

    def show(self, key: str) -> History:
        """The history over all editions of a series or of a factor id (see history.history)."""
        return history(self, key)

    def diff(self, first: int | Edition, second: int | Edition) -> pd.DataFrame:
        """What differs between two editions (years stand for the edition in force), see diff.compare."""
        one, two = (e if isinstance(e, Edition) else self.edition(FAMILY, e) for e in (first, second))
        return compare(self.frame(one), self.frame(two))

    def check(self) -> list[str]:
        """Everything that breaks a rule, in sentences, over every edition, table and source; empty when all is well."""
        from natcap.core.factors.check import check

        return check(self)

    def factor(self, factor_id: str) -> Factor:
        """The factor of an id, bounds and kWh rows too; KeyError when there is none or it has no number."""
        if parameters.family_of(factor_id):
            return parameters.parameter_row(factor_id, self.folders[0])
        family, folder, series = [*factor_id.split("/", 2), "", ""][:3]
        for edition in self.editions(family):
            row = self.row(edition, series) if edition.folder.name == folder else None
            if row is not None:
                try:
                    return factor_of(edition, row, str(row["kind"]), True)
                except FactorError as error:
                    raise KeyError(str(error)) from None
        raise KeyError(factor_id)

    def ref(self, factor_id: str) -> FactorRef:
        """The reference of a factor id, or of a blend ("220*first + 145*second"). KeyError as `factor`."""
        if "*" not in factor_id:
            return self.factor(factor_id).ref()
        parts = [part.split("*", 1) for part in factor_id.split(" + ")]
        if not all(len(part) == 2 and part[0].isdigit() for part in parts):
            raise KeyError(factor_id)
        found = {f.year: (int(days), f) for days, f in ((days, self.factor(one)) for days, one in parts)}
        matches = {year: Match(f, "exact", year) for year, (_, f) in found.items()}
        return blended(matches, {year: days for year, (days, _) in found.items()}).factor.ref()


@lru_cache(maxsize=4)
def _library(folders: tuple[Path, ...]) -> Library:
    return Library(list(folders))


def forget() -> None:
    """Look at the folders anew at the next `library()`, after an edition was added."""
    _library.cache_clear()


def library(*folders: Path) -> Library:
    """The library over `factors/` of the program and the folders of NATCAP_EXTRA_FACTORS (or over given folders)."""
    return _library(tuple(folders) or tuple(factor_folders()))
