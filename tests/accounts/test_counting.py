"""What counts the cells: kernel and cluster give the integers of the plain way, or say what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from natcap.accounts import tally, trunk
from natcap.accounts.counting import LARGE, Engine, engine_of
from natcap.accounts.counts import ReadFault, Scan, count_cells
from natcap.accounts.tally import Lookup, Tally, _places
from natcap.accounts.zones import RasterZones, WholeMap
from natcap.core.problems import InputProblems, Problems
from natcap.core.project import read_project
from tests.accounts.maps import accept, classes_of, project, write_tif
from tests.accounts.test_counts import patches, polygons, voronoi
from tests.conftest import optional

CODES = [1, 2, 7, 250]


def same(one: Scan, other: Scan) -> None:
    assert one.counts.zones == other.counts.zones
    assert one.counts.codes == other.counts.codes
    assert (one.counts.array == other.counts.array).all()
    assert one.counts.outside == other.counts.outside
    assert one.strays == other.strays
    assert (one.overlap, one.zone_cells) == (other.overlap, other.zone_cells)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.booleans(), min_size=1, max_size=300))
def test_places_of_what_is_true(values: list[bool]) -> None:
    edge = np.array([*values, *([False] * (-len(values) % 8))])
    words = edge.view(np.uint64)
    assert _places(words, np.flatnonzero(words)).tolist() == np.flatnonzero(edge).tolist()


@st.composite
def windows(draw: st.DrawFn) -> dict[str, Any]:
    """A window of bytes, from one run to noise, with zones as runs or cell by cell; size 1 and up, strays at times."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    rows, columns, size = draw(st.integers(1, 9)), draw(st.integers(1, 70)), draw(st.integers(1, 40))
    codes = [0, 1, 2, 7, 250, *([99] if draw(st.booleans()) else [])]
    first, second = (patches(rng, (rows, columns), codes, size).astype(np.uint8) for _ in range(2))
    number = draw(st.integers(1, 5))
    starts = np.unique(np.concatenate([[0], rng.integers(0, rows * columns, number)]))
    cells = rng.integers(0, 4, (rows, columns)).astype(np.uint16) if draw(st.booleans()) else None
    return {"first": first, "second": second, "zone_starts": starts, "zones": rng.integers(0, 5, len(starts)),
            "place": (3, 5), "zone_map": cells}  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(windows(), min_size=1, max_size=3), st.integers(1, 12))
def test_the_kernel_counts_as_numpy_does(found: list[dict[str, Any]], words: int) -> None:
    compiled = optional("natcap.accounts.compiled")
    lookup = Lookup(np.dtype(np.uint8), CODES, [0])
    plain, fast = Tally(lookup, lookup), compiled.CompiledTally(lookup, lookup)
    fast._found = fast._found[: words * 8 + 8]  # pieces of so many words
    for window in found:
        plain.window(**window)
        fast.window(**window)
    for one, other in zip(plain.sums(), fast.sums(), strict=True):
        assert one.tolist() == other.tolist()
    assert plain.strays == fast.strays


@settings(max_examples=100, deadline=None)
@given(windows(), st.integers(1, 20))
def test_pieces_of_a_window_add_up(found: dict[str, Any], words: int) -> None:
    lookup = Lookup(np.dtype(np.uint8), CODES, [0])
    whole, pieces = Tally(lookup, lookup), Tally(lookup, lookup)
    whole.window(**found)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tally, "WORDS", words)
        pieces.window(**found)
    for one, other in zip(whole.sums(), pieces.sums(), strict=True):
        assert one.tolist() == other.tolist()
    assert whole.strays == pieces.strays


@pytest.fixture
def pair(tmp_path: Path) -> Any:
    rng = np.random.default_rng(4)
    layout = {"tiled": True, "blockxsize": 32, "blockysize": 16}
    return [accept(write_tif(tmp_path / f"{n}.tif", patches(rng, (130, 171), [0, *CODES]).astype(np.uint8), **layout))
            for n in "ab"]  # fmt: skip


def layers(folder: Path) -> list[Any]:
    """The whole map, polygons, a raster of zones."""
    rng = np.random.default_rng(5)
    numbers = accept(write_tif(folder / "zones.tif", patches(rng, (130, 171), [0, 3, 900], 20).astype(np.uint16)))
    return [WholeMap(), polygons(voronoi(rng, (400_000, 298_700, 401_710, 300_000), 6)), RasterZones(numbers)]


