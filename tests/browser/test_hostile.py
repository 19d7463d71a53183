"""Text from users never runs: payloads in every place where a user's text can land."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("route", ["", "business", "farm"])
def test_payloads_are_shown_and_not_run(hostile: str, visitor: Callable[..., Any], route: str) -> None:
    one = visitor()
    page = one.open(hostile + route)
    one.unfold("lines")
    assert page.get_by_text("onerror=").count() > 0
    one.clean()


def test_payloads_in_the_walk_back_and_on_the_canvas(hostile: str, visitor: Callable[..., Any]) -> None:
    one = visitor()
    page = one.open(hostile + "business")
    presses = page.locator('button[data-key^="card-"]')
    for index in (0, 2):
        presses.nth(index).click()
        page.get_by_role("dialog").wait_for()
        page.keyboard.press("Escape")
        page.get_by_role("dialog").wait_for(state="hidden")
    while page.get_by_role("button", name="Show 1 chart").count():
        left = page.get_by_role("button", name="Show 1 chart").count()
        page.get_by_role("button", name="Show 1 chart").first.click()
        page.get_by_role("button", name="Show 1 chart").nth(left - 1).wait_for(state="detached")
    charts = page.get_by_role("figure")
    assert charts.count() == 7
    for index in range(charts.count()):
        charts.nth(index).scroll_into_view_if_needed()
        box = charts.nth(index).bounding_box()
        for part in (0.3, 0.5, 0.7):
            page.mouse.move(box["x"] + box["width"] * part, box["y"] + box["height"] * part)
            page.wait_for_timeout(30)
    page.get_by_label("Which one").select_option(index=1)
    page.get_by_text("5.60", exact=True).wait_for()
    one.clean()
