"""The plots of a project as parcels that rest on cells of an edition."""

from __future__ import annotations

from dataclasses import replace

from natcap.accounts.biodiversity.beside import Parcels
from natcap.accounts.biodiversity.edition import Edition
from natcap.accounts.biodiversity.outcome import Outcome
from natcap.accounts.biodiversity.resting import Use, used
from natcap.accounts.habitats_account.account import habitat_account
from natcap.accounts.habitats_account.plots import Plot, compute
from natcap.accounts.habitats_account.read import HabitatInput

__all__ = ["parcels", "use"]


def use(e: Edition, plot: Plot) -> Use:
    """The cells that a plot rests on."""
    cells = used(e, plot.kind, plot.step, plot.habitat, plot.condition, plot.before, plot.start, compute(e, plot))
    return Use(plot.label, plot.sheet, plot.row, plot.cells.get("condition", ""), plot.kind, plot.habitat, cells)


def parcels(given: HabitatInput) -> Parcels:
    """Every plot, in the order of the input."""

    def outcome(e: Edition) -> Outcome:
        return habitat_account(replace(given, edition=e)).outcome

    return Parcels(
        [use(given.edition, plot) for plot in given.plots], lambda e, n: compute(e, given.plots[n]).units, outcome
    )
