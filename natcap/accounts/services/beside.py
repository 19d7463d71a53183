"""Readings and published values beside the models that they replace: how far the library stands from them."""

from __future__ import annotations

import pandas as pd

from natcap.accounts.services.build import sums
from natcap.accounts.services.ground import DATES
from natcap.accounts.services.supply import marked
from natcap.accounts.services.view import View, plain, worth
from natcap.accounts.show.words import text
from natcap.core.report import Column, Section

__all__ = ["beside_section"]


def beside_section(view: View) -> Section | None:
    """Readings and published values beside the models they replace; none where nothing was replaced."""
    gone = view.built.replaced
    if gone.empty:
        return None
    rows = view.rows[view.rows["origin"] != "model"]
    modelled, stated = (sums(part, ["service", "date"], "value") for part in (gone, rows))
    keys = [(key, date) for key in view.account.services for date in DATES
            if (key, date) in modelled.index and (key, date) in stated.index]  # fmt: skip
    table = pd.DataFrame({
        "service": [key for key, _ in keys], "name": [view.account.services[key].name for key, _ in keys],
        "date": [date for _, date in keys], "year": [view.year(date) for _, date in keys],
        "given": [float(stated[key]) for key in keys], "modelled": [float(modelled[key]) for key in keys],
    })  # fmt: skip
    table["ratio"] = (table["given"] / table["modelled"].where(table["modelled"] != 0)).astype(float)
    far = table[(table["ratio"] > 2) | (table["ratio"] < 0.5)]["name"].unique().tolist()
    said = f"{', '.join(far)} differ{'s' if len(far) == 1 else ''} by more than a factor of two" if far else \
        "They differ by less than a factor of two"  # fmt: skip
    return Section(
        "services_beside_model", "Readings and published values beside the models they replace", table,
        (text("name", "Service"), text("date", "Date"), Column("year", "Year of the flow", "", "year"),
         worth("given", "Value read or published", view.money), worth("modelled", "Value of the model", view.money),
         plain("ratio", "Read or published to modelled", formula="[given]/[modelled]")),
        summary=f"{said}; what was read or published stands in the accounts.",
        notes=("A large difference asks which of the two describes the area: the library scales national means.",),
        marks=marked(table, ["given", "modelled", "ratio"]),
    )  # fmt: skip
