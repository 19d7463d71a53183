"""Hectares that moved between ecosystem types behind each asset: gross from the change matrix, else net."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from natcap.accounts.services.account import NO_TYPE, WHOLE, ServiceAccount

__all__ = ["Moved", "moved", "moves_of"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Moved:
    """An ecosystem type in a zone: hectares at both dates, what came, what went, and net what came from no data."""

    opening: float
    closing: float
    into: float
    out: float
    dark: float


def moves_of(account: ServiceAccount) -> Mapping[tuple[str, str], Moved]:
    """By (zone, type), WHOLE as a zone as well; nothing without a matrix in the types of the account."""
    land = account.land
    if land.matrix is None:
        return {}
    matrix, keys = land.matrix.astype(float), tuple(c.key for c in land.classes)
    types = set(account.types) - {NO_TYPE}
    if not types <= set(keys):
        if land.habitats is None or not types <= set(land.habitats.keys):
            return {}
        matrix, keys = land.habitats.matrix(matrix), land.habitats.keys
    found = {}
    for zone, cells in [*zip(land.zones, matrix, strict=True), (WHOLE, matrix.sum(axis=0))]:
        stay, came, went = np.diag(cells), cells.sum(axis=0), cells.sum(axis=1)
        for n, key in enumerate(keys, start=1):
            unseen, lost = float(cells[0, n]), float(cells[n, 0])
            found[zone, key] = Moved(float(went[n]), float(came[n]), float(came[n] - stay[n]) - unseen,
                                     float(went[n] - stay[n]) - lost, unseen - lost)  # fmt: skip
    return found


def moved(pairs: pd.DataFrame, account: ServiceAccount, counts: npt.NDArray[np.bool_], broken: bool) -> pd.DataFrame:
    """`ha_in`, `ha_out`, `ha_unseen` (net), `ha_left`, `gross` by pair; `counts`: those with extent in their value.

    Several flows of one service may share a type, each with its part of the hectares: where the parts make up the type
    at both dates they share what came and went by their mean area, and what moved between them is added to both;
    `ha_left` is what became other types, without that. Where they do not, only the net change is known. `broken`: the
    maps do not compare, and all of it is unseen.
    """
    net = np.where(counts, pairs["area_closing"] - pairs["area_opening"], 0.0).astype(float)
    mean = np.where(counts, (pairs["area_closing"] + pairs["area_opening"]) / 2, 0.0).astype(float)
    come, gone = np.maximum(net, 0.0), np.maximum(-net, 0.0)
    left = gone.copy()
    unseen, seen = np.zeros(len(pairs)), np.zeros(len(pairs), dtype=bool)
    if broken:
        come, gone, left, unseen = np.zeros(len(pairs)), np.zeros(len(pairs)), np.zeros(len(pairs)), net
    places = {} if broken else moves_of(account)
    for _, members in pairs.groupby(["service", "zone", "type"], sort=False):
        at = pairs.index.get_indexer(members.index)
        found = places.get((str(members["zone"].iloc[0]), str(members["type"].iloc[0])))
        if found is None or not counts[at].all() or not _whole(members, found):
            continue
        share = mean[at] / mean[at].sum() if mean[at].sum() else np.full(len(at), 1.0 / len(at))
        between = net[at] - share * (found.into - found.out + found.dark)
        between[np.abs(between) <= 1e-9 * (1.0 + mean[at].sum())] = 0.0
        come[at] = share * found.into + np.maximum(between, 0.0)
        gone[at] = share * found.out + np.maximum(-between, 0.0)
        left[at], unseen[at], seen[at] = share * found.out, share * found.dark, True
    return pd.DataFrame(
        {"ha_in": come, "ha_out": gone, "ha_unseen": unseen, "ha_left": left, "gross": seen}, index=pairs.index
    )


def _whole(members: pd.DataFrame, found: Moved) -> bool:
    """Whether the hectares of the flows are those of the type at both dates."""
    held = float(members["area_opening"].sum()), float(members["area_closing"].sum())
    return bool(np.allclose(held, (found.opening, found.closing), rtol=1e-9, atol=1e-9))
