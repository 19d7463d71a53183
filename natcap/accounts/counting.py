"""What counts the cells: numpy, a compiled kernel, or a cluster. A matter of the machine; the integers are the same.

NATCAP_COUNTING says which: "numpy", "compiled" (the extra `fast`) or "cluster" (the extra `cluster`, the address of an
existing Dask scheduler in NATCAP_CLUSTER). Left alone, maps of LARGE cells and more are counted by the kernel where
numba is installed: below that, importing numba takes longer than it saves. An address is read from the environment
alone, because whoever names a cluster lets it run code here: no file that somebody sends may do that.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal

from natcap.accounts.tally import Tally
from natcap.accounts.wings import Reader, Setting, Wing
from natcap.core.problems import Problems

__all__ = ["LARGE", "Engine", "engine_of", "read", "show", "tally_class"]

Kind = Literal["numpy", "compiled", "cluster"]
KINDS: tuple[Kind, ...] = ("numpy", "compiled", "cluster")
LARGE = 2_000_000_000
"""Cells from which on the kernel is taken unasked."""
_EXTRA: Mapping[str, tuple[str, str]] = {"compiled": ("numba", "fast"), "cluster": ("distributed", "cluster")}


@dataclass(frozen=True, slots=True)
class Engine:
    """What counts, and the address of the cluster."""

    kind: Kind = "numpy"
    address: str = ""


def engine_of(cells: int, environment: Mapping[str, str] | None = None, problems: Problems | None = None) -> Engine:
    """What counts maps of so many cells. What cannot be had goes into `problems`, or raises InputProblems without."""
    given = os.environ if environment is None else environment
    found = Problems() if problems is None else problems
    word, address = given.get("NATCAP_COUNTING", "").strip(), given.get("NATCAP_CLUSTER", "").strip()
    kind = next((k for k in KINDS if k == word), None)
    if word and kind is None:
        found.add(
            "environment", word, f"one of {', '.join(KINDS)}", "Set it right, or unset it", cell="NATCAP_COUNTING"
        )
    if kind is None:
        kind = "cluster" if address else "compiled" if cells >= LARGE and find_spec("numba") else "numpy"
    if kind == "cluster" and not address:
        found.add("environment", "no address of a cluster", "the address of a Dask scheduler, such as tcp://host:8786",
                  "Set NATCAP_CLUSTER as well", cell="NATCAP_CLUSTER")  # fmt: skip
    name, extra = _EXTRA.get(kind, ("numpy", ""))
    if not find_spec(name):
        found.add("environment", f"no package {name}", f'the extra "{extra}"',
                  f"Install natcap-accounts[{extra}], or unset it", cell="NATCAP_COUNTING")  # fmt: skip
    if problems is None:
        found.raise_if_any()
    return Engine(kind, address if kind == "cluster" else "")


def tally_class(engine: Engine) -> type[Tally]:
    """The tally of one thread."""
    if engine.kind != "compiled":
        return Tally
    from natcap.accounts.compiled import CompiledTally

    return CompiledTally


def read(reader: Reader) -> None:
    """Tell early what the environment asks for and cannot be had."""
    engine_of(0, problems=reader.problems)


def show(setting: Setting, given: None) -> Wing:
    """Say in the record of the run what counted the cells."""
    inputs = None if setting.show is None else setting.show.results.inputs
    cells = getattr(getattr(getattr(inputs, "opening", None), "grid", None), "cells", None)
    if cells is None:
        return Wing()
    said = {"numpy": "numpy", "compiled": "a compiled kernel (numba)", "cluster": "a Dask cluster (numpy)"}
    return Wing(controls={"cells counted by": said[engine_of(int(cells)).kind]})
