"""Sheet 18: the natural capital balance sheet, and how it came from the previous one."""

from __future__ import annotations

import math

import pandas as pd

from natcap.accounts.assets_account.words import money, pounds
from natcap.accounts.organisation_account.account import COLUMNS, STEPS, stated
from natcap.accounts.organisation_account.model import PARTS, SIDES
from natcap.accounts.organisation_account.words import SIDE_NAMES, Words
from natcap.accounts.show.words import text
from natcap.core.report import Chart, Column, Section

__all__ = ["balance_id", "balance_section", "said", "sensitivity_section", "steps_section"]

_TOTALS = ("assets", "liabilities", "net")
_NAMES = {"legal": "liabilities_legal", "other": "liabilities_other"}


def balance_id(key: str, column: str) -> str:
    """The figure behind a cell of the balance sheet."""
    return f"organisation.{_NAMES.get(key, key)}.{column}"


def said(words: Words) -> str:
    """The finding of the balance sheet."""
    account = words.account
    net, assets, owed = (account.at(key, "total") for key in ("net", "assets", "liabilities"))
    if math.isnan(net):
        return f"No asset and no liability of {words.given.name} has a value"
    found = f"{words.of('Net natural capital')} is worth {pounds(net)} in {words.terms.year}: "
    found += "no asset is valued" if math.isnan(assets) else f"assets of {pounds(assets)}"
    found += ", and no liability is stated" if math.isnan(owed) else f" less liabilities of {pounds(-owed)}"
    outside = account.at("net", "external")
    return found if math.isnan(outside) else f"{found}; {pounds(outside)} of the net value is external"


def balance_section(words: Words) -> Section:
    """18 Natural capital balance sheet."""
    table = words.account.balance
    place = {key: at for at, key in enumerate(table["key"])}
    cells: dict[tuple[int, str], str] = {}
    marks: dict[tuple[int, str], str] = {}
    for at, row in enumerate(table.to_dict("records")):
        for side in SIDES:
            cells[at, side] = _formula(str(row["key"]), side, place)
        for name in COLUMNS:
            if math.isnan(row[name]):
                marks[at, name] = "[w]" if row["key"] in ("legal", "other", "liabilities") else "[x]"
                cells.pop((at, name), None)
    shown = [row["label"] for row in table.to_dict("records") if row["key"].startswith("habitat.")]
    shown += table.loc[table["key"].isin(["legal", "other"]), "label"].tolist()
    table, further = _previous(words, table)
    for at in range(len(table)) if further else ():
        if table["key"].iloc[at] not in _TOTALS:
            marks |= {(at, column.name): "[x]" for column in further}
    columns = (text("label", "Item"), *words.side_columns(), *further)
    title = said(words)
    chart = Chart("bar", words.setting.mark(title), "label", "total", only={"label": shown})
    return Section(
        "organisation_balance", words.of("Natural capital balance sheet"), table[[c.name for c in columns]],
        columns, f"{title}.",
        ("Net = gross assets + maintenance liabilities, which are negative. Gross assets are shown by habitat.",
         "Exchange values only: a value with consumer surplus stands in the memo table. What has no number or no price "
         "is not in it; see the table of what is not included.", *words.method), words.sources,
        charts=(chart,), total_rows=tuple(place[key] for key in _TOTALS), cells=cells, marks=marks,
        figures={(at, name): balance_id(str(key), name) for key, at in place.items() for name in COLUMNS},
    )  # fmt: skip


def _previous(words: Words, table: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Column, ...]]:
    """The balance sheet with the totals of the previous account as published, and the columns for them."""
    held, year = words.given.previous, words.terms.previous
    if year is None:
        return table, ()
    amounts = {(row["part"], row["column"]): float(row["amount"]) for row in held.to_dict("records")}
    unit = f"GBP_{int(held['price_year'].iloc[0])}"
    columns = []
    for name in COLUMNS:
        sides = SIDES if name == "total" else (name,)
        found = {part: sum(amounts[part, side] for side in sides) for part in PARTS}
        found["net"] = sum(found.values())
        table = table.assign(**{f"previous_{name}": table["key"].map(found)})
        formula = "SUM([previous_private],[previous_external])" if name == "total" else None
        columns.append(money(f"previous_{name}", f"{SIDE_NAMES[name]}, {year} as published", unit, formula))
    return table, tuple(columns)


