"""A visitor's own figures: the list of problems with their cells, or the same bytes as the command line writes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from made import PAYLOADS

pytestmark = pytest.mark.browser
NATCAP = str(Path(sys.executable).parent / "natcap")


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The filled example of a business."""
    from natcap.desk import doors

    folder = tmp_path_factory.mktemp("business")
    doors.new("business", folder, True)
    return folder / "activity.xlsx"


def send(page: Any, file: Any, name: str = "My firm", period: str = "2025") -> None:
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Period", exact=True).fill(period)
    page.locator('input[type="file"]').first.set_input_files(file)
    page.get_by_text("Received ").wait_for()
    page.get_by_role("button", name="Check and calculate").click()


def test_good_workbook_gives_what_the_command_line_gives(
    examples: str, visitor: Callable[..., Any], workbook: Path, tmp_path: Path
) -> None:
    one, other = visitor(), visitor()
    page = one.open(examples + "business")
    send(page, workbook)
    page.get_by_role("heading", name="Your result").wait_for(timeout=60_000)
    with page.expect_download() as caught:
        page.get_by_role("button", name="Download the workbook").last.click()
    project = tmp_path / "project"
    project.mkdir()
    (project / "activity.xlsx").write_bytes(workbook.read_bytes())
    (project / "natcap.toml").write_text(
        'kind = "business"\nname = "My firm"\nperiod = "2025"\n[inputs]\nactivity = "activity.xlsx"\n'
        '[choices]\nfactor_year_rule = "majority"\n',
        encoding="utf-8",
    )
    out = tmp_path / "out"
    subprocess.run([NATCAP, "build", str(project), "--out", str(out), "--format", "xlsx"], check=True)
    written = next(out.glob("*.xlsx"))
    assert caught.value.suggested_filename == written.name
    assert Path(caught.value.path()).read_bytes() == written.read_bytes()
    assert "My firm" not in other.open(examples + "business").locator("body").inner_text()
    one.clean()
    other.clean()


def test_bad_workbook_gives_every_problem_with_its_cell(
    examples: str, visitor: Callable[..., Any], workbook: Path, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(workbook)
    sheet = book["Activity"]
    sheet["C2"], sheet["D3"] = "a lot", "tons"
    sheet["A4"] = PAYLOADS[0]
    book.save(tmp_path / "bad.xlsx")
    one = visitor(360)
    page = one.open(examples + "business")
    send(page, tmp_path / "bad.xlsx")
    page.get_by_role("heading", name="to put right").wait_for(timeout=60_000)
    table = page.get_by_role("group", name="Problems").get_by_role("table")
    told = table.inner_text()
    assert "bad.xlsx" in told
    assert page.get_by_role("cell", name="C2", exact=True).count() >= 1
    assert page.get_by_role("cell", name="D3", exact=True).count() >= 1
    assert page.get_by_role("heading", name="Your result").count() == 0
    one.clean()


@pytest.mark.parametrize("payload", [PAYLOADS[0], "../../etc/passwd"])
def test_names_from_a_visitor_are_only_text(examples: str, visitor: Callable[..., Any], payload: str) -> None:
    one = visitor()
    page = one.open(examples + "farm")
    file = {"name": f"{payload}.xlsx", "mimeType": "application/octet-stream", "buffer": b"PK\x03\x04 not a workbook"}
    send(page, file, payload, payload)
    page.get_by_role("heading", name="to put right").wait_for(timeout=60_000)
    one.clean()


def test_template_comes_as_new_writes_it(examples: str, visitor: Callable[..., Any], tmp_path: Path) -> None:
    from natcap.desk import doors

    page = visitor().open(examples + "farm")
    with page.expect_download() as caught:
        page.get_by_role("button", name="Download the template").click()
    doors.new("farm", tmp_path, False)
    assert Path(caught.value.path()).read_bytes() == (tmp_path / "farm.xlsx").read_bytes()


@pytest.mark.parametrize("route", ["natural-capital", "business", "farm", "progress"])
def test_example_pages_load_and_walk_back(examples: str, visitor: Callable[..., Any], axe: str, route: str) -> None:
    from test_pages import violations

    one = visitor()
    page = one.open(examples + route)
    assert violations(page, axe) == []
    page.locator('button[data-key^="card-"]').first.click()
    page.get_by_role("dialog").get_by_text("Figure id").wait_for()
    page.set_viewport_size({"width": 360, "height": 800})
    page.wait_for_timeout(300)
    assert one.sideways() <= 0
    one.clean()


def test_factors_are_found_shown_and_compared(examples: str, visitor: Callable[..., Any], axe: str) -> None:
    from test_pages import violations

    one = visitor()
    page = one.open(examples + "factors")
    page.get_by_label("What emits?").fill("gas kWh")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name="Fuels / Gaseous fuels / Natural gas / kWh (Gross CV)").first.click()
    page.get_by_text("All values in").wait_for()
    shown = page.get_by_role("group", name="Table: Fuels / Gaseous fuels").inner_text()
    assert "0.18296" in shown
    assert "read in the publication itself" in shown
    page.get_by_role("button", name="Compare").click()
    page.get_by_text("From 2024 to 2025").wait_for()
    page.get_by_label("What emits?").fill(f"nothing like {PAYLOADS[0]}")
    page.get_by_role("button", name="Search").click()
    page.get_by_text("Try fewer or more general words").wait_for()
    assert violations(page, axe) == []
    one.clean()
