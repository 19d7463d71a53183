"""The server's command line. Wrong use is told before anything heavy is imported."""

from __future__ import annotations

import argparse
import logging
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

__all__ = ["main"]


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dashboards", description="Serve natcap's pages on this machine.")
    parser.add_argument("--port", type=int, default=5006, help="port to listen on; 0 takes a free one")
    parser.add_argument("--address", default="127.0.0.1", help="address to listen on (this machine only by default)")
    parser.add_argument("--project", type=Path, action="append", default=[], help="project folder; may be given again")
    parser.add_argument(
        "--origin", action="append", default=[], help="further HOST:PORT whose pages may connect, exactly"
    )
    parser.add_argument(
        "--read-only", action="store_true", help="never write into a project folder; typed bills are downloads"
    )
    parser.add_argument(
        "--write", action="store_true", help="let visitors from other machines save bills into the project folders"
    )
    parser.add_argument("--no-browser", action="store_true", help="don't open a browser")
    chosen = parser.parse_args(argv)
    if any("*" in origin for origin in chosen.origin):
        parser.error("--origin takes exact HOST:PORT, no wildcards")
    if chosen.write and chosen.read_only:
        parser.error("--write and --read-only exclude each other")
    if not 0 <= chosen.port <= 65535:
        parser.error("--port must be between 0 and 65535")
    return chosen


def _writes(chosen: argparse.Namespace) -> bool:
    """Bills are saved into folders only for who sits at this machine, unless it's asked for otherwise."""
    alone = chosen.address in ("127.0.0.1", "::1", "localhost") and not chosen.origin
    return not chosen.read_only and (alone or chosen.write)


def _unusable(address: str, port: int) -> str:
    """Why this address can't be listened on; empty when it can."""
    try:
        with socket.create_server((address, port), family=socket.AF_INET6 if ":" in address else socket.AF_INET):
            return ""
    except OSError as error:
        return error.strerror or str(error)


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until stopped; 2 for wrong use, 0 after a clean stop."""
    chosen = _arguments(argv)
    for folder in chosen.project:
        if not folder.is_dir():
            print(f"{folder} is not a folder; give a project folder, e.g. one made by: natcap demo", file=sys.stderr)
            return 2
    if reason := _unusable(chosen.address, chosen.port):
        print(f"Port {chosen.port} can't be used ({reason}); try another: --port 0", file=sys.stderr)
        return 2
    from .serve import run
    from .shelf import Shelf

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("rasterio").setLevel(logging.ERROR)
    shelf = Shelf(chosen.project, writes=_writes(chosen))
    for folder in shelf.folders:
        print(f"Reading {folder.name} ...", flush=True)
        entry = shelf.entry(folder)
        state = "ready" if entry.report else f"{len(entry.problems)} problems, shown on its page"
        print(f"{entry.kind}: {entry.name}: {state}", flush=True)
    run(shelf, chosen.port, chosen.address, chosen.origin, not chosen.no_browser)
    return 0
