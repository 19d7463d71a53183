"""A run that is written anew keeps the one before; a folder that holds a run is passed over."""

from __future__ import annotations

from pathlib import Path

from natcap.desk.keep import free, keep, unchanged


def test_the_run_before_is_kept_once_by_its_content(tmp_path: Path) -> None:
    file = tmp_path / "x-business-2025.json"
    assert keep(file) is None
    file.write_text("one", encoding="utf-8")
    first = keep(file)
    assert first is not None
    assert first.read_text(encoding="utf-8") == "one"
    assert keep(file) == first
    file.write_text("two", encoding="utf-8")
    second = keep(file)
    assert second is not None
    assert second != first
    assert first.read_text(encoding="utf-8") == "one"
    assert not unchanged(file, first)
    assert unchanged(file, second)
    assert not second.exists()


def test_a_restatement_takes_the_first_free_folder(tmp_path: Path) -> None:
    folder = tmp_path / "restated"
    assert free(folder, "x") == folder
    folder.mkdir()
    (folder / "x.json").write_text("{}", encoding="utf-8")
    assert free(folder, "x") == tmp_path / "restated-2"
    assert free(folder, "y") == folder
