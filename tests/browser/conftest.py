"""A browser that refuses every outside request, and servers of the pages as processes of their own."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
REPOSITORY = HERE.parents[1]
CHROMIUM = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def absent(what: str) -> None:
    """As in tests/conftest.py: skip for a user, fail where everything is required."""
    if os.environ.get("CI"):
        pytest.fail(f"required here but absent: {what}")
    pytest.skip(f"absent: {what}")


@contextmanager
def started(*command: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run a server until the test is done; gives its address. It must stop on SIGTERM by itself."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [sys.executable, *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    )
    said = []
    try:
        for line in process.stdout or ():
            said.append(line)
            found = re.search(r"http://localhost:\d+/", line)
            if found:
                yield found[0], process
                return
        pytest.fail("the server didn't start:\n" + "".join(said))
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                stopped = process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                pytest.fail("the server didn't stop on SIGTERM")
            assert stopped == 0, "the server didn't stop cleanly on SIGTERM"


@pytest.fixture(scope="session")
def made() -> Iterator[str]:
    """Address of a server with reports made by hand."""
    with started(str(HERE / "serve_made.py"), "plain") as (address, _):
        yield address


@pytest.fixture(scope="session")
def hostile() -> Iterator[str]:
    """Address of a server whose every text from users is a payload."""
    with started(str(HERE / "serve_made.py"), "hostile") as (address, _):
        yield address


@pytest.fixture(scope="session")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server with the four example projects, started as `natcap serve` starts it."""
    from natcap.desk import doors

    folder = tmp_path_factory.mktemp("examples")
    projects = []
    for kind in doors.ROOMS:
        doors.new(kind, folder / kind, True)
        projects += ["--project", str(folder / kind)]
    with started(str(REPOSITORY / "dashboards"), "--port", "0", "--no-browser", *projects) as (address, _):
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One headless browser for all tests."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        absent("playwright (pip install playwright)")
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        absent("a Chromium browser on the PATH")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM))
        yield browser
        browser.close()


class Visitor:
    """A page that notes what went wrong on it: requests to other hosts, errors on the console, scripts that ran."""

    def __init__(self, browser: Any, width: int) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 900}, accept_downloads=True)
        self.context.set_default_timeout(15_000)
        self.page = self.context.new_page()
        self.outside: list[str] = []
        self.errors: list[str] = []
        self.context.route("**/*", self._only_here)
        self.page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda e: self.errors.append(str(e)))
        self.page.on("dialog", lambda d: (self.errors.append(f"dialog {d.message}"), d.dismiss()))

    def _only_here(self, route: Any) -> None:
        if re.match(r"(https?|wss?)://(localhost|127\.0\.0\.1):\d+/|data:|blob:", route.request.url):
            route.continue_()
        else:
            self.outside.append(route.request.url)
            route.abort()

    def open(self, address: str) -> Any:
        """Load a page and wait until its heading stands and it has settled."""
        self.page.goto(address)
        self.page.locator("h1").wait_for()
        self.page.wait_for_function("() => Bokeh.documents.length > 0 && Bokeh.documents.every(d => d.is_idle)")
        return self.page

    def unfold(self, *but: str) -> None:
        """Open everything that folds, except what has one of the given keys, and wait until it's filled."""
        self.page.evaluate(
            """but => { const walk = r => r.querySelectorAll('*').forEach(e => {
                 if (e.tagName === 'DETAILS' && !but.includes(e.dataset.key)) { e.open = true }
                 if (e.shadowRoot) { walk(e.shadowRoot) } }); walk(document) }""",
            list(but),
        )
        self.page.wait_for_function(
            """() => { let open = 0; const walk = r => r.querySelectorAll('*').forEach(e => {
                 if (e.tagName === 'DETAILS' && e.open && e.dataset.open) { open += 1 }
                 if (e.shadowRoot) { walk(e.shadowRoot) } }); walk(document); return open === 0 }"""
        )

    def sideways(self) -> int:
        """Pixels by which the page is wider than its window."""
        return int(
            self.page.evaluate(
                """() => { const find = r => { for (const e of r.querySelectorAll('*')) {
                     if (e.classList && e.classList.contains('main-content')) { return e }
                     const found = e.shadowRoot && find(e.shadowRoot); if (found) { return found } } }
                   const main = find(document); return main.scrollWidth - main.clientWidth }"""
            )
        )

    def clean(self) -> None:
        """Nothing asked of another host, nothing failed, nothing of a user's text ran."""
        assert self.outside == []
        assert self.errors == []
        assert self.page.evaluate("() => window.fired === undefined ? [] : window.fired") == []


@pytest.fixture
def visitor(chromium: Any) -> Iterator[Any]:
    """Makes a visitor with a window of the given width; all of them leave at the end."""
    visitors: list[Visitor] = []

    def make(width: int = 1280) -> Visitor:
        visitors.append(Visitor(chromium, width))
        return visitors[-1]

    yield make
    for found in visitors:
        found.context.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The axe-core script, from NATCAP_AXE or a node_modules folder in the repository."""
    named = os.environ.get("NATCAP_AXE")
    for path in [Path(named)] if named else [REPOSITORY / "node_modules" / "axe-core" / "axe.min.js"]:
        if path.is_file():
            return path.read_text(encoding="utf-8")
    absent("axe-core (npm install --no-save axe-core, or name axe.min.js in NATCAP_AXE)")
    raise AssertionError("unreachable")