def sensitivity_section(words: Words) -> Section | None:
    """18e The balance sheet by the discount schedule that stands beside; None where none is in force."""
    account, other = words.account, words.terms.other
    if other is None:
        return None
    place = {key: at for at, key in enumerate(account.balance["key"])}
    sums = {
        part: stated(table.loc[table["column"].isin(SIDES) & table["value"].notna(), "other"])
        for part, table in (("assets", account.flows), ("liabilities", account.duties))
    }
    sums["net"] = stated(sums.values())
    rows = [{"label": account.balance["label"].iloc[place[key]], "chosen": account.at(key, "total"), "other": value}
            for key, value in sums.items()]  # fmt: skip
    table = pd.DataFrame(rows)
    table["difference"] = table["other"] - table["chosen"]
    cells: dict[tuple[int, str], str] = {}
    marks: dict[tuple[int, str], str] = {}
    for at, (key, value) in enumerate(sums.items()):
        if math.isnan(value):
            marks |= {
                (at, name): "[w]" if key == "liabilities" else "[x]" for name in ("chosen", "other", "difference")
            }
            continue
        cells[at, "chosen"] = f"[organisation_balance.total@{place[key]}]"
        source = "organisation_flows" if key == "assets" else "organisation_duties"
        both = (f'SUMIFS({{{source}.other}},{{{source}.column}},"{side}")' for side in SIDES)
        cells[at, "other"] = "SUM([other@0],[other@1])" if key == "net" else "+".join(both)
    chosen, beside = words.terms.choices.schedule, other.choices.schedule
    found = (
        "" if math.isnan(sums["net"]) else f": {pounds(sums['net'])} instead of {pounds(account.at('net', 'total'))}"
    )
    return Section(
        "organisation_sensitivity", f"Sensitivity of the balance sheet of {words.given.name} to the discount schedule",
        table,
        (text("label", "Item"), money("chosen", f"Total, schedule {chosen}", words.unit),
         money("other", f"Total, schedule {beside}", words.unit),
         money("difference", "Difference", words.unit, "[other]-[chosen]")),
        f"{words.of('Net natural capital')} by the schedule {beside}{found}.",
        (f"{beside}: {other.choices.option.name}, edition {other.choices.option.since}, "
         f"{other.choices.option.ref.verified}.", *words.method), words.sources,
        total_rows=(2,), cells=cells, marks=marks,
        figures={(at, "other"): f"organisation.sensitivity.{key}" for at, key in enumerate(sums)},
    )  # fmt: skip


def _formula(key: str, side: str, place: dict[str, int]) -> str:
    flows = f'SUMIFS({{organisation_flows.value}},{{organisation_flows.column}},"{side}"'
    duties = (
        f'SUMIFS({{organisation_duties.value}},{{organisation_duties.column}},"{side}",{{organisation_duties.duty}}'
    )
    if key.startswith("habitat."):
        return f'{flows},{{organisation_flows.habitat_key}},"{key.removeprefix("habitat.")}")'
    if key == "assets":
        return f"SUM([{side}@0]:[{side}@{place['assets'] - 1}])"
    if key == "legal":
        return f'{duties},"legal")+{duties},"contractual")'
    if key == "other":
        return f'{duties},"constructive")'
    first, second = ("legal", "other") if key == "liabilities" else ("assets", "liabilities")
    return f"SUM([{side}@{place[first]}],[{side}@{place[second]}])"


def steps_section(words: Words) -> Section | None:
    """18c From the previous closing to this one; None without a previous account."""
    table, previous = words.account.steps, words.terms.previous
    if previous is None:
        return None
    names = [f"{part}_{side}" for part in PARTS for side in SIDES]
    last, keys = len(table) - 1, list(STEPS)
    place = {key: at for at, key in enumerate(words.account.balance["key"])}
    cells = {}
    for name in names:
        part, side = name.split("_")
        source = "organisation_flows" if part == "assets" else "organisation_duties"
        if part == "assets" or len(words.account.duties):
            cells[keys.index("time"), name] = f'SUMIFS({{{source}.time}},{{{source}.column}},"{side}")'
        cells[last, name] = f"SUM([organisation_balance.{side}@{place[part]}])"
        cells[keys.index("residual"), name] = f"[{name}@{last}]-SUM([{name}@0]:[{name}@{last - 2}])"
    base = int(words.given.previous["price_year"].iloc[0])
    ratio = float(words.given.previous["scale"].iloc[0])
    cells |= {(1, name): f"[{name}@0]*({ratio!r}-1)" for name in names}
    title = _moved(words)
    columns = (
        text("label", "Entry"),
        *(money(f"{part}_{side}", f"{'Gross assets' if part == 'assets' else 'Liabilities'}, {side}", words.unit)
          for part in PARTS for side in SIDES),
        money("net", "Net natural capital", words.unit, "+".join(f"[{name}]" for name in names)),
    )  # fmt: skip
    return Section(
        "organisation_movements", f"From the previous balance sheet of {words.given.name} to this one",
        table[[c.name for c in columns]], columns, f"{title}.",
        (f"The first row is in prices of {base}, as published; the second takes it to those of "
         f"{words.terms.price_year}.",
         f"Passage of time: the same flows seen from {words.terms.year} less seen from {previous}, that is years used "
         "up and discounting unwound, in today's prices. A flow without a first year looks as many years ahead in each "
         "account. Assets with an addition are left out of it.",
         "What is not explained: changes of flows, prices, carbon values and discount schedules that Movements does "
         "not name.", *words.method), words.sources,
        charts=(Chart("waterfall", words.setting.mark(title), "label", "net"),), total_rows=(0, last), cells=cells,
        figures={(at, name): f"organisation.change.{key}.{name}" for at, key in enumerate(keys)
                 for name in (*names, "net")},
    )  # fmt: skip


def _moved(words: Words) -> str:
    """The change at prices of this account, so that a change of the price year is not told as a rise."""
    terms, net = words.terms, dict(zip(STEPS, words.account.steps["net"].tolist(), strict=True))
    change = net["closing"] - net["opening"] - net["price_level"]
    moved = f"{words.of('Net natural capital')} {'rose' if change >= 0 else 'fell'} by {pounds(abs(change))}"
    base = "" if net["price_level"] == 0 else f" in prices of {terms.price_year}"
    return (
        f"{moved}{base} from {terms.previous} to {terms.year}; {pounds(net['residual'])} is not explained by what was "
        "entered"
    )
