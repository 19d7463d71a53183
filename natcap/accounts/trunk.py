"""The trunk of the accounts room: two land-cover maps and zones in, extent and carbon stock accounts out.

read -> calculate -> report. The command line, the dashboards and the tests call these three and nothing else.
"""

from __future__ import annotations

from pathlib import Path

from natcap.accounts.inputs import Inputs, WithoutMaps, read_inputs, read_without_maps, without_maps
from natcap.accounts.results import calculate
from natcap.accounts.show.report import make_report, make_report_without_maps
from natcap.core.project import Project
from natcap.core.report import Report

__all__ = ["Inputs", "build", "new", "read"]


def read(project: Project) -> Inputs | WithoutMaps:
    """Read and check the inputs of an accounts project. Raises InputProblems with everything that is wrong."""
    return read_without_maps(project) if without_maps(project) else read_inputs(project)


def build(project: Project) -> Report:
    """Read, count, account, report. Raises InputProblems; nothing is written."""
    inputs = read(project)
    return make_report_without_maps(inputs) if isinstance(inputs, WithoutMaps) else make_report(calculate(inputs))


def new(folder: Path, example: bool) -> list[Path]:
    """Start a project folder; with `example` it holds SYNTHETIC maps of Leicestershire and builds at once.

    Returns the files written, in the order to open them.
    """
    from natcap.accounts.start import write_example, write_templates

    return write_example(folder) if example else write_templates(folder)
