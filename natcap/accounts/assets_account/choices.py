"""Read how assets are to be valued: timing, discount schedule and its year, carbon values, projections; and losses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from natcap.accounts.assets_account.losses.read import Losses, read_losses
from natcap.accounts.assets_account.projection_read import After, Between, Projection, read_projections
from natcap.accounts.assets_account.schedules import HEALTH, RENTAL, Option, choosable, in_force
from natcap.accounts.wings import Reader
from natcap.core.money import Level, Timing
from natcap.core.problems import did_you_mean
from natcap.core.project import FILE, shown_value, unquoted

__all__ = ["AssetChoices", "read", "valuation"]


Before = Literal["none", "first"]
"""What prices carbon before the first year of the carbon values: nothing, or the value of that year."""


@dataclass(frozen=True, slots=True)
class AssetChoices:
    """How assets are valued, and what was lost. `year` None: the newest edition of the discount schedules.

    `projections` of flows with what fills years `between` and `after` the given ones; none: flows are constant.
    """

    timing: Timing = "start"
    schedule: str = "standard"
    level: Level = "central"
    year: int | None = None
    before: Before = "none"
    projections: tuple[Projection, ...] = ()
    between: Between = "none"
    after: After = "none"
    losses: Losses | None = field(default=None, compare=False)
    """Catastrophic losses that a workbook records; None: none were given, which is not zero."""

    @property
    def held(self) -> bool:
        """Whether the first carbon value stands for the years before it."""
        return self.before == "first"

    @property
    def option(self) -> Option:
        return in_force(self.schedule, self.year)

    def option_of(self, health: bool) -> Option:
        """The schedule of a service: that of health effects where the chosen one asks for it."""
        return in_force(self.option.health, self.year) if health else self.option

    @property
    def rental(self) -> Option:
        """The rate behind yearly equivalents of a capital value; it is no choice."""
        return in_force(RENTAL, self.year)


def read(reader: Reader) -> AssetChoices | None:
    """The choices; None where assets are switched off or a choice is wrong (told in `reader.problems`)."""
    wanted = reader.project.choices.get("assets", True)
    if not isinstance(wanted, bool):
        remedy = unquoted("assets", wanted) or "Leave it out for true"
        reader.problems.add(FILE, shown_value(wanted), "assets: true or false", remedy, cell="choices.assets")
        return None
    before = len(reader.problems.errors)
    between = _word(reader, "projection_between", get_args(Between), "none")
    after = _word(reader, "projection_after", get_args(After), "none")
    projections = read_projections(reader, wanted)
    losses = read_losses(reader, wanted)
    made = valuation(reader) if wanted else None
    if made is None or len(reader.problems.errors) > before:
        return None
    return replace(made, projections=projections, between=between, after=after, losses=losses)  # type: ignore[arg-type]


def valuation(reader: Reader) -> AssetChoices | None:
    """The same whether or not assets are switched off, for other accounts that take present values."""
    before = len(reader.problems.errors)
    timing = _word(reader, "discount_timing", get_args(Timing), "start")
    schedule = _word(reader, "discount_schedule", choosable(), "standard")
    level = _word(reader, "carbon_path", get_args(Level), "central")
    early = _word(reader, "carbon_before", get_args(Before), "none")
    made = AssetChoices(timing, schedule, level, _year(reader), early)  # type: ignore[arg-type]
    if len(reader.problems.errors) == before:
        _edition(reader, made)
    return made if len(reader.problems.errors) == before else None


def _word(reader: Reader, name: str, allowed: Sequence[str], default: str) -> str:
    value = reader.project.choices.get(name, default)
    if isinstance(value, str) and value in allowed:
        return value
    said = f"Write one of these words, or leave it out for {default}"
    if name == "discount_schedule" and value == HEALTH:
        said = f"Health effects have this schedule anyway, and nothing else may. {said}"
    remedy = f"{did_you_mean(str(value), allowed)} {said}".strip()
    reader.problems.add(
        FILE, shown_value(value), f"{name}: one of {', '.join(allowed)}", remedy, cell=f"choices.{name}"
    )
    return default


def _year(reader: Reader) -> int | None:
    value = reader.project.choices.get("discount_year")
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    remedy = unquoted("discount_year", value) or "Leave it out for the newest edition"
    reader.problems.add(FILE, shown_value(value), "discount_year: a year such as 2026", remedy,
                        cell="choices.discount_year")  # fmt: skip
    return None


def _edition(reader: Reader, made: AssetChoices) -> None:
    try:
        made.option_of(True)
    except LookupError as error:
        reader.problems.add(FILE, f"the year {made.year}", f"a year with an edition of {made.schedule}",
                            f"{error}. Name a later year, another schedule, or leave discount_year out for the newest",
                            cell="choices.discount_year")  # fmt: skip
