"""What a project gives of intermediate services, told apart from what it gives of final ones; halves are refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from natcap.accounts.classes import slug
from natcap.accounts.services.intermediate.library import intermediate_names, intermediate_services
from natcap.accounts.services.library import Price
from natcap.core.workbook import Row, RowTeller

__all__ = ["PLACE", "USES", "Given", "apart", "refuse_halves"]

USES: tuple[str, ...] = ("service", "user", "share", "factor")
PLACE = ("_sheet", "_row", "_cell_user")


def _no_uses() -> pd.DataFrame:
    return pd.DataFrame(columns=[*USES, *PLACE])


@dataclass(frozen=True)
class Given:
    """Readings (as those of final services, with a type each), unit values, and uses: service, user (an ecosystem type
    as it was written), share, factor (Factor), with the cell of the user."""

    readings: pd.DataFrame = field(default_factory=pd.DataFrame)
    prices: tuple[Price, ...] = ()
    uses: pd.DataFrame = field(default_factory=_no_uses)


def apart(readings: pd.DataFrame, prices: tuple[Price, ...], uses: pd.DataFrame) -> dict[str, Any]:
    """`readings`, `prices` and `uses` of final services, and `intermediate` (Given) with those of the others."""
    kin = intermediate_services()
    mine, theirs = (table["service"].isin(list(kin)) for table in (readings, uses))
    given = Given(
        readings[mine].reset_index(drop=True), tuple(p for p in prices if p.service in kin),
        uses.loc[theirs, [*USES, *PLACE]].reset_index(drop=True),
    )  # fmt: skip
    return {
        "readings": readings[~mine].reset_index(drop=True),
        "prices": tuple(p for p in prices if p.service not in kin),
        "uses": uses.loc[~theirs, list(USES)].reset_index(drop=True),
        "intermediate": given,
    }


def _named(table: pd.DataFrame) -> Iterator[tuple[str, Row]]:
    """The first row of a sheet that names each intermediate service."""
    names = table["service"].map(lambda word: intermediate_names().get(slug(str(word)), ""))
    for key in dict.fromkeys(name for name in names if name):
        yield key, table[names == key].iloc[0].to_dict()


def refuse_halves(tables: Mapping[str, pd.DataFrame], teller: RowTeller) -> None:
    """An intermediate service needs its supply and its users: one without the other is no supply and use."""
    named = {sheet: dict(_named(tables[sheet])) for sheet in ("readings", "users", "unit_values")}
    for key, row in named["readings"].items():
        if key not in named["users"]:
            name = intermediate_services()[key].name
            teller.tell(row, "service", f"the intermediate service {name} without users",
                        "the ecosystem types that use it, with shares that sum to 1",
                        f"Name on the sheet Users every ecosystem type that uses {name}, one a row; or leave it out, "
                        "as its value is in final services already")  # fmt: skip
    for sheet, word in (("users", "the users"), ("unit_values", "a unit value")):
        for key, row in named[sheet].items():
            if key not in named["readings"]:
                name = intermediate_services()[key].name
                teller.tell(row, "service", f"{word} of the intermediate service {name} without a reading of it",
                            "the flow that each ecosystem type supplies, on the sheet Readings",
                            "The library has no flow of it: give readings, or delete the row")  # fmt: skip
