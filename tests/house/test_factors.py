"""Every row of every table: unit, source, locator, verification state; and nobody's figure without its source."""

from __future__ import annotations

from natcap.core.factors import library
from natcap.core.factors.check import check


def test_every_row_passes() -> None:
    assert check(library()) == []
