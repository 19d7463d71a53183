"""Counting: equal, cell by cell, to a brute force over the arrays, whatever the layout, type, zones and alignment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import rasterio.features
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from natcap.accounts.counts import Counts, ReadFault, count_cells
from natcap.accounts.landcover import Grid
from natcap.accounts.zones import PolygonZones, RasterZones, WholeMap
from natcap.accounts.zones.scanline import edges_of
from tests.accounts.maps import BNG, accept, classes_of, write_tif


def patches(rng: np.random.Generator, shape: tuple[int, int], codes: list[int], size: int = 7) -> np.ndarray:
    small = rng.choice(codes, (-(-shape[0] // size), -(-shape[1] // size)))
    return np.kron(small, np.ones((size, size), dtype=np.int64))[: shape[0], : shape[1]]


def brute(
    zones: np.ndarray, first: np.ndarray, second: np.ndarray, numbers: list[int], codes: tuple[int, ...]
) -> np.ndarray:
    """counts[zone, opening, closing] by masks; codes that are not in `codes` are no data."""
    values = (0, *codes)
    first, second = (np.where(np.isin(part, codes), part, 0) for part in (first, second))
    return np.array(
        [[[int(((zones == z) & (first == i) & (second == j)).sum()) for j in values] for i in values] for z in numbers]
    )


def voronoi(rng: np.random.Generator, box: tuple[float, float, float, float], number: int) -> np.ndarray:
    points = rng.random((number, 2)) * [box[2] - box[0], box[3] - box[1]] + [box[0], box[1]]
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points), extend_to=shapely.box(*box)))
    middle = shapely.Point((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    shapes = shapely.intersection(cells, middle.buffer((box[2] - box[0]) * 0.45).difference(middle.buffer(15)))
    return shapes[~shapely.is_empty(shapes)]


def polygons(shapes: np.ndarray) -> PolygonZones:
    names = tuple(str(n) for n in range(1, len(shapes) + 1))
    return PolygonZones(names, names, shapes, rasterio.crs.CRS.from_string(BNG), "zones")


LAYOUTS: list[dict[str, Any]] = [
    {"tiled": True, "blockxsize": 32, "blockysize": 16},
    {"tiled": False, "blockysize": 1},
    {"tiled": False, "blockysize": 13},
    {"tiled": True, "blockxsize": 256, "blockysize": 256, "BIGTIFF": "YES"},
]


@pytest.mark.parametrize("layout", LAYOUTS, ids=["tiles", "rows", "strips", "big tiff"])
@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int16", "int32"])
def test_equal_to_brute_force(tmp_path: Path, layout: dict[str, Any], dtype: str) -> None:
    rng = np.random.default_rng(len(dtype))
    codes = [1, 2, 7, 250] if dtype == "uint8" else [1, 2, 300, 30_000]
    first, second = (patches(rng, (130, 171), [0, *codes]).astype(dtype) for _ in range(2))
    pair = [accept(write_tif(tmp_path / f"{n}.tif", a, **layout)) for n, a in enumerate((first, second))]
    shapes = voronoi(rng, (400_000, 298_700, 401_710, 300_000), 6)
    drawn = rasterio.features.rasterize(
        [(shape, n) for n, shape in enumerate(shapes, 1)],
        (130, 171),
        transform=rasterio.Affine(*pair[0].grid.transform),
    )
    scan = count_cells(pair[0], pair[1], polygons(shapes), classes_of(codes), threads=2)
    wanted = brute(drawn, first, second, list(range(1, len(shapes) + 1)), scan.counts.codes)
    assert scan.counts.codes == tuple(codes)
    assert (scan.counts.array == wanted).all()
    assert scan.counts.outside == int((drawn == 0).sum())
    assert scan.zone_cells == int((drawn > 0).sum())
    assert scan.strays == ({}, {})
    assert scan.overlap is None


def test_threads_and_windows_do_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    maps = [patches(rng, (300, 500), [0, 1, 2, 3]).astype("uint8") for _ in range(2)]
    pair = [
        accept(write_tif(tmp_path / f"{n}.tif", a, tiled=True, blockxsize=64, blockysize=64))
        for n, a in enumerate(maps)
    ]
    zones = polygons(voronoi(rng, (400_000, 297_000, 405_000, 300_000), 40))
    found: list[Counts] = []
    for threads, target in ((1, 2**19), (3, 2**19), (2, 64 * 64), (2, 10**9)):
        monkeypatch.setattr("natcap.accounts.windows.TARGET", target)
        found.append(count_cells(pair[0], pair[1], zones, classes_of([1, 2, 3]), threads=threads).counts)
    assert all((found[0].array == other.array).all() and found[0].codes == other.codes for other in found)


def test_maps_of_different_layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tiled opening map beside a closing map in strips, held a band at a time or, where that is too much, not."""
    rng = np.random.default_rng(11)
    maps = [patches(rng, (300, 500), [0, 1, 2, 3]).astype("uint8") for _ in range(2)]
    tiled = accept(write_tif(tmp_path / "a.tif", maps[0], tiled=True, blockxsize=64, blockysize=64))
    strips = accept(write_tif(tmp_path / "b.tif", maps[1], tiled=False, blockysize=1))
    monkeypatch.setattr("natcap.accounts.windows.TARGET", 64 * 64)
    wanted = brute(np.ones_like(maps[0]), *maps, [1], (1, 2, 3))
    for most in (2**24, 0):
        monkeypatch.setattr("natcap.accounts.windows._MOST_HELD", most)
        assert (count_cells(tiled, strips, WholeMap(), classes_of([1, 2, 3])).counts.array == wanted).all()


