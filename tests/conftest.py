"""Fixtures shared by all tests."""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# No test measures time: a slow machine must not fail one. CI draws the same examples every run.
settings.register_profile("natcap", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("natcap")

REPOSITORY = Path(__file__).resolve().parent.parent


def absent(what: str) -> None:
    """Skip for a user who lacks an optional part; fail where everything is required."""
    if os.environ.get("CI"):
        pytest.fail(f"required here but absent: {what}")
    pytest.skip(f"absent: {what}")


def optional(module: str) -> Any:
    """An optional module; absent as `absent` says."""
    try:
        return importlib.import_module(module)
    except ImportError:
        absent(f"the package {module}")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of third-party samples and worked cases, beside the repository or at NATCAP_SHARED."""
    folder = Path(os.environ.get("NATCAP_SHARED") or REPOSITORY.parent / "shared")
    if not folder.is_dir():
        absent("the folder of third-party sample files (set NATCAP_SHARED)")
    return folder


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Where everything is required, a skipped test is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped") and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
