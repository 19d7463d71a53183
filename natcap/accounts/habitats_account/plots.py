"""A plot: one row of the parcel template, and its units by the edition, before the spatial risk of its gain site."""

from __future__ import annotations

from dataclasses import dataclass, field

from natcap.accounts.biodiversity.balance import lost_of
from natcap.accounts.biodiversity.edition import Edition, Kind, MetricError, Years
from natcap.accounts.biodiversity.units import Units, baseline, creation, enhancement

__all__ = ["Counted", "Plot", "allowed_conditions", "bespoke", "compute", "counted"]

_ALL = ("Good", "Fairly Good", "Moderate", "Fairly Poor", "Poor", "Condition Assessment N/A", "N/A - Other")


@dataclass(frozen=True)
class Plot:
    """One row. Sizes are hectares (area) or kilometres; `cells` gives the address of each field.

    `before` and `start` are habitat and condition of the baseline plot of an enhancement, `parcel` its name; `said` is
    what the row says of irreplaceable habitat.
    """

    sheet: str
    row: int
    label: str
    kind: Kind
    step: str
    on_site: bool
    habitat: str
    size: float
    condition: str
    significance: str
    site: str = ""
    risk: str = ""
    retained: float = 0.0
    enhanced: float = 0.0
    irreplaceable: bool = False
    agreed: bool = False
    parcel: str = ""
    before: str = ""
    start: str = ""
    advance: Years = 0
    delay: Years = 0
    encroachment: str = ""
    riparian: str = ""
    tree: str = ""
    count: int = 0
    said: str = ""
    cells: dict[str, str] = field(default_factory=dict)

    @property
    def lost(self) -> float:
        """Size that is neither retained nor enhanced; what is below a billionth of the plot is rounding."""
        return lost_of(self.size, self.retained, self.enhanced)


@dataclass(frozen=True, slots=True)
class Counted:
    """Sizes of a baseline plot that generate units."""

    whole: float
    retained: float
    enhanced: float


def counted(e: Edition, plot: Plot) -> Counted:
    """What of a baseline plot generates units (official sheet A-1, columns Q, U and V).

    Irreplaceable habitat only where it is enhanced; habitat that needs bespoke compensation, once that is agreed, only
    what stays; anything else the whole.
    """
    if plot.irreplaceable:
        return Counted(plot.enhanced, 0.0, plot.enhanced)
    if plot.agreed and plot.lost and bespoke(e, plot):
        return Counted(plot.retained + plot.enhanced, plot.retained, plot.enhanced)
    return Counted(plot.size, plot.retained, plot.enhanced)


def bespoke(e: Edition, plot: Plot) -> bool:
    """Whether the loss of the habitat takes bespoke compensation."""
    return str(e.habitat(plot.kind, plot.habitat)["trading_rule"]) == "bespoke"


def compute(e: Edition, plot: Plot) -> Units:
    """Units of the plot, without spatial risk. Raises MetricError for what the metric does not allow."""
    wet = (plot.encroachment, plot.riparian)
    if plot.step == "baseline":
        return baseline(e, plot.kind, plot.habitat, plot.size, plot.condition, plot.significance, *wet)
    if plot.step == "created":
        return creation(e, plot.kind, plot.habitat, plot.size, plot.condition, plot.significance, plot.advance,
                        plot.delay, *wet)  # fmt: skip
    if plot.irreplaceable and plot.habitat != plot.before:
        raise MetricError(f"irreplaceable {plot.before} cannot become another habitat")
    return enhancement(e, plot.kind, plot.before, plot.start, plot.habitat, plot.condition, plot.size,
                       plot.significance, plot.advance, plot.delay, *wet)  # fmt: skip


def allowed_conditions(e: Edition, plot: Plot) -> list[str]:
    """Conditions that the edition gives a score for this habitat, and for creation a time as well."""
    found = []
    for name in _ALL:
        try:
            e.condition_score(plot.kind, plot.habitat, name)
            if plot.step == "created":
                e.creation_years(plot.kind, plot.habitat, name)
        except MetricError:
            continue
        found.append(name)
    return found
