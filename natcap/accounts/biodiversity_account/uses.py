"""The parcels of an official workbook as parcels that rest on cells of an edition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from natcap.accounts.biodiversity import Edition, MetricError, Parcel
from natcap.accounts.biodiversity.beside import Parcels
from natcap.accounts.biodiversity.outcome import Outcome
from natcap.accounts.biodiversity.recompute import compute
from natcap.accounts.biodiversity.refs import cell_ref
from natcap.accounts.biodiversity.resting import Use, used
from natcap.accounts.biodiversity_account.account import MetricInput, unit_account
from natcap.core.report import FactorRef

__all__ = ["cell_refs", "parcels"]


def _use(e: Edition, p: Parcel) -> Use:
    """The cells that a parcel rests on; none for a habitat or a word that the edition does not know."""
    try:
        cells = used(e, p.kind, p.step, p.habitat, p.condition, p.before, p.start)
    except MetricError:
        cells = ()
    return Use(f"row {p.row}", p.sheet, p.row, p.cells.get("units", ""), p.kind, p.habitat, cells)


def parcels(given: MetricInput) -> Parcels:
    """Every parcel, in the order of the workbook. Those that an edition refuses stand in no total of it."""

    def outcome(e: Edition) -> Outcome:
        return unit_account(replace(given, edition=e)).outcome

    def units(e: Edition, n: int) -> float:
        return compute(e, replace(given.parcels[n], place="")).units

    return Parcels([_use(given.edition, p) for p in given.parcels], units, outcome)


def cell_refs(given: MetricInput, rows: Iterable[int]) -> Iterator[FactorRef]:
    """The cells of years that the parcels of these positions rest on, each once."""
    e = given.edition
    cells = dict.fromkeys(cell for n in rows for cell in _use(e, given.parcels[n]).cells)
    yield from (ref for cell in cells if (ref := cell_ref(e, cell)) is not None)
