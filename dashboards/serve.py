"""The server: routes, origins, headers, a clean stop."""

from __future__ import annotations

import os
import signal
import sys
import webbrowser
from collections.abc import Sequence
from typing import Any

import pandas as pd
import panel as pn
from tornado.httputil import HTTPHeaders
from tornado.web import HTTPError, OutputTransform, RequestHandler

from .frame import PAGES
from .pages import routes
from .shelf import Shelf

__all__ = ["HEADERS", "run"]

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


class _NotServed(RequestHandler):
    """Panel's route for resources of components imports whatever module its address names; no page here needs it."""

    def prepare(self) -> None:
        raise HTTPError(404)


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
    server._tornado.add_handlers(r".*", [(r"/components/.*", _NotServed)])
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
