"""The error of areas: draws of hectares by class and ecosystem type from the covariance of the adjusted areas.

Areas of the account stay as mapped, and the error spreads around them; how far the map is off on the whole is said in
the section on error-adjusted area. All zones share the error of a class, and the samples of two dates count as
independent (METHODS of the accounts, A1 and A7).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from natcap.accounts.accuracy_account import AccuracyAccount
from natcap.accounts.land import Land
from natcap.accounts.services.account import NO_TYPE
from natcap.core.uncertainty import Distribution, Draws

__all__ = ["AreaError", "area_error", "class_id", "group_of", "type_id"]

Floats = NDArray[np.float64]
_STANDARD = Distribution("normal", -1.0, 0.0, 1.0)
_PREFIX = "area:"


@dataclass(frozen=True)
class AreaError:
    """Draws of the area over the mapped area by id, each of shape (draws,); and what could not be drawn, in words."""

    draws: Mapping[str, Floats] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()


def class_id(date: str, key: str) -> str:
    """Id under which the area of a land-cover class at a date is drawn."""
    return f"{_PREFIX}{date}:class:{key}"


def type_id(date: str, key: str) -> str:
    """Id under which the area of an ecosystem type at a date is drawn."""
    return f"{_PREFIX}{date}:type:{key}"


def group_of(key: str) -> str:
    """What a draw belongs to: the areas of one date are one cause, any other factor is its own."""
    return f"area.{key.split(':')[1]}" if key.startswith(_PREFIX) else key


def area_error(accuracy: AccuracyAccount, land: Land, types: Sequence[str], draws: Draws) -> AreaError:
    """Relative areas of the classes and of the ecosystem types `types` at the dates that have a sample."""
    shares = _shares(land, types)
    found: dict[str, Floats] = {}
    said = []
    for date in ("opening", "closing"):
        estimate = accuracy.estimates.get(date)
        if estimate is None:
            said.append(f"No sample of reference points at the {date}: its areas count as free of error in the ranges.")
            continue
        adjusted = estimate.adjusted
        off = _deviations(adjusted.covariance, f"{_PREFIX}{date}", draws)
        found |= dict(_relative(adjusted.mapped, off, [class_id(date, c.key) for c in accuracy.classes]))
        if shares is not None:
            names = [type_id(date, key) for key in shares]
            by_type = np.array(list(shares.values()))
            found |= dict(_relative(by_type @ adjusted.mapped, by_type @ off, names))
    if shares is None and found:
        said.append("Ecosystem types are neither classes nor habitats of them: their areas count as free of error.")
    if any(float(values.min()) < 0 for values in found.values()):
        said.append("The error of some areas is so large that draws of them fall below 0: their low ends say little.")
    return AreaError(found, tuple(said))


def _shares(land: Land, types: Sequence[str]) -> dict[str, Floats] | None:
    """By ecosystem type: the share of each class in it; None where the types are neither habitats nor classes."""
    wanted = [key for key in types if key != NO_TYPE]
    habitats = land.habitats
    if habitats is not None and set(wanted) <= set(habitats.keys):
        return {key: habitats.shares[:, habitats.keys.index(key)].astype(np.float64) for key in wanted}
    keys = [c.key for c in land.classes]
    if set(wanted) <= set(keys):
        return {key: np.eye(len(keys))[keys.index(key)] for key in wanted}
    return None


def _deviations(covariance: Floats, name: str, draws: Draws) -> Floats:
    """Draws of jointly normal deviations, shape (classes, draws), in hectares; mean 0, the covariance given."""
    size, vectors = np.linalg.eigh(covariance)
    used = size > 1e-12 * max(float(size.max(initial=0.0)), 1e-300)
    out = np.zeros((len(covariance), draws.n))
    unit = _STANDARD.quantiles(draws.n)
    unit /= unit.std()
    for n in np.flatnonzero(used):
        vector = vectors[:, n] * np.sign(vectors[np.abs(vectors[:, n]).argmax(), n])
        out += np.sqrt(size[n]) * vector[:, None] * unit[draws.order(f"{name}:{n}")]
    return out


def _relative(mapped: Floats, off: Floats, names: Sequence[str]) -> Iterator[tuple[str, Floats]]:
    """1 + deviation / mapped area of everything that is mapped and has an error."""
    for name, area, deviation in zip(names, mapped, off, strict=True):
        if area > 0 and deviation.any():
            yield name, 1 + deviation / area
