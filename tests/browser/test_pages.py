"""The pages in a browser: they load, they explain every number, they work by keyboard, small and without a mouse."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser

ROUTES = {
    "": "Home", "natural-capital": "Natural capital", "business": "Business", "portfolio": "Portfolio", "farm": "Farm",
    "progress": "Progress", "factors": "Factors",
}  # fmt: skip
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Any, axe: str) -> list[str]:
    page.evaluate(axe + ";0")
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
    bad = [v for v in found if v["impact"] in ("serious", "critical")]
    return [f"{v['impact']} {v['id']}: {v['nodes'][0]['html'][:150]}" for v in bad]


@pytest.mark.parametrize("route", ROUTES)
def test_page_loads_asks_nobody_else_and_is_accessible(
    made: str, visitor: Callable[..., Any], axe: str, route: str
) -> None:
    one = visitor()
    page = one.open(made + route)
    assert page.title() == f"{ROUTES[route]} - natcap"
    assert page.locator("h1").inner_text() == ROUTES[route]
    assert page.get_by_role("link", name=ROUTES[route], exact=True).first.get_attribute("aria-current") == "page"
    one.unfold("lines", "long")
    assert violations(page, axe) == []
    page.set_viewport_size({"width": 360, "height": 800})
    page.wait_for_timeout(300)
    assert one.sideways() <= 0
    one.clean()


def test_another_project_in_the_dark_is_accessible(made: str, visitor: Callable[..., Any], axe: str) -> None:
    page = visitor(360).open(made + "business")
    page.get_by_label("Toggle theme").click()
    page.get_by_label("Which one").select_option(index=1)
    page.get_by_text("5.60", exact=True).wait_for()
    page.get_by_role("button", name="How is this worked out? Scope 1").click()
    page.get_by_role("dialog").get_by_text("3 lines, together").wait_for()
    page.wait_for_timeout(400)  # colours fade over
    assert violations(page, axe) == []


def test_every_chart_has_a_name_and_a_table(made: str, visitor: Callable[..., Any]) -> None:
    page = visitor().open(made + "business")
    charts = page.get_by_role("figure")
    page.get_by_role("button", name="Show 1 chart").nth(2).wait_for()
    while page.get_by_role("button", name="Show 1 chart").count():
        left = page.get_by_role("button", name="Show 1 chart").count()
        page.get_by_role("button", name="Show 1 chart").first.click()
        page.get_by_role("button", name="Show 1 chart").nth(left - 1).wait_for(state="detached")
    charts.nth(6).wait_for()
    names = [charts.nth(i).get_attribute("aria-label") for i in range(charts.count())]
    assert len(names) == 7
    assert all(page.get_by_role("heading", name=f"Chart: {name}").count() == 1 for name in names)
    assert page.locator("summary", has_text="Table").count() >= 7


def test_headline_walks_back_to_lines_and_parents(made: str, visitor: Callable[..., Any]) -> None:
    one = visitor()
    page = one.open(made + "business")
    page.get_by_role("button", name="How is this worked out? All emissions").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("450 lines, together").wait_for()
    assert "equals the figure" in dialog.inner_text()
    assert dialog.get_by_role("cell", name="D5", exact=True).count() == 1
    dialog.get_by_role("button", name="Next rows").click()
    dialog.get_by_text("Rows 201 to 400 of 450").wait_for()
    dialog.get_by_role("button", name="Scope 1").click()
    dialog.get_by_text("row 12").wait_for()
    assert "read in the publication itself" in dialog.inner_text()
    dialog.get_by_role("button", name="Close").click()
    dialog.wait_for(state="hidden")
    one.clean()


FOCUS = """(() => { let e = document.activeElement; while (e && e.shadowRoot && e.shadowRoot.activeElement) {
  e = e.shadowRoot.activeElement } return e })()"""


def _focused(page: Any) -> str:
    return str(page.evaluate(FOCUS + ".innerText"))


def test_by_keyboard_alone(made: str, visitor: Callable[..., Any]) -> None:
    one = visitor()
    page = one.open(made + "business")
    for _ in range(4):
        page.keyboard.press("Tab")
        if "Skip" in _focused(page):
            break
    page.keyboard.press("Enter")
    assert _focused(page) == "Business"
    for _ in range(40):
        page.keyboard.press("Tab")
        if "How is this worked out?" in _focused(page):
            break
    assert "How is this worked out?" in _focused(page)
    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for()
    assert _focused(page).startswith("How is this worked out?")
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="hidden")
    assert "All emissions" in _focused(page)
    for _ in range(20):
        page.keyboard.press("Tab")
        if _focused(page) == "How sure":
            break
    page.keyboard.press("Enter")
    page.wait_for_timeout(100)
    assert page.evaluate(FOCUS + ".tagName") == "H2"
    assert _focused(page) == "How sure"
    one.clean()


def test_number_in_a_table_opens_and_pages_turn(made: str, visitor: Callable[..., Any]) -> None:
    one = visitor()
    page = one.open(made + "business")
    one.unfold("lines")
    page.get_by_role("table", name=re.compile("^By scope")).get_by_role("button").last.click()
    page.get_by_role("dialog").get_by_text("450 lines, together").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="hidden")
    table = page.get_by_role("group", name="Table: A long table")
    assert table.get_by_role("row").count() == 201
    press = page.locator('button[data-go="page:long:1"]')
    press.focus()
    page.keyboard.press("Enter")
    page.get_by_text("Rows 201 to 400 of 430").wait_for()
    assert _focused(page) == "Next rows"
    page.keyboard.press("Enter")
    page.get_by_text("Rows 401 to 430 of 430").wait_for()
    assert table.get_by_role("row").count() == 31
    one.clean()


def test_problems_of_a_project_stand_on_its_page(made: str, visitor: Callable[..., Any]) -> None:
    page = visitor().open(made + "farm")
    row = page.get_by_role("table", name=re.compile("1 problem")).get_by_role("row").nth(1)
    assert "D7" in row.inner_text()
    listed = visitor().open(made).get_by_role("listitem").filter(has_text="A farm with problems")
    assert "1 problem in its input" in listed.last.inner_text()


def test_empty_page_says_what_comes_next(made: str, visitor: Callable[..., Any]) -> None:
    page = visitor().open(made + "natural-capital")
    assert "natcap new accounts my-accounts --example" in page.locator(".empty").inner_text()
