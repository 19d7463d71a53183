"""Land-cover maps: opened behind a guard, on grids that are checked."""

from natcap.accounts.landcover.grid import Grid, aligned_index, differences, same_crs
from natcap.accounts.landcover.guard import environment, open_dataset
from natcap.accounts.landcover.maps import SYNTHETIC_TAG, LandCover, open_map

__all__ = [
    "SYNTHETIC_TAG", "Grid", "LandCover", "aligned_index", "differences", "environment", "open_dataset", "open_map",
    "same_crs",
]  # fmt: skip
