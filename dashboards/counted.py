"""What a typed bill comes to, in words: the result while it's typed, and the rows that were saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from natcap.carbon.business.figures import GROSS
from natcap.carbon.business.preview import Preview
from natcap.carbon.business.typed import Bill
from natcap.core.factors import library
from natcap.core.numbers import NumberError, number
from natcap.core.report import Report

from .blank import LABELS
from .safe import NOTHING, Markup, html, join
from .words import full, plural, short, unit_label, verified_words

__all__ = ["adds", "kilograms", "result", "saved", "saved_rows", "spoken", "total"]


def kilograms(lines: pd.DataFrame) -> float:
    """kg CO2e that lines add to the total: scope 1, 2 by location, 3."""
    return float(lines[lines["section"].isin(GROSS)]["kg_co2e"].sum())


def adds(kg: float) -> str:
    """An amount of emissions as one reads it: "226 kg CO2e", three figures."""
    return f"{short(kg)} kg CO2e"


def _needed(preview: Preview) -> str:
    return ", ".join(LABELS[name].lower() for name in preview.missing)


def spoken(preview: Preview) -> str:
    """The result in one sentence, for those who hear the page."""
    if preview.ready:
        told = f", {plural(len(preview.warnings), 'thing')} to look at" if preview.warnings else ""
        return f"This bill comes to {adds(kilograms(preview.lines))}{told}."
    if preview.problems:
        return f"{plural(len(preview.problems), 'problem')} to put right."
    return f"Still needed: {_needed(preview)}." if preview.missing else ""


def result(preview: Preview | None) -> Markup:
    """The panel below the form: what is needed, what is wrong, or the figure with its working and its factors."""
    if preview is None:
        return html('<div class="empty"><p>What the bill comes to appears here as you type.</p></div>')
    general = [f for f in preview.findings if not f.field]
    told = join(html("<p>{t}</p>", t=f.text) for f in general)
    if not preview.ready:
        needed = html("<p>Still needed: {n}.</p>", n=_needed(preview)) if preview.missing else NOTHING
        fields = ", ".join(dict.fromkeys(LABELS[f.field].lower() for f in preview.problems if f.field))
        wrong = html("<p>To put right: {f}. What to do stands beside each.</p>", f=fields) if fields else NOTHING
        return html('<div class="empty">{told}{wrong}{needed}</div>', told=told, wrong=wrong, needed=needed)
    counted = preview.lines["section"].isin(GROSS)
    return html(
        '<div class="fine"><p class="card-label">This bill comes to</p><p class="card-number">{kg} '
        '<span class="card-unit">kg CO2e</span></p>{told}<ul class="plain">{main}</ul>{beside}</div>',
        kg=short(kilograms(preview.lines)),
        told=told,
        main=join(_line(record) for record in preview.lines[counted].to_dict("records")),
        beside=_beside(preview.lines[~counted]),
    )


def _beside(lines: pd.DataFrame) -> Markup:
    """Lines that stand beside the total and are never added to it."""
    if lines.empty:
        return NOTHING
    return html(
        '<p class="small">Beside the total, never added to it:</p><ul class="plain small">{items}</ul>',
        items=join(_line(record) for record in lines.to_dict("records")),
    )


def _line(record: Mapping[str, Any]) -> Markup:
    """One line: where it counts, the working in full, and the factor row with its page and how it was checked."""
    entered, used = unit_label(str(record["unit"])), unit_label(str(record["factor_unit"]))
    converted = ""
    if str(record["unit"]) != str(record["factor_unit"]):
        converted = f" = {full(record['factor_quantity'])} {used}"
    note = str(record["note"])
    return html(
        "<li><b>{section}, {category}: {kg} kg CO2e</b><br>{quantity} {entered}{converted} × {factor} kg {gas} per "
        '{used}{gwp}<br><span class="small">{cited}{note}</span></li>',
        section=str(record["section"]),
        category=str(record["category"]),
        kg=full(record["kg_co2e"]),
        quantity=full(record["quantity"]),
        entered=entered,
        converted=converted,
        factor=full(record["factor"], None if record["factor"] == round(record["factor"], 3) else 5),
        gas=str(record["gas"]),
        used=used,
        gwp=f" × {full(record['gwp'])} kg CO2e per kg" if record["gwp"] != 1 else "",
        cited=_cited(record),
        note=f" {note[:1].upper()}{note[1:]}." if note else "",
    )


def _cited(record: Mapping[str, Any]) -> str:
    """The factor row: its name, edition, source, place and how it was checked."""
    checked = verified_words(str(record["verified"]))
    try:
        ref = library().ref(str(record["factor_id"]))
    except KeyError:
        return f"Factor: {record['edition']}; {checked}."
    how = "" if str(record["match"]) == "exact" else f" ({record['match']})"
    return f"Factor: {ref.label}, {record['edition']}{how}. {ref.source}, {ref.locator}; {checked}."


def total(report: Report) -> str:
    """The headline total of a report in words."""
    found = next((f for f in report.figures if f.id == "business.total"), None)
    if found is None or found.value is None:
        return "it has no total yet"
    return f"the total is {full(found.value, 3)} t CO2e"


def saved(done: str, made: Preview, place: str, now: str) -> Markup:
    """A bill that was kept: what it comes to, where it stands, and the account it's now part of."""
    return html(
        '<div class="fine" role="status"><h2>{done}: {kg}</h2><p>{activity}, {quantity} {unit}: {place}. {now}</p>'
        '<p><button class="link" data-jump="content">See the account</button></p></div>',
        done=done,
        kg=adds(kilograms(made.lines)),
        activity=made.texts["activity"],
        quantity=_amount(made.texts["quantity"]),
        unit=unit_label(made.texts["unit"]),
        place=place,
        now=now,
    )


