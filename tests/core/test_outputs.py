"""JSON, CSV and HTML of a report: whole, exact, safe, all or nothing, the same bytes."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from natcap.core.outputs import change_text, csv_text, figure_text, significant, slug, to_json, write_outputs
from natcap.core.page import to_html
from natcap.core.problems import InputProblems
from natcap.core.report import Column, Figure, Section, Trace
from tests.core.sample_report import HOSTILE, sample, with_texts
from tests.core.test_workbook_publish import hostile_texts

NUMBERS = (Column("a", "A", "", "number"),)


def test_json_holds_the_whole_report() -> None:
    report = sample()
    found = json.loads(to_json(report))
    figure = found["figures"]["business.scope1"]
    assert figure["value"] == report.figures[0].value
    assert (figure["unit"], figure["status"], figure["period"], figure["low"] < figure["high"]) == (
        "t_co2e", "calculated", "2025", True,
    )  # fmt: skip
    assert figure["factors"][0]["locator"] == "Fuels, row 27"
    assert found["figures"]["business.scope3"]["value"] is None
    assert [s["id"] for s in found["sections"]] == ["by_scope", "mixed", "extent", "empty"]
    assert found["sections"][0]["rows"][2]["section"] == "Total"
    assert found["sections"][1]["rows"][2]["amount"] is None
    assert found["sections"][1]["rows"][0]["day"] == "2025-01-31"
    assert [line["kg_co2e"] for line in found["lines"]] == report.lines["kg_co2e"].tolist()  # type: ignore[index]
    assert found["lines"][0]["low"] is None
    assert found["run"]["inputs"] == [{"file": "activity.xlsx", "sha256": "ab12"}]
    assert found["checks"][0]["passed"] is True


def test_json_without_lines() -> None:
    assert json.loads(to_json(replace(sample(), lines=None)))["lines"] == []
    assert json.loads(to_json(replace(sample(), notes=('\n "lines": null',))))["notes"] == ['\n "lines": null']


@settings(max_examples=60)
@given(st.lists(st.floats(allow_nan=True, allow_infinity=False), min_size=1))
def test_json_and_csv_floats_round_trip_exactly(values: list[float]) -> None:
    table = pd.DataFrame({"a": values})
    found = json.loads(to_json(replace(sample(), sections=(Section("s", "S", table, NUMBERS),))))
    expected = [None if np.isnan(v) else v for v in values]
    assert [row["a"] for row in found["sections"][0]["rows"]] == expected
    rows = list(csv.reader(io.StringIO(csv_text(table, NUMBERS))))[1:]
    assert [float(row[0]) if row and row[0] else None for row in rows] == expected


def test_infinity_is_refused() -> None:
    section = Section("s", "S", pd.DataFrame({"a": [1.0, np.inf]}), NUMBERS)
    with pytest.raises(ValueError, match="infinite"):
        to_json(replace(sample(), sections=(section,)))


def test_files_and_their_names(tmp_path: Path) -> None:
    written = write_outputs(sample(), tmp_path / "out", ["xlsx", "csv", "json", "html"])
    name = "SYNTHETIC-example-logistics-ltd-business-2025"
    assert [p.name for p in written] == [f"{name}.xlsx", f"{name}-csv", f"{name}.json", f"{name}.html"]
    assert sorted(p.name for p in written[1].iterdir()) == [
        "by_scope.csv", "empty.csv", "extent.csv", "figures.csv", "lines.csv", "mixed.csv",
    ]  # fmt: skip
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == sorted(p.name for p in written)
    assert slug(replace(sample(), banners=())) == "example-logistics-ltd-business-2025"
    assert slug(replace(sample(), subject="../../etc/passwd", banners=())) == "etc-passwd-business-2025"


def test_nothing_is_written_when_one_format_fails(tmp_path: Path) -> None:
    bad = Section("s", "S", pd.DataFrame({"a": [np.inf]}), NUMBERS)
    with pytest.raises(ValueError, match="infinite"):
        write_outputs(replace(sample(), sections=(bad,)), tmp_path, ["csv", "json", "xlsx"])
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ValueError, match="unknown format pdf"):
        write_outputs(sample(), tmp_path, ["pdf"])


def test_a_place_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "results").write_text("a file, not a folder")
    with pytest.raises(InputProblems, match=r"no way to write here .*--out"):
        write_outputs(sample(), tmp_path / "results", ["json"])
    assert (tmp_path / "results").read_text() == "a file, not a folder"


def test_writing_again_replaces(tmp_path: Path) -> None:
    first = write_outputs(sample(), tmp_path, ["csv", "json"])
    (first[0] / "stale.csv").write_text("old")
    again = write_outputs(sample(40), tmp_path, ["csv", "json"])
    assert first == again
    assert not (again[0] / "stale.csv").exists()
    assert len(json.loads(again[1].read_text(encoding="utf-8"))["lines"]) == 40


def test_same_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from tests.core.sample_report import sample; from natcap.core.outputs import "
        "write_outputs; import sys; write_outputs(sample(), Path(sys.argv[1]))"
    )
    made = []
    for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo")):
        folder = tmp_path / seed
        environment = {"PYTHONHASHSEED": seed, "TZ": zone, "PATH": "", "PYTHONPATH": str(Path(__file__).parents[2])}
        subprocess.run([sys.executable, "-c", code, str(folder)], check=True, env=environment)
        made.append({p.relative_to(folder): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()})
    assert made[0] == made[1]
    assert len(made[0]) == 9


def test_csv_text_is_never_a_formula() -> None:
    texts = hostile_texts(1_000)
    table = pd.DataFrame({"t": texts, "n": [-1.5] * len(texts)})
    columns = (Column("t", "=Text"), Column("n", "N", "", "number"))
    rows = list(csv.reader(io.StringIO(csv_text(table, columns), newline="")))
    assert rows[0][0] == "'=Text"
    for text, row in zip(texts, rows[1:], strict=True):
        assert row[0] in (text, "'" + text)
        assert not row[0].startswith(("=", "+", "-", "@", "\t", "\r"))
        assert row[1] == "-1.5"


class _Page(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def _parsed(text: str) -> _Page:
    page = _Page()
    page.feed(text)
    return page


def test_page_is_accessible_and_asks_for_nothing() -> None:
    text = to_html(sample())
    page = _parsed(text)
    names = [tag for tag, _ in page.tags]
    assert ("html", {"lang": "en-GB"}) in page.tags
    assert names.count("h1") == 1
    assert names.count("table") == names.count("caption") == 3
    assert all("scope" in attrs for tag, attrs in page.tags if tag == "th")
    assert not {"script", "img", "link", "iframe", "object", "a"} & set(names)
    assert not re.search(r"url\(|@import|https?:", text)
    assert "Emissions (tonnes CO2e)" in page.texts
    assert "\N{MINUS SIGN}0.2" in page.texts
    assert "[x]" in page.texts
    assert HOSTILE in page.texts
    assert "[x] not available, [z] not applicable" in page.texts
    assert "Note on Share: Of scopes 1 and 2." in page.texts


def test_page_escapes_every_text() -> None:
    payload = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"
    base = {tag for tag, _ in _parsed(to_html(sample())).tags}
    report = with_texts(
        replace(sample(), place=payload, period=payload), [payload, "</style></title></table>", "&lt;b&gt;"]
    )
    figure = Figure("x", payload, 1.0, payload, Trace(payload), headline=True)
    run = replace(report.run, version=payload, editions=(payload,), choices={payload: payload}, fallbacks=(payload,))
    page = _parsed(to_html(replace(report, figures=(figure,), run=run)))
    assert {tag for tag, _ in page.tags} <= base
    assert not [attrs for _, attrs in page.tags if any(name.startswith("on") for name in attrs)]
    assert "&lt;b&gt;" in page.texts


@pytest.mark.parametrize(
    "value, text",
    [
        (0, "0"),
        (1234.5, "1,230"),
        (0.012345, "0.0123"),
        (-99.96, "-100"),
        (999.6, "1,000"),
        (12, "12.0"),
        (1e9, "1,000,000,000"),
    ],
)
def test_three_significant_figures(value: float, text: str) -> None:
    assert significant(value) == text


@pytest.mark.parametrize(
    "value, unit, text",
    [
        (1115.0, "ha", "1,115 ha"), (21_345.678, "ha", "21,345.68 ha"), (9.41, "ha", "9.41 ha"),
        (0.04321, "ha", "0.0432 ha"), (123_456.0, "cell", "123,456 cell"), (95_519.92, "t C", "95,500 t C"),
        (2_532_561.07, "GBP_2023", "£2.53 million, 2023 prices"),
    ],
)  # fmt: skip
def test_what_is_exact_is_never_rounded(value: float, unit: str, text: str) -> None:
    """1,115 ha are 111,500 cells of 10 m: three figures (1,120 ha) would contradict every table."""
    assert figure_text(Figure("a", "A", value, unit, Trace(""))) == text


def test_an_amount_with_a_range_or_a_recalled_number_is_rounded() -> None:
    assert figure_text(Figure("a", "A", 1115.0, "ha", Trace(""), 1002.0, 1234.0)) == "1,120 ha (1,000 to 1,230)"
    assert figure_text(Figure("a", "A", 12_345.0, "cell", Trace(""), status="recalled")) == "12,300 cell [recalled]"
    up = Figure("a", "A", 1115.0, "ha", Trace(""), change=1234.0, change_from="2018")
    assert change_text(up) == "up 1,234 ha since 2018"


def test_figure_text_says_unit_range_and_status() -> None:
    report = sample()
    assert figure_text(report.figures[3]) == "[x] not available"
    recalled = Figure("a", "A", 1234.0, "t_co2e", Trace(""), 1000.0, 2000.0, "recalled")
    assert figure_text(recalled) == "1,230 tonnes CO2e (1,000 to 2,000) [recalled]"
    assert figure_text(Figure("m", "M", 5e6, "GBP_2024", Trace(""))) == "£5,000,000, 2024 prices"
    assert figure_text(Figure("s", "S", 0.918, "fraction", Trace(""), 0.5, 1.2)) == "91.8% (50.0 to 120)"
    assert figure_text(Figure("n", "N", 5e6, "GBP, 2024 prices", Trace(""))) == "£5,000,000, 2024 prices"
