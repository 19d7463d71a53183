"""Wings: parts of a report that run when their input is named. A room lists its own; what they are made of is here.

A wing is a module with `read(reader) -> given` (adds to `reader.problems`, never raises) and `show(setting, given) ->
Wing`. A room's list of `Spec` names the inputs and choices each knows, so that a project without a wing never imports
it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from natcap.core.problems import Problem
from natcap.core.project import Project
from natcap.core.report import Check, Figure, Run, Section

__all__ = ["Spec", "Wing", "active", "gathered", "known_choices", "known_inputs", "with_wings"]


@dataclass(frozen=True)
class Spec:
    """A wing: its module, the inputs and choices it knows. It runs when one of `starts` is named, or `always`.

    A start is the name of an input, or "choices." and the name of a choice. `maps` says that it needs land cover.
    """

    id: str
    module: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    starts: tuple[str, ...] = ()
    always: bool = False
    maps: bool = False


@dataclass(frozen=True)
class Wing:
    """What a wing adds to the report. A section stands with the number of its sheet, or place, in the room's order.

    `product` is for the wings after it, in the order of the room's list.
    """

    sections: tuple[tuple[int, Section], ...] = ()
    figures: tuple[Figure, ...] = ()
    checks: tuple[Check, ...] = ()
    banners: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    editions: tuple[str, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    controls: Mapping[str, str] = field(default_factory=dict)
    fallbacks: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()
    product: Any = None


def active(specs: Iterable[Spec], project: Project) -> tuple[Spec, ...]:
    """The wings that a project asks for, in the order of the list."""
    named = {str(name) for name in project.inputs} | {f"choices.{name}" for name in project.choices}
    return tuple(spec for spec in specs if spec.always or named & set(spec.starts))


def known_inputs(specs: Iterable[Spec]) -> dict[str, str]:
    """Names of inputs that wings know, each with what it is."""
    return {name: told for spec in specs for name, told in spec.inputs.items()}


def known_choices(specs: Iterable[Spec]) -> dict[str, str]:
    """Names of choices that wings know, each with what it is."""
    return {name: told for spec in specs for name, told in spec.choices.items()}


def gathered(wings: Sequence[Wing], name: str) -> tuple[Any, ...]:
    """One kind of thing of all wings, such as figures or checks, in order."""
    return tuple(item for wing in wings for item in getattr(wing, name))


def with_wings(run: Run, wings: Sequence[Wing]) -> Run:
    """The record of a run with what the wings add to it."""
    choices, controls = dict(run.choices), dict(run.controls)
    for wing in wings:
        choices |= wing.choices
        controls |= wing.controls
    return replace(
        run, editions=tuple(dict.fromkeys((*run.editions, *gathered(wings, "editions")))), choices=choices,
        controls=controls, fallbacks=(*run.fallbacks, *gathered(wings, "fallbacks")),
    )  # fmt: skip
