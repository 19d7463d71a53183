"""Figures of conversions, walked back to cells of the change matrix and the value of a hectare."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from natcap.accounts.assets_account.conversions import parts_of
from natcap.accounts.assets_account.unit_values import DATES
from natcap.accounts.assets_account.words import ENTRY_NAMES, Words
from natcap.accounts.services.account import WHOLE
from natcap.core.report import Figure, Trace

__all__ = ["CONVERSIONS", "conversion_figures", "conversion_parents"]

Pair = Mapping[Hashable, Any]
CONVERSIONS: Mapping[str, str] = {"additions": "ha_in", "reductions": "ha_out"}
"""The column of the pairs with the hectares of an entry."""
_NEEDED = ("zone", "zone_key", "zone_name", "service", "service_name", "type", "type_key", "type_name", "classes",
           "gross", "bracket", "ha_lost", "recalled", *CONVERSIONS, *CONVERSIONS.values())  # fmt: skip
_MOST = 12
"""Cells of the matrix that one sentence names."""


def _some(pairs: pd.DataFrame, name: str) -> pd.DataFrame:
    return pairs[(pairs[CONVERSIONS[name]].fillna(0.0) != 0) & pairs[name].notna()]


def conversion_parents(pairs: pd.DataFrame, name: str) -> tuple[str, ...]:
    """Ids of the services whose land moved; `pairs` without abiotic ones."""
    return tuple(f"assets.conversion.{name}.all.{service}" for service in _some(pairs, name)["service"].unique())


def conversion_figures(words: Words, pairs: pd.DataFrame) -> Iterator[Figure]:
    """By service, then by zone, service and type. `pairs` (no abiotic ones) have names, keys and `recalled`."""
    for name in CONVERSIONS:
        services: dict[str, dict[str, list[Pair]]] = {}
        for pair in _some(pairs, name)[[c for c in _NEEDED if c in pairs]].to_dict("records"):
            services.setdefault(pair["service"], {}).setdefault(_leaf(name, pair), []).append(pair)
        for service, leaves in services.items():
            how = f"sum over {len(leaves)} zones and ecosystem types where land moved"
            label = f"{ENTRY_NAMES[name]}, {words.service_name[service]}"
            part = [pair for leaf in leaves.values() for pair in leaf]
            yield _figure(words, f"assets.conversion.{name}.all.{service}", label, part, name,
                          Trace(how, parents=tuple(leaves)), words.setting.project.place)  # fmt: skip
        for key, part in ((key, leaf) for leaves in services.values() for key, leaf in leaves.items()):
            first = part[0]
            trace = Trace("; ".join(_how(words, p, name) for p in part), parents=_parents(words, first))
            label = f"{ENTRY_NAMES[name]}, {first['service_name']}, {first['type_name']}"
            place = words.setting.project.place if first["zone"] == WHOLE else str(first["zone_name"])
            yield _figure(words, key, label, part, name, trace, place)


def _leaf(name: str, pair: Pair) -> str:
    return f"assets.conversion.{name}.{pair['zone_key']}.{pair['service']}.{pair['type_key']}"


def _figure(words: Words, key: str, label: str, part: Sequence[Pair], name: str, trace: Trace, place: str) -> Figure:
    status = words.setting.status(any(bool(pair["recalled"]) for pair in part))
    value = math.fsum(float(pair[name]) for pair in part)
    return Figure(key, label, value, words.unit, trace, status=status, period=words.span, place=place)


def _parents(words: Words, pair: Pair) -> tuple[str, ...]:
    """The values of the land at both dates and, where maps were read, the area that changed class in the zone."""
    values = [f"assets.value.{date}.{pair['zone_key']}.{pair['service']}.{pair['type_key']}" for date in DATES]
    maps = words.setting.show
    if maps is None or maps.net or pair["zone"] == WHOLE:
        return tuple(values)
    return (f"extent.changed.{pair['zone_key']}", *values)


def _how(words: Words, pair: Pair, name: str) -> str:
    hectares, coming = float(pair[CONVERSIONS[name]]), name == "additions"
    lost = 0.0 if coming or np.isnan(pair.get("ha_lost", np.nan)) else float(pair["ha_lost"])
    less = f" less {lost:.10g} ha that catastrophes took" if lost else ""
    what = f"{hectares:.10g} ha {'came' if coming else 'went'} ({_cells(words, pair, coming)}){less}"
    return f"{what} x {pair['bracket']:,.10g} a hectare, the mean of both dates in the effect of extent"


def _cells(words: Words, pair: Pair, coming: bool) -> str:
    """Hectares by cell of the change matrix, largest first, or that only the net change is known."""
    if not pair["gross"]:
        return "net: no change matrix has this area"
    names = [c.name for c in words.account.land.classes]
    cells = parts_of(words.account, str(pair["zone"]), str(pair["type"]), pair["classes"])[0 if coming else 1]
    several = int((cells > 0).sum())
    order = np.argsort(-cells, axis=None, kind="stable")[: min(several, _MOST)]
    places = zip(*np.unravel_index(order, cells.shape), strict=True)
    told = [f"{cells[a, b]:.10g} {names[a]} to {names[b]}" for a, b in places]
    rest = several - len(told)
    return f"change matrix: {', '.join(told)}{f' and {rest} more cells' if rest else ''}"
