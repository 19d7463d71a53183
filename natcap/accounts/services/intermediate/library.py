"""Which services are intermediate, by the list of the SEEA EA, and in which units their flows may be given."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import pandas as pd

from natcap.accounts.classes import ClassList, habitats_of, slug
from natcap.accounts.crosswalk import crosswalk, crosswalk_of
from natcap.accounts.services.account import Service
from natcap.core.resources import root

__all__ = ["ends_in", "intermediate_names", "intermediate_services", "offered_units", "type_words"]


@lru_cache(maxsize=1)
def _rows() -> tuple[Mapping[str, str], ...]:
    table = pd.read_csv(root("factors") / "services" / "intermediate.csv", dtype=str, keep_default_na=False)
    return tuple({str(key): str(value) for key, value in row.items()} for row in table.to_dict("records"))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";"))


@lru_cache(maxsize=1)
def intermediate_services() -> Mapping[str, Service]:
    """The intermediate services by id, in the first of their units. They have no asset and so no life."""
    return {
        row["id"]: Service(row["id"], row["name"], "intermediate", _listed(row["units"])[0], 0, note=row["note"])
        for row in _rows()
    }


@lru_cache(maxsize=1)
def intermediate_names() -> Mapping[str, str]:
    """Ids by every way of naming a service, as keys."""
    return {slug(name): row["id"] for row in _rows() for name in (row["id"], row["name"], *_listed(row["aliases"]))}


def offered_units(key: str) -> tuple[str, ...]:
    """Units in which the flow of a service may be given; an account keeps to one of them."""
    return next(_listed(row["units"]) for row in _rows() if row["id"] == key)


def ends_in(key: str) -> str:
    """The final services in which the value of an intermediate service is, in words."""
    return next(row["ends_in"] for row in _rows() if row["id"] == key)


def type_words(listed: ClassList | None) -> frozenset[str]:
    """Names, as keys, that classes of a list and the habitats it leads to have; empty without a list."""
    if listed is None:
        return frozenset()
    walk = crosswalk_of(listed)
    if walk is None and habitats_of(listed.id):
        walk = crosswalk(listed.id, habitats_of(listed.id))
    habitats = () if walk is None else (*walk.keys, *map(slug, walk.names))
    return frozenset((*(c.key for c in listed.classes), *(slug(c.name) for c in listed.classes), *habitats))
