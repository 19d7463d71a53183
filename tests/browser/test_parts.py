"""The parts behind the pages, without a browser."""

from __future__ import annotations

import io
import math
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made import business

from dashboards.amounts import eased, wrapped
from dashboards.charts import _luminance, draw, rows_of
from dashboards.groups import chapters, is_long
from dashboards.intake import FORMS, Given, template, try_files
from dashboards.safe import NOTHING, Html, Markup, canvas, download, html, join, row, stack, swatch
from dashboards.shelf import Shelf, attempt, lend
from dashboards.tables import PAGE, section_table
from dashboards.walk import walk_back
from dashboards.words import headline, large, short, sureness
from natcap.core.report import Chart, Column, Figure, Report, Run, Section, Status, Trace


@pytest.mark.parametrize(
    "value, text",
    [
        (1234567.0, "1,230,000"), (999.6, "1,000"), (0.0, "0"), (-0.0, "0"), (12.345, "12.3"),
        (-0.01234, "\u22120.0123"), (9.996, "10.0"), (None, "[x]"), (math.nan, "[x]"),
    ],
)  # fmt: skip
def test_cards_show_three_figures(value: float | None, text: str) -> None:
    assert short(value) == text


@pytest.mark.parametrize(
    "value, text",
    [
        (4_606_691_664.8, "4.61 billion"), (114_164_554.0, "114 million"), (999_600.0, "1.00 million"),
        (999_400.0, "999,000"), (-2_000_000.0, "\u22122.00 million"), (999_950_000.0, "1.00 billion"), (None, "[x]"),
        (math.nan, "[x]"),
    ],
)  # fmt: skip
def test_cards_say_millions_and_billions(value: float | None, text: str) -> None:
    assert large(value) == text


def test_names_on_an_axis_are_whole_and_stay_apart() -> None:
    name = "Renewable electricity (abiotic, below the line)"
    made = wrapped([name, "a" * 200, "a" * 201])
    assert made[name].split() == name.split()
    assert len(set(made.values())) == 3


def _money(values: list[float], totals: tuple[int, ...] = ()) -> Section:
    table = pd.DataFrame({"step": list("abcdefgh"[: len(values)]), "amount": values})
    columns = (Column("step", "Step"), Column("amount", "Value", "GBP_2023", "number", 0))
    return Section("s", "S", table, columns, total_rows=totals)


def test_large_amounts_are_drawn_in_millions_and_the_table_keeps_pounds() -> None:
    section, chart = _money([4e9, 6.1e7, -1e6]), Chart("bar", "A finding", "step", "amount")
    made = eased(section, chart, rows_of(section, chart))
    assert made.table["amount"].tolist() == [4000.0, 61.0, -1.0]
    assert made.columns[1].unit == "£ million, 2023 prices"
    assert section.table["amount"].tolist() == [4e9, 6.1e7, -1e6]
    small = _money([1e5, 2e5])
    assert eased(small, chart, rows_of(small, chart)) is small


def test_a_waterfall_says_where_its_axis_starts() -> None:
    chart = Chart("waterfall", "A finding", "step", "amount")
    near = draw(_money([4.48e9, 6e7, 6.5e7, 4.605e9], (0, 3)), chart)
    far = draw(_money([100.0, 60.0, -20.0, 140.0], (0, 3)), chart)
    assert near is not None
    assert far is not None
    assert near[1].startswith("The axis starts at 4,420 (£ million, 2023 prices), not at zero")
    assert [text.rpartition("\n")[2] for text in near[0].y_range.factors[::-1]] == [
        "4,480.0",
        "+60.0",
        "+65.0",
        "4,605.0",
    ]
    assert (far[1], far[0].x_range.start) == ("", 0)


def test_every_section_stands_in_one_chapter() -> None:
    report = business()
    held = [s.id for _, sections in chapters(report) for s in sections]
    assert sorted(held) == sorted(s.id for s in report.sections if s.group == "main")
    wide = Section("w", "W", pd.DataFrame({"a": range(150)}), (Column("a", "A", kind="integer"),))
    assert is_long(wide)
    assert not is_long(_money([1.0]))


