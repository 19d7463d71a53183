"""Adding an edition: nothing is overwritten, the same again gives the same bytes, and every change is told."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from natcap.core.factors import library
from natcap.core.factors.add import add
from natcap.core.factors.library import forget
from natcap.core.problems import InputProblems
from natcap.core.resources import root
from tests.core.flatbooks import LAYOUTS, official_rows, write_book


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A factors folder of one's own: the committed one without the editions of 2018 and 2024."""
    folder = tmp_path / "factors"
    for name in ("uk_gov", "units", "gwp", "uk_electricity"):
        shutil.copytree(root("factors") / name, folder / name)
    shutil.rmtree(folder / "uk_gov/2018")
    shutil.rmtree(folder / "uk_gov/2024")
    monkeypatch.setenv("NATCAP_FACTORS", str(folder))
    forget()
    yield folder
    forget()


def test_adding_a_real_edition_gives_the_committed_bytes(own: Path, shared: Path) -> None:
    path = shared / "samples/factors/uk-gov-factors-2018-flat.xls"
    dry = add(path, dry_run=True)
    assert (dry.action, dry.written) == ("added", ())
    assert not (own / "uk_gov/2018").exists()
    done = add(path)
    assert [p.name for p in done.written] == ["factors.csv", "edition.toml", "sources.csv"]
    edition = library().edition("uk_gov", 2018)
    assert edition.folder == own / "uk_gov/2018"
    assert (edition.rows, edition.verified, edition.gwp_set) == (6966, "read", "AR4")
    committed = Path(__file__).resolve().parents[2] / "factors/uk_gov/2018/factors.csv"
    assert (edition.folder / "factors.csv").read_bytes() == committed.read_bytes()
    assert done.before is not None
    assert done.before.year == 2017
    assert done.counts()["gone"] == 63
    again = add(path)
    assert (again.action, again.written) == ("already held", ())
    before = {p: p.read_bytes() for p in done.written}
    shutil.rmtree(own / "uk_gov/2018")
    forget()
    assert {p: p.read_bytes() for p in add(path).written} == before


def some(year: int) -> list[dict[str, Any]]:
    """A few hundred rows of an edition: fuels, refrigerants and hotels, in sheet rows without gaps."""
    chosen = [r for r in official_rows(year) if r["level1"] in ("Fuels", "Refrigerant & other", "Hotel stay")]
    return [dict(r, row=at) for at, r in enumerate(chosen, 7)]


def test_what_changed_is_told_with_old_and_new(own: Path, shared: Path) -> None:
    result = add(shared / "samples/factors/uk-gov-factors-2025-flat.xlsx", dry_run=True)
    assert result.action == "already held"
    assert result.before is not None
    assert result.before.year == 2023
    row = result.differences.set_index("series").loc["uk-electricity/electricity-generated/electricity-uk/kwh"]
    assert (row["cause"], row["new"]) == ("changed", 0.177)
    assert row["change"] == pytest.approx(0.177 / 0.20707428859 - 1)
    renamed = result.differences.query("relabelled")
    assert renamed["label_new"].str.contains("Incineration with Energy Recovery").any()
    assert result.same_year.empty


def test_a_transcription_is_confirmed_and_a_correction_stands_beside_it(own: Path, tmp_path: Path) -> None:
    rows = official_rows(2022)
    table = (own / "uk_gov/2022/factors.csv").read_bytes()
    confirmed = add(write_book(tmp_path / "v1.xlsx", 2022, rows))
    assert confirmed.action == "confirmed"
    assert (own / "uk_gov/2022/factors.csv").read_bytes() == table
    edition = library().edition("uk_gov", 2022)
    assert (edition.verified, edition.version, len(edition.source.sha256)) == ("read", "1.2", 64)
    value = next(r for r in rows if r["level3"] == "Natural gas" and r["uom"] == "kWh (Gross CV)")
    value["value"] = 0.2
    corrected = add(write_book(tmp_path / "v2.xlsx", 2022, rows))
    assert (corrected.action, corrected.folder.name) == ("correction", "2022-v1.2")
    assert corrected.same_year[["cause", "old", "new"]].values.tolist() == [["changed", pytest.approx(0.18254), 0.2]]
    match = library().match("fuels/gaseous-fuels/natural-gas/kwh-gross-cv", 2022)
    assert (match.factor.value, match.factor.id.split("/")[1]) == (0.2, "2022-v1.2")
    old = library().factor("uk_gov/2022/fuels/gaseous-fuels/natural-gas/kwh-gross-cv")
    assert old.value == pytest.approx(0.18254), "what an earlier report used can still be looked up"


def test_a_copy_with_rows_moved_is_no_correction(own: Path, tmp_path: Path) -> None:
    """It was taken for a correction without a difference, and became the edition that later reports use."""
    rows = official_rows(2022)
    assert add(write_book(tmp_path / "v1.xlsx", 2022, rows)).action == "confirmed"
    for row in rows:
        row["row"] += 2 if row["row"] > 40 else 0
    rows[0]["row"], rows[8]["row"] = rows[8]["row"], rows[0]["row"]
    moved = add(write_book(tmp_path / "v2.xlsx", 2022, sorted(rows, key=lambda r: int(r["row"]))))
    assert (moved.action, moved.written, len(moved.same_year)) == ("already held", (), 0)


