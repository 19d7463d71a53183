"""Count on an existing Dask cluster: bands of rows to the workers, sums back. The same integers as on one machine.

Every worker needs natcap and the same files under the same paths; nothing of a map travels. Memory on a worker is that
of one window, here that of the sums.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from natcap.accounts.classes import ClassList
from natcap.accounts.counts import ReadFault, band_places, count_bands
from natcap.accounts.landcover import LandCover
from natcap.accounts.tally import Stray, Tally
from natcap.accounts.zones import RasterZones, Zones
from natcap.accounts.zones.scanline import Overlap
from natcap.core.problems import InputProblems, Problems

__all__ = ["Job", "Part", "count_on_cluster", "count_part"]

WAIT = 15
"""Seconds to wait for a scheduler to answer."""
_CHUNKS = 4
"""Pieces of work for each thread of the cluster, so that a slow one holds nobody up."""


@dataclass(frozen=True)
class Job:
    """What every worker has to know. `sizes` are the bytes of each file here, to see that it is the same there."""

    opening: LandCover
    closing: LandCover
    zones: Zones
    classes: ClassList
    align: bool
    frame: LandCover
    sizes: tuple[tuple[Path, str, int], ...]

    @classmethod
    def of(cls, opening: LandCover, closing: LandCover, zones: Zones, classes: ClassList, align: bool,
           frame: LandCover) -> Job:  # fmt: skip
        maps = [opening, closing, *([zones.map] if isinstance(zones, RasterZones) else [])]
        sizes = tuple((land.path, land.shown, land.path.stat().st_size) for land in maps)
        return cls(opening, closing, zones, classes, align, frame, sizes)


@dataclass(frozen=True)
class Part:
    """What one piece of work found; `fault` holds what is to be known of a ReadFault."""

    keys: np.ndarray
    cells: np.ndarray
    strays: tuple[dict[int, Stray], dict[int, Stray]]
    overlap: Overlap | None
    zone_cells: int
    fault: dict[str, Any] | None = None


def _failed(**told: Any) -> Part:
    none = np.empty(0, dtype=np.int64)
    return Part(none, none, ({}, {}), None, 0, told)


def count_part(places: list[tuple[int, int]], job: Job) -> Part:
    """Count some bands of rows on a worker."""
    from rasterio.errors import RasterioError

    for path, shown, size in job.sizes:
        if not path.is_file() or path.stat().st_size != size:
            return _failed(shown=shown, row=0, reason="a worker of the cluster has no such file, or another one")
    try:
        tally, overlap, zone_cells = count_bands(
            job.opening, job.closing, job.zones, job.classes, job.align, job.frame, places
        )
    except ReadFault as fault:
        return _failed(**vars(fault))
    except RasterioError as error:
        return _failed(shown=job.opening.shown, row=0, reason=f"on a worker of the cluster: {error}")
    return Part(*tally.sums(), tally.strays, overlap, zone_cells)


def _client(address: str) -> Any:
    from distributed import Client

    connect: Any = Client  # it has no types
    try:
        return connect(address, timeout=WAIT, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        problems = Problems()
        problems.add("environment", f"no answer from {address} ({type(error).__name__})", "a Dask scheduler that runs",
                     "Start it, correct NATCAP_CLUSTER, or unset it to count here", cell="NATCAP_CLUSTER")  # fmt: skip
        raise InputProblems(problems.errors) from None


def count_on_cluster(address: str, job: Job, tally: Tally) -> tuple[Overlap | None, int]:
    """Count into `tally`; returns the overlap of zones and the cells in polygons. Raises ReadFault, InputProblems."""
    from natcap.accounts.counts import meet

    places = band_places(job.frame)
    overlap, zone_cells = None, 0
    with _client(address) as client:
        threads = max(1, sum(client.nthreads().values()))
        number = min(len(places), threads * _CHUNKS)
        chunks = [places[n::number] for n in range(number)]
        shared = client.scatter(job, broadcast=True)
        for part in client.gather(client.map(count_part, chunks, job=shared, pure=False)):
            if part.fault is not None:
                fault = ReadFault(part.fault["shown"], part.fault["row"], part.fault["reason"])
                fault.__dict__.update(part.fault)
                raise fault
            tally.add(part.keys, part.cells)
            for which in (0, 1):
                for code, stray in part.strays[which].items():
                    tally.meet(which, code, stray)
            overlap, zone_cells = meet(overlap, part.overlap), zone_cells + part.zone_cells
    return overlap, zone_cells