def test_text_is_escaped_once_and_markup_is_kept() -> None:
    made = html("<b>{x}</b>{y}", x="<i>&", y=html("<u>{z}</u>", z='"'))
    assert made == "<b>&lt;i&gt;&amp;</b><u>&#34;</u>"
    assert join(["<", html("<br>")]) == "&lt;<br>"


def test_plain_text_gets_nowhere() -> None:
    with pytest.raises(TypeError):
        Html("<b>plain</b>")  # type: ignore[arg-type]
    piece = Html(NOTHING)
    with pytest.raises(TypeError):
        piece.html = "plain"
    for layout in (stack, row):
        with pytest.raises(TypeError):
            layout("# plain")
    assert swatch("red;background:url(x)") == NOTHING
    with pytest.raises(ValueError, match="plain file name"):
        download("x", "../x", lambda: b"")


def test_canvas_text_starts_no_tex() -> None:
    for text in ("$$x$$", "\\(x\\)", "\\[x\\]", "a\u202eb\x00c"):
        clean = canvas(text)
        assert "$$" not in clean
        assert "\\(" not in clean
        assert "\\[" not in clean
        assert "\u202e" not in clean
        assert "\x00" not in clean
    assert canvas("abcdef", 4) == "abc\u2026"


def test_absence_is_never_zero_or_blank() -> None:
    frame = pd.DataFrame({"a": ["x", "y"], "b": [math.nan, 0.0]})
    columns = (Column("a", "A"), Column("b", "B", "tonne", "number"))
    marked = Section("s", "S", frame, columns, marks={(0, "b"): "[c]"})
    assert ">[c]<" in section_table(marked)
    assert ">[x]<" in section_table(Section("s", "S", frame, columns))
    assert ">0<" in section_table(marked)


def test_every_row_of_a_long_table_is_on_one_page_only() -> None:
    section = business().section("long")
    pages = [section_table(section, page) for page in range(3)]
    held = [f">row {i}<" for i in range(430)]
    assert [sum(mark in page for page in pages) for mark in held] == [1] * 430
    assert section_table(section, 99) == pages[-1]
    assert all(page.count("<tr") - 1 <= PAGE for page in pages)


def test_each_kind_of_chart_draws_what_the_table_holds() -> None:
    report = business()
    for section in report.sections:
        for hint in section.charts:
            drawn = draw(section, hint, report.geometry)
            assert drawn is not None, hint.kind
            assert drawn[0].html_attributes["aria-label"] == hint.title
    years = report.section("years")
    drawn = draw(years, years.charts[0])
    assert drawn is not None
    assert drawn[1] == "1 of 16 rows has no number and is not drawn."


def test_bars_leave_totals_out_and_waterfalls_start_from_them() -> None:
    report = business()
    scope, steps = report.section("scope"), report.section("steps")
    assert list(rows_of(scope, scope.charts[0])["section"]) == ["Scope 1", "Scope 2", "Scope 3"]
    plot = draw(steps, steps.charts[0])
    assert plot is not None
    data = plot[0].renderers[0].data_source.data
    assert list(data["left"]) == [0.0, 100.0, 112.0, 0.0]
    assert list(data["right"]) == [100.0, 112.0, 82.0, 82.0]


def test_flows_keep_their_areas() -> None:
    section = business().section("flow")
    drawn = draw(section, section.charts[0])
    assert drawn is not None
    bands = drawn[0].renderers[0].data_source.data
    total = float(section.table["ha"].sum())
    heights = [ys[0] - ys[-1] for ys in bands["ys"]]
    assert sum(heights) == pytest.approx(1.0)
    assert max(heights) == pytest.approx(100 / total)


