"""Small service accounts for the tests of ranges: every number is made up to be reckoned by hand."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from natcap.accounts.classes import LandClass
from natcap.accounts.land import Land
from natcap.accounts.ranges_account.account import RangesAccount, Sources, ranges_account
from natcap.accounts.ranges_account.read import RangesInput
from natcap.accounts.services.account import ROWS, Factor, Service, ServiceAccount
from natcap.accounts.wings import Reader, Setting, Wing
from natcap.core.problems import Problems
from natcap.core.report import FactorRef

__all__ = ["draw", "factor", "read", "row", "services", "show"]


def factor(key: str, value: float, low: float = math.nan, high: float = math.nan, **more: Any) -> Factor:
    """A factor that was read at its source, Amber, unless `more` says otherwise."""
    verified = more.pop("verified", "read")
    ref = FactorRef(key, f"Factor {key}", value, "t/ha", "a made-up source", "page 1", verified)
    return Factor(ref, low, high, **({"rag": "Amber", "tier": "for a test"} | more))


def row(service: str, factors: Sequence[str], flow: float, **more: Any) -> dict[str, Any]:
    """A row of the service account at the closing in zone a, one hectare, without a price."""
    made = dict.fromkeys(ROWS, math.nan) | {
        "date": "closing", "year": 2023, "zone": "a", "service": service, "type": "wood", "hectares": 1.0,
        "factors": tuple(factors), "scale": 1.0, "flow": flow, "price_factor": "", "origin": "model",
    }  # fmt: skip
    made |= more
    if not math.isnan(made["price"]):
        made["value"] = made["flow"] * made["price"]
    return made


def services(factors: Sequence[Factor], rows: Sequence[Mapping[str, Any]], matrix: bool = True,
             **kinds: Any) -> ServiceAccount:  # fmt: skip
    """An account of the services that the rows name; `kinds` are fields of a Service by its id."""
    classes = (LandClass(1, "wood", "Wood"), LandClass(2, "grass", "Grass"))
    areas = np.array([[1.0, 2.0], [3.0, 4.0]])
    land = Land(("a", "b"), ("a", "b"), ("Zone A", "Zone B"), "test", classes, areas, areas,
                np.zeros((2, 3, 3)) if matrix else None)  # fmt: skip
    names = dict.fromkeys(str(r["service"]) for r in rows)
    made = {n: Service(n, n.capitalize(), "provisioning", "t", 100, **kinds.get(n, {})) for n in names}
    frame = pd.DataFrame(list(rows), columns=list(ROWS))
    return ServiceAccount(land, (2018, 2023), 2023, made, {"wood": "Wood", "grass": "Grass"}, {},
                          {f.ref.id: f for f in factors}, frame,
                          pd.DataFrame(columns=["service", "user", "share", "factor"]))  # fmt: skip


def draw(account: ServiceAccount, draws: int = 10_000, seed: int = 1, keep: int = 256,
         **sources: Any) -> RangesAccount:  # fmt: skip
    """The ranges of an account; every problem is a failure."""
    problems = Problems()
    found = ranges_account(Sources(account, **sources), RangesInput(draws, seed), problems, keep)
    assert problems == []
    assert found is not None
    return found


def read(reader: Reader) -> bool:
    """This module as a wing that stands in for the services: nothing is read."""
    return bool(reader.project.choices["services"])


def show(setting: Setting, given: bool) -> Wing:
    """A tonne (half to twice) a hectare of every class of the maps in every zone, at 10 GBP a tonne."""
    land = setting.land
    assert land is not None
    rows = [row("timber", ("f",), float(ha), date=date, zone=zone, type=c.key, hectares=float(ha), price=10.0)
            for date in ("opening", "closing") for zone, areas in zip(land.zones, land.area(date), strict=True)
            for c, ha in zip(land.classes, areas, strict=True)]  # fmt: skip
    made = services([factor("f", 1, 0.5, 2)], rows)
    return Wing(product=replace(made, land=land, types={c.key: c.name for c in land.classes}))
