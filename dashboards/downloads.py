"""Downloads of a report: the same bytes that the command line writes."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from natcap.core.outputs import slug, write_outputs
from natcap.core.report import Report

from .safe import download, row

__all__ = ["FORMATS", "as_bytes", "buttons", "zipped"]

FORMATS: dict[str, str] = {"xlsx": "Download the workbook", "json": "Download as JSON", "csv": "Download as CSV (zip)"}


def as_bytes(report: Report, wanted: str) -> bytes:
    """The report in one format, as the command line writes it; the folder of CSV files as a zip."""
    with tempfile.TemporaryDirectory(prefix="natcap-") as folder:
        (written,) = write_outputs(report, Path(folder), (wanted,))
        return zipped(written) if written.is_dir() else written.read_bytes()


def zipped(folder: Path) -> bytes:
    """A folder as a zip with fixed dates, so that the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(p for p in folder.rglob("*") if p.is_file()):
            name = file.relative_to(folder.parent).as_posix()
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes())
    return buffer.getvalue()


def buttons(report: Report) -> Any:
    """One button for each format; the file is made when it's pressed."""
    stem = slug(report)
    ending = {"csv": "csv.zip"}
    return row(
        *(
            download(label, f"{stem}.{ending.get(name, name)}", lambda name=name: as_bytes(report, name))
            for name, label in FORMATS.items()
        )
    )
