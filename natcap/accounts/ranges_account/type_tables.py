"""Tables of ranges by ecosystem type: flows by service and type, annual and asset values by type."""

from __future__ import annotations

from natcap.accounts.ranges_account.account import RangesAccount
from natcap.accounts.ranges_account.tables import (
    NOTE_ZERO,
    NOTES,
    blanks,
    by_date,
    centrals,
    columns_of,
    figure_cells,
    marks_of,
    table_of,
    told_apart,
)
from natcap.accounts.ranges_account.terms import TYPED
from natcap.accounts.ranges_account.words import Words
from natcap.accounts.show.words import text
from natcap.core.report import Section

__all__ = ["typed_flows_section", "typed_money_section"]


def typed_flows_section(account: RangesAccount, words: Words) -> Section:
    """Ranges of the physical supply of each service by each ecosystem type, all zones together."""
    items = by_date(account.of(TYPED["flow"]))
    table = table_of(account, words, items)
    table["service"] = [words.services.services[words.parts(item)[0]].name for item in items]
    table["type"] = [words.type_name(words.parts(item)[1]) for item in items]
    columns = (text("date", "Date"), text("service", "Service"), text("type", "Ecosystem type"), text("unit", "Unit"),
               *columns_of("", "", 2))  # fmt: skip
    return Section(
        "ranges_type_flow",
        "Ranges of the physical supply by ecosystem type",
        table[[c.name for c in columns]],
        columns,
        summary=f"{len(items)} flows of a service from an ecosystem type with their ranges.{told_apart(items)}",
        notes=(*NOTES, NOTE_ZERO, *account.notes),
        cells=blanks(table) | centrals(account, items, ()),
        marks=marks_of(table),
        figures=figure_cells(words, items),
    )


def typed_money_section(account: RangesAccount, words: Words) -> Section:
    """Ranges of the annual value and the asset value of each ecosystem type, all its services and zones together."""
    items = [item for measure in ("value", "asset") for item in by_date(account.of(TYPED[measure]))]
    table = table_of(account, words, items)
    columns = (text("measure", "What"), text("date", "Date"), text("item", "Ecosystem type"),
               *columns_of("GBP", f", {words.services.price_year} prices", 0))  # fmt: skip
    return Section(
        "ranges_type_money",
        "Ranges of values by ecosystem type",
        table[[c.name for c in columns]],
        columns,
        summary=f"{len(items)} values of an ecosystem type with their ranges.{told_apart(items)}",
        notes=(*NOTES, NOTE_ZERO, "Abiotic services are in no value of an ecosystem type.", *account.notes),
        cells=blanks(table) | centrals(account, items, ()),
        marks=marks_of(table),
        figures=figure_cells(words, items),
    )
