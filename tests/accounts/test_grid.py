"""Two maps are compared on one grid only, and what differs is told exactly."""

from __future__ import annotations

import pytest
from rasterio.crs import CRS

from natcap.accounts.landcover import Grid, aligned_index, differences

BNG = CRS.from_epsg(27700)
BASE = Grid(BNG, (25.0, 0.0, 400_000.0, 0.0, -25.0, 300_000.0), 100, 200)


def grid(**changes: object) -> Grid:
    given = {"crs": BNG, "transform": BASE.transform, "height": 100, "width": 200} | changes
    return Grid(**given)  # type: ignore[arg-type]


def test_one_grid_differs_in_nothing() -> None:
    noise = (25.0 + 1e-9, 0.0, 400_000.0 + 1e-7, 0.0, -25.0, 300_000.0)
    assert differences(BASE, grid()) == []
    assert differences(BASE, grid(transform=noise)) == []
    assert differences(BASE, grid(crs=CRS.from_wkt(BNG.to_wkt()))) == []
    nameless = "+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy +units=m"
    assert differences(BASE, grid(crs=CRS.from_proj4(nameless))) == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"crs": CRS.from_epsg(32630)}, "projection EPSG:32630 instead of EPSG:27700"),
        ({"height": 101}, "200 x 101 cells instead of 200 x 100"),
        ({"transform": (10.0, 0.0, 4e5, 0.0, -10.0, 3e5)}, "cells of 10 x 10 m instead of 25 x 25 m"),
        (
            {"transform": (25.0, 0.0, 400_012.5, 0.0, -25.0, 299_987.5)},
            "12.5 m to the east and 12.5 m to the south (0.5 and 0.5 cells), a shift by half a cell",
        ),
        (
            {"transform": (25.0, 0.0, 400_010.0, 0.0, -25.0, 300_005.0)},
            "10 m to the east and 5 m to the north (0.4 and 0.2 cells)",
        ),
        ({"transform": (25.0005, 0.0, 4e5, 0.0, -25.0, 3e5)}, "cells of 25.0005 x 25 m"),
    ],
    ids=["projection", "shape", "cell size", "half a cell", "shift of (10 m, 5 m)", "drift"],
)
def test_what_differs_is_told(changes: dict[str, object], reason: str) -> None:
    """The shift of (10 m, 5 m) is one that InVEST accepts, printing the same totals."""
    assert reason in "; ".join(differences(BASE, grid(**changes)))


def test_half_a_cell_is_not_said_of_another_shift() -> None:
    assert "half" not in "; ".join(differences(BASE, grid(transform=(25.0, 0.0, 400_010.0, 0.0, -25.0, 300_000.0))))


def test_area_of_a_cell() -> None:
    assert BASE.cell_area == 625.0
    assert BASE.cells == 20_000


def test_centre_on_an_edge_goes_to_the_later_cell() -> None:
    """Half a cell off, every centre lies on a corner of four cells: one of them, always the same, is taken."""
    small = Grid(BNG, (10.0, 0, 0.0, 0, -10.0, 30.0), 3, 3)
    rows, columns = aligned_index(small, Grid(BNG, (10.0, 0, 5.0, 0, -10.0, 25.0), 3, 3))
    assert rows.tolist() == [0, 1, 2]
    assert columns.tolist() == [0, 1, 2]
    rows, columns = aligned_index(small, Grid(BNG, (10.0, 0, -5.0, 0, -10.0, 35.0), 3, 3))
    assert rows.tolist() == [1, 2, -1]
    assert columns.tolist() == [1, 2, -1]


def test_grids_that_cannot_be_aligned() -> None:
    turned = grid(transform=(25.0, 1.0, 4e5, 1.0, -25.0, 3e5))
    with pytest.raises(ValueError, match="straight"):
        aligned_index(BASE, turned)
