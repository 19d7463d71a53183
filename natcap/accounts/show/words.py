"""What every part of the report shares: ids, labels, status, and sentences made from the data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from natcap.accounts.classes import NODATA, slug
from natcap.accounts.counts import Counts
from natcap.accounts.extent import ExtentAccount
from natcap.accounts.land import Land
from natcap.accounts.margins import Margins
from natcap.accounts.results import Results
from natcap.core.report import Column, Status

__all__ = ["HA", "NO_DATA_NAME", "TC", "Items", "Show", "amount", "number", "pounds", "text", "zone_keys"]

HA = "ha"
TC = "t C"
NO_DATA_NAME = "No data"


def text(name: str, label: str) -> Column:
    return Column(name, label)


def number(name: str, label: str, unit: str = HA, formula: str | None = None, decimals: int = 2) -> Column:
    return Column(name, label, unit, "number", decimals, formula)


def amount(value: float, unit: str = HA) -> str:
    """A number for a sentence: whole from 100 on, else three figures."""
    size = abs(value)
    shown = f"{size:,.0f}" if size >= 99.5 else f"{size:.3g}"
    return f"{shown} {unit}"


def pounds(value: float) -> str:
    """Money for a sentence: three figures of a thousand, a million or a billion pounds."""
    size = abs(value)
    for least, word in ((1e9, " billion"), (1e6, " million"), (1e3, " thousand")):
        if size >= 0.9995 * least:
            return f"{'-' if value < 0 else ''}£{size / least:.3g}{word}"
    return f"{'-' if value < 0 else ''}£{size:.3g}"


def zone_keys(zones: Sequence[str]) -> tuple[str, ...]:
    """Zone ids as parts of figure ids: letters, digits, - and _ as they are, everything else folded; each once."""
    keys: list[str] = []
    taken = {"all", "total"}
    for zone in zones:
        base = zone if re.fullmatch(r"[A-Za-z0-9_-]+", zone) else slug(zone)
        key, number_ = base, 2
        while key in taken:
            key, number_ = f"{base}_{number_}", number_ + 1
        taken.add(key)
        keys.append(key)
    return tuple(keys)


@dataclass(frozen=True)
class Items:
    """What stands in the rows of an account: classes of the map, or habitats. Position 0 is "no data".

    `matrix` is None where only margins are known.
    """

    kind: str
    word: str
    keys: tuple[str, ...]
    names: tuple[str, ...]
    colours: dict[str, str]
    account: ExtentAccount
    matrix: np.ndarray | None

    @property
    def cells(self) -> np.ndarray:
        """The change matrices; TypeError where only margins are known."""
        if self.matrix is None:
            raise TypeError("no change matrix is known")
        return self.matrix

    @property
    def prefix(self) -> str:
        """First word of the figure ids."""
        return "extent" if self.kind == "class" else "habitat"


@dataclass(frozen=True)
class Show:
    """Results with the words for them."""

    results: Results
    keys: tuple[str, ...]
    opening: str
    closing: str

    @property
    def counts(self) -> Counts | Margins:
        return self.results.counts

    @property
    def matrix(self) -> Counts:
        """The counts of every transition; TypeError where only margins are known."""
        if isinstance(self.results.counts, Margins):
            raise TypeError("no change matrix is known")
        return self.results.counts

    @property
    def net(self) -> bool:
        """Only margins are known: how much of each class there was, and not what became what."""
        return isinstance(self.results.counts, Margins)

    @property
    def unit(self) -> str:
        """The word for what was counted, cells or units."""
        return self.results.counts.unit

    @property
    def counted(self) -> str:
        """A label for numbers of what was counted."""
        size = f"{self.counts.cell_area:,.10g} square metres"
        return "cells" if self.unit == "cells" else f"units of {size}"

    @property
    def synthetic(self) -> bool:
        return self.results.inputs.synthetic

    @property
    def span(self) -> str:
        return f"{self.opening} to {self.closing}"

    @property
    def broken(self) -> bool:
        """A break in the series lies between the dates: their difference is no change on the ground."""
        return self.results.broken

    def mark(self, title: str) -> str:
        """A chart title that says when its data are made up."""
        return f"SYNTHETIC: {title}" if self.synthetic else title

    def status(self, recalled: bool = False) -> Status:
        return "synthetic" if self.synthetic else "recalled" if recalled else "calculated"

    def land(self) -> Land:
        """Hectares by zone and class, for the accounts that build on land."""
        results, counts = self.results, self.counts
        known = None if self.broken or isinstance(counts, Margins) else counts.area(counts.array)
        return Land(
            counts.zones, self.keys, results.names, results.inputs.classes.id, results.classes,
            counts.area(counts.opening[:, 1:]), counts.area(counts.closing[:, 1:]), known, results.habitats,
        )  # fmt: skip

    def classes(self) -> Items:
        classes = self.results.classes
        names = (NO_DATA_NAME, *(c.name for c in classes))
        keys = (NODATA, *(c.key for c in classes))
        colours = dict(zip(names, ("#d9d9d9", *(c.colour for c in classes)), strict=True))
        return Items("class", "Land-cover class", keys, names, colours, self.results.extent,
                     None if self.net else self.matrix.array)  # fmt: skip

    def habitats(self) -> Items | None:
        habitats, account, cells = self.results.habitats, self.results.habitat_extent, self.results.habitat_cells
        if habitats is None or account is None:
            return None
        return Items(
            "habitat", "Habitat", (NODATA, *habitats.keys), (NO_DATA_NAME, *habitats.names), {}, account, cells
        )

    @classmethod
    def of(cls, results: Results) -> Show:
        return cls(results, zone_keys(results.counts.zones), *results.inputs.years)
