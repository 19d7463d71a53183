"""Ranges of a county's accounts, beside bare numpy that draws, multiplies and sorts the same in the same run.

Run: python tests/bench/bench_ranges.py [DRAWS [ZONES]]. Prints seconds (best of several), ratio, memory.
"""

from __future__ import annotations

import math
import sys
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from natcap.accounts.assets_account import AssetChoices
from natcap.accounts.assets_account.changes import pairs_of
from natcap.accounts.assets_account.rows import valued_rows, weights_of
from natcap.accounts.assets_account.unit_values import unit_values
from natcap.accounts.classes import LandClass
from natcap.accounts.land import Land
from natcap.accounts.ranges_account.account import RangesAccount, Sources, ranges_account
from natcap.accounts.ranges_account.read import RangesInput
from natcap.accounts.services.account import ROWS, Factor, Service, ServiceAccount
from natcap.core.problems import Problems
from natcap.core.report import FactorRef

SERVICES, TYPES, DATES = 16, 12, ("opening", "closing")


def factor(key: str, value: float) -> Factor:
    """A made-up factor with a range from half to twice its value."""
    ref = FactorRef(key, key, value, "t/ha", "made up", "nowhere", "judged")
    return Factor(ref, value / 2, value * 2, rag="Red")


def account(zones: int, seed: int = 20250101) -> ServiceAccount:
    """Every service of every type in every zone at both dates: a yield of service and type, a share and a price."""
    draw = np.random.default_rng(seed)
    kinds = [f"type_{n}" for n in range(TYPES)]
    names = [f"service_{n}" for n in range(SERVICES)]
    made = {key: factor(key, float(draw.uniform(1, 9))) for key in (f"{s}.{t}" for s in names for t in kinds)}
    made |= {
        f"{s}.{what}": factor(f"{s}.{what}", float(draw.uniform(0.5, 5))) for s in names for what in ("share", "price")
    }
    keys = tuple(f"Z{n}" for n in range(zones))
    index = pd.MultiIndex.from_product([DATES, keys, names, kinds], names=["date", "zone", "service", "type"])
    frame = index.to_frame(index=False)
    frame["hectares"] = draw.uniform(1, 1000, len(frame))
    frame["factors"] = [(f"{s}.{t}", f"{s}.share") for s, t in zip(frame["service"], frame["type"], strict=True)]
    rate = {key: made[key[0]].ref.value * made[key[1]].ref.value for key in set(frame["factors"])}
    frame["flow"] = frame["hectares"] * frame["factors"].map(rate)
    frame["price_factor"] = frame["service"] + ".price"
    frame["price"] = frame["price_factor"].map({key: f.ref.value for key, f in made.items()})
    frame = frame.assign(year=2023, scale=1.0, value=frame["flow"] * frame["price"], origin="model")[list(ROWS)]
    classes = tuple(LandClass(n, k, k) for n, k in enumerate(kinds, 1))
    land = Land(
        keys, keys, keys, "bench", classes, *[np.ones((zones, TYPES))] * 2, np.zeros((zones, TYPES + 1, TYPES + 1))
    )
    services = {s: Service(s, s, "provisioning", "t", 100) for s in names}
    area = {date: pd.DataFrame(1.0, index=list(keys), columns=kinds) for date in DATES}
    return ServiceAccount(
        land, (2018, 2023), 2023, services, dict.fromkeys(kinds, ""), area, made, frame, pd.DataFrame()
    )


