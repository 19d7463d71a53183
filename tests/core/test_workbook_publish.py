"""The published workbook: live, recalculated, safe, the same bytes each time."""

from __future__ import annotations

import io
import random
import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.workbook.workbook import Workbook

from natcap.core.report import Column, Report, Section
from natcap.core.workbook import publish
from natcap.core.workbook.formulas import Formulas, Layout
from tests.conftest import absent
from tests.core import recalc
from tests.core.sample_report import HOSTILE, sample, with_texts


def _built(report: Report) -> bytes:
    out = io.BytesIO()
    publish(report, out)
    return out.getvalue()


@pytest.fixture(scope="module")
def data() -> bytes:
    return _built(sample())


@pytest.fixture(scope="module")
def book(data: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def test_long_and_short_tables_hold_the_same_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    report = sample(40)
    plain = openpyxl.load_workbook(io.BytesIO(_built(report)))
    monkeypatch.setattr("natcap.core.workbook.publishing._STREAMED_ROWS", 0)
    streamed = openpyxl.load_workbook(io.BytesIO(_built(report)))
    for sheet in plain.worksheets:
        other = streamed[sheet.title]
        assert sheet.dimensions == other.dimensions
        assert [t.ref for t in sheet.tables.values()] == [t.ref for t in other.tables.values()]
        for row in sheet.iter_rows():
            for cell in row:
                twin = other[cell.coordinate]
                assert (twin.value, twin.data_type, twin.number_format, twin.font.bold) == (
                    cell.value, cell.data_type, cell.number_format, cell.font.bold,
                ), (sheet.title, cell.coordinate)  # fmt: skip
            assert sheet.row_dimensions[row[0].row].height == other.row_dimensions[row[0].row].height


def test_same_report_same_bytes(data: bytes, tmp_path: Path) -> None:
    publish(sample(), tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == data
    assert _built(sample(1_500)) == _built(sample(1_500))


def test_banner_stands_on_every_sheet(book: Workbook) -> None:
    for sheet in book.worksheets:
        assert "SYNTHETIC" in " ".join(str(sheet.cell(row, 1).value) for row in range(1, 4))


def _wide(rows: int, texts: int) -> Workbook:
    """A report with one more table: `rows` rows, `texts` columns of sentences of 100 characters."""
    said = " ".join(["words"] * 17)[:100]
    table = pd.DataFrame({f"c{n}": [said] * rows for n in range(texts)})
    section = Section("wide", "Wide", table, tuple(Column(name, name) for name in table), "It is wide.")
    report = replace(sample(), sections=(*sample().sections, section))
    return openpyxl.load_workbook(io.BytesIO(_built(report)))


def test_every_printed_page_of_a_long_table_says_what_it_is_and_that_it_is_made_up() -> None:
    """A page in the hand has no sheet name, and headers and footers are barred: the rows that repeat have to say it."""
    sheet = next(s for s in _wide(31, 2).worksheets if s.title.endswith("_wide"))
    header = int(re.sub(r"\D", "", next(iter(sheet.tables.values())).ref.split(":")[0]))
    assert sheet.print_title_rows == f"${header - 1}:${header}"
    assert sheet.cell(header - 1, 1).value.startswith("SYNTHETIC. Table ")
    short = next(s for s in _wide(30, 2).worksheets if s.title.endswith("_wide"))
    first, last = short.print_title_rows.split(":")
    assert first == last


@pytest.mark.parametrize(("texts", "pages"), [(3, 1), (5, 1), (12, 2), (20, 4)])
def test_wide_tables_go_over_pages_rather_than_into_small_print(texts: int, pages: int) -> None:
    """Columns of 60 characters, of 22 where that makes one page of 250; of 36 where not, the first on each."""
    sheet = next(s for s in _wide(3, texts).worksheets if s.title.endswith("_wide"))
    assert (sheet.page_setup.fitToWidth or 1) == pages


def test_a_narrow_table_gives_its_long_text_the_width_of_the_page() -> None:
    sheet = next(s for s in _wide(3, 1).worksheets if s.title.endswith("_wide"))
    assert sheet.column_dimensions["A"].width > 100


def test_derived_cells_are_live(book: Workbook) -> None:
    first = book["1_by_scope"]
    top = first.tables["table_1_by_scope"].ref.split(":")[0]
    row = int(top[1:]) + 1
    lines = book["Working"].tables["working"].ref
    last = int(re.sub(r"\D", "", lines.split(":")[1]))
    assert re.fullmatch(rf"=SUMIFS\('Working'!\$\w+\$\d+:\$\w+\${last},'Working'!.*,A{row}\)", first.cell(row, 2).value)
    assert first.cell(row + 2, 2).value == f"=SUM($B${row}:$B${row + 1})"
    assert first.cell(row, 4).value == f"=B{row}/B{row + 2}"


def test_missing_numbers_carry_their_mark(book: Workbook) -> None:
    rows = list(book["2_mixed"].iter_rows(values_only=True))
    assert [row[3] for row in rows[-4:]] == [1234.5, -0.25, "[x]", 0]
    assert rows[-1][1] == "[z]"


def test_empty_table_says_so(book: Workbook) -> None:
    assert [cell.value for cell in book["3_empty"][book["3_empty"].max_row]] == ["None to report", "[z]"]


@pytest.fixture(scope="module")
def office_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if recalc.office() is None:
        absent("LibreOffice, which recalculates the published workbooks")
    return tmp_path_factory.mktemp("office")


@pytest.mark.office
def test_every_formula_recalculates_to_its_value(office_folder: Path) -> None:
    path = office_folder / "report.xlsx"
    publish(sample(), path)
    count, wrong = recalc.compare(path, office_folder)
    assert not wrong
    assert count == 60 + 9 + 4 + 6 + 3 + 2  # working, by scope, mixed, extent, figures, checks


@pytest.mark.office
def test_recalculation_catches_a_workbook_that_lies(office_folder: Path) -> None:
    publish(sample(), office_folder / "honest.xlsx")
    lying = recalc.lie(office_folder / "honest.xlsx", office_folder / "lying.xlsx")
    count, wrong = recalc.compare(lying, office_folder)
    assert len(wrong) >= count - 1  # the one formula whose result is a text keeps it


def _formulas() -> Formulas:
    own = Layout("1_own", 10, 5, ("name", "a.b", "Site A"), frozenset({2, 4}))
    return Formulas({"own": own, "other.one": Layout("It's", 3, 2, ("x",))})


def test_formula_grammar_compiles() -> None:
    compiled = _formulas()
    cases = {
        "[a.b]*2": "B12*2",
        "[a.b@4]": "B15",
        "SUM({Site A})": "SUM($C$11:$C$12,$C$14:$C$14)",
        "{other.one.x}": "'It''s'!$A$4:$A$5",
        "[other.one.x@1]": "'It''s'!A5",
        '"[name] {name}"&[name]': '"[name] {name}"&A12',
        "SUM({1,2;3,4})": "SUM({1,2;3,4})",
        'SUM({"a","b"})': 'SUM({"a","b"})',
        "MAXIFS([a.b],1)": "_xlfn.MAXIFS(B12,1)",
    }
    assert {text: compiled.text(text, "own", 1) for text in cases} == cases


@pytest.mark.parametrize(
    "text",
    ["[nothing]", "{own.nothing}", "[a.b@5]", "[other.one.x]", "SUMIFS({a.b},{name},1)", "[a.b@x]", "LET(x,1,x)"],
)
def test_formula_that_does_not_resolve_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="formula in section own"):
        _formulas().text(text, "own", 1)


def test_infinite_number_is_refused() -> None:
    table = pd.DataFrame({"a": [1.0, float("inf")]})
    section = Section("s", "S", table, (Column("a", "A", "", "number"),))
    with pytest.raises(ValueError, match="infinite"):
        _built(replace(sample(), sections=(section,)))


def test_more_lines_than_a_sheet_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("natcap.core.workbook.plan.MOST_LINES", 20)
    book = openpyxl.load_workbook(io.BytesIO(_built(sample())))
    assert "lines.csv" in " ".join(str(c.value) for c in book["Working"]["A"])
    assert not book["Working"].tables
    assert isinstance(book["1_by_scope"].cell(book["1_by_scope"].max_row - 2, 2).value, float)


def test_text_that_a_cell_cannot_hold_is_told() -> None:
    report = with_texts(sample(), ["bell \x07 and no character \ufffe", "long " * 8_000])
    out = io.BytesIO()
    told = publish(report, out)
    assert {p.severity for p in told} == {"warning"}
    assert {p.found for p in told} >= {
        "control characters were removed from a text",
        "a text of 40,000 characters was cut to 32,767",
    }
    book = openpyxl.load_workbook(out)
    texts = [str(c.value) for c in book["4_texts"]["A"]]
    assert "bell  and no character " in texts
    assert max(map(len, texts)) == 32_767


def test_sign_before_words_is_left_out() -> None:
    texts = ["\N{HEAVY CHECK MARK} on track", "\N{HEAVY CHECK MARK}", "a \N{HEAVY CHECK MARK} b"]
    sheet = openpyxl.load_workbook(io.BytesIO(_built(with_texts(sample(), texts))))["4_texts"]
    found = [row[0] for row in sheet.iter_rows(min_row=sheet.max_row - 2, max_col=1, values_only=True)]
    assert found == ["on track", *texts[1:]]


def test_text_that_looks_like_markup_stays_text() -> None:
    text = "<r><t>a</t></r></si><si><t>b</t></si><si><r></r>"
    book = openpyxl.load_workbook(io.BytesIO(_built(with_texts(sample(), [text]))))
    assert str(book["4_texts"].cell(book["4_texts"].max_row, 1).value).strip() == text


def hostile_texts(count: int) -> list[str]:
    """Texts that spreadsheets might take for formulas, links or markup."""
    draw = random.Random(20)
    start = [
        "=",
        "+",
        "-",
        "@",
        "\t=",
        "\r=",
        "{=",
        " =",
        "\n=",
        "'=",
        '"=',
        "＝",
        "https://",
        "mailto:",
        "_x003D_",
        "<",
        "&",
        "]]>",
    ]
    body = [
        "1+1",
        "cmd|' /C calc'!A0",
        'HYPERLINK("http://example.org","x")',
        "SUM(A1:A9)}",
        "<script>alert(1)</script>",
        "A1",
        "\N{RIGHT-TO-LEFT OVERRIDE}x",
        "x" * 200,
    ]
    return [draw.choice(start) + draw.choice(body) + str(n) for n in range(count)]


def _decoded(text: str) -> str:
    """Character codes resolved, as Excel does; openpyxl does so for some texts only."""
    return re.sub(r"_x([0-9A-F]{4})_", lambda m: chr(int(m[1], 16)), text).replace("\r", "\n")


@pytest.mark.parametrize("streamed", [False, True])
def test_no_text_becomes_a_formula_or_a_link(streamed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("natcap.core.workbook.publishing._STREAMED_ROWS", 0 if streamed else 10**6)
    texts = hostile_texts(1_000)
    book = openpyxl.load_workbook(io.BytesIO(_built(with_texts(sample(), texts))))
    cells = [c for sheet in book.worksheets for row in sheet.iter_rows() for c in row]
    assert sum(c.data_type == "f" for c in cells) == 84
    assert not [c.value for c in book["4_texts"]["A"] if c.data_type == "f" or c.hyperlink]
    written = [row[0].value for row in book["4_texts"].iter_rows(min_row=book["4_texts"].max_row - 999)]
    for text, found in zip(texts, written, strict=True):
        assert text.replace("\r", "\n") in (str(found).replace("\r", "\n"), _decoded(str(found)))
    assert HOSTILE in {c.value for c in cells if c.parent.title == "Working"}
