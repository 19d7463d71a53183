"""Hostile and broken map files: refused within a second, with the reason, and without reading anything they name."""

from __future__ import annotations

import json
import sqlite3
import struct
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import numpy as np
import pyogrio.raw
import pytest
import shapely

from natcap.accounts.landcover import open_map
from natcap.accounts.landcover.tiff import read_header
from natcap.accounts.zones import read_zones
from natcap.accounts.zones.vector import read_layer
from natcap.core.problems import Problems
from tests.accounts.maps import accept, write_geojson, write_tif

SECRET = b"TOPSECRETDATA!!!" * 64


class Listener(HTTPServer):
    """A web server on this machine that counts what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                listener.asked.append(f"{self.command} {self.path}")
                self.send_response(404)
                self.end_headers()

            do_HEAD = do_GET

            def log_message(self, format: str, *args: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@pytest.fixture
def listener() -> Iterator[Listener]:
    server = Listener()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def vrt(source: str, size: int = 16) -> bytes:
    return (
        f'<VRTDataset rasterXSize="{size}" rasterYSize="{size}"><VRTRasterBand dataType="Byte" band="1"><SimpleSource>'
        f'<SourceFilename relativeToVRT="0">{source}</SourceFilename><SourceBand>1</SourceBand></SimpleSource>'
        "</VRTRasterBand></VRTDataset>"
    ).encode()


def raw_vrt(path: Path) -> bytes:
    """The kind of virtual band that reads any file's bytes."""
    return (
        '<VRTDataset rasterXSize="16" rasterYSize="64">'
        '<VRTRasterBand dataType="Byte" band="1" subClass="VRTRawRasterBand">'
        f'<SourceFilename relativetoVRT="0">{path}</SourceFilename></VRTRasterBand></VRTDataset>'
    ).encode()


def tiny_tiff(width: int, height: int, rows: int, counts: int = 1) -> bytes:
    """A classic TIFF header that claims what it likes: one strip of one byte."""
    entries = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1),
               (273, 4, counts, 8), (277, 3, 1, 1), (278, 4, 1, rows), (279, 4, counts, 1)]  # fmt: skip
    directory = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *entry) for entry in entries) + bytes(4)
    return b"II*\0" + struct.pack("<I", 16) + bytes(8) + directory


def refused(path: Path) -> str:
    """The text of the problems with a map, which must come within a second."""
    problems = Problems()
    start = time.perf_counter()
    assert open_map(path, path.name, 1, problems) is None
    assert time.perf_counter() - start < 1.0
    assert problems.errors
    text = "\n".join(map(str, problems))
    assert str(path.parent) not in text
    return text


def test_five_hostile_rasters_are_refused_and_nothing_is_fetched(tmp_path: Path, listener: Listener) -> None:
    secret = tmp_path / "secret.bin"
    secret.write_bytes(SECRET)
    whole = write_tif(tmp_path / "whole.tif", np.random.default_rng(1).integers(0, 9, (300, 300)).astype("uint8"))
    hostile = {
        "virtual.tif": (vrt(str(whole)), "a text or XML document"),
        "reads_bytes.tif": (raw_vrt(secret), "a text or XML document"),
        "remote.tif": (vrt(f"/vsicurl/{listener.url}/a.tif"), "a text or XML document"),
        "truncated.tif": (whole.read_bytes()[:-2000], "ends early"),
        "cut_in_the_directory.tif": (whole.read_bytes()[:40], "ends early"),
        "absurd.tif": (tiny_tiff(2_000_000_000, 2_000_000_000, 1), "2,000,000,000 x 2,000,000,000 cells"),
        "one_huge_piece.tif": (tiny_tiff(100_000, 100_000, 100_000), "a claimed size"),
        "many_pieces.tif": (tiny_tiff(10, 10, 1, counts=2**31), "pieces"),
        "garbage.tif": (np.random.default_rng(2).bytes(5000), "a file of another kind"),
        "empty.tif": (b"", "an empty file"),
    }
    for name, (content, reason) in hostile.items():
        path = tmp_path / name
        path.write_bytes(content)
        assert reason in refused(path), name
    assert listener.asked == []


@pytest.mark.parametrize("text", ["/vsicurl/{url}/a.tif", "{url}/a.tif", "/vsimem/a.tif", "VRT:///vsicurl/{url}/a.tif"])
def test_addresses_are_no_files(listener: Listener, text: str) -> None:
    problems = Problems()
    assert open_map(Path(text.format(url=listener.url)), "map", 1, problems) is None
    assert "no such file" in str(problems.errors[0])
    assert listener.asked == []


