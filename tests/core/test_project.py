"""What is wrong in natcap.toml is told with the value that was found."""

from __future__ import annotations

from pathlib import Path

import pytest

from natcap.core.problems import InputProblems, Problems
from natcap.core.project import read_project, require

PLAIN = 'kind = "accounts"\nname = "A county"\nperiod = "2023"\n'


def write(folder: Path, text: str) -> Path:
    (folder / "natcap.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("period", "told"),
    [
        (
            "2018 to 2023",
            "cell period: found '2018 to 2023', expected a year such as 2025, or 2024-04-01 to 2025-03-31",
        ),
        (
            "2024-04-01 to 2023-03-31",
            "cell period: found '2024-04-01 to 2023-03-31', expected .* ends before it starts",
        ),
    ],
)
def test_a_period_that_is_none_is_shown_as_it_stands(tmp_path: Path, period: str, told: str) -> None:
    with pytest.raises(InputProblems, match=told):
        read_project(write(tmp_path, PLAIN.replace("2023", period)))


def test_an_input_that_is_no_text_is_not_called_missing(tmp_path: Path) -> None:
    problems = Problems()
    project = read_project(write(tmp_path, PLAIN + "[inputs]\nclosing = 3\n"))
    assert require(project, "closing", problems) is None
    assert str(problems[0]) == "natcap.toml, cell inputs.closing: found '3', expected the name of a file, in quotes"
    assert require(project, "opening", problems) is None
    assert "no input 'opening'" in str(problems[1])


def test_a_folder_without_a_project_names_every_kind(tmp_path: Path) -> None:
    with pytest.raises(InputProblems, match="accounts, business, farm or area"):
        read_project(tmp_path)
