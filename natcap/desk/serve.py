"""Start the dashboards as a process of their own: the rooms below them never import Panel."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from natcap.core.resources import root

__all__ = ["command", "serve"]


def command(projects: Sequence[Path], port: int) -> list[str]:
    """The command that serves these project folders on `port` of this machine."""
    line = [sys.executable, str(root("dashboards")), "--port", str(port)]
    for project in projects:
        line += ["--project", str(project.resolve())]
    return line


def serve(projects: Sequence[Path], port: int) -> None:
    """Become the dashboard server; returns only if that cannot be started."""
    line = command(projects, port)
    sys.stdout.flush()
    os.execv(line[0], line)
