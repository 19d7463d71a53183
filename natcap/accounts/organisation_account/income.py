"""Sheet 19: the natural capital income statement and its lines."""

from __future__ import annotations

import math

from natcap.accounts.assets_account.words import money, pounds
from natcap.accounts.organisation_account.account import COLUMNS
from natcap.accounts.organisation_account.model import SIDES
from natcap.accounts.organisation_account.words import ENTRY_NAMES, Words
from natcap.accounts.organisation_account.working import carbon_start
from natcap.accounts.show.words import text
from natcap.core.report import Chart, Column, Section

__all__ = ["income_section", "items_section"]


def income_section(words: Words) -> Section:
    """19 Natural capital income statement."""
    table = words.account.income.assign(label=words.account.income["entry"].map(ENTRY_NAMES))
    last = len(table) - 1
    cells: dict[tuple[int, str], str] = {}
    marks: dict[tuple[int, str], str] = {}
    for at, row in enumerate(table.to_dict("records")):
        for name in COLUMNS:
            if math.isnan(row[name]):
                marks[at, name] = "[w]"
            elif name != "total" and at < last:
                cells[at, name] = (f'SUMIFS({{organisation_items.value}},{{organisation_items.entry}},"{row["entry"]}",'
                                   f'{{organisation_items.column}},"{name}")')  # fmt: skip
            elif name != "total":
                cells[at, name] = f"SUM({{{name}}})"
    net = {name: float(table[name].iloc[last]) for name in COLUMNS}
    parts = [f"{pounds(net[side])} {side}" for side in SIDES if not math.isnan(net[side])]
    title = f"Nothing is stated for {words.given.name} in {words.terms.year}"
    if parts:
        brought = f"{words.of('The natural capital')} brought {pounds(net['total'])} in {words.terms.year}"
        title = f"{brought}: {' and '.join(parts)}"
    fed = words.given.emissions
    mark = "SYNTHETIC emissions: " if fed is not None and fed.status == "synthetic" else ""
    told = "No greenhouse gas inventory was read: emissions are those entered, if any."
    if fed is not None:
        told = (
            f"Emissions: {fed.tonnes:,.10g} t CO2e of {fed.where.file}, {fed.status}, at the carbon value of the year."
        )
    return Section(
        "organisation_income", words.of("Natural capital income statement"), table[["label", *COLUMNS]],
        (text("label", "Entry"), *words.side_columns()), f"{mark}{title}.",
        ("Positive: supplied or removed in the year; negative: emitted, polluted, used, spent. Removals and emissions "
         "take the same carbon value.", told,
         "Services are those of the year where its flow was given, else the expected flow; maintenance likewise.",
         f"All values in pounds of {words.terms.price_year}. [w]: none recorded, which is not a zero."), words.sources,
        charts=(Chart("bar", words.setting.mark(mark + title), "label", "total"),) if parts else (), total_rows=(last,),
        cells=cells, marks=marks,
        figures={(at, name): f"organisation.income.{str(entry).replace(' ', '_')}.{name}"
                 for at, entry in enumerate(table["entry"]) for name in COLUMNS},
    )  # fmt: skip


def items_section(words: Words) -> Section:
    """19w Every line of the income statement."""
    account = words.account
    table = account.items.assign(asset=account.items["asset"].replace("", "All assets"))
    cells: dict[tuple[int, str], str] = {}
    row_of_year = words.terms.year - carbon_start(words)
    for at, row in enumerate(account.items.to_dict("records")):
        n = row["at"]
        if row["origin"] == "emissions" or (row["origin"] == "flows" and account.flows["carbon"].iloc[n]):
            cells[at, "price"] = f"[organisation_carbon.value@{row_of_year}]"
        elif row["origin"] == "flows":
            cells[at, "price"] = f"[organisation_flows.price@{n}]"
        elif row["origin"] == "duties":
            cells[at, "price"] = f"[organisation_duties.scale@{n}]"
        if row["origin"] == "flows" and math.isnan(account.flows["actual"].iloc[n]):
            cells[at, "quantity"] = f"[organisation_flows.flow@{n}]"
        elif row["origin"] == "duties" and math.isnan(account.duties["spent"].iloc[n]):
            cells[at, "quantity"] = f"-[organisation_duties.cost@{n}]"
    columns = (
        text("entry", "Entry"), text("item", "Item"), text("asset", "Asset"), text("column", "Column"),
        text("kind", "Kind of value"), text("origin", "Comes from"), Column("quantity", "Quantity", "", "number", 2),
        text("unit", "Unit of quantity"), Column("price", "Value of a unit", words.unit, "number", 6),
        money("value", "Value", words.unit, "[quantity]*[price]"),
    )  # fmt: skip
    return Section(
        "organisation_items", words.of("Lines of the income statement"), table[[c.name for c in columns]], columns,
        f"{len(table)} lines.",
        ("Amounts in pounds are quantities whose value of a unit is the factor to the prices of the account.",
         "Lines in the column memo are in no total."), words.sources, cells=cells,
        figures={(at, "value"): words.item_id(at) for at in range(len(table))}, group="working",
    )  # fmt: skip
