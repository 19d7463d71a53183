"""Tables of ranges: money by service, physical amounts, total value by zone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from natcap.accounts.ranges_account.account import CHANGE, Item, RangesAccount
from natcap.accounts.ranges_account.figures import figure_id
from natcap.accounts.ranges_account.stocks import STOCK_CHANGE
from natcap.accounts.ranges_account.terms import TOTAL
from natcap.accounts.ranges_account.words import MEASURES, Words
from natcap.accounts.ranges_account.zero import FORMULA, LABEL, NOT_TOLD, TOLD, said, verdict
from natcap.accounts.services.account import WHOLE
from natcap.accounts.show.words import pounds, text
from natcap.accounts.wings import Setting
from natcap.core.report import Chart, Column, Section

__all__ = [
    "NOTES", "NOTE_ZERO", "blanks", "by_date", "centrals", "columns_of", "figure_cells", "marks_of", "money_section",
    "physical_section", "table_of", "told_apart", "zone_section",
]  # fmt: skip

_NOTE_DRAWS = (
    "Each factor is drawn once a draw and shared by all rows that name it. Low and high of a factor are its 5th and "
    "95th percentile, or the ends of a triangle where its range reaches 0 or it is a share. Discount schedules and "
    "carbon values are scenarios and stay as chosen."
)
_NOTE_CENTRAL = (
    "The central value has every factor at its central value. It is not the median, and P5 and P95 of a total are not "
    "the sums of those of its parts."
)
_NOTE_WORD = (
    "Confidence is the worst word of the factors that carry a fifth of the variance or more; a recalled or judged "
    "factor that carries less makes a row Amber. A factor without a range counts by the amount that rests on it. Where "
    "no factor has a range, P5 and P95 equal the central value: nothing is known of the range, which need not be small."
)
NOTE_ZERO = (
    "A change is told from zero where P5 and P95, which hold nine of ten draws, lie on one side of it. Each factor has "
    "one draw for both dates: what they share does not widen a change. Areas have their own error at each date. "
    "Areas as mapped: their error is not in the range, and a change of area may be one of the maps. Does not compare: "
    "another source or factor at each date, or known at one date only."
)
NOTES = (_NOTE_DRAWS, _NOTE_CENTRAL, _NOTE_WORD)
_NOTE_AREA = "An area is the adjusted one, with the normal error of its sample."
_SPREAD = "([p95]-[p05])/ABS([central])"
_DATES = ("opening", "closing", CHANGE)
_ENDS = ("p05", "p50", "p95")


def by_date(items: Sequence[Item]) -> list[Item]:
    """By date; the total last of each."""
    return sorted(items, key=lambda item: (_DATES.index(item.date), item.item == TOTAL))


def table_of(account: RangesAccount, words: Words, items: Sequence[Item]) -> pd.DataFrame:
    rows = [_row(account, words, item) for item in items]
    table = pd.DataFrame(rows)
    size = table["central"].abs().where(table["central"] != 0)
    table["spread"] = (table["p95"] - table["p05"]) / size
    return table


def _row(account: RangesAccount, words: Words, item: Item) -> dict[str, object]:
    most = max(item.drawn.shares, key=lambda key: item.drawn.shares[key], default="")
    share = item.drawn.shares.get(most, np.nan)
    return {
        "measure": MEASURES[item.measure], "date": words.date(item.date), "zone": words.place(item),
        "zone_id": item.zone, "item": words.name(item), "unit": words.unit(item), "central": item.central,
        **dict(zip(_ENDS, item.drawn.summary, strict=True)), "ranged": item.ranged,
        "cause": words.cause(account, most) if most else "nothing", "share": share,
        "rag": item.rating.word, "why": item.rating.why, "areas": item.areas, "verdict": verdict(item),
    }  # fmt: skip


def columns_of(unit: str, label: str, decimals: int, changes: bool = True) -> tuple[Column, ...]:
    """Columns of a range; with `changes` whether it is told from zero, which has to do with the error of areas."""
    named = [("central", f"Central value{label}"), ("p05", f"P5{label}"), ("p50", f"Median{label}"),
             ("p95", f"P95{label}")]  # fmt: skip
    told = (Column("verdict", LABEL, formula=FORMULA),) if changes else ()
    return (
        *(Column(name, word, unit, "number", decimals) for name, word in named), *told,
        Column("spread", "P95 less P5 over the central value", "", "percent", 0, _SPREAD),
        Column("ranged", "Share of the amount with a range", "", "percent", 0),
        text("areas", "Error of the areas"), text("cause", "Carries most of the variance"),
        Column("share", "Its share of the variance", "", "percent", 0),
        text("rag", "Confidence"), text("why", "Why"),
    )  # fmt: skip


def marks_of(table: pd.DataFrame) -> dict[tuple[int, str], str]:
    return {
        (int(row), name): "[z]" for name in ("spread", "ranged", "share") for row in np.flatnonzero(table[name].isna())
    }


def blanks(table: pd.DataFrame) -> dict[tuple[int, str], str]:
    """No live formula where the spread has no central value to stand over, or no percentile tells the verdict."""
    plain = ~table["verdict"].str.startswith(TOLD)
    return {(int(row), "spread"): "" for row in np.flatnonzero(table["spread"].isna())} | {
        (int(row), "verdict"): "" for row in np.flatnonzero(plain)
    }


def figure_cells(words: Words, items: Sequence[Item]) -> dict[tuple[int, str], str]:
    return {(row, end): figure_id(words, item, end) for row, item in enumerate(items) for end in _ENDS}


def centrals(account: RangesAccount, items: Sequence[Item], totals: Sequence[int]) -> dict[tuple[int, str], str]:
    """Live central values of totals, and of changes between two dates."""
    at = {item.key: row for row, item in enumerate(items)}
    cells = {}
    for row, item in enumerate(items):
        if item.date == CHANGE and (item.measure, "closing", item.zone, item.item) in at:
            places = [at[item.measure, date, item.zone, item.item] for date in ("closing", "opening")]
            cells[row, "central"] = f"[central@{places[0]}]-[central@{places[1]}]"
        elif row in totals:
            parts = [at[other.key] for other in items if other.date == item.date and _inside(account, other, item)]
            cells[row, "central"] = "+".join(f"[central@{part}]" for part in parts)
    return cells


def _inside(account: RangesAccount, part: Item, total: Item) -> bool:
    return part.item != TOTAL and part.item not in account.abiotic and part.measure == total.measure


def money_section(setting: Setting, account: RangesAccount, words: Words, measure: str) -> Section:
    """Ranges of the values of services at both dates and of their change, all zones together."""
    items = by_date(account.of(measure))
    totals = tuple(row for row, item in enumerate(items) if item.item == TOTAL)
    table = table_of(account, words, items)
    prices = f", {words.services.price_year} prices"
    title = _finding(account, words, measure)
    last = words.date("closing" if any(item.date == "closing" for item in items) else items[0].date)
    chart = Chart("range", setting.mark(title), "item", "central", low="p05", high="p95", only={"date": [last]})
    columns = (text("date", "Date"), text("item", "Service"), *columns_of("GBP", prices, 0))
    return Section(
        f"ranges_{measure}",
        f"Ranges of the {MEASURES[measure].lower()}",
        table[[c.name for c in columns]],
        columns,
        summary=f"{title}.{_changed(words, account.items.get((measure, CHANGE, WHOLE, TOTAL)))}",
        notes=(*NOTES, NOTE_ZERO, *account.notes),
        charts=(chart,),
        total_rows=totals,
        cells=blanks(table) | centrals(account, items, totals),
        marks=marks_of(table),
        figures=figure_cells(words, items),
    )


def _finding(account: RangesAccount, words: Words, measure: str) -> str:
    name = MEASURES[measure]
    for date in ("closing", "opening"):
        item = account.items.get((measure, date, WHOLE, TOTAL))
        if item is not None:
            low, _, high = map(pounds, item.drawn.summary)
            return (
                f"{name} of all ecosystem services, {words.date(date)}: {pounds(item.central)}, in nine of ten draws "
                f"{low} to {high}; confidence {item.rating.word}"
            )
    return f"{name} of abiotic services only"


def _changed(words: Words, item: Item | None) -> str:
    """A sentence on the change of a total; nothing where there is none."""
    if item is None:
        return ""
    low, _, high = map(pounds, item.drawn.summary)
    return f" The {words.date(CHANGE)}: {pounds(item.central)} ({low} to {high}), {said(item)}."


def told_apart(items: Sequence[Item]) -> str:
    """How many of some changes cannot be told from zero, as a sentence."""
    changes = [verdict(item) for item in items if item.date == CHANGE]
    if not changes:
        return ""
    lost, told = (sum(word.startswith(kinds) for word in changes) for kinds in (NOT_TOLD, TOLD))
    rest = len(changes) - told
    other = f"; {rest} without a range, not comparable or no change" if rest else ""
    return f" Of {len(changes)} changes: told from zero by P5 to P95 {told - lost}, not distinguishable {lost}{other}."


def physical_section(account: RangesAccount, words: Words) -> Section:
    """Ranges of flows, of the carbon stock, and of adjusted areas, all zones together, each in its unit."""
    items = [
        item for measure in ("flow", "carbon_stock", STOCK_CHANGE, "area") for item in by_date(account.of(measure))
    ]
    table = table_of(account, words, items)
    columns = (text("measure", "What"), text("date", "Date"), text("item", "Item"), text("unit", "Unit"),
               *columns_of("", "", 2))  # fmt: skip
    red = int((table["rag"] == "Red").sum())
    return Section(
        "ranges_physical",
        "Ranges of flows, carbon stock and areas",
        table[[c.name for c in columns]],
        columns,
        summary=f"{len(items)} physical amounts with their ranges; confidence is Red for {red} of them."
        f"{told_apart(items)}",
        notes=(*NOTES, NOTE_ZERO, _NOTE_AREA, *account.notes),
        cells=blanks(table) | centrals(account, items, ()),
        marks=marks_of(table),
        figures=figure_cells(words, items),
    )


def zone_section(setting: Setting, account: RangesAccount, words: Words) -> Section | None:
    """Ranges of the total annual value of each zone at the last date; None with a single zone."""
    found = [item for key, item in account.items.items() if key[0] == "value" and key[2] != WHOLE]
    last = "closing" if any(item.date == "closing" for item in found) else "opening"
    items = [item for item in found if item.date == last]
    if len(items) < 2:
        return None
    table = table_of(account, words, items)
    columns = (text("zone_id", "Zone code"), text("zone", "Zone"),
               *columns_of("GBP", f", {words.services.price_year} prices", 0, False))  # fmt: skip
    most = int(table["central"].to_numpy().argmax())
    row = table.to_dict("records")[most]
    title = (
        f"{row['zone']} has the highest value of ecosystem services, {words.date(last)}: "
        f"{pounds(row['central'])} a year, in nine of ten draws {pounds(row['p05'])} to {pounds(row['p95'])}"
    )
    return Section(
        "ranges_by_zone",
        "Ranges of the annual value by zone",
        table[[c.name for c in columns]],
        columns,
        summary=f"{title}.",
        notes=(_NOTE_DRAWS, _NOTE_CENTRAL, _NOTE_WORD,
               "The ranges of zones move together: they share their factors and the error of areas."),
        charts=(Chart("range", setting.mark(title), "zone", "central", low="p05", high="p95"),),
        cells=blanks(table),
        marks=marks_of(table),
        figures=figure_cells(words, items),
    )  # fmt: skip