def test_nothing_to_draw_draws_nothing() -> None:
    frame = pd.DataFrame({"a": ["x"], "b": [math.nan]})
    section = Section("s", "S", frame, (Column("a", "A"), Column("b", "B", kind="number")))
    assert draw(section, Chart("bar", "t", "a", "b")) is None
    assert draw(section, Chart("map", "t", "a", "b")) is None


def test_walk_back_tells_sum_page_and_cell() -> None:
    report = business()
    text = walk_back(report, "business.scope1")
    for part in ("150 lines", "equals the figure", "row 12", "D5", "read in the publication itself"):
        assert part in text
    assert "no figure called" in walk_back(report, "<nothing>")
    assert "&lt;nothing&gt;" in walk_back(report, "<nothing>")


def test_how_sure_follows_the_weakest_number() -> None:
    assert sureness(business())[0] == "Amber"


def _rated(words: list[str], status: Status = "calculated") -> Report:
    """An account of one headline figure for every word of confidence, and one more without a row."""
    figures = tuple(Figure(f"f{n}", f"Figure {n}", 1115.0, "ha", Trace(""), headline=True, status=status)
                    for n in range(len(words) + 1))  # fmt: skip
    table = pd.DataFrame({"item": [f.label for f in figures[:-1]], "value": 1115.0, "word": words})
    section = Section("s", "S", table, (Column("item", "Item"), Column("value", "Value", "ha", "number"),
                                        Column("word", "Confidence")),
                      figures={(n, "value"): f"f{n}" for n in range(len(words))})  # fmt: skip
    return Report("accounts", "A", "A", "2023", figures, (section,), Run("0", (), (), {}))


def test_the_worst_word_of_the_headline_figures_leads_and_says_which() -> None:
    word, why = sureness(_rated(["Amber", "Red"]))
    assert (word, why) == ("Red", "1 of 3 headline figures rests on a recalled or judged number: Figure 1")
    assert sureness(_rated(["Red"], "recalled"))[0] == "Red"
    assert "Figure 0; Figure 1" in sureness(_rated(["Amber"], "recalled"))[1], "a recalled figure is Red without a row"
    assert sureness(_rated(["Amber"]))[0] != "Red"


def test_a_card_shows_what_is_exact_in_full_and_shortens_the_rest() -> None:
    exact = Figure("a", "A", 1115.0, "ha", Trace(""))
    assert headline(exact, exact.value) == "1,115"
    assert headline(exact, 9.414) == "9.41"
    assert headline(exact, -21_345.5) == "\u221221,345.50"
    assert headline(exact, 1_234_567.0) == "1.23 million"
    assert headline(Figure("b", "B", 119_381_286.4, "GBP_2023", Trace("")), 119_381_286.4) == "119 million"


