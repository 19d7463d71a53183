"""Tables of ranges: money by service, physical amounts, total value by zone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from natcap.accounts.ranges_account.account import CHANGE, Item, RangesAccount
from natcap.accounts.ranges_account.figures import figure_id
from natcap.accounts.ranges_account.terms import TOTAL
from natcap.accounts.ranges_account.words import MEASURES, Words
from natcap.accounts.services.account import WHOLE
from natcap.accounts.show.words import pounds, text
from natcap.accounts.wings import Setting
from natcap.core.report import Chart, Column, Section

__all__ = ["money_section", "physical_section", "zone_section"]

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
_NOTE_AREA = "An area is the adjusted one, with the normal error of its sample."
_SPREAD = "([p95]-[p05])/ABS([central])"
_DATES = ("opening", "closing", CHANGE)
_ENDS = ("p05", "p50", "p95")


def _by_date(items: Sequence[Item]) -> list[Item]:
    """By date; the total last of each."""
    return sorted(items, key=lambda item: (_DATES.index(item.date), item.item == TOTAL))


def _table(account: RangesAccount, words: Words, items: Sequence[Item]) -> pd.DataFrame:
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
        "rag": item.rating.word, "why": item.rating.why,
    }  # fmt: skip


def _columns(unit: str, label: str, decimals: int) -> tuple[Column, ...]:
    named = [("central", f"Central value{label}"), ("p05", f"P5{label}"), ("p50", f"Median{label}"),
             ("p95", f"P95{label}")]  # fmt: skip
    return (
        *(Column(name, said, unit, "number", decimals) for name, said in named),
        Column("spread", "P95 less P5 over the central value", "", "percent", 0, _SPREAD),
        Column("ranged", "Share of the amount with a range", "", "percent", 0),
        text("cause", "Carries most of the variance"), Column("share", "Its share of the variance", "", "percent", 0),
        text("rag", "Confidence"), text("why", "Why"),
    )  # fmt: skip


def _marks(table: pd.DataFrame) -> dict[tuple[int, str], str]:
    return {
        (int(row), name): "[z]" for name in ("spread", "ranged", "share") for row in np.flatnonzero(table[name].isna())
    }


def _blanks(table: pd.DataFrame) -> dict[tuple[int, str], str]:
    """No live formula where the spread has no central value to stand over."""
    return {(int(row), "spread"): "" for row in np.flatnonzero(table["spread"].isna())}


def _figures(words: Words, items: Sequence[Item]) -> dict[tuple[int, str], str]:
    return {(row, end): figure_id(words, item, end) for row, item in enumerate(items) for end in _ENDS}


def _centrals(account: RangesAccount, items: Sequence[Item], totals: Sequence[int]) -> dict[tuple[int, str], str]:
    """Live central values of totals, and of changes between two dates."""
    at = {item.key: row for row, item in enumerate(items)}
    cells = {}
    for row, item in enumerate(items):
        if item.date == CHANGE:
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
    items = _by_date(account.of(measure))
    totals = tuple(row for row, item in enumerate(items) if item.item == TOTAL)
    table = _table(account, words, items)
    prices = f", {words.services.price_year} prices"
    title = _finding(account, words, measure)
    last = words.date("closing" if any(item.date == "closing" for item in items) else items[0].date)
    chart = Chart("range", setting.mark(title), "item", "central", low="p05", high="p95", only={"date": [last]})
    columns = (text("date", "Date"), text("item", "Service"), *_columns("GBP", prices, 0))
    return Section(
        f"ranges_{measure}",
        f"Ranges of the {MEASURES[measure].lower()}",
        table[[c.name for c in columns]],
        columns,
        summary=f"{title}.",
        notes=(_NOTE_DRAWS, _NOTE_CENTRAL, _NOTE_WORD, *account.notes),
        charts=(chart,),
        total_rows=totals,
        cells=_blanks(table) | _centrals(account, items, totals),
        marks=_marks(table),
        figures=_figures(words, items),
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


def physical_section(account: RangesAccount, words: Words) -> Section:
    """Ranges of flows, of the carbon stock, and of adjusted areas, all zones together, each in its unit."""
    items = [item for measure in ("flow", "carbon_stock", "area") for item in _by_date(account.of(measure))]
    table = _table(account, words, items)
    columns = (text("measure", "What"), text("date", "Date"), text("item", "Item"), text("unit", "Unit"),
               *_columns("", "", 2))  # fmt: skip
    red = int((table["rag"] == "Red").sum())
    return Section(
        "ranges_physical",
        "Ranges of flows, carbon stock and areas",
        table[[c.name for c in columns]],
        columns,
        summary=f"{len(items)} physical amounts with their ranges; confidence is Red for {red} of them.",
        notes=(_NOTE_DRAWS, _NOTE_CENTRAL, _NOTE_WORD, _NOTE_AREA, *account.notes),
        cells=_blanks(table) | _centrals(account, items, ()),
        marks=_marks(table),
        figures=_figures(words, items),
    )


def zone_section(setting: Setting, account: RangesAccount, words: Words) -> Section | None:
    """Ranges of the total annual value of each zone at the last date; None with a single zone."""
    found = [item for key, item in account.items.items() if key[0] == "value" and key[2] != WHOLE]
    last = "closing" if any(item.date == "closing" for item in found) else "opening"
    items = [item for item in found if item.date == last]
    if len(items) < 2:
        return None
    table = _table(account, words, items)
    columns = (text("zone_id", "Zone code"), text("zone", "Zone"),
               *_columns("GBP", f", {words.services.price_year} prices", 0))  # fmt: skip
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
        cells=_blanks(table),
        marks=_marks(table),
        figures=_figures(words, items),
    )  # fmt: skip
