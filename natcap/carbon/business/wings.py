"""Wings of the business room: parts of an inventory's report that run when their input or choice is named.

`SPECS` lists them. A wing reads through a `Reader` and shows itself beside a calculated inventory; see
`natcap.core.wings`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from natcap.carbon.business.models import Choices
from natcap.core import wings
from natcap.core.problems import Problems
from natcap.core.project import Project, hash_file, require
from natcap.core.wings import Spec, Wing

if TYPE_CHECKING:
    from natcap.carbon.business.result import Result

__all__ = ["SPECS", "Reader", "Setting", "read_wings", "show_wings"]

SPECS: tuple[Spec, ...] = (
    Spec(
        "targets",
        "natcap.carbon.business.pathway",
        {"targets": "a workbook of targets: absolute, intensity, absolute contraction"},
        starts=("targets",),
    ),
    Spec(
        "options",
        "natcap.carbon.business.options",
        {"options": "a workbook of reduction options: costs, lives, what each saves"},
        {"options_discount_rate": "the rate at which the business discounts, as a share: 0.08"},
        starts=("options",),
    ),
    Spec(
        "neutrality",
        "natcap.carbon.business.neutrality",
        {"neutrality": "a workbook of steps, removals and credits on the way to neutrality"},
        {
            "claim": '"carbon neutral": asked for, and refused as long as a step is missing',
            "neutrality_basis": "scope 2 of the ledger: location (usual) or market",
        },
        starts=("neutrality", "choices.claim"),
    ),
    Spec(
        "circular",
        "natcap.carbon.business.circular",
        {"circular": "a workbook of materials bought, waste by route, products and their loops"},
        {"circular_weight": "how the circularity of products is averaged: mass (usual) or revenue"},
        starts=("circular",),
    ),
)
Given = tuple[tuple[Spec, Any], ...]


@dataclass
class Reader:
    """What a wing reads through: files named in natcap.toml are hashed into the record of the run."""

    project: Project
    choices: Choices
    problems: Problems
    fallbacks: list[str] = field(default_factory=list)
    files: list[Mapping[str, str]] = field(default_factory=list)

    def file(self, role: str, remedy: str = "") -> Path | None:
        """The file of an input, or None with a problem."""
        path = require(self.project, role, self.problems, remedy)
        if path is not None:
            self.files.append({"name": role, "file": self.project.shown(path), "sha256": hash_file(path)})
        return path


@dataclass(frozen=True)
class Setting:
    """Where a wing stands: the calculated inventory, and what the wings before it made, by the id of their Spec."""

    result: Result
    products: Mapping[str, Any] = field(default_factory=dict)

    @property
    def project(self) -> Project:
        return self.result.inputs.project


def read_wings(reader: Reader) -> Given:
    """What every active wing read; problems are in `reader.problems`."""
    chosen = wings.active(SPECS, reader.project)
    return tuple((spec, import_module(spec.module).read(reader)) for spec in chosen)


def show_wings(result: Result, given: Given) -> tuple[Wing, ...]:
    """The finished wings. Raises InputProblems where what was calculated does not fit what was read."""
    setting, shown = Setting(result), []
    for spec, read in given:
        wing: Wing = import_module(spec.module).show(setting, read)
        shown.append(wing)
        if wing.product is not None:
            setting = replace(setting, products={**setting.products, spec.id: wing.product})
    return tuple(shown)