def bare(rows: pd.DataFrame, weights: pd.DataFrame, factors: dict[str, Factor], draws: int) -> Callable[[], Any]:
    """The same items as arrays: coefficients of distinct products, one matrix product, percentiles along an axis.

    What the rows of the account are grouped to is given to it for nothing, and so are shares and words.
    """
    keys = sorted(factors)
    place = {key: n for n, key in enumerate(keys)}
    centre = np.array([factors[key].ref.value for key in keys])
    sigma = math.log(4) / (2 * 1.6449)
    pairs = list(dict.fromkeys(rows["factors"]))
    one = np.array([[place[a], place[b]] for a, b in pairs])
    price = np.array([place[a.split(".")[0] + ".price"] for a, _ in pairs])
    column = rows["factors"].map({pair: n for n, pair in enumerate(pairs)})
    rates = rows["flow"] / rows["hectares"]
    flows = _coefficients(rows, ["date", "service"], column, rows["flow"] / rates, len(pairs))
    values = np.concatenate([
        _coefficients(rows, ["date", "service"], column, rows["hectares"], len(pairs)),
        _coefficients(rows, ["date"], column, rows["hectares"], len(pairs)),
        _coefficients(rows, ["date", "zone"], column, rows["hectares"], len(pairs)),
    ])  # fmt: skip
    assets = np.concatenate([
        _coefficients(rows, ["date", "service"], column, rows["hectares"] * weights["ratio"], len(pairs)),
        _coefficients(rows, ["date"], column, rows["hectares"] * weights["ratio"], len(pairs)),
    ])  # fmt: skip
    changes = [part[len(part) // 2 :] - part[: len(part) // 2] for part in (flows, values[:32], assets[:32])]
    by_type = [_coefficients(rows, by, column, amount, len(pairs)) for by, amount in (
        (["date", "service", "type"], rows["hectares"]), (["date", "type"], rows["hectares"]),
        (["date", "type"], rows["hectares"] * weights["ratio"]),
    )]  # fmt: skip
    by_type = [np.concatenate([part, part[len(part) // 2 :] - part[: len(part) // 2]]) for part in by_type]

    def job() -> np.ndarray:
        normal = np.random.Generator(np.random.PCG64(1)).standard_normal((len(keys), draws))
        drawn = centre[:, None] * np.exp(sigma * normal)
        flow = drawn[one[:, 0]] * drawn[one[:, 1]]
        value = flow * drawn[price]
        parts = [flows @ flow, values @ value, assets @ value, changes[0] @ flow]
        parts += [changes[1] @ value, changes[2] @ value]
        parts += [by_type[0] @ flow, by_type[1] @ value, by_type[2] @ value]
        found: np.ndarray = np.concatenate([np.percentile(part, [5, 50, 95], axis=1) for part in parts], axis=1)
        return found

    return job


def _coefficients(rows: pd.DataFrame, by: list[str], column: pd.Series, amount: pd.Series, size: int) -> np.ndarray:
    groups = rows.groupby(by, sort=False).ngroup()
    found = np.zeros((groups.max() + 1, size))
    np.add.at(found, (groups.to_numpy(), column.to_numpy()), amount.to_numpy())
    return found


def best(jobs: dict[str, Callable[[], Any]], times: int) -> dict[str, float]:
    """Best seconds of each job, run in turn so that neighbours on the machine disturb all alike."""
    found = dict.fromkeys(jobs, float("inf"))
    for _ in range(times):
        for name, job in jobs.items():
            begun = time.perf_counter()
            job()
            found[name] = min(found[name], time.perf_counter() - begun)
    return found


def main(draws: int = 10_000, zones: int = 60, times: int = 3) -> dict[str, float]:
    """Print the figures; return them by name."""
    services = account(zones)
    weights = pd.DataFrame({"asset": services.rows["value"] * 29.8, "ratio": 29.8})

    valued = valued_rows(services, unit_values(services, AssetChoices()))
    pairs = pairs_of(services, valued)

    def ranges() -> RangesAccount | None:
        return ranges_account(Sources(services, weights), RangesInput(draws, 1), Problems())

    def effects() -> RangesAccount | None:
        return ranges_account(Sources(services, weights_of(valued), pairs=pairs), RangesInput(draws, 1), Problems())

    jobs = {"bare": bare(services.rows, weights, dict(services.factors), draws), "ranges": ranges, "effects": effects}
    found = best(jobs, times)
    tracemalloc.start()
    account_ = effects()
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    items = 0 if account_ is None else len(account_.items)
    print(f"{len(services.rows):,} rows, {len(services.factors):,} factors, {draws:,} draws -> {items:,} items")
    ratio = found["ranges"] / found["bare"]
    print(f"bare numpy {found['bare']:.2f} s, ranges {found['ranges']:.2f} s: ratio {ratio:.2f}")
    more = found["effects"] / found["ranges"]
    print(f"with effects and entries {found['effects']:.2f} s: {more:.2f} times the ranges; peak {peak:.0f} MiB")
    return found | {"ratio": ratio}


if __name__ == "__main__":
    main(*(int(part) for part in sys.argv[1:3]))
