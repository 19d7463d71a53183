"""A bill typed on the business page: seen while it's typed, saved, counted as the command line counts it, taken out."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import REPOSITORY, started
from made import PAYLOADS
from test_pages import FOCUS, violations

pytestmark = pytest.mark.browser
NATCAP = str(Path(sys.executable).parent / "natcap")
TOML = 'kind = "business"\nname = "Workshop"\nperiod = "2025"\n[inputs]\nactivity = "records.csv"\n'
RECORDS = (
    "Site,Activity,Quantity,Unit,Period start,Period end,Meter\nDepot,Gas,1000,kWh_gross,2025-01-01,2025-01-31,G1\n"
)


@pytest.fixture
def workshop(tmp_path: Path) -> Path:
    (tmp_path / "natcap.toml").write_text(TOML, encoding="utf-8")
    (tmp_path / "records.csv").write_text(RECORDS, encoding="utf-8")
    return tmp_path


@pytest.fixture
def served(workshop: Path) -> Iterator[str]:
    with started(str(REPOSITORY / "dashboards"), "--port", "0", "--no-browser", "--project", str(workshop)) as found:
        yield found[0] + "business"


def fill(page: Any, **texts: str) -> None:
    """Fill fields by name; a combobox is left by Escape so that its list doesn't stand in the way."""
    for name, text in texts.items():
        page.locator(f'[data-name="{name}"]').fill(text)
        page.keyboard.press("Escape")
        page.keyboard.press("Tab")


def bill(page: Any, **other: str) -> None:
    given = {"activity": "gas", "quantity": "1,234", "unit": "kWh (gross CV)", "start": "2025-03-01",
             "end": "2025-03-31", "site": "Depot", "item": "G1", "evidence": "Inv 77"}  # fmt: skip
    fill(page, **given | other)


def built(workshop: Path) -> float:
    """The total in tonnes that `natcap build` gives for the folder."""
    subprocess.run(
        [NATCAP, "build", str(workshop), "--out", str(workshop / "out"), "--format", "json"], check=True,
        capture_output=True,
    )  # fmt: skip
    figures = json.loads(next((workshop / "out").glob("*.json")).read_text(encoding="utf-8"))["figures"]
    found = figures["business.total"] if isinstance(figures, dict) else next(
        f for f in figures if f["id"] == "business.total"
    )  # fmt: skip
    return float(found["value"])


def test_bill_is_seen_saved_counted_and_taken_out(
    served: str, workshop: Path, visitor: Callable[..., Any], axe: str
) -> None:
    one = visitor()
    page = one.open(served)
    page.get_by_role("button", name="Add a bill").click()
    bill(page)
    # 1,234 x (0.18296 + 0.03021) = 263.05 kg CO2e, with the factor row behind each part.
    page.get_by_text("1,234 kWh (gross CV) × 0.18296 kg CO2e per kWh (gross CV)").wait_for()
    shown = page.locator(".fine").inner_text()
    assert "263 kg CO2e" in shown
    assert "Scope 1, Fuels: 225.773 kg CO2e" in shown
    assert "row 83; read in the publication itself" in shown
    assert not (workshop / "typed_2025.csv").exists()
    assert violations(page, axe) == []
    page.get_by_role("button", name="Save this bill").click()
    page.get_by_role("heading", name="Saved: 263 kg CO2e").wait_for()
    assert page.get_by_text("typed_2025.csv, cell C2").count() == 1
    row = page.get_by_role("group", name="Bills typed so far").get_by_role("row").nth(1).inner_text()
    assert "C2" in row
    assert "263.052" in row
    total = built(workshop)
    assert total == pytest.approx((1234 + 1000) * (0.18296 + 0.03021) / 1000, rel=1e-12)
    assert page.get_by_text(f"the total is {total:,.3f} t CO2e").count() == 1
    assert page.locator(".card-number").first.inner_text() == "0.476"
    one.unfold()
    assert page.get_by_role("cell", name="typed_2025.csv", exact=True).count() >= 1
    page.mouse.move(1, 1)
    page.wait_for_timeout(400)  # colours fade over
    assert violations(page, axe) == []
    page.get_by_role("button", name="Take out row 2: Natural gas").or_(
        page.get_by_role("button", name="Take out row 2: gas")
    ).click()
    page.get_by_role("heading", name="Taken out").wait_for()
    assert page.locator('[data-name="quantity"]').input_value() == "1234"
    assert built(workshop) == pytest.approx(1000 * (0.18296 + 0.03021) / 1000, rel=1e-12)
    assert (workshop / "records.csv").read_text(encoding="utf-8") == RECORDS
    one.clean()


def told(page: Any, name: str, words: str) -> Any:
    """Wait until the place beside a field says the words, and the field says that it is wrong."""
    page.locator(f"#e-{name}", has_text=words).wait_for()
    field = page.locator(f'[data-name="{name}"]')
    assert field.get_attribute("aria-invalid") == "true"
    assert f"e-{name}" in field.get_attribute("aria-describedby")
    return field