@pytest.mark.parametrize(("place", "missing"), [(0, "its total"), (2, "CH4")])
@pytest.mark.parametrize("blank", [True, False])
def test_a_row_or_value_lost_on_the_way_is_refused(
    own: Path, tmp_path: Path, place: int, missing: str, blank: bool
) -> None:
    """The first factor of the edition, butane by the tonne in four rows, with one of them lost: it was written so."""
    rows = official_rows(2022)
    lost = rows[place]
    if blank:
        lost["value"] = ""
    else:
        rows = [row for row in rows if row is not lost]
    with pytest.raises(InputProblems) as told:
        add(write_book(tmp_path / "v1.xlsx", 2022, rows))
    (problem,) = told.value.problems
    assert problem.found == f"a factor without {missing} (fuels/gaseous-fuels/butane/tonnes)"
    assert problem.cell.startswith("row ")


def test_a_bound_that_a_transcription_lost_is_written(own: Path, tmp_path: Path) -> None:
    rows = official_rows(2022)
    file = own / "uk_gov/2022/factors.csv"
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b",<...,", b",b...,").replace(b",< 1\n", b",\n"))
    assert file.read_bytes() != whole
    forget()
    assert add(write_book(tmp_path / "v3.xlsx", 2022, rows)).action == "confirmed"
    assert file.read_bytes().count(b",<...,") == whole.count(b",<...,") == 4


def test_a_new_year_keeps_its_series_by_id_when_a_label_is_reworded(own: Path, tmp_path: Path) -> None:
    """An edition of a year that nobody has seen: labels reworded under the same id, the partial edition replaced."""
    shutil.copytree(Path(__file__).resolve().parents[2] / "factors/uk_gov/2024", own / "uk_gov/2024")
    forget()
    rows = some(2024)
    for row in rows:
        if row["level3"] == "Natural gas":
            row["level3"] = "Mains gas"
    result = add(write_book(tmp_path / "new.xlsx", 2026, rows, layout=LAYOUTS[2024]))
    assert result.action == "added"
    assert result.held is not None
    assert result.held.partial
    assert set(result.same_year["cause"]) >= {"changed", "new"}
    factor = library().match("fuels/gaseous-fuels/natural-gas/kwh-gross-cv", 2026).factor
    assert (factor.value, factor.edition, factor.gwp_set) == (0.1829, "uk_gov 2026 v1.2", "AR5")
    assert "Mains gas" in factor.label


def test_blank_rows_between_the_factors_make_no_correction(own: Path, tmp_path: Path) -> None:
    """The same numbers some rows further down are the edition that is held already."""
    rows = official_rows(2022)
    assert add(write_book(tmp_path / "v1.xlsx", 2022, rows)).action == "confirmed"
    for row in rows:
        row["row"] += 3 if row["row"] > 50 else 0
    moved = add(write_book(tmp_path / "moved.xlsx", 2022, rows), dry_run=True)
    assert (moved.action, moved.folder.name, len(moved.same_year)) == ("already held", "2022", 0)


def test_a_unit_spelled_otherwise_keeps_its_series(own: Path, tmp_path: Path) -> None:
    """A file of a year without IDs that says Litre and tkm for litres and tonne.km."""
    rows = official_rows(2022)
    spelled = {"litres": "Litre", "tonne.km": "tkm", "cubic metres": "m3", "passenger.km": "passenger km"}
    for row in rows:
        row["uom"] = spelled.get(row["uom"], row["uom"])
    result = add(write_book(tmp_path / "spelled.xlsx", 2022, rows), dry_run=True)
    assert set(result.same_year["cause"]) == {"relabelled"}


def test_into_a_folder_of_ones_own(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NATCAP_EXTRA_FACTORS", raising=False)
    path = write_book(tmp_path / "new.xlsx", 2031, some(2024), layout=LAYOUTS[2024])
    result = add(path, into=tmp_path / "mine")
    assert result.folder == tmp_path / "mine/uk_gov/2031"
    assert not (root("factors") / "uk_gov/2031").exists()
    monkeypatch.setenv("NATCAP_EXTRA_FACTORS", str(tmp_path / "mine"))
    forget()
    assert library().edition("uk_gov", 2031).rows == len(some(2024))
    assert library().match("hotel-stay/hotel-stay/uk/room-per-night", 2031).factor.source.id == "uk_gov_2031"
    monkeypatch.delenv("NATCAP_EXTRA_FACTORS")
    forget()


def test_an_installed_copy_is_not_written_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_book(tmp_path / "new.xlsx", 2031, some(2024), layout=LAYOUTS[2024])
    monkeypatch.setattr("natcap.core.factors.add.root", lambda _: Path("/somewhere/natcap/_bundled/factors"))
    with pytest.raises(InputProblems, match="NATCAP_EXTRA_FACTORS"):
        add(path)
    assert add(path, dry_run=True).action == "added"
