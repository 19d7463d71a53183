"""Names of zones, ecosystem types and classes in the workbooks of a project, looked up before any land is counted.

The parts of the account look them up in what was counted. Where something else is wrong no account is counted: then
the workbooks are read once more for their names alone, so that nobody has to mend the rest first to learn of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from natcap.accounts.classes import ClassList, slug
from natcap.accounts.zones import RasterZones, Zones
from natcap.core.problems import Problems, did_you_mean

__all__ = ["tell_names"]

_WORKBOOKS: Mapping[str, tuple[str, Mapping[str, Mapping[str, str]]]] = {
    "services": ("natcap.accounts.services.model", {
        "readings": {"zone": "zone", "type": "ecosystem type"},
        "parameters": {"habitat": "habitat"}, "unit_values": {"habitat": "habitat"},
    }),
    "carbon_movements": ("natcap.accounts.stock_account.model", {
        "carbon_movements": {"zone": "zone", "class": "class"}, "other_gases": {"type": "ecosystem type"},
    }),
    "losses": ("natcap.accounts.assets_account.losses.model", {
        "losses": {"zone": "zone", "type": "ecosystem type"},
    }),
}  # fmt: skip
"""By input: the module of its models; by table, which columns hold names, and of what."""


@dataclass(frozen=True)
class _Known:
    """Names, as keys, that cells may hold; how a problem lists them, and the names that are near."""

    keys: frozenset[str]
    expected: str
    near: Sequence[str]


def tell_names(files: Iterable[Sequence[Any]], zones: Zones | None, classes: ClassList | None, problems: Problems
               ) -> None:  # fmt: skip
    """Add a problem for each name that neither the zones nor the class list can mean.

    `files` begin with role, path and shown name. Zones that only a count tells, and None, are not judged.
    """
    known = _known(zones, classes)
    for role, path, shown in ((file[0], file[1], file[2]) for file in files if file[0] in _WORKBOOKS):
        _workbook(role, path, shown, known, problems)


def _known(zones: Zones | None, classes: ClassList | None) -> dict[str, _Known]:
    found: dict[str, _Known] = {}
    if zones is not None and not isinstance(zones, RasterZones):
        words = [one if one == name else f"{one} {name}" for one, name in zip(zones.ids, zones.names, strict=True)]
        keys = frozenset(map(slug, (*zones.ids, *zones.names, "all")))
        found["zone"] = _Known(keys, f"one of {_few(words)}, or all", (*zones.ids, *zones.names))
    if classes is None:
        return found
    from natcap.accounts.services.intermediate.library import type_words
    from natcap.accounts.services.library import habitat_of

    names = [c.name for c in classes.classes if c.role == "class"]
    own = {str(c.code) for c in classes.classes}
    habitats = sorted({name for name in habitat_of(classes.id).values() if name})
    types = type_words(classes)
    found["class"] = _Known(types | own, f"one of {_few(names)}", names)
    found["ecosystem type"] = _Known(types | own, f"an ecosystem type of {classes.title}", (*names, *sorted(types)))
    found["habitat"] = _Known(types | set(habitats), f"one of {_few([*habitats, *names])}", (*habitats, *names))
    return found


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:20]) + (" ..." if len(names) > 20 else "")


def _workbook(role: str, path: Path, shown: str, known: Mapping[str, _Known], problems: Problems) -> None:
    from natcap.core.workbook import RowTeller, read_tables, sound_sheets

    module, tables = _WORKBOOKS[role]
    models = import_module(module)
    told = Problems()
    frames = read_tables(path, getattr(models, "MODELS", None) or [models.MODEL], told, shown)
    teller = RowTeller(shown, problems, told)
    for table, columns in tables.items():
        for row in sound_sheets(frames[table], told).to_dict("records"):
            for name, what in columns.items():
                text = str(row[name] or "").strip()
                if text and what in known and slug(text) not in known[what].keys:
                    teller.tell(row, name, f"the {what} {text}", known[what].expected,
                                did_you_mean(text, known[what].near))  # fmt: skip
