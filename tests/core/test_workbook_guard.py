"""The guard: every killer workbook is refused within a second, in words; honest ones pass, however large."""

from __future__ import annotations

import io
import random
import re
import time
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from natcap.core.problems import InputProblems, Problems
from natcap.core.workbook import (
    LOCAL,
    UPLOAD,
    Field,
    Limits,
    TableModel,
    check_package,
    open_workbook,
    read_tables,
    scan,
)
from natcap.core.workbook.scan import address, column_letters, column_number, scan_sheet
from tests.core import killers

MODEL = TableModel("data", "Data", "Data", (Field("name", "Name"), Field("value", "Value", "number")))


@pytest.fixture(scope="module")
def killer_paths(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return killers.write_all(tmp_path_factory.mktemp("killers"))


@pytest.mark.parametrize("limits", [LOCAL, UPLOAD], ids=["local", "upload"])
@pytest.mark.parametrize("name", sorted(killers.KILLERS))
def test_killer_is_refused_within_a_second(name: str, limits: Limits, killer_paths: dict[str, Path]) -> None:
    problems = Problems()
    start = time.perf_counter()
    tables = read_tables(killer_paths[name], [MODEL], problems, limits=limits)
    assert time.perf_counter() - start < 1.0
    assert len(problems.errors) >= 1
    assert problems[0].file == name
    assert problems[0].remedy
    assert tables["data"].empty


@pytest.mark.parametrize(
    "name, words",
    [
        ("far_cell.xlsx", "XFD1048576"),
        ("far_row.xlsx", "999999999"),
        ("merged_everything.xlsx", "A1:XFD1048576"),
        ("many_rows.xlsx", "times its size"),
        ("huge_cell.xlsx", "times its size"),
        ("billion_laughs.xlsx", "entity"),
        ("outside_entity.xlsx", "entity"),
        ("repeated_text.xlsx", "repeat without end"),
        ("macro.xlsm", "macros"),
        ("external_link.xlsx", "links to other workbooks"),
        ("program_call.xlsx", "calls another program"),
        ("truncated.xlsx", "damaged"),
        ("empty.xlsx", "empty file"),
    ],
)
def test_refusal_names_the_reason(name: str, words: str, killer_paths: dict[str, Path]) -> None:
    with pytest.raises(InputProblems, match=words):
        check_package(killer_paths[name])


def test_no_such_file_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(InputProblems, match="no file of this name"):
        check_package(tmp_path / "nothing.xlsx")


def test_size_limit_is_told_in_megabytes(tmp_path: Path) -> None:
    (tmp_path / "big.csv").write_bytes(b"a,b\n" * 3_000)
    with pytest.raises(InputProblems, match=r"at most 0 MB"):
        check_package(tmp_path / "big.csv", limits=Limits(file_bytes=10_000))


def test_formats_far_out_without_values_are_no_killer(tmp_path: Path) -> None:
    path = tmp_path / "styled.xlsx"
    text = '<c r="{}" t="inlineStr"><is><t>{}</t></is></c>'
    body = f'<row r="1">{text.format("A1", "Name")}{text.format("B1", "Value")}</row>'
    body += f'<row r="2">{text.format("A2", "a")}<c r="B2"><v>1</v></c></row>'
    path.write_bytes(killers.package(killers.sheet(body + '<row r="1048576"><c r="XFD1048576" s="0"/></row>')))
    problems = Problems()
    assert read_tables(path, [MODEL], problems)["data"]["value"].tolist() == [1.0]
    assert not problems


def test_sheet_with_prefixed_tags_and_no_addresses_is_read(tmp_path: Path) -> None:
    path = tmp_path / "prefixed.xlsx"
    cell = '<x:c t="inlineStr"><x:is><x:t>{}</x:t></x:is></x:c>'
    body = f"<x:row>{cell.format('Name')}{cell.format('Value')}</x:row>"
    body += f"<x:row>{cell.format('a')}<x:c><x:v>1</x:v></x:c></x:row>"
    text = f'<x:worksheet xmlns:x="{killers.NS[7:-1]}"><x:sheetData>{body}</x:sheetData></x:worksheet>'
    path.write_bytes(killers.package(text))
    problems = Problems()
    assert read_tables(path, [MODEL], problems)["data"]["value"].tolist() == [1.0]


def test_addresses_round_trip() -> None:
    assert [column_letters(n) for n in (0, 25, 26, 701, 702, 16_383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
    assert all(column_number(column_letters(n)) == n for n in range(0, 16_384, 7))
    assert address(9, 2) == "C10"


def test_scan_finds_what_values_do_not_show() -> None:
    body = (
        '<row r="1" hidden="1"><c r="A1"><v>1</v></c></row>'
        '<row r="2"><c r="A2"><f>B2*2</f></c><c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
        '<c r="C2"><f>1+1</f><v>2</v></c>'
        '<c r="D2" t="str"><f>""</f><v></v></c></row>'
    )
    after = '<mergeCells><mergeCell ref="A5:B6"/></mergeCells>'
    text = killers.sheet(body, after).replace(
        "<sheetData>", '<cols><col min="2" max="3" hidden="1"/></cols><sheetData>'
    )
    found = scan_sheet(text.encode(), 100, 100, 10)
    assert found.hidden_rows == {0}
    assert found.hidden_columns == {1, 2}
    assert found.unsaved == {(1, 0)}
    assert found.errors == {(1, 1): "#DIV/0!"}
    assert found.merged == ((4, 0, 5, 1),)
    assert (found.cells, found.rows, found.columns) == (5, 2, 4)


def test_macro_workbook_passes_only_when_asked(shared: Path) -> None:
    path = shared / "samples/biodiversity/metric-4.1-empty.xlsm"
    with pytest.raises(InputProblems, match="macros"):
        check_package(path)
    problems = Problems()
    book = open_workbook(path, problems, macros_ok=True)
    assert book is not None
    start = book.sheet("Start")
    assert start is not None
    assert len(start.rows) == 66
    with zipfile.ZipFile(io.BytesIO(check_package(path, macros_ok=True).data)) as kept:
        assert not [n for n in kept.namelist() if "vba" in n.lower() or "embed" in n.lower()]


@pytest.mark.parametrize(
    "name, sheet, rows",
    [
        ("factors/uk-gov-factors-2018-flat.xls", "Factors by Category", 6_972),
        ("factors/uk-gov-factors-2021-flat.xls", "Factors by Category", 7_612),
        ("factors/uk-gov-factors-2023-flat.xlsx", "Factors by Category", 8_046),
        ("factors/uk-gov-factors-2025-flat.xlsx", "Factors by Category", 8_748),
        ("statistics/electric-vehicle-charging-device-statistics-july-2023.ods", "1a", 436),
    ],
)
def test_official_workbooks_pass(name: str, sheet: str, rows: int, shared: Path) -> None:
    problems = Problems()
    book = open_workbook(shared / "samples" / name, problems, limits=UPLOAD)
    assert book is not None
    found = book.sheet(sheet)
    assert found is not None
    assert len(found.rows) == rows


def test_a_hundred_thousand_rows_pass_every_limit(tmp_path: Path) -> None:
    from python_calamine import CalamineWorkbook

    path = tmp_path / "large.xlsx"
    path.write_bytes(killers.large_sheet(100_000))
    start = time.perf_counter()
    CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    bare = time.perf_counter() - start
    start = time.perf_counter()
    assert check_package(path, limits=UPLOAD).scans["Data"].rows >= 100_001
    # On a quiet machine it takes 0.8 of a bare reading; two are the room that a busy one needs.
    assert time.perf_counter() - start < 2 * bare


def _mutants(data: bytes, count: int) -> list[bytes]:
    """Copies of a workbook with bytes flipped, cut, or its XML bent before packing."""
    draw = random.Random(7)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    shreds = [
        b'<c r="ZZ99999999"><v>1</v></c>',
        b'"',
        b"<",
        b"</row>",
        b'r="A0"',
        b"&#0;",
        b't="s"',
        b"-1",
        b"9" * 30,
        b'<row r="0">',
    ]
    made = []
    for turn in range(count):
        if turn % 3 == 0:
            bent = bytearray(data)
            for _ in range(draw.randrange(1, 20)):
                bent[draw.randrange(len(bent))] = draw.randrange(256)
            made.append(bytes(bent))
            continue
        if turn % 3 == 1:
            made.append(data[: draw.randrange(len(data))])
            continue
        name = draw.choice(sorted(parts))
        part = bytearray(parts[name])
        for _ in range(draw.randrange(1, 5)):
            at = draw.randrange(len(part) or 1)
            part[at : at + draw.randrange(12)] = draw.choice(shreds)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for other, content in parts.items():
                archive.writestr(other, bytes(part) if other == name else content)
        made.append(out.getvalue())
    return made


def test_malformed_workbooks_never_raise(tmp_path: Path) -> None:
    good = io.BytesIO()
    with xlsxwriter.Workbook(good) as book:
        sheet = book.add_worksheet("Data")
        sheet.write_row(0, 0, ["Name", "Value"])
        for n in range(1, 60):
            sheet.write_row(n, 0, [f"row {n}", n * 1.5])
    path, told = tmp_path / "bent.xlsx", 0
    for data in _mutants(good.getvalue(), 300):
        path.write_bytes(data)
        problems = Problems()
        tables = read_tables(path, [MODEL], problems)
        told += bool(problems.errors)
        assert problems.errors or len(tables["data"]) <= 60
    assert 200 < told < 300


@pytest.mark.parametrize(
    "cell, rows, columns",
    [
        ('<row r="7"><c r="B7"/></row>', 7, 2),
        ('<row r="7"><c r="AB7"/></row>', 7, 28),
        ('<row r="7"><c r="XFD7"/></row>', 7, 16_384),
        ('<row r="300000"><c r="B7"/></row>', 300_000, 2),
        ('<row r="7"><c r="B300000"/></row>', 300_000, 2),
        ('<row r="7"><c s="1" r="AB7"/></row>', 7, 28),
        ("<row r='7'><c r='AB7'/></row>", 7, 28),
        ('<row r="7"><x:c r="AB7"/></row>', 7, 28),
        ('<row r="7"><c r="B7"/><x:c r="AB7"/></row>', 7, 28),
    ],
)
def test_the_quick_scan_never_counts_less_than_there_is(cell: str, rows: int, columns: int) -> None:
    found = scan_sheet(killers.sheet(cell).encode(), 1000, 10**12, 10)
    assert found.rows >= rows
    assert found.columns >= columns


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from([
            '<row r="1" spans="1:9">', '<row r="199999">', '<row r="200000">', "<row>", '<row r="0">', "</row>",
            '<c r="A1"/>', '<c r="Z199999" t="s"><v>1</v></c>', '<c r="Z200000"/>', '<c r="AA1"/>', '<c r="B0"/>',
            '<c r="C01"/>', "<c/>", '<c  r="A1"/>', '<c r="a1"/>', '<x:c r="A1"/>', "<c r='A1'/>", "<v>c</v>",
            '<c r="A1',
        ]),
        max_size=12,
    ),
    st.integers(5, 40),
)  # fmt: skip
def test_survey_of_cells_says_what_two_searches_say(parts: list[str], surveyed: int) -> None:
    """Cells and rows of the usual writing in the plain box, found by arrays and by regular expressions."""
    data = ("<sheetData>" + "".join(parts) + "</sheetData>" + " " * 30).encode()
    start, end = data.find(b"sheetData"), data.rfind(b"sheetData")
    number = rb'(?:[1-9][0-9]{0,4}|1[0-9]{5})"'
    odd = re.search(rb'<c(?! r="[A-Z]' + number + rb')|<r(?!ow r="' + number + rb")|:c", data[start:end])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan, "_SURVEYED", surveyed)
        found = scan._survey(data, start, end, 10**6)
    assert found == (data.count(b"<c", start, end) + data.count(b":c", start, end), odd is None)