def test_noise_is_counted_as_exactly_as_patches(tmp_path: Path) -> None:
    rng = np.random.default_rng(6)
    maps = [rng.integers(0, 22, (200, 220)).astype("uint8") for _ in range(2)]
    pair = [accept(write_tif(tmp_path / f"{n}.tif", a)) for n, a in enumerate(maps)]
    counts = count_cells(pair[0], pair[1], WholeMap(), classes_of(list(range(1, 22)))).counts
    assert (counts.array == brute(np.ones_like(maps[0]), *maps, [1], counts.codes)).all()
    assert counts.outside == 0


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.floats(0.5, 30))
def test_scanline_equals_gdal_and_leaves_no_gap(seed: int, number: int, cell: float) -> None:
    """Each cell centre lies in one polygon, the one into which GDAL's pixel-centre rule puts it."""
    rng = np.random.default_rng(seed)
    shapes = voronoi(rng, (0, 0, 1000, 700), number)
    grid = Grid(None, (cell, 0, -3 * cell + 0.123, 0, -cell, 700 + cell * 1.7), int(760 / cell), int(1100 / cell))
    band, overlap = edges_of(shapes, grid).band(0, grid.height)
    ours = np.repeat(band.zones, np.diff(band.starts, append=grid.cells)).reshape(grid.height, grid.width)
    drawn = rasterio.features.rasterize(
        [(shape, n) for n, shape in enumerate(shapes, 1)],
        ours.shape,
        transform=rasterio.Affine(*grid.transform),
        dtype="int32",
    )
    assert overlap is None
    assert (ours == drawn).all()
    step = int(rng.integers(1, grid.width + 1))
    parts = [(left, min(step, grid.width - left)) for left in range(0, grid.width, step)]
    for chosen in (parts, parts[1::2]):
        for (left, width), (starts, zones) in zip(chosen, band.windows(chosen), strict=True):
            here = ours[:, left : left + width].reshape(-1)
            assert (np.repeat(zones, np.diff(starts, append=here.size)) == here).all()
            assert starts[0] == 0
            assert (zones[1:] != zones[:-1]).all()


def test_south_up_grid_is_read_the_right_way_round() -> None:
    shape = shapely.box(20, 20, 50, 40).union(shapely.box(20, 20, 30, 90))
    for step, top in ((-10.0, 100.0), (10.0, 0.0)):
        grid = Grid(None, (10.0, 0, 0, 0, step, top), 10, 10)
        band, _ = edges_of(np.array([shape]), grid).band(0, 10)
        filled = np.repeat(band.zones, np.diff(band.starts, append=100)).reshape(10, 10)
        assert filled.sum() == 11
        assert (filled if step > 0 else filled[::-1])[2].tolist() == [0, 0, 1, 1, 1, 0, 0, 0, 0, 0]


def test_overlapping_zones_are_told_with_cells_and_place(tmp_path: Path) -> None:
    land = accept(write_tif(tmp_path / "a.tif", np.ones((10, 10), "uint8")))
    both = np.array([shapely.box(400_000, 299_950, 400_060, 300_000), shapely.box(400_040, 299_900, 400_100, 299_970)])
    scan = count_cells(land, land, polygons(both), classes_of([1]))
    assert scan.overlap is not None
    assert (scan.overlap.cells, scan.overlap.row, scan.overlap.column) == (4, 3, 4)


