"""The empty form for a bill: the fields of the activity template, each with a label, a hint and a place for words."""

from __future__ import annotations

from natcap.carbon.business.models import activity_model
from natcap.core.workbook import Field

from .safe import NOTHING, Markup, html, join

__all__ = ["LABELS", "NAMES", "blank"]

NAMES: tuple[str, ...] = tuple(f.name for f in activity_model(False).fields)
"""Names of the fields, as in the template."""
LABELS: dict[str, str] = {
    "activity": "What was used", "quantity": "How much", "unit": "Unit", "start": "First day it covers",
    "end": "Last day it covers", "site": "Site", "item": "Meter, vehicle or machine", "evidence": "Evidence",
    "status": "Read or estimated", "note": "Note",
    **{f.name: f.label for f in activity_model(False).fields if f.name in ("basis", "share", "category", "owned")},
}  # fmt: skip
_HINTS = {
    "activity": "Say it as you would (gas, diesel van, taxi, R410A), then choose from the list.",
    "quantity": "The number on the bill, without its unit. A credit note is negative.",
    "unit": "The list has only units that fit what was used.",
    "end": "Leave it empty for a single day.",
    "evidence": "Number of the bill or log. For a credit note, write credit.",
}
_WIDE = {"activity": "w6", "quantity": "w3", "unit": "w3", "note": "w9", "item": "w6", "site": "w6", "evidence": "w6"}
_MAIN = ("activity", "quantity", "unit", "start", "end", "site", "item", "evidence", "status", "note")
_RARE = ("basis", "share", "category", "owned")
_COMBO = ("activity", "unit", "site", "item")
_NOT_SAID = "not said"


def blank() -> Markup:
    """The form: what every bill has, then what few have, folded."""
    fields = {f.name: f for f in activity_model(False).fields}
    return html(
        '<div class="grid">{main}</div><details data-key="rare"><summary>Rarely needed: calorific basis, load or '
        "blend, scope 3 category, your share</summary>"
        '<div class="grid">{rare}</div></details><p class="hidden" role="status" id="s-said"></p>',
        main=join(_field(fields[name]) for name in _MAIN),
        rare=join(_field(fields[name]) for name in _RARE),
    )


def _field(item: Field) -> Markup:
    hint = _hint(item)
    need = html(' <span class="need">(needed)</span>') if item.required else NOTHING
    return html(
        '<div class="f {wide}"><label for="f-{name}">{label}{need}</label>{control}'
        '{hint}<p class="told" id="e-{name}" aria-live="polite"></p></div>',
        wide=_WIDE.get(item.name, "w3"),
        name=item.name,
        label=LABELS[item.name],
        need=need,
        control=_control(item),
        hint=html('<p class="hint" id="h-{n}">{h}</p>', n=item.name, h=hint) if hint else NOTHING,
    )


def _hint(item: Field) -> str:
    return _HINTS.get(item.name, item.help if item.name in _RARE else "")


def _control(item: Field) -> Markup:
    name = item.name
    described = f"h-{name} e-{name}" if _hint(item) else f"e-{name}"
    if item.kind == "choice":
        options = join(html('<option value="{c}">{c}</option>', c=choice) for choice in item.choices)
        return html(
            '<select id="f-{n}" data-name="{n}" aria-describedby="{d}"><option value="">{blank}</option>'
            "{options}</select>",
            n=name, d=described, options=options, blank=_NOT_SAID,
        )  # fmt: skip
    if name in _COMBO:
        return html(
            '<input id="f-{n}" data-name="{n}" type="text" role="combobox" aria-expanded="false" '
            'aria-autocomplete="list" aria-controls="l-{n}" aria-describedby="{d}" autocomplete="off" '
            'maxlength="300"><span class="arrow" aria-hidden="true">▾</span>'
            '<ul id="l-{n}" role="listbox" aria-label="Choices" hidden></ul>',
            n=name,
            d=described,
        )
    if item.kind == "date":
        return html(
            '<input id="f-{n}" data-name="{n}" type="date" min="1900-01-01" max="2199-12-31" '
            'aria-describedby="{d}">',
            n=name, d=described,
        )  # fmt: skip
    if item.kind in ("number", "integer"):
        return html(
            '<input id="f-{n}" data-name="{n}" type="text" inputmode="decimal" aria-describedby="{d}" '
            'autocomplete="off" maxlength="60">',
            n=name, d=described,
        )  # fmt: skip
    return html(
        '<input id="f-{n}" data-name="{n}" type="text" aria-describedby="{d}" autocomplete="off" maxlength="300">',
        n=name,
        d=described,
    )
