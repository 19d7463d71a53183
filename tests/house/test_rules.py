"""Rules a reader cannot check by eye: import directions, types, style, size, and what must not stand in a file."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


def tracked(*patterns: str) -> list[Path]:
    done = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", *patterns],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    return [REPOSITORY / line for line in done.stdout.splitlines() if (REPOSITORY / line).is_file()]


@pytest.mark.parametrize(
    "command",
    [["lint-imports"], ["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]],
    ids=["imports go down only", "ruff", "formatted", "mypy strict"],
)
def test_tool_is_clean(command: list[str]) -> None:
    done = subprocess.run([BIN / command[0], *command[1:]], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]


def test_namespace_stays_open() -> None:
    """natcap.invest lives in the same namespace: an __init__.py here would hide it."""
    assert not (REPOSITORY / "natcap" / "__init__.py").exists()


def test_modules_stay_small() -> None:
    long = {str(p.relative_to(REPOSITORY)): n for p in tracked("*.py") if (n := len(p.read_text().splitlines())) > 400}
    assert long == {}


def test_no_machine_path_and_no_registry_host() -> None:
    home = re.compile(r"(?<![\w.])/(?:root|home/\w+|work|tmp)/\w")
    registry = re.compile(r"pypi\.org|pythonhosted|npmjs|deb\.debian\.org", re.IGNORECASE)
    bad = []
    for path in tracked():
        if path.suffix in {".tif", ".xlsx", ".png", ".gpkg"} or path == Path(__file__).resolve():
            continue
        text = path.read_text(encoding="utf-8")
        for pattern in (home, registry):
            bad += [f"{path.relative_to(REPOSITORY)}: {found.group()}" for found in pattern.finditer(text)]
    assert bad == []


def test_files_stay_small() -> None:
    large = {str(p.relative_to(REPOSITORY)): p.stat().st_size for p in tracked() if p.stat().st_size > 2 * 2**20}
    assert large == {}


def test_help_answers_without_heavy_imports() -> None:
    heavy = ("pandas", "numpy", "panel", "rasterio", "pint")
    code = f"import sys, natcap.desk.cli; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
