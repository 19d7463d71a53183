"""Land created against land lost, on site and on each gain site: told with the rows that make the difference.

The official workbook checks the land on site (sheet A-2, cell K6). Off site the same rule holds, here for each gain
site by itself, because land that one site loses is not land that another can plant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from natcap.accounts.biodiversity.balance import Balance, balance, on_ground
from natcap.accounts.habitats_account.check import Checker
from natcap.accounts.habitats_account.plots import Plot

__all__ = ["balanced"]

_SHOWN = 6
_TOO_MUCH = "Land cannot be made: correct the areas, or give the parcel that was there a row of Baseline"
_TOO_LITTLE = ("State what stays as retained, and give land that is built over a row of Created: "
               "Urban - Developed land; sealed surface")  # fmt: skip


def balanced(checker: Checker, plots: Sequence[Plot]) -> None:
    """Land created that nobody lost is a problem, for its units are counted; land lost that nothing replaced a warning.

    A plan without any land before it has no net change, so that what it creates is told and stands alone.
    """
    alone = not any(p.step == "baseline" and p.kind == "area" for p in plots)
    for words, mine in _places(checker, plots):
        lost = [p for p in mine if p.step == "baseline" and p.lost]
        made = [p for p in mine if p.step == "created"]
        found = balance(checker.e, (p.lost for p in lost), (p.size for p in made))
        if not found.holds:
            _tell(checker, words, found, lost, made, warning=alone or found.more < 0)


def _places(checker: Checker, plots: Sequence[Plot]) -> Iterator[tuple[str, list[Plot]]]:
    ground = [p for p in plots if p.kind == "area" and on_ground(checker.e, p.habitat)]
    yield "on site", [p for p in ground if p.on_site]
    for site in dict.fromkeys(p.site for p in ground if not p.on_site and p.site):
        yield f"on gain site {site}", [p for p in ground if not p.on_site and p.site == site]


def _tell(
    checker: Checker, words: str, found: Balance, lost: Sequence[Plot], made: Sequence[Plot], warning: bool
) -> None:
    over = found.more > 0
    first, name = (max(made, key=lambda p: p.size), "size") if over else (max(lost, key=lambda p: p.lost), "retained")
    side = "more than" if over else "less than"
    said = (f"{found.created:f} ha created {words}, {abs(found.more):f} ha {side} the {found.lost:f} ha lost there "
            f"(created: {_rows(made, 'size')}; lost: {_rows(lost, 'retained')})")  # fmt: skip
    remedy = _TOO_MUCH if over else _TOO_LITTLE
    expected = (f"as much land created as lost, to {found.tolerance:f} ha, without individual trees and green walls: "
                "the official workbook calls anything else an error (sheet A-2, cell K6)")  # fmt: skip
    checker.say(first, name, said, expected, remedy, warning)


def _rows(plots: Sequence[Plot], name: str) -> str:
    """The largest rows, each with its sheet, cell and hectares."""
    sized = sorted(((p.lost if p.step == "baseline" else p.size, p) for p in plots), key=lambda each: -each[0])
    told = [f"{p.sheet} {p.cells.get(name) or p.row} {size:.10g} ha" for size, p in sized[:_SHOWN]]
    more = len(sized) - _SHOWN
    return "; ".join([*told, *([f"and {more} more"] if more > 0 else [])]) or "no row"