def test_every_series_has_its_own_pattern_and_no_pair_of_colour_and_pattern_comes_back() -> None:
    """Contrast of three to one between a pattern and its colour: WCAG 2.2, success criterion 1.4.11."""
    names = [f"Service {n}" for n in range(40)]
    table = pd.DataFrame({"date": "closing", "service": names, "value": np.arange(1.0, 41.0)})
    columns = (Column("date", "Date"), Column("service", "Service"), Column("value", "Value", "ha", "number"))
    drawn = draw(Section("s", "S", table, columns), Chart("stacked", "T", "date", "value", "service"))
    assert drawn is not None
    bars = [r.glyph for r in drawn[0].renderers]
    pairs = [(bar.fill_color, bar.hatch_pattern) for bar in bars]
    assert len(set(pairs)) == 40
    assert len({pattern for _, pattern in pairs[:16]}) == 16
    for bar in bars:
        light, dark = sorted((_luminance(bar.fill_color), _luminance(bar.hatch_color)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 3


def test_a_lent_report_cannot_change_the_one_on_the_shelf() -> None:
    report = business()
    one = lend(report)
    one.section("scope").table.iloc[0, 1] = -1.0
    with pytest.raises(TypeError):
        one.section("scope").figures[(0, "x")] = "y"  # type: ignore[index]
    assert report.section("scope").table.iloc[0, 1] != -1.0


def test_shelf_builds_again_only_when_content_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built = []
    monkeypatch.setattr("dashboards.shelf.attempt", lambda *a: built.append(a) or attempt(*a))
    toml = tmp_path / "natcap.toml"
    toml.write_text('kind = "farm"\nname = "F"\nperiod = "2025"\n', encoding="utf-8")
    shelf = Shelf([tmp_path])
    assert [e.kind for e in shelf.entries()] == ["farm"]
    shelf.entries()
    toml.touch()
    shelf.entries()
    assert len(built) == 1
    toml.write_text('kind = "farm"\nname = "G"\nperiod = "2025"\n', encoding="utf-8")
    assert shelf.entries()[0].name == "G"
    assert len(built) == 2


def test_a_broken_project_is_an_entry_with_its_problems(tmp_path: Path) -> None:
    (tmp_path / "natcap.toml").write_text('kind = "farm"\nname = "B"\nperiod = "soon"\n', encoding="utf-8")
    (entry,) = Shelf([tmp_path]).entries("farm")
    assert entry.report is None
    assert [p.file for p in entry.problems] == ["natcap.toml"]


def _zip(**members: str) -> Given:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return Given("area.zip", buffer.getvalue())


TOML = 'kind = "{kind}"\nname = "A"\nperiod = "2026"\n[inputs]\nareas = "{file}"\nobservations = ["{file}"]\n'


@pytest.mark.parametrize(
    "given, told",
    [
        (Given("a.zip", b"PK\x03\x04 broken"), "damaged"),
        (_zip(readme="x"), "natcap.toml"),
        (_zip(**{"natcap.toml": TOML.format(kind="area", file="../../../etc/passwd")}), "a file of the zip"),
        (_zip(**{"natcap.toml": TOML.format(kind="area", file="/etc/passwd")}), "a file of the zip"),
        (_zip(**{"natcap.toml": TOML.format(kind="farm", file="a.csv")}), "area"),
        (_zip(**{"natcap.toml": TOML.format(kind="area", file="a.csv"), "../a.csv": "x"}), "plain names"),
        (Given("a.zip", b""), "a filled-in file"),
        (Given("a.exe", b"MZ"), "one of .zip"),
    ],
)
def test_a_zip_stays_in_its_folder(given: Given, told: str) -> None:
    entry = try_files(FORMS["area"], "", "", {"zip": given}, {})
    assert entry.report is None
    assert told in "\n".join(map(str, entry.problems))


def test_a_form_tells_all_its_problems_at_once() -> None:
    entry = try_files(FORMS["business"], " ", "soon", {}, {})
    assert [p.cell for p in entry.problems] == ["Name", "Period", "File"]


@pytest.mark.parametrize("kind", ["business", "farm"])
def test_the_filled_template_builds(kind: str) -> None:
    form = FORMS[kind]
    given = {form.slots[0].key: Given("filled.xlsx", template(form, True))}
    chosen = {key: options[0] for key, (_, options) in form.choices.items()}
    entry = try_files(form, 'Quote " and \\ firm', "2025", given, chosen)
    assert entry.problems == ()
    assert entry.report is not None
    assert entry.report.subject == 'Quote " and \\ firm'
    assert isinstance(walk_back(entry.report, entry.report.headlines[0].id), Markup)


@pytest.mark.parametrize(
    ("line", "writes"),
    [
        ([], True),
        (["--read-only"], False),
        (["--address", "0.0.0.0"], False),
        (["--origin", "office:80"], False),
        (["--address", "0.0.0.0", "--write"], True),
    ],
)
def test_only_who_sits_at_the_machine_writes_unless_asked_otherwise(line: list[str], writes: bool) -> None:
    from dashboards.command import _arguments, _writes

    assert _writes(_arguments(line)) is writes
