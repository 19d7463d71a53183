"""The accounts as sums of products: what is drawn, and what it is multiplied by.

A row of terms is coefficient x factor x factor ... It belongs to an item, such as the value of a service at a date.
Factors that do not vary are in the coefficient. Rows with the same product are one row before anything is drawn.
`mapped` says that a row rests on hectares whose error is not drawn.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from natcap.accounts.ranges_account.area import type_id
from natcap.accounts.ranges_account.known import Known
from natcap.accounts.services.account import WHOLE, ServiceAccount
from natcap.accounts.services.unread import is_unread
from natcap.core.problems import Problems

__all__ = ["CHANGE", "COLUMNS", "IDLE", "KEYS", "MOVED", "PRICED", "STILL", "TOTAL", "TYPED", "RowFactors", "Terms",
           "asset_of_rows", "join", "moves_of", "service_terms"]  # fmt: skip

KEYS = ["measure", "date", "zone", "item"]
COLUMNS = [*KEYS, "central", "coefficient", "product", "names", "mapped"]
TOTAL = "total"
CHANGE = "change"
"""Closing less opening of an item, drawn in pairs: what both dates share does not widen it."""
TYPED: Mapping[str, str] = {"flow": "type_flow", "value": "type_value", "asset": "type_asset"}
"""Measure of services -> the same by ecosystem type: flows as service.type, values and assets as type, in total."""
Names = tuple[str, ...]


@dataclass(frozen=True)
class Terms:
    """`rows` has KEYS, central, coefficient, product (position in `products`) and names (position in `names`).

    `products` are the ids that are drawn, `names` all that a row rests on.
    """

    rows: pd.DataFrame
    products: tuple[Names, ...]
    names: tuple[Names, ...]

    def off(self, known: Mapping[str, Known]) -> float:
        """Largest relative difference of a row from coefficient x central factors, which have to make it up."""
        whole = np.array([math.prod(known[k].of.central for k in names if k in known) for names in self.products])
        made = (self.rows["coefficient"] * whole[self.rows["product"].astype(int)]).to_numpy(dtype=float)
        stated = self.rows["central"].to_numpy(dtype=float)
        gap = np.abs(made - stated) / np.where(stated == 0, 1.0, np.abs(stated))
        return float(np.where(np.isnan(gap), np.inf, gap).max(initial=0.0))


def join(parts: Sequence[Terms]) -> Terms:
    """Terms of several accounts as one; products that are alike are one, so that what is shared cancels in a change."""
    products: dict[Names, int] = {}
    names: dict[Names, int] = {}
    frames = []
    for part in parts:
        places = np.array([products.setdefault(p, len(products)) for p in part.products], dtype=int)
        cited = np.array([names.setdefault(n, len(names)) for n in part.names], dtype=int)
        at = {"product": places[part.rows["product"].astype(int)], "names": cited[part.rows["names"].astype(int)]}
        frames.append(part.rows.assign(**at))
    return Terms(pd.concat(frames, ignore_index=True), tuple(products), tuple(names))


def asset_of_rows(rows: pd.DataFrame, weights: pd.DataFrame) -> pd.Series:
    """Central asset value in GBP of each row of the service account, NaN where there is none.

    The one place that knows the columns of the asset product. `asset` is taken as it stands; without it
    `asset_per_unit` is read as GBP of asset for each GBP of annual value. Raises ValueError for other rows.
    """
    if not weights.index.equals(rows.index):
        raise ValueError("asset weights do not stand beside the rows of the service account")
    found = weights["asset"] if "asset" in weights else rows["value"] * weights["asset_per_unit"]
    return found.astype(np.float64)


class RowFactors:
    """Rows of the service account as terms; distinct (factors, price factor, area) are looked at once."""

    def __init__(self, account: ServiceAccount, known: Mapping[str, Known], areas: frozenset[str]) -> None:
        self.rows, self.known = account.rows, known
        rows = account.rows
        # The readings of other years make no flow of this date: its asset moves with its price alone.
        self.factors = rows["factors"].where(~is_unread(rows), pd.Series([()] * len(rows), index=rows.index))
        area = (type_id(date, kind) for date, kind in zip(rows["date"], rows["type"], strict=True))
        drawn = pd.Series(list(area), index=rows.index)
        self.area = drawn.where(drawn.isin(areas) & rows["hectares"].notna(), "")
        self.mapped = (rows["hectares"].notna() & (self.area == "")).to_numpy()
        self.price = rows["price_factor"].fillna("").astype(str)
        codes = [pd.factorize(column)[0] for column in (self.factors, self.price, self.area)]
        _, self.first, self.kind = np.unique(np.column_stack(codes), axis=0, return_index=True, return_inverse=True)
        self.kind = self.kind.ravel()
        self.alike = [self._alike(int(n)) for n in self.first]

    def _alike(self, n: int) -> tuple[Names, str, str]:
        return tuple(self.factors.iloc[n]), self.price.iloc[n], self.area.iloc[n]

    def varies(self, key: str) -> bool:
        return key in self.known and self.known[key].varies

    def central(self, keys: Sequence[str]) -> float:
        """Product of the central values; NaN where one is not known, which only rows without a flow may have."""
        return float(np.prod([self.known[k].of.central if k in self.known else np.nan for k in keys]))

    def by_kind(self, values: Sequence[float]) -> np.ndarray:
        return np.asarray(values, dtype=np.float64)[self.kind]

    def base(self) -> np.ndarray:
        """Hectares x scale; where a row names no factor, the flow itself."""
        rows = self.rows
        named = np.array([bool(factors) for factors, _, _ in self.alike])[self.kind]
        base = rows["hectares"].fillna(1.0).to_numpy(dtype=float) * rows["scale"].to_numpy(dtype=float)
        found: np.ndarray = np.where(named, base, rows["flow"].to_numpy(dtype=float))
        return found

    def flow(self) -> tuple[np.ndarray, list[Names], list[Names]]:
        """Coefficients by row; products and names by kind."""
        still = self.by_kind([self.central([k for k in f if not self.varies(k)]) for f, _, _ in self.alike])
        products = [tuple(sorted(k for k in f if self.varies(k))) + ((a,) if a else ()) for f, _, a in self.alike]
        names = [(*f, *((a,) if a else ())) for f, _, a in self.alike]
        return self.base() * still, products, names

    def value(self, coefficient: np.ndarray) -> np.ndarray:
        """Coefficients of values: x price, over the central price factor where that is drawn.

        A price may stand in another price year than its factor; the draws of the factor move it in proportion.
        """
        over = [self.known[p].of.central if self.varies(p) else 1.0 for _, p, _ in self.alike]
        found: np.ndarray = coefficient * self.rows["price"].to_numpy(dtype=float) / self.by_kind(over)
        flow, value = (self.rows[name].to_numpy(dtype=float) for name in ("flow", "value"))
        # A published value comes without a flow: it stands as it is.
        return np.where(np.isnan(flow), value, found)


def _priced(alike: Sequence[tuple[Names, str, str]], flows: Sequence[Names], take: Sequence[bool]) -> list[Names]:
    return [(*flow, p) if p and yes else flow for (_, p, _), flow, yes in zip(alike, flows, take, strict=True)]


def service_terms(account: ServiceAccount, known: Mapping[str, Known], areas: frozenset[str],
                  weights: pd.DataFrame | None, problems: Problems) -> Terms:  # fmt: skip
    """Flow, value and asset of every service, totals of ecosystem services, and total values of the zones.

    `areas` are the ids of areas that are drawn. Abiotic services are in no total. Adds a problem for a price of 0
    with a range, which says nothing of the unit its rows are priced in.
    """
    job = RowFactors(account, known, areas)
    for key in sorted({p for _, p, _ in job.alike if job.varies(p) and known[p].of.central == 0}):
        problems.add("factors", f"the price {key}: a value of 0 with a range", "a price above or below 0, or no range",
                     "Give the price its own value, or leave its range blank", cell=key)  # fmt: skip
    if problems.errors:
        return Terms(pd.DataFrame(columns=COLUMNS), (), ())
    rows = account.rows
    coefficient, flows, named = job.flow()
    priced = _priced(job.alike, flows, [job.varies(p) for _, p, _ in job.alike])
    cited = _priced(job.alike, named, [True] * len(named))
    kinds, products, names = len(job.alike), [*flows, *priced, ()], [*named, *cited, ()]
    value = job.value(coefficient)
    base = pd.DataFrame({"date": rows["date"], "zone": rows["zone"], "item": rows["service"], "type": rows["type"],
                         "mapped": job.mapped})  # fmt: skip
    at = {"flow": job.kind, "value": job.kind + kinds}
    parts = {
        "flow": base.assign(central=rows["flow"], coefficient=coefficient, product=at["flow"], names=at["flow"]),
        "value": base.assign(central=rows["value"], coefficient=value, product=at["value"], names=at["value"]),
    }
    if weights is not None:
        parts["asset"] = _assets(job, parts["flow"], parts["value"], weights, 2 * kinds)
    found = [part.dropna(subset=["central"]).assign(measure=name) for name, part in parts.items()]
    return Terms(_items(pd.concat(found, ignore_index=True), account), tuple(products), tuple(names))


STILL, MOVED, PRICED, IDLE = range(4)
"""How the asset of a row moves: not at all, with its flow, with its annual value, or as a flow of 0 that need not be 0
(a net removal between -1 and 1) at what a unit is worth."""


def moves_of(rows: pd.DataFrame, weights: pd.DataFrame) -> np.ndarray:
    """STILL, MOVED, PRICED or IDLE of each row: with its annual value; with its flow where that is 0; else not.

    What was not read at the date rests on the flows of other years, which are held, and moves with its price.
    """
    flow, value = (rows[name].to_numpy(dtype=float) for name in ("flow", "value"))
    by_value, by_flow = (np.isfinite(part) & (part != 0) for part in (value, flow))
    idle = (flow == 0) & (asset_of_rows(rows, weights).to_numpy() == 0) & np.isfinite(_worth(weights))
    unread = is_unread(rows).to_numpy() & np.isfinite(asset_of_rows(rows, weights).to_numpy())
    found: np.ndarray = np.select([idle, by_value | unread, by_flow], [IDLE, PRICED, MOVED], STILL)
    return found


def _worth(weights: pd.DataFrame) -> np.ndarray:
    """GBP of asset for a unit of flow by row; NaN where it is not known."""
    known = weights["asset_per_unit"] if "asset_per_unit" in weights else pd.Series(np.nan, index=weights.index)
    found: np.ndarray = known.to_numpy(dtype=float)
    return found


def _assets(
    job: RowFactors, flow: pd.DataFrame, value: pd.DataFrame, weights: pd.DataFrame, still: int
) -> pd.DataFrame:
    """Asset values as `moves_of` says: the coefficient of value or flow, times GBP of asset for a unit of it."""
    how, stated = moves_of(job.rows, weights), asset_of_rows(job.rows, weights).to_numpy()
    columns = {
        name: [part[name].to_numpy() for part in (flow, value)] for name in ("central", "coefficient", "product")
    }
    over = job.by_kind([job.known[p].of.central if job.varies(p) else 1.0 for _, p, _ in job.alike])
    unread = is_unread(job.rows).to_numpy()
    columns["central"][1] = np.where(unread, 1.0, columns["central"][1])
    columns["coefficient"][1] = np.where(unread, 1.0 / over, columns["coefficient"][1])
    central, coefficient, product = (np.where(how == MOVED, *pair) for pair in columns.values())
    moved = np.isin(how, (MOVED, PRICED))
    scale = np.divide(stated, central, out=np.ones(len(stated)), where=moved)
    idle = columns["coefficient"][0] * _worth(weights) / over
    return value.assign(
        central=stated,
        coefficient=np.select([how == IDLE, moved], [idle, coefficient * scale], stated),
        product=np.where(how == STILL, still, product),
    )


def _items(rows: pd.DataFrame, account: ServiceAccount) -> pd.DataFrame:
    """Rows by service over all zones, in the totals, in the totals of each zone, and by ecosystem type."""
    abiotic = {key for key, service in account.services.items() if service.abiotic}
    inside = rows[~rows["item"].isin(abiotic) & (rows["measure"] != "flow")].assign(item=TOTAL)
    zoned = inside[(inside["measure"] == "value") & (inside["zone"] != WHOLE)]
    flows = rows[rows["measure"] == "flow"]
    typed = pd.concat([flows.assign(item=flows["item"] + "." + flows["type"]), inside.assign(item=inside["type"])])
    typed = typed.assign(measure=typed["measure"].map(TYPED), zone=WHOLE)
    every = [rows.assign(zone=WHOLE), inside.assign(zone=WHOLE), zoned, typed]
    return pd.concat(every, ignore_index=True)[COLUMNS]
