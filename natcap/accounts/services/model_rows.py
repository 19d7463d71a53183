"""Flows that are modelled: hectares of a habitat times the parameters of a service."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

import numpy as np
import pandas as pd

from natcap.accounts.classes import slug
from natcap.accounts.services.account import Service
from natcap.accounts.services.ground import DATES, Ground
from natcap.accounts.services.library import Parameter, Price, flow_parameters, services
from natcap.accounts.services.prices import Prices
from natcap.core.problems import Problems, did_you_mean

__all__ = ["Chosen", "chosen_parameters", "model_rows", "placed"]

T = TypeVar("T", Parameter, Price)
Chosen = Mapping[tuple[str, str], tuple[Parameter, ...]]
"""Parameters by service and group."""


def placed(ground: Ground, items: Iterable[T], problems: Problems) -> tuple[T, ...]:
    """Items with their habitat as the ground names it; a problem for each that is no habitat or class of the map."""
    found = []
    for item in items:
        name = ground.places.get(item.habitat)
        place = item.factor.input
        if name is not None:
            found.append(replace(item, habitat=name))
        elif place is not None:
            known = list(dict.fromkeys(name for name in ground.places.values() if name))
            near = did_you_mean(item.habitat, known)
            problems.add(place.file, f"the habitat {item.habitat}", f"one of {', '.join(known)}",
                         near or "Give a habitat of the library or a class of the map", sheet=place.sheet,
                         cell=place.cell)  # fmt: skip
    return tuple(found)


def chosen_parameters(ground: Ground, own: Iterable[Parameter], library: bool, problems: Problems) -> Chosen:
    """Parameters of each service and group: a class before its habitat, a user's own before the library's."""
    held: dict[tuple[str, str], dict[str, Parameter]] = {}
    levels = (flow_parameters() if library else (), tuple(own))
    for group, habitat in ground.habitat.items():
        for place in dict.fromkeys(name for name in (habitat, group) if name):
            for level in levels:
                for part in level:
                    if part.habitat == place:
                        held.setdefault((part.service, group), {})[slug(part.name)] = part
    found: dict[tuple[str, str], tuple[Parameter, ...]] = {}
    for (service, group), parts in held.items():
        if _whole(services()[service], tuple(parts.values()), problems):
            found[service, group] = tuple(parts.values())
    return found


def _whole(service: Service, parts: tuple[Parameter, ...], problems: Problems) -> bool:
    """Whether the parameters make a flow: one rate per hectare, for hectares none."""
    rates = [part for part in parts if part.rate]
    wanted = 0 if service.unit == "hectare" else 1
    if len(rates) == wanted:
        return True
    place = next((part.factor.input for part in reversed(parts) if part.factor.input is not None), None)
    if place is not None:
        names = ", ".join(part.name for part in rates) or "none"
        problems.add(place.file, f"the rates per hectare of {service.id}: {names}",
                     f"{wanted} rate in {service.unit} per hectare and year, and shares",
                     "Name a parameter as the library does to replace it", sheet=place.sheet,
                     cell=place.cell)  # fmt: skip
    return False


def model_rows(ground: Ground, chosen: Chosen, prices: Prices, years: tuple[int, int]) -> pd.DataFrame:
    """Rows of the account for everything that parameters give; columns ROWS, `group` and `net_of`."""
    parts = list(_rows(ground, chosen, prices, years))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _rows(ground: Ground, chosen: Chosen, prices: Prices, years: tuple[int, int]) -> Iterator[pd.DataFrame]:
    zones, types = np.array(ground.land.zones, dtype=object), np.array(list(ground.types), dtype=object)
    for (key, group), parts in chosen.items():
        service = services()[key]
        areas = [ground.area(date, group) for date in DATES]
        held = np.flatnonzero((areas[0] + areas[1]).any(axis=0))
        scale = float(np.prod([part.scale for part in parts]))
        rate = float(np.prod([part.factor.ref.value for part in parts])) * scale
        nets = [part.net_of for part in parts]
        for date, year, area in zip(DATES, years, areas, strict=True) if len(held) else ():
            applied = prices.of(service, tuple(dict.fromkeys((group, ground.habitat[group]))), year)
            hectares = area[:, held].ravel()
            price = np.nan if applied is None else applied.amount
            yield pd.DataFrame({
                "date": date, "year": year, "zone": np.repeat(zones, len(held)), "service": key,
                "type": np.tile(types[held], len(zones)), "hectares": hectares,
                "factors": [tuple(part.factor.ref.id for part in parts)] * len(hectares), "scale": scale,
                "flow": hectares * rate, "price": price, "price_factor": "" if applied is None else applied.id,
                "value": hectares * rate * price, "origin": "model", "group": group,
                "net_of": "; ".join(filter(None, [*nets, "" if applied is None else applied.price.net_of])),
            })  # fmt: skip
