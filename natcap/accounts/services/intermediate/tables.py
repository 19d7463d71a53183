"""Supply and use of intermediate services by ecosystem type, in physical terms (sheet 6) and in money (sheet 8).

Supply, use and net of a type stand side by side: that nothing is left to final users is seen in one table. Nothing here
is part of a total of services, and there is no chart of it beside theirs.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from natcap.accounts.services.ground import DATES
from natcap.accounts.services.intermediate.balance import Balance
from natcap.accounts.services.intermediate.laid import Laid
from natcap.accounts.services.intermediate.library import ends_in
from natcap.accounts.services.view import label_of, plain, worth
from natcap.accounts.show.words import amount, pounds, text
from natcap.core.report import Column, Section

__all__ = ["apart_note", "balance_section"]

_NOTE_NET = (
    "Net is what a type supplies less what it uses: above 0 it gives to others, below 0 it takes from them. Over all "
    "types it is 0, so that nothing is left to final users."
)
_NOTE_MARKS = (
    "[z]: the type does not supply the service, or does not use it. [x]: not available, because no flow was read for "
    "that date or there is no unit value; it is not zero."
)


def apart_note(balance: Balance) -> str:
    """What these services are, for the tables of final services."""
    names = ", ".join(service.name for service in balance.account.services.values())
    ends = "; ".join(dict.fromkeys(ends_in(key) for key in balance.account.services))
    return (f"Intermediate services ({names}) go from one ecosystem type to another and stand in tables of their own. "
            f"What they are worth is in the final services already ({ends}): they are in no total of services and "
            "have no asset value.")  # fmt: skip


def balance_section(balance: Balance, money: bool) -> Section:
    """Supply, use and net of every ecosystem type, a block for each service and date with its total."""
    column, view = ("value" if money else "flow"), balance.view
    laid = Laid(balance, column)
    for block in balance.blocks[column]:
        laid.block(block)
    for date in DATES if money else ():
        laid.together(date)
    unit, make = (view.money, worth) if money else ("", plain)
    columns = [text("name", "Service"), text("date", "Date"), Column("year", "Year", "", "year")]
    columns += [] if money else [text("unit", "Unit of the flow")]
    columns += [text("ecosystem", "Ecosystem type"), make("supplied", "Supplied", unit),
                make("used", "Used", unit), make("net", "Net", unit),
                text("confidence", "Confidence")]  # fmt: skip
    return Section(
        "intermediate_money" if money else "intermediate_physical",
        f"Intermediate services between ecosystem types in {'money' if money else 'physical terms'}",
        pd.DataFrame(laid.rows), tuple(columns), summary=f"{_finding(balance, column)}.",
        notes=(apart_note(balance), _NOTE_NET, _NOTE_MARKS, *_lacking(balance, column),
               "Use is the supply times the shares on the worksheet of shares, for the whole area: who uses is not "
               "told by zone."),
        total_rows=tuple(laid.totals), cells=laid.cells, marks=laid.marks, figures=laid.figures,
    )  # fmt: skip


def _finding(balance: Balance, column: str) -> str:
    """Where the largest service goes at the closing, or at the opening where nothing is known of the closing."""
    known = [block for block in balance.blocks[column] if block.known]
    if not known:
        what = "value" if column == "value" else "flow"
        return f"No intermediate service has a {what} for all that supply it"
    last = [block for block in known if block.date == "closing"] or known
    most = max(last, key=lambda block: block.supplied) if column == "value" else last[0]

    def said(value: float) -> str:
        return pounds(value) if column == "value" else amount(value, label_of(most.service))

    taken = most.lines.iloc[int(most.lines["net"].to_numpy().argmin())]
    name, year = balance.names[str(taken["ecosystem"])], balance.view.year(most.date)
    whole = f"{most.service.name}, {said(most.supplied)} in {year}, is used where it is supplied"
    if taken["net"] < 0:
        whole = (f"{most.service.name}, {said(most.supplied)} in {year}, goes from one ecosystem type to another: "
                 f"{name} takes {said(-float(taken['net']))} more than it gives, the most of all")  # fmt: skip
    return f"{whole}; nothing is left to final users"


def _lacking(balance: Balance, column: str) -> Iterator[str]:
    """What is not available, and why."""
    for block in balance.blocks[column]:
        year = balance.view.year(block.date)
        if block.lines.empty:
            yield f"{block.service.name} was not read in {year}."
        elif not block.known:
            why = balance.made.unpriced.get((block.service.id, year), "the supply of some types has no unit value")
            yield f"{block.service.name} has no value in {year}: {why}."
