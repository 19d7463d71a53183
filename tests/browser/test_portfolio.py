"""The page of a portfolio: headline, spread, benchmark with what is not shown, one business among many."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import REPOSITORY, started
from test_pages import violations

from natcap.carbon.business.portfolio.example import BANNER, rows
from tests.carbon.hubs import add_project, write_hub

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server with a folder of the example's businesses, one of them with problems and left out."""
    root = tmp_path_factory.mktemp("hub")
    write_hub(root, rows(), problem_businesses="leave out")
    first = rows()[0]
    add_project(root / "clients" / first["business"], [first | {"quantity": -5}])
    file = root / "natcap.toml"
    text = file.read_text(encoding="utf-8").replace("[inputs]", f'banners = ["{BANNER}"]\n[inputs]')
    file.write_text(text, encoding="utf-8")
    command = (str(REPOSITORY / "dashboards"), "--port", "0", "--no-browser", "--project", str(root))
    with started(*command) as (address, _):
        yield address


def test_it_says_what_is_missing_shown_and_hidden(hub: str, visitor: Callable[..., Any]) -> None:
    one = visitor()
    page = one.open(hub + "portfolio")
    page.get_by_text("INCOMPLETE: 47 of 48 businesses").wait_for()
    assert page.get_by_role("button", name=re.compile("worked out.*47 of 48 businesses")).count() == 4
    for heading in ("How they spread", "Beside similar ones", "Businesses"):
        assert page.get_by_role("heading", name=heading, exact=True).count() == 1
    while page.get_by_role("button", name="Show 1 chart").count():
        left = page.get_by_role("button", name="Show 1 chart").count()
        page.get_by_role("button", name="Show 1 chart").first.click()
        page.get_by_role("button", name="Show 1 chart").nth(left - 1).wait_for(state="detached")
    page.get_by_role("figure").nth(4).wait_for()
    one.unfold("lines")
    hidden = page.get_by_role("table", name=re.compile("^Benchmark by employees")).get_by_role("row")
    hidden = hidden.filter(has_text="fewer than 5")
    assert hidden.count() == 6
    assert hidden.first.get_by_role("cell", name="[c]", exact=True).count() == 4
    assert page.get_by_role("table", name=re.compile("^Distribution: total")).get_by_role("row").count() > 4
    assert page.get_by_role("table", name=re.compile("^Problems of the")).get_by_text("'-5'").count() == 1
    one.clean()


def test_one_business_is_found_and_walks_back_to_its_project(hub: str, visitor: Callable[..., Any]) -> None:
    one = visitor()
    page = one.open(hub + "portfolio")
    page.get_by_label("Which business?").fill("FOOD medium")
    page.keyboard.press("Enter")
    page.get_by_text("3 of 47 businesses.").wait_for()
    found = page.get_by_role("table", name=re.compile("^Businesses found"))
    assert "[c]" in found.inner_text()
    found.get_by_role("row").nth(1).get_by_role("button").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("clients/B56ME01").first.wait_for()
    assert "natcap explain clients/B56ME01 business.total" in dialog.inner_text()
    page.keyboard.press("Escape")
    for asked, said in (("B4935MI01", "was left out for its problems"), ("nobody", "No business has")):
        page.get_by_label("Which business?").fill(asked)
        page.keyboard.press("Enter")
        page.get_by_text(said).wait_for()
    one.clean()


def test_it_is_accessible_and_fits_a_phone(hub: str, visitor: Callable[..., Any], axe: str) -> None:
    one = visitor()
    page = one.open(hub + "portfolio")
    page.get_by_label("Which business?").fill("food")
    page.keyboard.press("Enter")
    page.get_by_text("16 of 47 businesses.").wait_for()
    one.unfold("lines")
    assert violations(page, axe) == []
    page.set_viewport_size({"width": 360, "height": 800})
    page.wait_for_timeout(300)
    assert one.sideways() <= 0
    one.clean()


def test_a_changed_project_is_calculated_again(hub: str, tmp_path: Path) -> None:
    """The shelf sees the files of every project, not only those the portfolio names."""
    from dashboards.shelf import Shelf

    write_hub(tmp_path, rows()[:9])
    shelf = Shelf([tmp_path])
    before = shelf.entries("portfolio")[0].report
    again = shelf.entries("portfolio")[0].report
    assert before is not None
    assert again is not None
    assert again.figures is before.figures
    add_project(tmp_path / "clients" / rows()[0]["business"], [rows()[0] | {"quantity": 1}])
    after = shelf.entries("portfolio")[0].report
    assert after is not None
    assert after.figure("portfolio.total").value != before.figure("portfolio.total").value