def saved_rows(name: str, bills: list[Bill], report: Report | None, kept: bool) -> Markup:
    """The rows typed so far with the cell of each and what it comes to in the account; each can be taken out."""
    if not bills:
        return NOTHING
    said = "" if kept else ", kept only while this page is open"
    heads = ("Cell", "What was used", "Quantity", "Days", "Site", "Meter", "Evidence", "kg CO2e", "Take out")
    return html(
        '<h3>Typed so far</h3><p>{count} of {name}{said}.</p><div class="scroll" tabindex="0" role="group" '
        'aria-label="Bills typed so far"><table><caption>Each row with its cell, as every figure cites it.</caption>'
        "<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>",
        count=plural(len(bills), "row"),
        name=name,
        said=said,
        heads=join(html('<th scope="col">{h}</th>', h=h) for h in heads),
        body=join(_row(name, bill, report) for bill in reversed(bills)),
    )


def _row(name: str, bill: Bill, report: Report | None) -> Markup:
    cell = f"C{bill.row}"
    days = bill["start"] if not bill["end"] else f"{bill['start']} to {bill['end']}"
    return html(
        '<tr><th scope="row">{cell}</th><td>{activity}</td><td class="num">{quantity} <span class="unit">{unit}</span>'
        '</td><td>{days}</td><td>{site}</td><td>{item}</td><td>{evidence}</td><td class="num">{kg}</td><td>'
        '<button class="link" data-key="out-{row}" data-go="out:{row}">Take out<span class="hidden"> row {row}: '
        "{activity}</span></button></td></tr>",
        cell=cell,
        activity=bill["activity"],
        quantity=_amount(bill["quantity"]),
        unit=unit_label(bill["unit"]),
        days=days,
        site=bill["site"],
        item=bill["item"],
        evidence=bill["evidence"],
        kg=_kg_of(name, cell, report),
        row=str(bill.row),
    )


def _amount(text: str) -> str:
    """A quantity with its thousands separated, or as it stands where somebody wrote something else into the file."""
    try:
        return full(number(text))
    except NumberError:
        return text


def _kg_of(name: str, cell: str, report: Report | None) -> str:
    """What the account has for a cell; "[x]" where there is no account or it does not have the cell."""
    if report is None or report.lines is None:
        return "[x]"
    lines = report.lines
    mine = lines[(lines["file"].astype("str") == name) & (lines["cell"].astype("str") == cell)]
    return full(kilograms(mine)) if len(mine) else "[x]"