def test_wrong_ambiguous_and_negative_are_refused_beside_the_field(
    served: str, workshop: Path, visitor: Callable[..., Any], axe: str
) -> None:
    one = visitor(360)
    page = one.open(served)
    bill(page, unit="metre")
    told(page, "unit", "a unit of Natural gas")
    bill(page, unit="tons")
    told(page, "unit", "one of tonne, long_ton_uk, short_ton_us")
    bill(page, quantity="-5")
    told(page, "quantity", "If it is a credit note, write credit in its evidence or note")
    assert page.get_by_text("To put right: how much").count() == 1
    page.get_by_role("button", name="Save this bill").click()
    page.get_by_role("alert").filter(has_text="Not saved yet").wait_for()
    assert violations(page, axe) == []
    assert one.sideways() <= 0
    assert not (workshop / "typed_2025.csv").exists()
    fill(page, evidence="credit note 9")
    page.get_by_text("−5 kWh (gross CV) × 0.18296").wait_for()
    page.get_by_role("button", name="Clear the form").click()
    page.get_by_text("appears here as you type").wait_for()
    page.get_by_role("button", name="Save this bill").click()
    page.get_by_text("Fill in the form first").wait_for()
    one.clean()


def test_bill_that_is_there_already_is_saved_only_after_a_look(
    served: str, workshop: Path, visitor: Callable[..., Any]
) -> None:
    page = visitor().open(served)
    bill(page, quantity="1000", start="2025-01-01", end="2025-01-31")
    page.get_by_text("the same entry as in row 2 of records.csv").first.wait_for()
    press = page.get_by_role("button", name="Save this bill all the same")
    press.click()
    page.get_by_role("heading", name="Saved:").wait_for()
    assert (workshop / "typed_2025.csv").read_text(encoding="utf-8-sig").count("\n") == 2


def test_by_keyboard_with_the_lists(served: str, visitor: Callable[..., Any]) -> None:
    page = visitor().open(served)
    page.get_by_role("combobox", name="What was used").focus()
    page.keyboard.type("petrol")
    page.locator("#o-activity-0", has_text="Petrol (forecourt blend)").wait_for()
    page.keyboard.press("ArrowDown")
    assert page.evaluate(FOCUS + ".getAttribute('aria-activedescendant')") == "o-activity-0"
    page.keyboard.press("Enter")
    assert page.locator('[data-name="activity"]').input_value() == "Petrol (forecourt blend)"
    page.keyboard.press("Tab")
    page.keyboard.type("50")
    page.keyboard.press("Tab")
    page.get_by_text("Still needed: unit, first day it covers.").first.wait_for()
    page.keyboard.press("ArrowDown")
    offered = page.get_by_role("listbox").get_by_role("option").all_inner_texts()
    assert offered[:2] == ["litre", "tonne"]
    assert not {"km", "kWh", "passenger kilometre"} & set(offered)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.locator('[data-name="unit"]').input_value() == "litre"
    page.get_by_text("Still needed: first day it covers.").first.wait_for()


def test_hostile_text_in_every_field_is_inert(served: str, workshop: Path, visitor: Callable[..., Any]) -> None:
    one = visitor()
    page = one.open(served)
    for payload in (PAYLOADS[0], PAYLOADS[3]):
        fill(page, **dict.fromkeys(("activity", "quantity", "unit", "site", "item", "evidence", "note"), payload))
        page.get_by_text("To put right:").wait_for()
    bill(page, site=PAYLOADS[0], item=PAYLOADS[7], evidence=PAYLOADS[3], note=PAYLOADS[6])
    page.get_by_text("× 0.18296 kg CO2e").wait_for()
    page.get_by_role("button", name=re.compile("Save this bill")).click()
    page.get_by_role("heading", name=re.compile("Saved|Not saved yet")).wait_for()
    if not (workshop / "typed_2025.csv").exists():
        page.get_by_role("button", name=re.compile("Save this bill")).click()
        page.get_by_role("heading", name="Saved").wait_for()
    assert PAYLOADS[0] in page.get_by_role("group", name="Bills typed so far").inner_text()
    page.get_by_role("combobox", name="Site").click()
    page.keyboard.press("ArrowDown")
    one.unfold("lines")
    one.clean()
    one.open(served)
    one.clean()


def test_page_that_must_not_write_gives_the_rows_as_a_download(workshop: Path, visitor: Callable[..., Any]) -> None:
    line = (str(REPOSITORY / "dashboards"), "--port", "0", "--no-browser", "--read-only", "--project", str(workshop))
    with started(*line) as (address, _):
        page = visitor().open(address + "business")
        bill(page)
        page.get_by_role("button", name="Add this bill").click()
        page.get_by_role("heading", name="Added: 263 kg CO2e").wait_for()
        with page.expect_download() as caught:
            page.get_by_role("button", name="Download the typed bills as CSV").click()
    assert {p.name for p in workshop.iterdir()} == {"natcap.toml", "records.csv"}
    (workshop / caught.value.suggested_filename).write_bytes(Path(caught.value.path()).read_bytes())
    assert built(workshop) == pytest.approx((1234 + 1000) * (0.18296 + 0.03021) / 1000, rel=1e-12)
