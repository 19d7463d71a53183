"""The server: routes, origins, headers, a clean stop."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import webbrowser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import panel as pn
from tornado.httputil import HTTPHeaders
from tornado.web import OutputTransform

from .frame import PAGES
from .pages import routes
from .shelf import Shelf

__all__ = ["HEADERS", "main", "run"]

HEADERS: dict[str, str] = {
    "Content-Security-Policy": (
        "default-src 'self' 'unsafe-inline' data: blob:; connect-src 'self' ws: wss: blob:; object-src 'none'; "
        "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Sent with every answer, errors and static files included."""


class _Headers(OutputTransform):
    """Adds HEADERS to every answer of the server, whichever handler writes it."""

    def transform_first_chunk(
        self, status_code: int, headers: HTTPHeaders, chunk: bytes, finishing: bool
    ) -> tuple[int, HTTPHeaders, bytes]:
        for name, value in HEADERS.items():
            headers[name] = value
        headers.pop("Server", None)
        return status_code, headers, chunk


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dashboards", description="Serve natcap's pages on this machine.")
    parser.add_argument("--port", type=int, default=5006, help="port to listen on; 0 takes a free one")
    parser.add_argument("--address", default="127.0.0.1", help="address to listen on (this machine only by default)")
    parser.add_argument("--project", type=Path, action="append", default=[], help="project folder; may be given again")
    parser.add_argument(
        "--origin", action="append", default=[], help="further HOST:PORT whose pages may connect, exactly"
    )
    parser.add_argument("--no-browser", action="store_true", help="don't open a browser")
    chosen = parser.parse_args(argv)
    if any("*" in origin for origin in chosen.origin):
        parser.error("--origin takes exact HOST:PORT, no wildcards")
    if not 0 <= chosen.port <= 65535:
        parser.error("--port must be between 0 and 65535")
    return chosen


def _open_browser(url: str) -> None:
    """Open a window only where there's a screen and somebody at it."""
    screen = sys.platform in ("win32", "darwin") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if screen and sys.stdout.isatty() and not os.environ.get("CI"):
        webbrowser.open(url)


def run(
    shelf: Shelf, port: int, address: str = "127.0.0.1", origins: Sequence[str] = (), browser: bool = False
) -> None:
    """Serve until SIGTERM or SIGINT. Prints the address once it answers."""
    if int(pd.__version__.partition(".")[0]) < 3:
        pd.options.mode.copy_on_write = True  # sessions share frames; a later pandas always copies on write
    pn.extension(notifications=False)
    server: Any = pn.io.server.get_server(
        routes(shelf),
        port=port,
        address=address,
        title={f"/{route}": f"{name} - natcap" for route, name in PAGES.items()},
        websocket_origin=list(origins) or ["127.0.0.1:0"],
        start=False,
        check_unused_sessions_milliseconds=5_000,
        unused_session_lifetime_milliseconds=15_000,
    )
    allowed = {f"localhost:{server.port}", f"127.0.0.1:{server.port}", *origins}
    server._tornado._websocket_origins = allowed
    server._tornado.add_transform(_Headers)
    loop = server.io_loop

    def stop(*_: object) -> None:
        loop.asyncio_loop.call_soon_threadsafe(loop.stop)

    server.start()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    url = f"http://localhost:{server.port}/"
    print(f"natcap is at {url} (stop with Ctrl+C)", flush=True)
    if browser:
        loop.call_later(0.2, _open_browser, url)
    try:
        loop.start()
    finally:
        server.stop()


def main(argv: Sequence[str] | None = None) -> int:
    """Command line of the server; 2 for wrong use, 0 after a clean stop."""
    chosen = _arguments(argv)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    for folder in chosen.project:
        if not folder.is_dir():
            print(f"{folder} is not a folder; give a project folder, e.g. one made by: natcap demo", file=sys.stderr)
            return 2
    logging.getLogger("rasterio").setLevel(logging.ERROR)
    shelf = Shelf(chosen.project)
    for folder in shelf.folders:
        print(f"Reading {folder.name} ...", flush=True)
        entry = shelf.entry(folder)
        state = "ready" if entry.report else f"{len(entry.problems)} problems, shown on its page"
        print(f"{entry.kind}: {entry.name}: {state}", flush=True)
    try:
        run(shelf, chosen.port, chosen.address, chosen.origin, not chosen.no_browser)
    except OSError as error:
        print(f"Port {chosen.port} can't be used ({error.strerror}); try another: --port 0", file=sys.stderr)
        return 2
    return 0
