"""Why asset values changed, as sums of products: the effects and entries of the asset account, drawn.

V = A y Z at both dates (area, flow per hectare, value of a unit). Every effect is a sum over the eight products
A_i y_j Z_k of the dates i, j, k, with the weights of Shapley: the extent effect has +1/3 or -1/3 where y and Z are of
one date, +1/6 or -1/6 where not, and so on in turn (METHODS of the accounts, A4). Each product is drawn with one draw
of each factor for both dates (A7), so that in every draw the effects sum to V_1 - V_0, and what both dates share does
not widen them.

Pairs that do not compare (known at one date only, or as a flow at one and as money at the other) have no such split
and stay out. Entries of enhancement and degradation hold the pairs that stand there by their central value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from natcap.accounts.assets_account.changes import CHANGES, FLOW, METHOD, PER_HECTARE, VOLUME
from natcap.accounts.ranges_account.sides import Products, Side, Triple, products_of, sides_of
from natcap.accounts.ranges_account.terms import CHANGE, COLUMNS, TOTAL, RowFactors, Terms, moves_of
from natcap.accounts.services.account import WHOLE

__all__ = ["COMPARED", "EFFECT", "ENTRY", "Effects", "effect_terms"]

Array = npt.NDArray[np.float64]
Weights = Mapping[Triple, float]
EFFECT, ENTRY = "effect_", "entry_"
"""What the names of these measures begin with: effect_extent, entry_additions."""
COMPARED = "effect_compared"
"""The change of the assets that compare, the sum of their effects."""
_BOTH = (0, 1)


@dataclass(frozen=True)
class Effects:
    """Terms of effects and entries; `gap` is the largest relative difference of an effect from the asset account.

    `left_out` says what has no range, in words.
    """

    terms: Terms
    gap: float = 0.0
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Part:
    """What one measure takes of the pairs: `scale` by pair, and the weights of the products."""

    measure: str
    scale: Array
    weights: Weights
    by_service: bool = True


def _shapley(turn: int) -> Weights:
    """Weights of the effect of the term at position `turn` of (area, flow per hectare, value of a unit)."""
    found: dict[Triple, float] = {}
    for i, j, k in ((i, j, k) for i in _BOTH for j in _BOTH for k in _BOTH):
        dates = [i, j, k]
        mine = dates.pop(turn)
        found[i, j, k] = (1.0 if mine else -1.0) * (1 / 3 if dates[0] == dates[1] else 1 / 6)
    return found


_EXTENT, _RATE, _PRICE = (_shapley(turn) for turn in range(3))
_WHOLE: Weights = {(1, 1, 1): 1.0, (0, 0, 0): -1.0}
_HECTARE: Weights = {(None, j, k): 1 / 3 if j == k else 1 / 6 for j in _BOTH for k in _BOTH}
"""What a hectare is worth in the effect of extent."""


def effect_terms(job: RowFactors, pairs: pd.DataFrame, weights: pd.DataFrame, abiotic: frozenset[str]) -> Effects:
    """Terms of the change of assets that compare, its effects by service and in total, and its entries in total.

    `pairs` are those of the asset account (`changes.pairs_of`), `weights` those of its rows; abiotic services enter no
    total.
    """
    some = pairs[pairs["how"].isin([PER_HECTARE, VOLUME])].reset_index(drop=True)
    if some.empty:
        return Effects(Terms(pd.DataFrame(columns=COLUMNS), (), ()))
    sides = sides_of(job, some, moves_of(job.rows, weights))
    said: list[str] = []
    parts = [*_effects(some), *_entries(some, sides, said)]
    made = products_of(job, sides, some, dict.fromkeys(triple for part in parts for triple in part.weights))
    rows = pd.concat([_rows(some, sides, made, part, abiotic) for part in parts], ignore_index=True)
    rows, left = _faithful(rows, some)
    terms = Terms(rows[COLUMNS], tuple(made.drawn), tuple(made.cited))
    return Effects(terms, _gap(rows, some), (*said, *left))


def _effects(pairs: pd.DataFrame) -> Iterator[_Part]:
    per: Array = (pairs["how"] == PER_HECTARE).to_numpy().astype(np.float64)
    every: Array = np.ones(len(pairs))
    yield _Part(COMPARED, every, _WHOLE)
    yield _Part(f"{EFFECT}extent", per, _EXTENT)
    yield _Part(f"{EFFECT}flow", per, _RATE)
    yield _Part(f"{EFFECT}volume", 1 - per, _RATE)
    yield _Part(f"{EFFECT}price", every, _PRICE)


def _entries(pairs: pd.DataFrame, sides: tuple[Side, Side], said: list[str]) -> Iterator[_Part]:
    per, mine = (pairs["how"] == PER_HECTARE).to_numpy(), (pairs["cause"] == FLOW).to_numpy()
    step = pairs["flow"].to_numpy(dtype=float)
    unseen = pairs["ha_unseen"].fillna(0.0).to_numpy(dtype=float)
    for name, where, weights in (
        ("enhancement", per & mine & (step > 0), _RATE), ("degradation", per & mine & (step < 0), _RATE),
        ("other_volume", ~per & mine, _RATE), ("reappraisals", (pairs["cause"] == METHOD).to_numpy(), _RATE),
        ("revaluation", np.ones(len(pairs), dtype=bool), _PRICE),
    ):  # fmt: skip
        yield _Part(f"{ENTRY}{name}", where.astype(float), weights, False)
    yield _Part(f"{ENTRY}reappraisals", unseen, _HECTARE, False)
    if any((side.area_kind >= 0).any() for side in sides):
        said.append(
            "Additions and reductions have one range together: the error of the areas at two dates does not tell what "
            "came from what went."
        )
        yield _Part(f"{ENTRY}conversions", per.astype(float), _EXTENT, False)
        yield _Part(f"{ENTRY}conversions", -unseen, _HECTARE, False)
        return
    for name, sign in (("additions", "ha_in"), ("reductions", "ha_out")):
        hectares = pairs[sign].fillna(0.0).to_numpy(dtype=float)
        yield _Part(f"{ENTRY}{name}", hectares if sign == "ha_in" else -hectares, _HECTARE, False)


def _rows(pairs: pd.DataFrame, sides: tuple[Side, Side], made: Products, part: _Part,
          abiotic: frozenset[str]) -> pd.DataFrame:  # fmt: skip
    """Terms of one part, summed over zones: by service, and in total."""
    codes, names = pd.factorize(pairs["service"])
    frames = []
    for at, weight in part.weights.items():
        area = np.ones(len(pairs)) if at[0] is None else sides[at[0]].area
        rate, worth = sides[at[1]], sides[at[2]]
        scale = part.scale * weight * area
        frames.append(pd.DataFrame({"item": codes, "product": made.at[at], "central": scale * rate.rate * worth.worth,
                                    "coefficient": scale * rate.per * worth.each}))  # fmt: skip
    found = pd.concat(frames, ignore_index=True)
    found = found[(found["central"] != 0) | (found["coefficient"] != 0)]
    found = found.groupby(["item", "product"], sort=False)[["central", "coefficient"]].sum().reset_index()
    found["item"] = names.to_numpy()[found["item"].to_numpy(dtype=int)]
    total = found[~found["item"].isin(abiotic)].assign(item=TOTAL)
    found = pd.concat([found, total] if part.by_service else [total], ignore_index=True)
    mapped = np.array(made.mapped, dtype=bool)[found["product"].to_numpy(dtype=int)]
    return found.assign(measure=part.measure, date=CHANGE, zone=WHOLE, names=found["product"], mapped=mapped)


def _accounted(pairs: pd.DataFrame) -> dict[str, str]:
    """Measure -> the column of the pairs that holds its central value."""
    names = {f"{ENTRY}{name}": name for name in CHANGES if name in pairs}
    return names | {COMPARED: "change"} | {f"{EFFECT}{n}": n for n in ("extent", "flow", "volume", "price")}


def _faithful(rows: pd.DataFrame, pairs: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Rows without entries whose central value is not that of the asset account, and a sentence that names them."""
    own, size = pairs[~pairs["abiotic"]], _size(pairs)
    columns, off = _accounted(pairs), []
    for measure, part in rows[rows["measure"].str.startswith(ENTRY)].groupby("measure", sort=False):
        made = [columns[str(measure)]] if measure in columns else ["additions", "reductions"]
        if abs(float(part["central"].sum()) - float(own[made].sum().sum())) > 1e-9 * size:
            off.append(str(measure))
    if not off:
        return rows, ()
    names = ", ".join(name.removeprefix(ENTRY).replace("_", " ") for name in off)
    return rows[~rows["measure"].isin(off)], (f"No range of the entries {names}: they rest on more than the effects.",)


def _size(pairs: pd.DataFrame) -> float:
    return max(float(pairs[["opening", "closing"]].abs().sum().sum()), 1.0)


def _gap(rows: pd.DataFrame, pairs: pd.DataFrame) -> float:
    """Largest difference of an effect of a service from the asset account, over the values it is made of."""
    found = rows[rows["item"] != TOTAL].groupby(["measure", "item"])["central"].sum().to_dict()
    by, off = pairs.groupby("service"), 0.0
    size = pairs[["opening", "closing"]].abs().sum(axis=1).groupby(pairs["service"]).sum().to_dict()
    for measure, column in _accounted(pairs).items():
        if not measure.startswith(ENTRY):
            for service, stated in by[column].sum().to_dict().items():
                off = max(off, abs(found.get((measure, service), 0.0) - stated) / max(size[service], 1.0))
    return float(off)
