"""How fast the extent account is, as a ratio to decoding the same two maps in the same windows in the same run.

    python tests/bench/bench_extent.py 25 100 400

Makes pairs of maps of that many million cells in a temporary folder (0.4 bits a cell and pair, parcels of about 24
cells across), then prints, interleaved and as the least of five, on the clock and in time of the processor: decoding
alone, counting the whole map, 8 zones, 1,100 zones, strips, each by numpy and by the compiled kernel where numba is
installed; carbon stock and change; the memory above imports in a fresh process; and the time of a whole build.
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
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import shapely

from natcap.accounts.classes import class_list
from natcap.accounts.counting import Engine
from natcap.accounts.counts import Counts, count_cells
from natcap.accounts.densities import library_densities
from natcap.accounts.landcover import LandCover, environment, open_dataset, open_map
from natcap.accounts.stock import stock_account
from natcap.accounts.stock_account.account import carbon_account
from natcap.accounts.stock_account.path import habits, path_of
from natcap.accounts.windows import Plain, bands, columns
from natcap.accounts.zones import PolygonZones, WholeMap, Zones
from natcap.core.problems import Problems

CELL = 10.0
BASE = 5000
THREADS = 2
TIMES = 5
INVEST = {25: 29.1 / 0.079, 100: 96.1 / 0.137, 400: 407 / 0.310}
"""Time of the carbon model of InVEST 3.20.2 (totals without zones) as a multiple of decoding the same maps, by millions
of cells: both measured in one session on another machine, as the notes on the parts of this project record."""
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


def least(jobs: dict[str, Callable[[], object]], times: int = TIMES) -> dict[str, tuple[float, float]]:
    """The least (wall time, time of the processor) of each job, taken in turn."""
    best = dict.fromkeys(jobs, (float("inf"), float("inf")))
    for _ in range(times):
        for name, job in jobs.items():
            start, work = time.perf_counter(), time.process_time()
            job()
            found = time.perf_counter() - start, time.process_time() - work
            best[name] = min(best[name][0], found[0]), min(best[name][1], found[1])
    return best


def count(opening: LandCover, closing: LandCover, zones: Zones, kind: str = "numpy") -> Counts:
    engine = Engine(kind)  # type: ignore[arg-type]
    return count_cells(opening, closing, zones, class_list("ukceh_lcm_21"), threads=THREADS, engine=engine).counts


def carbon(opening: LandCover, closing: LandCover, kind: str) -> float:
    """Count the whole map, then stock, change and the account along twenty years, all pools."""
    counts = count(opening, closing, WholeMap(), kind)
    densities = library_densities(class_list("ukceh_lcm_21"), 30).pick(counts.codes)
    stock = stock_account(counts.array, counts.hectares, densities)
    path = path_of(densities.value, densities.pools, habits("ukceh_lcm_21", counts.codes), 5)
    area = counts.area(counts.array)
    return float(stock.closing.sum() + carbon_account(area, area * 0, densities.value, path, {}).closing.sum())


def memory(opening: Path, closing: Path, zones: int, kind: str) -> float:
    """MiB above imports that one count takes at its peak, in a fresh process."""
    line = [sys.executable, __file__, "--memory", str(opening), str(closing), str(zones), kind]
    return float(subprocess.run(line, check=True, capture_output=True, text=True).stdout)


def warm() -> None:
    """Import and load the compiled kernel."""
    from natcap.accounts.compiled import CompiledTally
    from natcap.accounts.tally import Lookup

    lookup = Lookup(np.dtype(np.uint8), [1], [0])
    cells = np.ones((4, 16), dtype=np.uint8)
    CompiledTally(lookup, lookup).window(cells, cells, np.array([0]), np.array([1]), (0, 0))


def _memory_here(opening: Path, closing: Path, zones: int, kind: str) -> float:
    import rasterio.windows  # noqa: F401

    def now(key: str) -> float:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(float(line.split()[1]) for line in lines if line.startswith(key)) / 1024

    pair = accept(opening), accept(closing)
    chosen = make_zones(pair[0], zones) if zones else WholeMap()
    class_list("ukceh_lcm_21")
    if kind == "compiled":
        warm()
    Path("/proc/self/clear_refs").write_text("5")
    before = now("VmRSS")
    count(*pair, chosen, kind)
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
    return least({"build": lambda: subprocess.run(line, check=True)}, 3)["build"][0]


def _jobs(paths: tuple[Path, Path], strips: tuple[Path, Path], kinds: list[str]) -> dict[str, Callable[[], object]]:
    pair, strip_pair = (accept(paths[0]), accept(paths[1])), (accept(strips[0]), accept(strips[1]))
    zones = {"whole map": WholeMap(), "8 zones": make_zones(pair[0], 8), "1,100 zones": make_zones(pair[0], 1100)}
    jobs: dict[str, Callable[[], object]] = {"decode": lambda: decode(*pair)}
    for kind in kinds:
        for name, layer in zones.items():
            jobs[f"{name}, {kind}"] = lambda layer=layer, kind=kind: count(*pair, layer, kind)
        jobs[f"carbon, {kind}"] = lambda kind=kind: carbon(*pair, kind)
    jobs["decode strips"] = lambda: decode(*strip_pair)
    for kind in kinds:
        jobs[f"8 zones in strips, {kind}"] = lambda kind=kind: count(*strip_pair, zones["8 zones"], kind)
    jobs["8 zones, tiles beside strips, numpy"] = lambda: count(pair[0], strip_pair[1], zones["8 zones"])
    return jobs


def report(folder: Path, millions: int, kinds: list[str], times: int) -> None:
    paths, strips = make_pair(folder, millions, False), make_pair(folder, millions, True)
    cells = accept(paths[0]).grid.cells
    bits = sum(path.stat().st_size for path in paths) * 8 / cells
    load = Path("/proc/loadavg").read_text().split()[0]
    print(f"\n{cells / 1e6:.0f} million cells, {bits:.2f} bits a cell and pair, {THREADS} threads, least of {times}, "
          f"load {load}")  # fmt: skip
    best = least(_jobs(paths, strips, kinds), times)
    for name, (wall, work) in best.items():
        base = best["decode strips" if "in strips" in name else "decode"]
        print(f"  {name:<38}{wall:8.3f} s  {wall / base[0]:5.2f} x decode, {work / base[1]:5.2f} of the processor"
              f"  {cells / wall / 1e6:7.0f} million cells/s")  # fmt: skip
    for kind in kinds:
        eight = best[f"8 zones, {kind}"]
        for told, name in (("1,100 zones against 8", "1,100 zones"), ("strips against tiles", "8 zones in strips")):
            other = best[f"{name}, {kind}"]
            print(f"  {told}, {kind}: {other[0] / eight[0]:.2f} x, {other[1] / eight[1]:.2f} x of the processor")
        faster = INVEST.get(millions, float("nan")) / (best[f"carbon, {kind}"][0] / best["decode"][0])
        print(f"  carbon, {kind}: {faster:.0f} times as fast as InVEST was, each against decoding")
        for zones in (0, 8, 1100):
            print(f"  memory above imports, {zones or 'no'} zones, {kind}: {memory(*paths, zones, kind):.1f} MiB")
    print(f"  whole build in a fresh process, before the workbook: {build_seconds(folder, *paths):.2f} s")
    for path in (*paths, *strips):
        path.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("millions", nargs="*", type=int, default=[25, 100])
    parser.add_argument("--times", type=int, default=TIMES)
    parser.add_argument("--memory", nargs=4, metavar=("OPENING", "CLOSING", "ZONES", "KIND"))
    given = parser.parse_args()
    if given.memory:
        print(_memory_here(Path(given.memory[0]), Path(given.memory[1]), int(given.memory[2]), given.memory[3]))
        return
    kinds = ["numpy", *(["compiled"] if find_spec("numba") else [])]
    if "compiled" in kinds:
        warm()
    with tempfile.TemporaryDirectory() as folder:
        for millions in given.millions:
            report(Path(folder), millions, kinds, given.times)


if __name__ == "__main__":
    main()
