"""Hectares that moved behind each asset: gross from the change matrix of classes, else net.

Addition to j from i = M_ij x the value of a hectare of j, reduction of i = M_ij x that of i, over the cells of the
matrix (METHODS of the accounts, A4). A flow stands for the land of certain classes in one ecosystem type: what moved
among these is no conversion of it; what came from any other land is, from another flow of the same type as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
import pandas as pd

from natcap.accounts.services.account import NO_TYPE, WHOLE, ServiceAccount

__all__ = ["Moved", "moved", "moves_of", "parts_of"]

Array = npt.NDArray[np.float64]
_MOVED: tuple[str, ...] = ("ha_in", "ha_out", "ha_unseen", "ha_left")


@dataclass(frozen=True, slots=True)
class Moved:
    """Land in a zone: hectares at both dates, what came, what went (of it to other types: `left`), and net what came
    from no data. Arrays over zones, the whole area last, or numbers of one of them."""

    opening: Array
    closing: Array
    into: Array
    out: Array
    dark: Array
    left: Array

    def at(self, place: npt.NDArray[np.intp] | int) -> Moved:
        """The hectares of one or several zones."""
        return Moved(*(getattr(self, field.name)[place] for field in fields(self)))

    def agrees(self, opening: Array, closing: Array) -> npt.NDArray[np.bool_]:
        """Where these are the hectares of the land at both dates."""
        sides = ((self.opening, opening), (self.closing, closing))
        found: npt.NDArray[np.bool_] = np.all([np.isclose(a, b, rtol=1e-9, atol=1e-9) for a, b in sides], axis=0)
        return found


def moves_of(account: ServiceAccount) -> Mapping[tuple[str, str], Moved]:
    """By (zone, type), WHOLE as a zone as well; nothing without a matrix in the types of the account."""
    shares = _shares(account)
    if not shares:
        return {}
    cells, zones = _cells(account), (*account.land.zones, WHOLE)
    moves = {kind: _moves(cells, share, share) for kind, share in shares.items()}
    return {(zone, kind): found.at(n) for kind, found in moves.items() for n, zone in enumerate(zones)}


def parts_of(account: ServiceAccount, zone: str, kind: str, classes: tuple[int, ...]) -> tuple[Array, Array]:
    """Cells of the change matrix of classes, in hectares, that came to land and that went from it.

    `classes` of the type `kind`, all of it where there are none. Both sum to what `moved` says.
    """
    land, share = account.land, _shares(account)[kind]
    part = share * np.isin([c.code for c in land.classes], classes) if classes else share
    cells = np.asarray(land.matrix, dtype=np.float64)
    here = cells.sum(axis=0) if zone == WHOLE else cells[land.zones.index(zone)]
    seen = here[1:, 1:] * ~np.eye(len(part), dtype=bool)
    return seen * np.outer(1 - part, part), seen * np.outer(part, 1 - part)


def _shares(account: ServiceAccount) -> Mapping[str, Array]:
    """The share of every class in a type, shape (classes,), by type; nothing where no matrix has the types."""
    land, types = account.land, set(account.types) - {NO_TYPE}
    if land.matrix is None:
        return {}
    keys, shares = tuple(c.key for c in land.classes), np.eye(len(land.classes))
    if land.habitats is not None and types <= set(land.habitats.keys):
        keys, shares = land.habitats.keys, land.habitats.shares
    return dict(zip(keys, shares.T, strict=True)) if types <= set(keys) else {}


def _cells(account: ServiceAccount) -> Array:
    """The change matrix of every zone and, last, of the whole area."""
    cells = np.asarray(account.land.matrix, dtype=np.float64)
    return np.concatenate([cells, cells.sum(axis=0, keepdims=True)])


def _moves(cells: Array, part: Array, kind: Array) -> Moved:
    """`part`: the share of every class that is the land in question; `kind`: that of its type.

    A class that did not change moves nothing, however its area is shared among types.
    """
    seen = cells[:, 1:, 1:] * ~np.eye(len(part), dtype=bool)
    dark, gone = cells[:, 0, 1:] @ part, cells[:, 1:, 0] @ part
    return Moved(
        cells[:, 1:].sum(axis=2) @ part, cells[:, :, 1:].sum(axis=1) @ part, (1 - part) @ seen @ part,
        seen @ (1 - part) @ part, dark - gone, seen @ (1 - kind) @ part,
    )  # fmt: skip


def moved(pairs: pd.DataFrame, account: ServiceAccount, counts: npt.NDArray[np.bool_], broken: bool) -> pd.DataFrame:
    """`ha_in`, `ha_out`, `ha_unseen` (net), `ha_left`, `gross` by pair; `counts`: those with extent in their value.

    `ha_in` and `ha_out` are cells of the change matrix of classes: land of other classes than those of the pair that
    became these, and the reverse; `ha_left` is what of it became other ecosystem types. Pairs that name no `classes`
    are all the land of their type. Where neither is the area of the pair, only the net change is known. `broken`: the
    maps do not compare, and all of it is unseen.
    """
    net = np.where(counts, pairs["area_closing"] - pairs["area_opening"], 0.0).astype(float)
    none, come, gone = np.zeros(len(pairs)), np.maximum(net, 0.0), np.maximum(-net, 0.0)
    made = dict(zip(_MOVED, (none, none, net, none) if broken else (come, gone, none, gone), strict=True))
    found = pd.DataFrame(made | {"gross": np.zeros(len(pairs), dtype=bool)}, index=pairs.index)
    shares = {} if broken else _shares(account)
    if shares:
        _gross(found, pairs, account, counts & pairs["type"].isin(shares).to_numpy(), shares)
    return found


def _gross(found: pd.DataFrame, pairs: pd.DataFrame, account: ServiceAccount, counts: npt.NDArray[np.bool_],
           shares: Mapping[str, Array]) -> None:  # fmt: skip
    """Put the cells of the matrix where they are those of the hectares. A pair that names no classes is all of its
    type where no other pair of the service stands for a part of it."""
    cells, codes = _cells(account), tuple(c.code for c in account.land.classes)
    at = {zone: n for n, zone in enumerate((*account.land.zones, WHOLE))}
    alone = ~pairs.duplicated(["service", "zone", "type"], keep=False).to_numpy()
    mine = pairs[counts & (alone | pairs["classes"].map(bool).to_numpy(dtype=bool))]
    for _, part in mine.groupby(["type", "classes"], sort=False):
        share, classes = shares[str(part["type"].iloc[0])], part["classes"].iloc[0] or codes
        places = np.array([at[str(zone)] for zone in part["zone"]], dtype=np.intp)
        moves = _moves(cells, share * np.isin(codes, classes), share).at(places)
        fits = moves.agrees(part["area_opening"].to_numpy(dtype=float), part["area_closing"].to_numpy(dtype=float))
        told = np.column_stack([moves.into, moves.out, moves.dark, moves.left])
        found.loc[part.index[fits], list(_MOVED)] = told[fits]
        found.loc[part.index[fits], "gross"] = True
