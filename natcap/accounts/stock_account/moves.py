"""Hectares that went from one class to another, behind the entries that conversions of land make: each to its cells."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from natcap.accounts.counts import Counts
from natcap.accounts.show.figures import map_refs
from natcap.accounts.show.words import HA
from natcap.accounts.stock_account.view import View
from natcap.core.report import Figure, Trace

__all__ = ["MOVED_BY", "move_figures", "move_id", "moves_of"]

MOVED_BY: tuple[str, ...] = ("managed_expansion", "unmanaged_expansion", "conversion")
"""Entries that are hectares of conversions x t C a hectare."""
Pair = tuple[int, int]
"""Positions of the class before and the class after."""


def move_id(view: View, before: int, after: int) -> str:
    """The id of the figure of the hectares of a conversion."""
    return f"extent.moved.all.{view.classes[before].key}.{view.classes[after].key}"


def moves_of(view: View, name: str, pool: int) -> list[Pair]:
    """The conversions, from class to class, that make an entry of a pool."""
    area, managed = view.area.sum(axis=0)[1:, 1:], view.managed.sum(axis=0)[1:, 1:]
    hectares = {"managed_expansion": managed, "unmanaged_expansion": area - managed, "conversion": area}[name]
    per = (view.path.loss if name == "conversion" else view.path.gain)[:, :, pool]
    return [(before, after) for before, after in np.argwhere((hectares > 0) & (per > 0)).tolist() if before != after]


def move_figures(view: View) -> Iterator[Figure]:
    """Hectares of every conversion that moves carbon in a pool, with the cells that both maps hold for it."""
    show = view.setting.show
    if show is None or not isinstance(show.counts, Counts) or not view.converts:
        return
    cells, managed = show.counts.total(), view.managed.sum(axis=0)
    moves = (view.path.step != 0).any(axis=2)
    for before, after in np.argwhere(moves & (cells[1:, 1:] > 0)).tolist():
        if before == after:
            continue
        number, ours = int(cells[before + 1, after + 1]), float(managed[before + 1, after + 1])
        names = view.classes[before].name, view.classes[after].name
        how = f"{number:,} {show.unit} of {names[0]} at the opening and {names[1]} at the closing x "
        how += f"{show.counts.cell_area:,.10g} m2 / 10,000; {ours:,.10g} ha of it managed expansion"
        yield Figure(move_id(view, before, after), f"Land from {names[0]} to {names[1]}", show.counts.ha(number), HA,
                     Trace(how, inputs=map_refs(show, number)), status=view.setting.status(False),
                     period=view.setting.span, place="all zones")  # fmt: skip
