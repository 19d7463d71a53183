"""The wheel carries factors, data and dashboards, and lives beside another distribution of the natcap namespace."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(base / "dist")]
    subprocess.run(build, cwd=REPOSITORY, check=True, capture_output=True)
    wheel = next((base / "dist").glob("natcap_accounts-*.whl"))
    target = base / "site"
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", str(target), str(wheel)]
    subprocess.run(pip, check=True, capture_output=True)
    other = base / "other" / "natcap" / "invest"
    other.mkdir(parents=True)
    (other / "__init__.py").write_text("name = 'the InVEST models'\n")
    return base


def run(installed: Path, code: str) -> str:
    """Run code against the installed wheel only: -P keeps the checkout off the path, -S its editable install."""
    paths = [str(installed / "site"), str(installed / "other"), *(p for p in sys.path if p.endswith("site-packages"))]
    env = {k: v for k, v in os.environ.items() if not k.startswith("NATCAP_")} | {"PYTHONPATH": os.pathsep.join(paths)}
    done = subprocess.run(
        [sys.executable, "-S", "-P", "-c", code], cwd=installed, env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_wheel_finds_its_own_data_beside_another_natcap(installed: Path) -> None:
    code = (
        "import natcap.invest, natcap.core.resources as r; print(natcap.invest.name);"
        "print(*[r.root(n) for n in ('factors', 'data', 'dashboards')], sep='\\n')"
    )
    name, *roots = run(installed, code).splitlines()
    assert name == "the InVEST models"
    assert all("_bundled" in root and str(installed / "site") in root for root in roots)


def test_installed_program_builds_an_example(installed: Path) -> None:
    code = (
        "import sys; sys.argv = ['natcap', 'demo', 'd', '--no-serve', '--quiet'];"
        "from natcap.desk.cli import main; main()"
    )
    run(installed, code)
    assert sorted(p.parent.parent.name for p in (installed / "d").glob("*/results/*.xlsx")) == [
        "accounts", "area", "business", "farm",
    ]  # fmt: skip
