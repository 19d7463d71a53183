"""The example of Leicester and Leicestershire, made and built once."""

from __future__ import annotations

from pathlib import Path

import pytest

from natcap.core.project import read_project
from natcap.core.report import Report
from natcap.progress.inputs import Inputs
from natcap.progress.results import Results, calculate
from natcap.progress.trunk import build, new, read


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("area") / "example"
    new(folder, example=True)
    return folder


@pytest.fixture(scope="session")
def inputs(example: Path) -> Inputs:
    return read(read_project(example))


@pytest.fixture(scope="session")
def results(inputs: Inputs) -> Results:
    return calculate(inputs)


@pytest.fixture(scope="session")
def report(example: Path) -> Report:
    return build(read_project(example))