def test_raster_of_zones(tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    maps = [patches(rng, (90, 80), [0, 1, 2]).astype("uint8") for _ in range(2)]
    pair = [accept(write_tif(tmp_path / f"{n}.tif", a)) for n, a in enumerate(maps)]
    numbers = patches(rng, (90, 80), [0, 3, 700, 65_535], 11).astype("uint16")
    zones = RasterZones(accept(write_tif(tmp_path / "z.tif", numbers, nodata=65_535)))
    counts = count_cells(pair[0], pair[1], zones, classes_of([1, 2])).counts
    assert counts.zones == ("3", "700")
    assert (counts.array == brute(numbers, *maps, [3, 700], (1, 2))).all()


def test_codes_outside_the_list_are_told_with_number_and_first_place(tmp_path: Path) -> None:
    maps = np.ones((2, 40, 50), "uint8")
    maps[0, 31:33, 20:25] = 77
    maps[1, 3, 4] = 9
    maps[1, 38, 48:50] = 9
    pair = [
        accept(write_tif(tmp_path / f"{n}.tif", a, tiled=True, blockxsize=16, blockysize=16))
        for n, a in enumerate(maps)
    ]
    opening, closing = count_cells(pair[0], pair[1], WholeMap(), classes_of([1])).strays
    assert (opening[77].cells, opening[77].row, opening[77].column) == (10, 31, 20)
    assert (closing[9].cells, closing[9].row, closing[9].column) == (3, 3, 4)


@pytest.mark.parametrize(
    ("shift", "cell", "shape"), [((5, -5), 10.0, (60, 70)), ((-33, 47), 12.5, (40, 90)), ((10, 0), 10, (60, 70))]
)
def test_nearest_alignment_is_the_code_under_each_centre(
    tmp_path: Path, shift: tuple[float, float], cell: float, shape: tuple[int, int]
) -> None:
    rng = np.random.default_rng(8)
    first = patches(rng, (60, 70), [0, 1, 2, 3], 3).astype("uint8")
    second = patches(rng, shape, [0, 1, 2, 3], 3).astype("uint8")
    one = accept(write_tif(tmp_path / "a.tif", first, tiled=True, blockxsize=16, blockysize=16))
    other = accept(write_tif(tmp_path / "b.tif", second, origin=(400_000 + shift[0], 300_000 + shift[1]), cell=cell))
    seen = np.zeros_like(first)
    for row, column in np.ndindex(first.shape):
        x, y = one.grid.xy(row + 0.5, column + 0.5)
        there = np.floor(np.round((np.array([300_000 + shift[1] - y, x - 400_000 - shift[0]])) / cell, 6)).astype(int)
        if (there >= 0).all() and (there < second.shape).all():
            seen[row, column] = second[tuple(there)]
    counts = count_cells(one, other, WholeMap(), classes_of([1, 2, 3]), align=True).counts
    assert (counts.array == brute(np.ones_like(first), first, seen, [1], (1, 2, 3))).all()


def test_damage_inside_a_map_is_a_fault_with_its_row(tmp_path: Path) -> None:
    rng = np.random.default_rng(9)
    path = write_tif(
        tmp_path / "a.tif", rng.integers(1, 4, (256, 256)).astype("uint8"), tiled=True, blockxsize=64, blockysize=64
    )
    land = accept(path)
    data = bytearray(path.read_bytes())
    data[-6000:-2000] = bytes(4000)
    path.write_bytes(data)
    with pytest.raises(ReadFault) as told:
        count_cells(land, land, WholeMap(), classes_of([1, 2, 3]))
    assert told.value.shown == "a.tif"
    assert str(tmp_path) not in told.value.reason


def test_labelled_array_has_names_and_adds_up(tmp_path: Path) -> None:
    land = accept(write_tif(tmp_path / "a.tif", np.array([[1, 2], [2, 0]], "uint8")))
    array = count_cells(land, land, WholeMap(), classes_of([1, 2])).counts.to_xarray()
    assert array.dims == ("zone", "opening", "closing")
    assert int(array.sel(zone="map", opening="2", closing="2")) == 2
    assert int(array.sum()) == 4
