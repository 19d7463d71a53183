"""How fast the extent account is, as a ratio to decoding the same two maps in the same windows in the same run.

    python tests/bench/bench_extent.py 25 100 400

Makes pairs of maps of that many million cells in a temporary folder (about 1 bit a cell and pair, parcels of about
20 cells across), then prints, interleaved and as the least of five: decoding alone, counting the whole map, 8 zones,
1,100 zones, strips; the memory above imports in a fresh process; and the time of a whole build.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import shapely

from natcap.accounts.classes import class_list
from natcap.accounts.counts import Counts, count_cells
from natcap.accounts.landcover import LandCover, environment, open_dataset, open_map
from natcap.accounts.windows import Plain, bands, columns
from natcap.accounts.zones import PolygonZones, WholeMap, Zones
from natcap.core.problems import Problems

CELL = 10.0
BASE = 5000
THREADS = 2
TIMES = 5
_SHARES = {1: 6, 2: 3, 3: 40, 4: 25, 5: 4, 7: 1, 8: 1, 9: 1, 14: 2, 20: 4, 21: 10}


def make_pair(folder: Path, millions: int, striped: bool) -> tuple[Path, Path]:
    """Two maps of `millions` million cells: one landscape of 25, mirrored side by side."""
    import rasterio

    from natcap.accounts.synthetic import parcels

    repeat = max(1, round((millions / 25) ** 0.5))
    rng = np.random.default_rng(1)
    label = np.kron(parcels(BASE // 5 * 2, BASE // 5 * 2, rng)[0], np.ones((3, 3), dtype=np.int32))[:BASE, :BASE]
    codes = np.array(list(_SHARES), dtype=np.uint8)
    weight = np.array(list(_SHARES.values())) / sum(_SHARES.values())
    opening = rng.choice(codes, label.max() + 1, p=weight)
    closing = np.where(rng.random(len(opening)) < 0.05, rng.choice(codes, len(opening), p=weight), opening)
    layout: dict[str, Any] = {"tiled": True, "blockxsize": 512, "blockysize": 512}
    if striped:
        layout = {"tiled": False, "blockysize": 1}
    side = label.shape[0] * repeat
    paths = []
    for name, code in (("opening", opening), ("closing", closing)):
        tile = code[label]
        row = np.concatenate([tile if n % 2 == 0 else tile[:, ::-1] for n in range(repeat)], axis=1)
        path = folder / f"{name}_{millions}{'_strips' if striped else ''}.tif"
        profile = {"driver": "GTiff", "width": side, "height": side, "count": 1, "dtype": "uint8", "nodata": 0}
        place = {"crs": "EPSG:27700", "transform": rasterio.Affine(CELL, 0, 2e5, 0, -CELL, 8e5), "compress": "deflate"}
        with environment(), rasterio.open(path, "w", **profile, **place, **layout) as target:
            for n in range(repeat):
                part = row if n % 2 == 0 else row[::-1]
                target.write(part, 1, window=rasterio.windows.Window(0, n * len(row), side, len(row)))
        paths.append(path)
    return paths[0], paths[1]


def make_zones(land: LandCover, number: int) -> PolygonZones:
    """`number` zones without gaps that together fill a disc over about 60 % of the map."""
    corners = land.grid.corners()
    (left, low), (right, high) = corners.min(axis=0), corners.max(axis=0)
    rng = np.random.default_rng(2)
    disc = shapely.Point((left + right) / 2, (low + high) / 2).buffer((right - left) * 0.44)
    points = rng.random((number * 3, 2)) * [right - left, high - low] + [left, low]
    points = points[shapely.contains_xy(disc, points[:, 0], points[:, 1])][:number]
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(points), extend_to=shapely.box(left, low, right, high))
    )
    shapes = shapely.intersection(cells, disc)
    shapes = shapes[~shapely.is_empty(shapes)]
    names = tuple(f"Z{n:04d}" for n in range(len(shapes)))
    return PolygonZones(names, names, shapes, land.grid.crs, "zones")


def accept(path: Path) -> LandCover:
    problems = Problems()
    land = open_map(path, path.name, 1, problems)
    problems.raise_if_any()
    assert land is not None
    return land


def decode(opening: LandCover, closing: LandCover) -> int:
    """Read both maps whole, in the windows and threads of the account, and do nothing with them."""
    waiting: Iterator[tuple[int, int]] = iter(bands(opening.grid, opening.block))
    lock = Lock()

    def work() -> int:
        seen = 0
        with environment(), ExitStack() as stack:
            pair = [Plain(land, stack.enter_context(open_dataset(land.path))) for land in (opening, closing)]
            while True:
                with lock:
                    place = next(waiting, None)
                if place is None:
                    return seen
                for left, width in columns(opening.grid, opening.block, place[1]):
                    seen += sum(reader.read(*place, left, width).size for reader in pair)

    with ThreadPoolExecutor(THREADS) as pool:
        return sum(found.result() for found in [pool.submit(work) for _ in range(THREADS)])


def least(jobs: dict[str, Callable[[], object]], times: int = TIMES) -> dict[str, float]:
    """The least wall time of each job, taken in turn."""
    best = dict.fromkeys(jobs, float("inf"))
    for _ in range(times):
        for name, job in jobs.items():
            start = time.perf_counter()
            job()
            best[name] = min(best[name], time.perf_counter() - start)
    return best


def count(opening: LandCover, closing: LandCover, zones: Zones) -> Counts:
    return count_cells(opening, closing, zones, class_list("ukceh_lcm_21"), threads=THREADS).counts


def memory(opening: Path, closing: Path, zones: int) -> float:
    """MiB above imports that one count takes at its peak, in a fresh process."""
    line = [sys.executable, __file__, "--memory", str(opening), str(closing), str(zones)]
    return float(subprocess.run(line, check=True, capture_output=True, text=True).stdout)


def _memory_here(opening: Path, closing: Path, zones: int) -> float:
    import rasterio.windows  # noqa: F401

    def now(key: str) -> float:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(float(line.split()[1]) for line in lines if line.startswith(key)) / 1024

    pair = accept(opening), accept(closing)
    chosen = make_zones(pair[0], zones) if zones else WholeMap()
    class_list("ukceh_lcm_21")
    Path("/proc/self/clear_refs").write_text("5")
    before = now("VmRSS")
    count(*pair, chosen)
    return now("VmHWM") - before


def build_seconds(folder: Path, opening: Path, closing: Path) -> float:
    """Wall time of a whole build (extent and carbon, no workbook) in a fresh process, imports included."""
    made = make_zones(accept(opening), 8)
    named = zip(made.ids, made.geometry, strict=True)
    features = [
        f'{{"type":"Feature","properties":{{"id":"{key}"}},"geometry":{shapely.to_geojson(shape)}}}'
        for key, shape in named
    ]
    crs = '"crs":{"type":"name","properties":{"name":"EPSG:27700"}}'
    (folder / "zones.geojson").write_text(f'{{"type":"FeatureCollection",{crs},"features":[{",".join(features)}]}}')
    files = f'[inputs]\nopening = "{opening.name}"\nclosing = "{closing.name}"\nzones = "zones.geojson"\n'
    choices = '[choices]\nclasses = "ukceh_lcm_21"\nzone_field = "id"\n'
    (folder / "natcap.toml").write_text(f'kind = "accounts"\nname = "bench"\nperiod = "2025"\n{files}{choices}')
    code = (
        "import sys; from pathlib import Path; from natcap.accounts.trunk import build;"
        "from natcap.core.project import read_project; build(read_project(Path(sys.argv[1])))"
    )
    line = [sys.executable, "-c", code, str(folder)]
    return least({"build": lambda: subprocess.run(line, check=True)}, 3)["build"]


def report(folder: Path, millions: int) -> None:
    paths, strips = make_pair(folder, millions, False), make_pair(folder, millions, True)
    pair, strip_pair = tuple(map(accept, paths)), tuple(map(accept, strips))
    cells = pair[0].grid.cells
    bits = sum(path.stat().st_size for path in paths) * 8 / cells
    eight, many = make_zones(pair[0], 8), make_zones(pair[0], 1100)
    print(f"\n{cells / 1e6:.0f} million cells, {bits:.2f} bits a cell and pair, {THREADS} threads, least of {TIMES}")
    jobs: dict[str, Callable[[], object]] = {
        "decode": lambda: decode(*pair),
        "whole map": lambda: count(*pair, WholeMap()),
        "8 zones": lambda: count(*pair, eight),
        f"{len(many.ids):,} zones": lambda: count(*pair, many),
        "decode strips": lambda: decode(*strip_pair),
        "8 zones, strips": lambda: count(*strip_pair, eight),
        "tiles and strips": lambda: count(pair[0], strip_pair[1], eight),
    }
    best = least(jobs)
    for name, seconds in best.items():
        ratio = seconds / best["decode strips" if "strips" in name else "decode"]
        print(f"  {name:<18}{seconds:8.3f} s   {ratio:5.2f} x decode   {cells / seconds / 1e6:7.0f} million cells/s")
    print(f"  many zones against 8: {best[f'{len(many.ids):,} zones'] / best['8 zones']:.2f} x")
    print(f"  strips against tiles: {best['8 zones, strips'] / best['8 zones']:.2f} x")
    for zones in (0, 8, 1100):
        print(f"  memory above imports, {zones or 'no'} zones: {memory(*paths, zones):.1f} MiB")
    print(f"  whole build in a fresh process, before the workbook: {build_seconds(folder, *paths):.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("millions", nargs="*", type=int, default=[25, 100])
    parser.add_argument("--memory", nargs=3, metavar=("OPENING", "CLOSING", "ZONES"))
    given = parser.parse_args()
    if given.memory:
        print(_memory_here(Path(given.memory[0]), Path(given.memory[1]), int(given.memory[2])))
        return
    with tempfile.TemporaryDirectory() as folder:
        for millions in given.millions:
            report(Path(folder), millions)


if __name__ == "__main__":
    main()
