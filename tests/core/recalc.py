"""Recalculate a workbook in LibreOffice and compare every formula cell with the value that was saved in it.

LibreOffice trusts saved values of files it did not write; only a profile with OOXMLRecalcMode 0 makes it calculate.
`lie(path)` makes a copy with every saved value wrong, as the control that recalculation happens at all.
"""

from __future__ import annotations

import math
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl

__all__ = ["compare", "lie", "office", "recalculated"]

_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>"""


def office() -> str | None:
    """The LibreOffice program, or None where there is none."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def recalculated(path: Path, folder: Path) -> Path:
    """A copy of the workbook with every formula calculated anew; `folder` holds the profile and the copy."""
    program = office()
    if program is None:
        raise RuntimeError("LibreOffice is not installed")
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
    out = folder / "recalculated"
    out.mkdir(exist_ok=True)
    command = [program, "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
    command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    made = out / f"{path.stem}.xlsx"
    if not made.is_file():
        raise RuntimeError(f"LibreOffice wrote nothing: {done.stderr[-500:]}")
    return made


def compare(path: Path, folder: Path, tolerance: float = 1e-9) -> tuple[int, list[str]]:
    """(number of formula cells, sentences about those whose saved value is not what LibreOffice calculates)."""
    formulas = openpyxl.load_workbook(path)
    saved = openpyxl.load_workbook(path, data_only=True)
    fresh = openpyxl.load_workbook(recalculated(path, folder), data_only=True)
    count, wrong = 0, []
    for sheet in formulas.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                count += 1
                ours = saved[sheet.title][cell.coordinate].value
                theirs = fresh[sheet.title][cell.coordinate].value
                if not _same(ours, theirs, tolerance):
                    wrong.append(f"{sheet.title}!{cell.coordinate} {cell.value}: saved {ours!r}, calculated {theirs!r}")
    return count, wrong


def _same(ours: object, theirs: object, tolerance: float) -> bool:
    if isinstance(ours, (int, float)) and isinstance(theirs, (int, float)):
        return math.isclose(ours, theirs, rel_tol=tolerance, abs_tol=1e-9)
    return ours == theirs


def lie(path: Path, target: Path) -> Path:
    """A copy whose formula cells carry values that are too large by a million."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            data = source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                data = re.sub(
                    rb"(</f><v>)(-?[0-9.eE+-]+)(</v>)",
                    lambda m: m[1] + repr(float(m[2]) + 1e6).encode() + m[3],
                    data,
                )
            out.writestr(name, data)
    return target
