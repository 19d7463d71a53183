"""Open a land-cover map safely: a whole GeoTIFF on this disk, by the GTiff driver alone, and nothing that it names.

A virtual raster called `.tif` can make GDAL read any file or fetch from any host. So the first bytes are judged by
`tiff.read_header`, the driver is named, drivers that reach elsewhere are kept out of the process, no file beside the
map is looked at, and no address is ever passed on.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from natcap.accounts.landcover.tiff import Fault, read_header
from natcap.core.problems import Problems

__all__ = ["CACHE_MB", "check_file", "environment", "open_dataset", "safe_file"]

CACHE_MB = 32
_SKIP = "VRT WMS WMTS WCS HTTP GTI STACIT STACTA"
# Read by GDAL once, when its drivers are registered: it has to stand in the process before rasterio is imported.
os.environ.setdefault("GDAL_SKIP", _SKIP)
os.environ.setdefault("OGR_SKIP", "OGR_VRT,WFS,OAPIF,CSW")


@contextmanager
def environment() -> Iterator[None]:
    """GDAL with a small block cache, without sidecar files and without virtual file systems over the network."""
    import rasterio

    options = {
        "GDAL_CACHEMAX": CACHE_MB,
        "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
        "GDAL_PAM_ENABLED": "NO",
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "none",
        "GDAL_HTTP_TIMEOUT": "1",
    }
    with rasterio.Env(**options):
        yield


def safe_file(path: Path) -> bool:
    """Whether `path` is a plain file on this disk; addresses and virtual paths never are."""
    text = str(path)
    return "://" not in text and not text.startswith(("/vsi", "\\\\")) and path.is_file()


def open_dataset(path: Path, sharing: bool = False) -> Any:
    """Open a file that `read_header` has passed, by the GTiff driver only. Use inside `environment()`."""
    import rasterio

    return rasterio.open(path, driver="GTiff", sharing=sharing)


def check_file(path: Path, shown: str, problems: Problems) -> bool:
    """Add what is wrong with a raster file before it is opened; True when nothing is."""
    if not safe_file(path):
        problems.add(shown, "no such file", "a GeoTIFF on this disk", "Copy the map into the project folder")
        return False
    try:
        read_header(path)
    except Fault as fault:
        problems.add(shown, fault.found, fault.expected, fault.remedy)
        return False
    except OSError as error:
        problems.add(shown, f"a file that cannot be read ({error.strerror})", "a readable GeoTIFF")
        return False
    return True
