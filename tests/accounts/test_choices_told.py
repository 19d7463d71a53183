"""Choices of natcap.toml that are wrong in kind: the value as it stands, what is wanted, and how to write it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from natcap.accounts import trunk
from natcap.core.problems import InputProblems
from natcap.core.project import read_project
from tests.accounts.maps import project, write_tif

CHOICES: dict[str, Any] = {
    "classes": "ukceh_lcm_21", "comparable": True, "opening_year": 2018, "closing_year": 2023, "carbon": "library",
}  # fmt: skip


def told(folder: Path, **choices: Any) -> list[str]:
    for name in ("opening.tif", "closing.tif"):
        write_tif(folder / name, np.full((4, 5), 3, dtype=np.uint8), cell=100.0)
    with pytest.raises(InputProblems) as caught:
        trunk.build(read_project(project(folder, {"opening": "opening.tif", "closing": "closing.tif"},
                                         CHOICES | choices)))  # fmt: skip
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("minimum_patch_ha", "0.5"),
        ("rotation_years", "5"),
        ("band", "1"),
        ("soil_depth_cm", "30"),
        ("opening_year", "2018"),
        ("comparable", "true"),
        ("break_in_series", "True"),
        ("price_year", "2022"),
        ("discount_year", "2026"),
        ("assets", "false"),
        ("draws", "10000"),
        ("seed", "1"),
    ],
)
def test_a_number_or_a_yes_in_quotes(tmp_path: Path, key: str, text: str) -> None:
    (line,) = [line for line in told(tmp_path, **{"services": "library", "price_year": 2022} | {key: text})
               if f"choices.{key}" in line]  # fmt: skip
    assert line.startswith(f'natcap.toml, cell choices.{key}: found the text "{text}", expected ')
    assert f"In quotes it is text; write it without quotes: {key} = {text.replace('True', 'true')}" in line


def test_what_is_not_in_quotes_is_shown_as_it_stands(tmp_path: Path) -> None:
    lines = told(tmp_path, align=True, minimum_patch_ha=-1, comparable=1)
    assert any("found the value true, expected align: one of nearest" in line for line in lines)
    assert any("found the value -1, expected minimum_patch_ha: a number above 0" in line for line in lines)
    assert any("found the value 1, expected true or false" in line for line in lines)


def test_a_soil_depth_without_densities_is_one_problem_with_the_depths_on_offer(tmp_path: Path) -> None:
    (line,) = told(tmp_path, soil_depth_cm=45)
    assert "cell choices.soil_depth_cm: found the soil depth 45 cm, expected soil_depth_cm: one of 30" in line
    assert "carbon_pools" in line
