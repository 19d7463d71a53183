"""A published factor under another set of global warming potentials than its edition has.

CH4 and N2O of the published split are scaled by the ratio of their potentials, CO2 stays; a refrigerant or process
gas, whose factor is its potential, takes that of the other set by its components. Where no split is published
(such as well-to-tank) or the set of a row is not certain (bioenergy, materials) the factor cannot be brought to another
set: it stays on its own, and that has to be said.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

from natcap.core.factors import Factor
from natcap.core.gwp import GwpError, gwp

__all__ = ["AS_PUBLISHED", "Revalued", "revalued"]

AS_PUBLISHED = "as published"
_GASES = ("CH4", "N2O")
_REFRIGERANTS = "refrigerant-other/"
_UNCERTAIN = ("bioenergy/", "wtt-bioenergy/", "material-use/")
"""Rows that the methodology of the sets from 2023 on may still list under the potentials of before (its Table 1)."""
_NEAR_SPLIT, _NEAR_GAS = 2e-3, 5e-3


@dataclass(frozen=True, slots=True)
class Revalued:
    """kg CO2e under the other set per kg CO2e as published, the split by CO2, CH4 and N2O, and how it came about."""

    ratio: float
    gases: tuple[float, float, float]
    how: str


def revalued(factor: Factor, wanted: str) -> Revalued | None:
    """The factor under the set `wanted`; None where the published numbers do not allow it."""
    if factor.value == 0:
        zeros = tuple(0.0 if name in factor.gases else nan for name in ("CO2", *_GASES))
        return Revalued(1.0, zeros, "none")  # type: ignore[arg-type]
    if factor.series.startswith(_REFRIGERANTS):
        return _of_gas(factor, wanted)
    if factor.series.startswith(_UNCERTAIN):
        return None
    if factor.gases == {"CO2": factor.value}:
        return Revalued(1.0, (factor.value, nan, nan), "CO2 alone")
    if not all(name in factor.gases for name in ("CO2", *_GASES)):
        return None
    return _of_split(factor, wanted)


def _of_split(factor: Factor, wanted: str) -> Revalued | None:
    """By gas. A split that does not foot to its total is not used."""
    if abs(sum(factor.gases.values()) - factor.value) > _NEAR_SPLIT * abs(factor.value):
        return None
    split = [factor.gases["CO2"]]
    said, change = [], 0.0
    for name in _GASES:
        before, after = gwp(name, factor.gwp_set).value, gwp(name, wanted).value
        split.append(factor.gases[name] * after / before)
        change += split[-1] - factor.gases[name]
        said.append(f"{name} {before:g} to {after:g}")
    ratio = (factor.value + change) / factor.value
    return Revalued(ratio, (split[0], split[1], split[2]), f"from {factor.gwp_set} to {wanted}: {', '.join(said)}")


def _of_gas(factor: Factor, wanted: str) -> Revalued | None:
    """A gas or blend by its components, where these give the published number under the edition's own set."""
    parts = factor.series.split("/")
    name = parts[2] if len(parts) > 2 else ""
    for text in (name, name.partition("-r")[0], "-".join(name.split("-")[:2])):
        try:
            before, after = gwp(text, factor.gwp_set).value, gwp(text, wanted).value
        except GwpError:
            continue
        if abs(before - factor.value) > max(_NEAR_GAS * factor.value, 0.5):
            return None
        how = f"from {factor.gwp_set} to {wanted}: {factor.value:g} to {after:g} by its components"
        return Revalued(after / factor.value, (nan, nan, nan), how)
    return None
