"""The server: headers, origins, a clean stop, plain words for wrong use."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from conftest import REPOSITORY, started

SERVER = str(REPOSITORY / "dashboards")


def answer(address: str, **headers: str) -> Any:
    try:
        return urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=30)
    except urllib.error.HTTPError as error:
        return error


def test_headers_stand_on_every_answer(made: str) -> None:
    for route in ("", "business", "static/js/bokeh.min.js", "no-such-page"):
        headers = answer(made + route).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-eval" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
    assert answer(made).headers["Cache-Control"] == "no-store"


def test_no_address_names_a_module_to_import(made: str) -> None:
    """Panel's own route would import `this` (it prints) and tell an absent module from a present one."""
    for path in ("this/x/css/y", "no_such_module/x/css/y", "panel.widgets/Button/_stylesheets/css/button.css", ""):
        found = answer(f"{made}components/{path}")
        assert found.status == 404
        assert b"odule" not in found.read()


@pytest.mark.parametrize(
    "origin, status",
    [
        ("http://localhost:{port}", 101),
        ("http://127.0.0.1:{port}", 101),
        ("http://localhost:{port}.evil.example", 403),
        ("http://localhost.evil.example:{port}", 403),
        ("http://evil.example", 403),
        ("http://localhost:1", 403),
        ("null", 403),
    ],
)
def test_only_its_own_pages_may_connect(made: str, origin: str, status: int) -> None:
    port = int(made.rstrip("/").rpartition(":")[2])
    lines = [
        "GET /ws HTTP/1.1", f"Host: localhost:{port}", "Upgrade: websocket", "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Protocol: bokeh, {_token(made)}", f"Origin: {origin.format(port=port)}", "", "",
    ]  # fmt: skip
    with socket.create_connection(("127.0.0.1", port), timeout=20) as wire:
        wire.sendall("\r\n".join(lines).encode())
        assert int(wire.recv(64).split()[1]) == status


def _token(address: str) -> str:
    text = answer(address).read().decode()
    return text.partition('"token":"')[2].partition('"')[0]


def test_it_stops_on_control_c() -> None:
    with started(SERVER, "--port", "0", "--no-browser") as (_, process):
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0


def test_wrong_use_is_told_in_plain_words(tmp_path: Path, made: str) -> None:
    port = made.rstrip("/").rpartition(":")[2]
    for arguments, said in (
        (["--project", str(tmp_path / "nothing")], "is not a folder"),
        (["--origin", "*"], "no wildcards"),
        (["--port", port], "try another"),
    ):
        done = subprocess.run([sys.executable, SERVER, *arguments], capture_output=True, text=True, timeout=60)
        assert done.returncode == 2, done.stderr
        assert said in done.stderr
        assert "Traceback" not in done.stderr
