"""Classes that hardly exist in an area are told where a map has them (METHODS of the accounts, A1: bog)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from natcap.accounts import trunk
from natcap.core.problems import InputProblems
from natcap.core.project import read_project
from natcap.core.report import Report
from tests.accounts.maps import project, write_tif

CHOICES: dict[str, Any] = {"classes": "ukceh_lcm_21", "comparable": True, "carbon": "none"}


def built(folder: Path, unlikely: str) -> Report:
    """Cells of 1 ha: 3 of bog (11) at the opening and 6 at the closing, the rest arable (3)."""
    for name, bog in (("opening.tif", 3), ("closing.tif", 6)):
        codes = np.full((4, 5), 3, dtype=np.uint8)
        codes.flat[:bog] = 11
        folder.mkdir(exist_ok=True)
        write_tif(folder / name, codes, cell=100.0)
    made = project(folder, {"opening": "opening.tif", "closing": "closing.tif"}, CHOICES)
    with (made / "natcap.toml").open("a", encoding="utf-8") as handle:
        handle.write(f"unlikely = {unlikely}\n")
    return trunk.build(read_project(made))


@pytest.mark.parametrize("name", ["bog", "Bog", '"11"'])
def test_what_is_beyond_is_told_by_the_map_of_its_date(tmp_path: Path, name: str) -> None:
    (told,) = [w for w in built(tmp_path, f"{{ {name} = 5 }}").warnings if "Bog" in w.found]
    assert told.file == "closing.tif"
    assert "6.00 ha of Bog at the closing" in told.found
    assert "at most 5 ha" in told.expected


def test_what_is_within_is_quiet_and_none_tells_both_dates(tmp_path: Path) -> None:
    assert not [w for w in built(tmp_path / "a", "{ bog = 6 }").warnings if "Bog" in w.found]
    assert len([w for w in built(tmp_path / "b", "{ bog = 0 }").warnings if "Bog" in w.found]) == 2


def test_what_is_wrong_with_it_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputProblems) as caught:
        built(tmp_path / "a", '{ bogg = 5, arable = -1, fen = "much", bog = 1, Bog = 2 }')
    text = str(caught.value)
    for part in ("the class bogg", "Did you mean", "-1 for arable", "much", "for fen", "Bog for the second time"):
        assert part in text, part
    with pytest.raises(InputProblems, match="in braces"):
        built(tmp_path / "b", '"bog"')