def test_the_kernel_in_whole_maps(tmp_path: Path, pair: Any) -> None:
    optional("numba")
    for zones in layers(tmp_path):
        plain, fast = (count_cells(*pair, zones, classes_of(CODES), threads=2, engine=Engine(kind))
                       for kind in ("numpy", "compiled"))  # type: ignore[arg-type]  # fmt: skip
        same(plain, fast)
        few = [count_cells(*pair, zones, classes_of([1, 2]), engine=Engine(kind)) for kind in ("numpy", "compiled")]  # type: ignore[arg-type]
        assert few[0].strays[0]
        same(few[0], few[1])


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    distributed = optional("distributed")
    with distributed.LocalCluster(n_workers=1, threads_per_worker=2, processes=False, protocol="tcp",
                                  host="127.0.0.1", dashboard_address=None) as found:  # fmt: skip
        yield found.scheduler_address


def test_a_cluster_counts_the_same(tmp_path: Path, pair: Any, cluster: str) -> None:
    for zones in layers(tmp_path):
        plain = count_cells(*pair, zones, classes_of([1, 2, 7]))
        same(plain, count_cells(*pair, zones, classes_of([1, 2, 7]), engine=Engine("cluster", cluster)))


def test_a_file_that_a_worker_does_not_have_is_told(pair: Any, cluster: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from natcap.accounts import cluster as module

    real = module.Job.of
    made = lambda *a: replace(real(*a), sizes=((pair[0].path, "a.tif", 1),))  # noqa: E731
    monkeypatch.setattr(module.Job, "of", staticmethod(made))
    with pytest.raises(ReadFault, match="no such file, or another one"):
        count_cells(*pair, WholeMap(), classes_of(CODES), engine=Engine("cluster", cluster))


def test_a_map_that_cannot_be_read_on_a_worker_is_told(pair: Any, cluster: str) -> None:
    path = pair[1].path
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] + b"\xff" * (len(whole) - len(whole) // 2))
    with pytest.raises(ReadFault) as caught:
        count_cells(*pair, WholeMap(), classes_of(CODES), engine=Engine("cluster", cluster))
    assert caught.value.shown in {"a.tif", "b.tif"}


def test_no_cluster_at_the_address(pair: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    optional("distributed")
    from natcap.accounts import cluster as module

    monkeypatch.setattr(module, "WAIT", 0.2)
    with pytest.raises(InputProblems, match=r"no answer from tcp://127\.0\.0\.1:9"):
        count_cells(*pair, WholeMap(), classes_of(CODES), engine=Engine("cluster", "tcp://127.0.0.1:9"))


@pytest.mark.parametrize(
    ("given_", "cells", "wanted"),
    [
        ({}, 10, Engine("numpy")),
        ({"NATCAP_COUNTING": "compiled"}, 10, Engine("compiled")),
        ({"NATCAP_COUNTING": "numpy"}, LARGE, Engine("numpy")),
        ({}, LARGE, Engine("compiled")),
        ({"NATCAP_CLUSTER": "tcp://a:1"}, 10, Engine("cluster", "tcp://a:1")),
        ({"NATCAP_CLUSTER": "tcp://a:1", "NATCAP_COUNTING": "numpy"}, 10, Engine("numpy")),
    ],
)
def test_what_counts(given_: dict[str, str], cells: int, wanted: Engine) -> None:
    optional("numba")
    optional("distributed")
    assert engine_of(cells, given_) == wanted


def test_what_cannot_be_had_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    problems = Problems()
    engine_of(1, {"NATCAP_COUNTING": "fast"}, problems)
    engine_of(1, {"NATCAP_COUNTING": "cluster"}, problems)
    monkeypatch.setattr("natcap.accounts.counting.find_spec", lambda name: name not in {"numba", "distributed"} or None)
    engine_of(1, {"NATCAP_COUNTING": "compiled"}, problems)
    said = "\n".join(str(problem) for problem in problems)
    assert "environment, cell NATCAP_COUNTING: found 'fast', expected one of numpy, compiled, cluster" in said
    assert "no address of a cluster" in said
    assert "Install natcap-accounts[fast]" in said
    assert engine_of(LARGE, {}).kind == "numpy"


def test_the_record_says_what_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NATCAP_COUNTING", raising=False)
    monkeypatch.delenv("NATCAP_CLUSTER", raising=False)
    for name in "ab":
        write_tif(tmp_path / f"{name}.tif", np.ones((3, 3), dtype=np.uint8))
    folder = project(tmp_path, {"opening": "a.tif", "closing": "b.tif"}, {"classes": "ukceh_lcm_21"})
    assert trunk.build(read_project(folder)).run.controls["cells counted by"] == "numpy"
    monkeypatch.setenv("NATCAP_COUNTING", "quickly")
    with pytest.raises(InputProblems, match="NATCAP_COUNTING"):
        trunk.build(read_project(folder))
    optional("numba")
    monkeypatch.setenv("NATCAP_COUNTING", "compiled")
    assert "compiled" in trunk.build(read_project(folder)).run.controls["cells counted by"]
