"""Where services stand: ecosystem types, habitats whose parameters classes take, zones; and what names mean there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from natcap.accounts.classes import slug
from natcap.accounts.land import Land
from natcap.accounts.services.account import NO_TYPE, WHOLE
from natcap.accounts.services.library import habitat_of

__all__ = ["DATES", "Ground", "ground_of"]

DATES: tuple[str, str] = ("opening", "closing")


@dataclass(frozen=True)
class Ground:
    """Land with its ecosystem types and groups of classes.

    `shares` (classes, types) sums to 1 by class. `groups` leads from a group, a habitat or a class of its own, to the
    positions of its classes; `habitat` from a group to the habitat whose parameters it takes ("" for none).
    """

    land: Land
    types: Mapping[str, str]
    shares: np.ndarray
    groups: Mapping[str, tuple[int, ...]]
    habitat: Mapping[str, str]

    def area(self, date: str, group: str) -> np.ndarray:
        """Hectares of a group by zone and type, shape (zones, types)."""
        classes = list(self.groups[group])
        found: np.ndarray = self.land.area(date)[:, classes] @ self.shares[classes]
        return found

    def type_area(self, date: str) -> pd.DataFrame:
        """Hectares by zone id and key of type."""
        return pd.DataFrame(self.land.area(date) @ self.shares, list(self.land.zones), list(self.types))

    @cached_property
    def zone_names(self) -> dict[str, str]:
        """Zone ids by every way of naming them; a name that two zones share is not among them."""
        names = [slug(name) for name in self.land.names]
        found = {name: zone for name, zone in zip(names, self.land.zones, strict=True) if names.count(name) == 1}
        return found | {slug(zone): zone for zone in self.land.zones} | {"all": WHOLE}

    @cached_property
    def type_names(self) -> dict[str, str]:
        return {slug(name): key for key, name in self.types.items()} | {k: k for k in self.types} | {"": NO_TYPE}

    @cached_property
    def places(self) -> dict[str, str]:
        """Habitats and classes by their names as keys; "" stands for everywhere."""
        classes = self.land.classes
        found = {slug(c.name): c.key for c in classes} | {c.key: c.key for c in classes}
        return found | {name: name for name in self.habitat.values()} | {"": ""}

    def codes(self, group: str) -> tuple[int, ...]:
        """Codes of the classes of a group; none for what is no group."""
        return tuple(self.land.classes[at].code for at in self.groups.get(group, ()))

    def group_of_type(self, key: str) -> str:
        """The one group that a type holds, "" where it holds several or is none."""
        if key not in self.types:
            return ""
        at = list(self.types).index(key)
        held = [g for g, classes in self.groups.items() if self.shares[list(classes), at].any()]
        return held[0] if len(held) == 1 else ""


def ground_of(land: Land, own: Iterable[str]) -> Ground:
    """The ground of a land account. Classes that `own` names and that are no habitat become groups of their own."""
    if land.habitats is not None:
        types = dict(zip(land.habitats.keys, land.habitats.names, strict=True))
        shares = land.habitats.shares
    else:
        types = {c.key: c.name for c in land.classes}
        shares = np.eye(len(land.classes))
    known = habitat_of(land.list_id)
    named = set(own) - set(known.values())
    groups: dict[str, tuple[int, ...]] = {}
    habitat: dict[str, str] = {}
    for at, one in enumerate(land.classes):
        base = known.get(one.code, "")
        alone = not base or one.key in named or slug(one.name) in named
        group = one.key if alone else base
        groups[group] = (*groups.get(group, ()), at)
        habitat[group] = base
    return Ground(land, types, shares, groups, habitat)
