"""Sections of the reconciliation: the account by ecosystem type, its bridge to the service, the two by type."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from natcap.accounts.show.words import number, text
from natcap.accounts.stock_account.flux import CO2, no_flux
from natcap.accounts.stock_account.gases import GASES
from natcap.accounts.stock_account.reconcile import CAUSES, Reconciled
from natcap.accounts.stock_account.sheets import ROWS, listed_classes
from natcap.accounts.stock_account.told import CO2E, share_of
from natcap.accounts.stock_account.view import View
from natcap.core.report import Chart, Column, Section

__all__ = ["LINES", "bridge_section", "bridge_values", "type_sections"]

_LABELS = {
    "growth": "Growth",
    "conversion": "Conversion, net",
    "harvest": "Harvest",
    "disturbance": "Disturbance",
}
LINES: tuple[str, ...] = (
    "net", "reappraised", "account", "ch4", "n2o", "expected", "apart", "residual", "service", "opening", "closing",
)  # fmt: skip
"""Rows of the bridge: account, gases, land apart and what is unexplained lead to the service."""
_AT = {name: n for n, name in enumerate(LINES)}


def bridge_values(found: Reconciled) -> dict[str, float]:
    """The lines of the bridge, t CO2e a year; account + gases + what stands apart + residual = service."""
    account, (opening, closing) = float(found.net.sum()), found.service.whole
    return {
        "net": account + found.reappraised, "reappraised": 0.0 - found.reappraised, "account": account,
        "ch4": found.gas("CH4"), "n2o": found.gas("N2O"), "expected": float(found.expected.sum()),
        "apart": 0.0 - found.apart, "opening": opening, "closing": closing, "service": found.service.whole_mean,
        "residual": found.left,
    }  # fmt: skip


def _words(view: View) -> dict[str, str]:
    return {
        "net": "Net balance of the carbon account", "reappraised": "Less reappraisals, which are no flow",
        "account": "Carbon account: taken up by change of stock",
        **{gas.casefold(): f"{name} of organic soil" for gas, name in GASES.items()},
        "expected": "Service that the account expects",
        "apart": "Less land whose type has no flow of the service",
        "opening": f"Service accounted, {view.setting.years[0]}",
        "closing": f"Service accounted, {view.setting.years[1]}",
        "service": "Service accounted, mean of both dates", "residual": "Left unexplained",
    }  # fmt: skip


def _formulas(view: View, found: Reconciled) -> dict[str, str]:
    last = len(found.shown)
    net, up, down = (ROWS.index(name) for name in ("net", "reappraisal_up", "reappraisal_down"))
    year = "*[carbon_flux.ratio@0]/[carbon_flux.years@0]"
    to = {name: f"[value@{n}]" for name, n in _AT.items()}
    return {
        "net": f"[carbon_account.all@{net}]{year}",
        "reappraised": f"-([carbon_account.all@{up}]-[carbon_account.all@{down}]){year}",
        "account": f"{to['net']}+{to['reappraised']}",
        **{gas.casefold(): f'-SUMIFS({{other_gases.co2e}},{{other_gases.gas}},"{gas}")' for gas in GASES},
        "expected": f"SUM({to['account']},{to['ch4']},{to['n2o']})",
        "apart": '-SUMIFS({carbon_service_by_type.expected},{carbon_service_by_type.compared},"no")',
        "opening": f"[carbon_service_by_type.opening@{last}]", "closing": f"[carbon_service_by_type.closing@{last}]",
        "service": f"({to['opening']}+{to['closing']})/2",
        "residual": f"{to['service']}-{to['expected']}-{to['apart']}",
    }  # fmt: skip


def bridge_section(view: View, found: Reconciled) -> Section:
    """From the net balance of the account to the service, line by line."""
    values, words = bridge_values(found), _words(view)
    if np.isnan(values["service"]):
        values["apart"] = float("nan")
    table = pd.DataFrame({"item": [words[name] for name in LINES], "value": [values[name] for name in LINES]})
    missing = set(np.flatnonzero(table["value"].isna()).tolist())
    plain = {_AT["opening"], _AT["closing"]} if found.service.total_only else set()
    formulas = {_AT[name]: formula for name, formula in _formulas(view, found).items()}
    cells = {(n, "value"): formula for n, formula in formulas.items() if n not in missing | plain}
    said = _finding(view, found)
    shown = ("account", "ch4", "n2o", "apart", "residual", "service")
    steps = [words[name] for name in shown if _AT[name] not in missing]
    chart = Chart("waterfall", view.setting.mark(said.rstrip(".")), "item", "value", only={"item": steps})
    ids = {(n, "value"): f"carbon_account.reconciled.{name}.total" for name, n in _AT.items()
           if n not in missing and name not in ("net", "reappraised", "opening", "closing")}  # fmt: skip
    return Section(
        "carbon_service", "Carbon account and the service of greenhouse-gas regulation", table,
        (text("item", "Line"), number("value", "Taken up (+) or given off (-)", CO2E)),
        summary=said, charts=() if np.isnan(found.left) else (chart,),
        total_rows=(_AT["account"], _AT["expected"], _AT["service"]), cells=cells,
        marks={(n, "value"): "[x]" for n in missing}, figures=ids, notes=(*_notes(view, found),),
    )  # fmt: skip


def _finding(view: View, found: Reconciled) -> str:
    if np.isnan(found.net).all():
        return no_flux(view)
    if found.service.why:
        return f"Not available: {found.service.why}."
    part = share_of(found.left, found.service.whole_mean)
    size = "" if np.isnan(part) else f" ({abs(part):.0%})"
    whole = f"{found.service.whole_mean:,.0f} t CO2e a year"
    return f"Of a service of {whole}, the account leaves {found.left:+,.0f}{size} unexplained."


def _notes(view: View, found: Reconciled) -> Iterator[str]:
    yield (
        "The lines add up: change of stock, methane and nitrous oxide, land apart and what is left make the service. "
        "The account is the mean of a year between the dates, the service the mean of its two dates."
    )
    yield (
        "[x]: not entered, and left out of the sums, not counted as zero. Methane and nitrous oxide come from the "
        f"sheet Other gases of the workbook carbon_movements, in CO2e by {view.given.gwp} (carbon_gwp in [choices]); "
        "the UK greenhouse gas inventory takes AR5 (recalled). What the library's rates of the service hold is in "
        "factors/carbon_stock/gases_of_rate.csv."
    )
    if found.service.total_only:
        yield "Compared in total only: at least one flow of the service is not divided by ecosystem type."


def type_sections(view: View, found: Reconciled) -> tuple[Section, ...]:
    """The account by type and cause; where the service was accounted, the two by type."""
    if not found.shown:
        return ()
    return _account(view, found), _beside(view, found)


def _class_sum(view: View, found: Reconciled, at: int, cause: str) -> str:
    """Entries of the classes of a type, t C, as a formula; "" where none is known."""
    parts = []
    for row, place in enumerate(listed_classes(view)):
        share = float(found.types.shares[place, at])
        for name, sign in CAUSES[cause].items():
            if share and not np.isnan(view.account.entries[name][:, place]).all():
                times = "" if share == 1 else f"{share!r}*"
                parts.append(f"{'-' if sign < 0 else '+'}{times}[carbon_account_by_class.{name}@{row}]")
    return "".join(parts).removeprefix("+")


def _marked(table: pd.DataFrame, names: tuple[str, ...]) -> dict[tuple[int, str], str]:
    return {(int(n), name): "[x]" for name in names for n in np.flatnonzero(table[name].isna())}


def _account(view: View, found: Reconciled) -> Section:
    names, at = (*CAUSES, "net"), found.shown
    values = {**found.causes, "net": found.net}
    table = pd.DataFrame({"type": [found.types.names[n] for n in at], **{name: values[name][at] for name in names}})
    last = len(table)
    table.loc[last] = {"type": "All types", **{name: table[name].sum(min_count=1) for name in names}}
    marks = _marked(table, names)
    cells = {(row, name): f"({inner})*[carbon_flux.ratio@0]/[carbon_flux.years@0]" for row, place in enumerate(at)
             for name in CAUSES if (inner := _class_sum(view, found, place, name))}  # fmt: skip
    cells |= {(row, "net"): f"SUM({','.join(f'[{name}]' for name in CAUSES)})" for row in range(last)}
    cells |= {(last, name): f"SUM({{{name}}})" for name in names}
    total = float(table["net"].iloc[last])
    way = "took up" if total > 0 else "gave off"
    said = f"By change of stock, land {way} {abs(total):,.0f} t CO2 a year." if total == total else no_flux(view)
    return Section(
        "carbon_account_by_type", "Carbon account by ecosystem type and cause, by year", table,
        (text("type", "Ecosystem type"), *(number(name, label, CO2) for name, label in _LABELS.items()),
         number("net", "Taken up (+) or given off (-)", CO2)),
        summary=said, total_rows=(last,), marks=marks, notes=_TYPES,
        cells={key: formula for key, formula in cells.items() if key not in marks},
    )  # fmt: skip


def _compared(found: Reconciled) -> pd.DataFrame:
    at, flow = found.shown, found.service
    table = pd.DataFrame({
        "type": [found.types.names[n] for n in at], "account": found.net[at], "ch4": found.gases["CH4"][at],
        "n2o": found.gases["N2O"][at], "expected": found.expected[at],
        "compared": [str(flow.compared[n]) for n in at], "opening": flow.by_type[0, at],
        "closing": flow.by_type[1, at], "service": flow.mean[at], "residual": found.residual[at],
    })  # fmt: skip
    values = bridge_values(found)
    lines = ("account", "ch4", "n2o", "expected", "opening", "closing", "service", "residual")
    table.loc[len(table)] = {"type": "All types", "compared": "total", **{name: values[name] for name in lines}}
    table["share"] = [share_of(r, s) for r, s in zip(table["residual"], table["service"], strict=True)]
    return table


def _beside(view: View, found: Reconciled) -> Section:
    table = _compared(found)
    last, numbers = len(table) - 1, tuple(n for n in table.columns if n not in ("type", "compared"))
    marks = _marked(table, numbers)
    marks |= {(n, "share"): "[z]" for n in range(last + 1) if table["service"][n] == 0}
    cells = {(n, "account"): f"[carbon_account_by_type.net@{n}]" for n in range(last + 1)}
    for n in range(last):
        cells |= {(n, gas.casefold()): f'-SUMIFS({{other_gases.co2e}},{{other_gases.gas}},"{gas}",{{other_gases.type}},'
                  '[type])' for gas in GASES}  # fmt: skip
    summed = ("ch4", "n2o", "expected", *(() if found.service.total_only else ("opening", "closing")))
    cells |= {(last, name): f"SUM({{{name}}})" for name in summed}
    cells[last, "residual"] = '[service]-[expected]+SUMIFS({expected},{compared},"no")'
    columns = (
        text("type", "Ecosystem type"), number("account", "Carbon account", CO2E),
        *(number(gas.casefold(), name, CO2E) for gas, name in GASES.items()),
        number("expected", "Service that the account expects", CO2E, "SUM([account],[ch4],[n2o])"),
        text("compared", "Compared with the service"),
        number("opening", f"Service, {view.setting.years[0]}", CO2E),
        number("closing", f"Service, {view.setting.years[1]}", CO2E),
        number("service", "Service, mean of both dates", CO2E, "([opening]+[closing])/2"),
        number("residual", "Left unexplained", CO2E, "[service]-[expected]"),
        Column("share", "Left unexplained, part of the service", "", "percent", 1, "[residual]/ABS([service])"),
    )  # fmt: skip
    cells |= dict.fromkeys(marks, "")
    ids = {(row, name): f"carbon_account.reconciled.{name}.{found.types.keys[at]}" for row, at in enumerate(found.shown)
           for name in ("account", "ch4", "n2o", "expected", "service", "residual")}  # fmt: skip
    return Section(
        "carbon_service_by_type", "Carbon account and service by ecosystem type", table, columns,
        summary=_by_type_finding(found), total_rows=(last,), cells=cells, marks=marks,
        figures={key: one for key, one in ids.items() if key not in marks}, notes=(*_notes(view, found), _HOW),
    )  # fmt: skip


_HOW = (
    "Compared: yes; no, the service has no flow of the type, so that its line stands apart; part, for some zones or "
    "one date only; total, in the totals alone."
)
_TYPES = (
    "Gains above zero, losses below. Growth is that of land that kept its class; conversion is gains less losses along "
    "the path of years. Land that changed type counts with the type it has at the closing. Carbon that "
    "moves with land, and reappraisals, are no flow and are left out.",
    "Ecosystem types are those of the service account: habitats where the class list has a crosswalk to them, else the "
    "classes of the map.",
)


def _by_type_finding(found: Reconciled) -> str:
    known = [n for n in found.shown if not np.isnan(found.residual[n])]
    if not known:
        return "No ecosystem type can be compared by itself."
    most = max(known, key=lambda n: abs(float(found.residual[n])))
    return f"{found.types.names[most]} leaves most unexplained: {found.residual[most]:+,.0f} t CO2e a year."
