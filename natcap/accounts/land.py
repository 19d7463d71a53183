"""Land as the other accounts see it: hectares by zone and class at two dates, wherever they were read from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from natcap.accounts.classes import LandClass
from natcap.accounts.crosswalk import Crosswalk

__all__ = ["Land"]


@dataclass(frozen=True)
class Land:
    """Hectares, float64. `opening` and `closing` have the shape (zones, classes).

    `matrix` has the shape (zones, 1 + classes, 1 + classes), opening in rows, "no data" first; None where a source says
    only how much there was at each date. `keys` are the zones as parts of figure ids, `list_id` the list of classes.
    `habitats` leads from the classes, in this order, to broader habitats, where such a crosswalk is known.
    """

    zones: tuple[str, ...]
    keys: tuple[str, ...]
    names: tuple[str, ...]
    list_id: str
    classes: tuple[LandClass, ...]
    opening: np.ndarray
    closing: np.ndarray
    matrix: np.ndarray | None = None
    habitats: Crosswalk | None = None

    def __post_init__(self) -> None:
        shape = (len(self.zones), len(self.classes))
        if self.opening.shape != shape or self.closing.shape != shape:
            raise ValueError(f"areas must have the shape {shape}")
        if self.matrix is not None and self.matrix.shape != (shape[0], shape[1] + 1, shape[1] + 1):
            raise ValueError("the change matrix has other zones or classes than the areas")

    def area(self, date: str) -> np.ndarray:
        """Hectares at "opening" or "closing", shape (zones, classes)."""
        return self.opening if date == "opening" else self.closing
