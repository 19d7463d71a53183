"""What a lookup gives back: a factor with its page, and how it was found."""

from __future__ import annotations

from dataclasses import dataclass, field

from natcap.core.report import FactorRef
from natcap.core.sources import Source

__all__ = ["HOW", "Factor", "FactorError", "Match"]

HOW: tuple[str, ...] = ("exact", "earlier edition", "partial edition", "blended", "user")


class FactorError(LookupError):
    """A factor that cannot be given, with what can be: `nearest` year of the series, or `choices` of series."""

    def __init__(self, message: str, *, nearest: int | None = None, choices: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.nearest = nearest
        self.choices = choices


@dataclass(frozen=True, slots=True)
class Factor:
    """One published number. `value` is kg CO2e per `unit` (kWh per `unit` when `kind` is "energy").

    `gases` holds the published split in kg CO2e per unit ("CO2", "CH4", "N2O"); it is empty when none is published.
    `low` and `high` are set where the source gives a bound or a range.
    A blend has days before ids: "220*first + 145*second".
    """

    id: str
    series: str
    label: str
    value: float
    unit: str
    edition: str
    year: int
    gwp_set: str
    source: Source
    locator: str
    verified: str
    kind: str = "emission"
    gases: dict[str, float] = field(default_factory=dict)
    low: float | None = None
    high: float | None = None
    note: str = ""

    def ref(self) -> FactorRef:
        """The factor as a report cites it."""
        counted = {"emission": "kg CO2e/", "energy": "kWh/"}.get(self.kind, "")
        return FactorRef(
            self.id, self.label, self.value, counted + self.unit, self.source.cite(), self.locator, self.verified,
            self.note,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Match:
    """A factor together with how it was found; `note` says in words what a reader has to know."""

    factor: Factor
    how: str
    asked_year: int
    note: str = ""
