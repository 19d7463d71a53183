"""The workbooks of the four examples, as a user gets them, by the accessibility rules of the Analysis Function."""

from __future__ import annotations

import io

import openpyxl
import pytest
from openpyxl.workbook.workbook import Workbook

from natcap.core.workbook import publish
from natcap.desk import demo, doors
from tests.core.test_workbook_accessible import RULES


@pytest.fixture(scope="module", params=demo.KINDS)
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Workbook, bytes]:
    folder = tmp_path_factory.mktemp(request.param)
    doors.new(request.param, folder, example=True)
    out = io.BytesIO()
    publish(doors.build(folder), out)
    return openpyxl.load_workbook(io.BytesIO(out.getvalue())), out.getvalue()


def test_every_rule_holds(written: tuple[Workbook, bytes]) -> None:
    wrong = []
    for name, rule in sorted(RULES.items()):
        try:
            rule(*written)
        except AssertionError as error:
            wrong.append(f"{name}: {str(error)[:300]}")
    assert not wrong, "\n".join(wrong)