def test_hostile_vectors_are_refused_and_nothing_is_fetched(tmp_path: Path, listener: Listener) -> None:
    source = f"<SrcDataSource>/vsicurl/{listener.url}/a.json</SrcDataSource>"
    layer = f"<OGRVRTDataSource><OGRVRTLayer name='x'>{source}</OGRVRTLayer></OGRVRTDataSource>"
    service = f"<OGRWFSDataSource><URL>{listener.url}/wfs</URL></OGRWFSDataSource>"
    hostile = {
        "virtual.geojson": (layer.encode(), "an XML document"),
        "service.geojson": (service.encode(), "an XML document"),
        "virtual.gpkg": (layer.encode(), "an XML document"),
        "shape.gpkg": (b"\x00\x00\x27\x0a" + bytes(100), "a file of another kind"),
        "plain_sqlite.gpkg": (b"SQLite format 3\0" + bytes(100), "a file of another kind"),
        "broken.gpkg": (b"SQLite format 3\0" + bytes(52) + b"GPKG" + bytes(100), "cannot be read"),
        "deep.geojson": (b'{"a":' * 100_000, "not JSON"),
        "no_features.geojson": (b'{"type": "Point", "coordinates": [1, 2]}', "without features"),
    }
    for name, (content, reason) in hostile.items():
        path = tmp_path / name
        path.write_bytes(content)
        problems = Problems()
        start = time.perf_counter()
        assert read_layer(path, name, "", problems) is None
        assert time.perf_counter() - start < 1.0, name
        assert reason in "\n".join(map(str, problems)), name
    assert listener.asked == []


def test_geopackage_is_read_and_a_view_in_it_is_not(tmp_path: Path) -> None:
    path = tmp_path / "zones.gpkg"
    shapes = shapely.to_wkb(np.array([shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)]))
    fields = [np.array(["A", "B"], dtype=object)]
    pyogrio.raw.write(
        path, shapes, fields, ["code"], layer="areas", geometry_type="Polygon", crs="EPSG:27700", driver="GPKG"
    )
    problems = Problems()
    zones = read_zones(path, "zones.gpkg", {"zone_field": "code"}, None, problems)
    assert problems == []
    assert zones is not None
    assert zones.ids == ("A", "B")  # type: ignore[union-attr]
    base = sqlite3.connect(path)
    base.execute("CREATE VIEW other AS SELECT * FROM areas")
    base.execute("INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('other', 'features', 'other')")
    base.commit()
    base.close()
    assert read_layer(path, "zones.gpkg", "", problems) is not None
    assert read_layer(path, "zones.gpkg", "other", problems) is None
    assert "areas" in problems.errors[0].remedy


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"BIGTIFF": "YES"},
        {"tiled": True, "blockxsize": 64, "blockysize": 64},
        {"compress": "lzw"},
        {"ENDIANNESS": "BIG"},
    ],
    ids=["strips", "big", "tiled", "lzw", "big-endian"],
)
def test_whole_files_pass(tmp_path: Path, options: dict[str, object]) -> None:
    path = write_tif(tmp_path / "a.tif", np.full((200, 300), 7, "uint16"), **options)
    header = read_header(path)
    assert (header.width, header.height, header.bits) == (300, 200, 16)
    accept(path)


def test_what_is_wrong_with_a_whole_file(tmp_path: Path) -> None:
    codes = np.ones((20, 20), "uint8")
    cases = {
        "degrees": ({"crs": "EPSG:4326", "origin": (-1.0, 52.0), "cell": 0.001}, "degrees"),
        "none": ({"crs": None}, "no projection"),
        "mercator": ({"crs": "EPSG:3857"}, "areas are not true"),
        "feet": ({"crs": "EPSG:2263"}, "a projection in"),
    }
    for name, (options, reason) in cases.items():
        assert reason in refused(write_tif(tmp_path / f"{name}.tif", codes, **options)), name  # type: ignore[arg-type]
    assert "complex64" in refused(write_tif(tmp_path / "complex.tif", codes.astype("complex64")))
    problems = Problems()
    assert open_map(write_tif(tmp_path / "one.tif", codes), "one.tif", 2, problems) is None
    assert "a band from 1 to 1" in str(problems.errors[0])


def test_second_band_of_a_two_band_map(tmp_path: Path) -> None:
    both = np.stack([np.full((10, 10), 3), np.full((10, 10), 87)]).astype("uint8")
    land = accept(write_tif(tmp_path / "lcm.tif", both), band=2)
    assert land.band == 2


def test_zones_that_cannot_be_used(tmp_path: Path) -> None:
    bow = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    path = write_geojson(tmp_path / "z.geojson", {"A": bow, "B": shapely.Point(1, 1), "": shapely.box(0, 0, 1, 1)})
    found = json.loads(path.read_text())
    found["features"].append({"type": "Feature", "properties": {"id": "A"}, "geometry": None})
    path.write_text(json.dumps(found))
    problems = Problems()
    assert read_zones(path, "z.geojson", {"zone_field": "id"}, None, problems) is None
    told = "\n".join(map(str, problems))
    for reason in ("Self-intersection", "a Point", "no geometry", "no zone id", "the zone 'A' 2 times"):
        assert reason in told
    problems = Problems()
    assert read_zones(path, "z.geojson", {"zone_field": "identity"}, None, problems) is None
    assert "Set zone_field = one of: id, name" in "\n".join(map(str, problems))
