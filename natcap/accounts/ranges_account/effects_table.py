"""The table of ranges of the change of asset values: its effects by service and in total, its entries in total."""

from __future__ import annotations

from collections.abc import Sequence

from natcap.accounts.ranges_account.account import Item, RangesAccount
from natcap.accounts.ranges_account.effects import COMPARED, EFFECT, ENTRY
from natcap.accounts.ranges_account.tables import (
    NOTE_ZERO,
    NOTES,
    blanks,
    columns_of,
    figure_cells,
    marks_of,
    table_of,
    told_apart,
)
from natcap.accounts.ranges_account.terms import CHANGE, TOTAL
from natcap.accounts.ranges_account.words import Words
from natcap.accounts.ranges_account.zero import said
from natcap.accounts.services.account import WHOLE
from natcap.accounts.show.words import pounds, text
from natcap.accounts.wings import Setting
from natcap.core.report import Chart, Section

__all__ = ["effects_section"]

_NOTES: tuple[str, ...] = (
    "Value = area x flow per hectare x value of a unit, split draw by draw: in every draw the effects of a service sum "
    "to its change, and a factor has the same draw at both dates. Discount schedule and carbon values are as chosen.",
    "Only assets that compare: what is known at one date only, or as a flow at one date and as money at the other, has "
    "no range here; sheet 11 has its amount under 'not comparable'. Enhancement and degradation hold what stands there "
    "by its central value.",
    "A change of flow that is put down to another source or factor is in the effect of flow, and in reappraisals among "
    "the entries.",
)


def effects_section(setting: Setting, account: RangesAccount, words: Words) -> Section:
    """Ranges of the change of asset values that compare, cause by cause, the total first."""
    items = _ordered(account)
    table = table_of(account, words, items)
    columns = (text("item", "Service"), text("measure", "Change or cause"),
               *columns_of("GBP", f", {words.services.price_year} prices", 0))  # fmt: skip
    title = _finding(account, words)
    chart = Chart("range", setting.mark(title), "measure", "central", low="p05", high="p95",
                  only={"item": [words.name(items[0])]})  # fmt: skip
    return Section(
        "ranges_change",
        "Ranges of the change of asset values and its causes",
        table[[c.name for c in columns]],
        columns,
        summary=f"{title}.{told_apart(items)}",
        notes=(*_NOTES, *NOTES, NOTE_ZERO, *account.notes),
        charts=(chart,),
        cells=blanks(table) | _live(account, words, items),
        marks=marks_of(table),
        figures=figure_cells(words, items),
    )


def _ordered(account: RangesAccount) -> list[Item]:
    """By service, the total first; of each its change, its effects, then its entries."""
    found = [i for key, i in account.items.items() if key[0].startswith((EFFECT, ENTRY))]
    services = list(dict.fromkeys((TOTAL, *account_order(account))))
    return sorted(found, key=lambda item: services.index(item.item))


def account_order(account: RangesAccount) -> list[str]:
    """Services in the order of their asset values."""
    return [item.item for item in account.of(COMPARED)]


def _live(account: RangesAccount, words: Words, items: Sequence[Item]) -> dict[tuple[int, str], str]:
    """Central values: of a service from the working table of changes, of a total and of a change from this table."""
    at = {(item.measure, item.item): row for row, item in enumerate(items)}
    unique = len({key.casefold() for key in words.services.services}) == len(words.services.services)
    cells = {}
    for row, item in enumerate(items):
        name = item.measure.removeprefix(EFFECT).removeprefix(ENTRY)
        if item.measure == COMPARED:
            parts = [place for (measure, of), place in at.items()
                     if of == item.item and measure.startswith(EFFECT) and measure != COMPARED]  # fmt: skip
            cells[row, "central"] = "+".join(f"[central@{part}]" for part in parts)
        elif item.measure.startswith(ENTRY):
            cells[row, "central"] = _entry(name)
        elif item.item == TOTAL:
            parts = [place for (measure, of), place in at.items()
                     if measure == item.measure and of != TOTAL and of not in account.abiotic]  # fmt: skip
            cells[row, "central"] = "+".join(f"[central@{part}]" for part in parts)
        elif unique:
            cells[row, "central"] = f'SUMIFS({{asset_changes.{name}}},{{asset_changes.service}},"{item.item}")'
    return cells


def _entry(name: str) -> str:
    """An entry of the ecosystem services in the working table, where what does not compare has none."""
    summed = 'SUMIFS({{asset_changes.{}}},{{asset_changes.counts}},"ecosystem")'
    if name == "conversions":
        return f"{summed.format('additions')}+{summed.format('reductions')}"
    return summed.format(name)


def _finding(account: RangesAccount, words: Words) -> str:
    item = account.items.get((COMPARED, CHANGE, WHOLE, TOTAL))
    if item is None:
        return "Only abiotic assets compare between the dates"
    low, _, high = map(pounds, item.drawn.summary)
    return (
        f"Asset values that compare changed by {pounds(item.central)}, {words.setting.span}, in nine of ten draws "
        f"{low} to {high}: {said(item)}"
    )
