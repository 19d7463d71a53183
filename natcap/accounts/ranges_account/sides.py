"""Pairs of opening and closing as products of drawn terms: area, flow per hectare and value of a unit at each date.

Of one date, area x flow per hectare x value of a unit is the asset of its row as it is drawn elsewhere: the area brings
the error of its ecosystem type, the flow per hectare its factors, the value of a unit its price.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from natcap.accounts.assets_account.changes import PER_HECTARE
from natcap.accounts.assets_account.unit_values import DATES
from natcap.accounts.ranges_account.terms import IDLE, PRICED, STILL, RowFactors

__all__ = ["Products", "Side", "Triple", "products_of", "sides_of"]

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Names = tuple[str, ...]
Triple = tuple[int | None, int, int]


@dataclass(frozen=True)
class Side:
    """One date of the pairs, arrays by pair.

    `area`, `rate` and `worth` are central; `per` and `each` are rate and worth over the central values of what is drawn
    in them. `flow_kind` and `price_kind` are kinds of rows (-1: none), `moves` how the row of the flow moves, `priced`
    whether the value of a unit has draws. `area_kind` is the kind of row whose area is drawn (-1: not drawn), `mapped`
    whether it is there and not drawn.
    """

    area: Array
    rate: Array
    worth: Array
    per: Array
    each: Array
    flow_kind: Ints
    moves: Ints
    price_kind: Ints
    priced: npt.NDArray[np.bool_]
    area_kind: Ints
    mapped: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Products:
    """`drawn` and `cited` ids of each product, `mapped` whether it rests on an area as mapped; `at` by triple of dates
    of area, flow and price (None: no area): the position of the product of each pair."""

    drawn: list[Names]
    cited: list[Names]
    mapped: list[bool]
    at: Mapping[Triple, Ints]


def sides_of(job: RowFactors, pairs: pd.DataFrame, moves: Ints) -> tuple[Side, Side]:
    """Both dates of pairs that are split; `moves` by row, as `terms.moves_of` has it.

    A date without land takes the flow per hectare of the other date, one without a price the value of a unit.
    """
    rows = [pairs[f"row_{date}"].to_numpy(dtype=np.int64) for date in DATES]
    found = []
    for at, date in enumerate(DATES):
        other = DATES[1 - at]
        bare = (pairs[f"area_{date}"] == 0).to_numpy()
        lacks = pairs[f"per_unit_{date}"].isna().to_numpy()
        flow, price = (np.where(where, rows[1 - at], rows[at]) for where in (bare, lacks))
        land = pairs[f"area_{date}"].where(~bare, pairs[f"area_{other}"]).to_numpy(dtype=float)
        found.append(_side(job, pairs, date, moves, rows[at], flow, price, land))
    return found[0], found[1]


def _money(pairs: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Whether a pair is one of money: its price then moves the yearly value, and no value of a unit."""
    found: npt.NDArray[np.bool_] = np.any([(pairs[f"basis_{date}"] == "value").to_numpy() for date in DATES], axis=0)
    return found


def _side(job: RowFactors, pairs: pd.DataFrame, date: str, moves: Ints, row: Ints, flow: Ints, price: Ints,
          land: Array) -> Side:  # fmt: skip
    area, rate, worth = (pairs[f"{name}_{date}"].to_numpy(dtype=float) for name in ("area", "rate", "worth"))
    money, per = _money(pairs), (pairs["how"] == PER_HECTARE).to_numpy()
    varies = np.array([job.varies(p) for _, p, _ in job.alike], dtype=bool)
    centre = np.array([job.central([p]) if job.varies(p) else 1.0 for _, p, _ in job.alike])
    factors = np.array([job.central([k for k in f if job.varies(k)]) for f, _, _ in job.alike])
    kind = np.where(flow < 0, -1, job.kind[flow])
    how = np.where(flow < 0, STILL, moves[flow])
    over = factors[kind] * np.where(money & (how == PRICED), centre[kind], 1.0)
    idle = job.flow()[0][flow] / np.where(land == 0, 1.0, land)
    moved = np.divide(rate, over, out=rate.copy(), where=(how != STILL) & (how != IDLE))
    priced = (price >= 0) & np.isin(moves[price], (PRICED, IDLE)) & varies[job.kind[price]] & ~money
    drawn = (row >= 0) & per & (moves[row] != STILL) & np.array([bool(a) for _, _, a in job.alike])[job.kind[row]]
    return Side(
        area, rate, worth, np.where(how == IDLE, idle, moved), worth / np.where(priced, centre[job.kind[price]], 1.0),
        kind, how, np.where(price < 0, -1, job.kind[price]), priced, np.where(drawn, job.kind[row], -1),
        per & ~drawn & (row >= 0),
    )  # fmt: skip


def products_of(job: RowFactors, sides: tuple[Side, Side], pairs: pd.DataFrame, triples: Iterable[Triple]) -> Products:
    """The distinct products of the triples, and which of them each pair takes."""
    whole, money = (pairs["how"] != PER_HECTARE).to_numpy(), _money(pairs)
    made = Products([], [], [], at := {})
    for triple in triples:
        i, j, k = triple
        area, mapped = (-1, ~whole) if i is None else (sides[i].area_kind, sides[i].mapped)
        flow, price = sides[j], sides[k]
        fields = np.column_stack(np.broadcast_arrays(area, mapped, flow.flow_kind, flow.moves, price.price_kind,
                                                     price.priced, whole, money)).astype(np.int64)  # fmt: skip
        code = _folded(fields)
        _, first, which = np.unique(code, return_index=True, return_inverse=True)
        at[triple] = which.ravel() + len(made.drawn)
        for n in first:
            _add(job, made, *(int(part) for part in fields[n]))
    return made


def _folded(fields: Ints) -> Ints:
    """One whole number for each row of small whole numbers from -1 on."""
    code = np.zeros(len(fields), dtype=np.int64)
    for column in fields.T:
        code = code * (int(column.max(initial=0)) + 2) + column + 1
    return code


def _add(job: RowFactors, made: Products, area: int, mapped: int, flow: int, moves: int, price: int, priced: int,
         whole: int, money: int) -> None:  # fmt: skip
    """One product: factors of the flow in order, then the area, then the price, as the rows of the account have it."""
    factors, own, place = job.alike[flow] if flow >= 0 else ((), "", "")
    ground = job.alike[area][2] if area >= 0 else place if whole and moves != STILL else ""
    paid = own if money else job.alike[price][1] if price >= 0 else ""
    drawn = tuple(sorted(key for key in factors if job.varies(key))) if moves != STILL else ()
    moved = priced or (money and moves == PRICED and job.varies(paid))
    tail = (ground,) if ground else ()
    made.drawn.append((*drawn, *tail, *((paid,) if moved else ())))
    made.cited.append((*factors, *tail, *((paid,) if paid else ())))
    made.mapped.append(bool(mapped))
