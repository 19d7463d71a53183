"""Sheet 11: why asset values changed, by service and as a waterfall."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from natcap.accounts.assets_account.changes import EFFECTS
from natcap.accounts.assets_account.laid import ALL, sums, unique_keys
from natcap.accounts.assets_account.losses.words import effects_note
from natcap.accounts.assets_account.tables import worst
from natcap.accounts.assets_account.unit_values import DATES
from natcap.accounts.assets_account.words import Words, money, pounds
from natcap.accounts.assets_account.working_changes import EFFECT_NAMES
from natcap.accounts.show.words import text
from natcap.core.report import Chart, Section

__all__ = ["decomposition_section", "waterfall_section"]

_NOTES: tuple[str, ...] = (
    "Value = area x flow per hectare x value of a unit of flow. The three effects are Shapley values: none is left "
    "over, and none depends on the order in which the three changed.",
    "A flow that is not per hectare has no area to change: its own change is shown apart, and is neither enhancement "
    "nor conversion.",
    "Not comparable: known at one date only, or in other terms at each date. It is no change, of the ground or of "
    "value: it stands between the two totals, and in no effect and no change.",
)


def decomposition_section(words: Words, pairs: pd.DataFrame, confidence: Mapping[str, str]) -> Section:
    """11 Decomposition of the change, by service, with the `confidence` of each; abiotic flows below the line."""
    used = [s for s in words.account.services.values() if (pairs["service"] == s.id).any()]
    names = (*DATES, *EFFECTS, "change")
    ordered = [s for s in used if not s.abiotic], [s for s in used if s.abiotic]
    labels = [*(s.name for s in ordered[0]), "All ecosystem services",
              *(f"{s.name} (abiotic, below the line)" for s in ordered[1])]  # fmt: skip
    parts = [*(pairs[pairs["service"] == s.id] for s in ordered[0]), pairs[~pairs["abiotic"]],
             *(pairs[pairs["service"] == s.id] for s in ordered[1])]  # fmt: skip
    table = pd.DataFrame([{"item": n} | sums(p, names) for n, p in zip(labels, parts, strict=True)])
    last = len(ordered[0])
    keys = [*(s.id for s in ordered[0]), "", *(s.id for s in ordered[1])]
    told = [confidence.get(key, "no value") for key in keys]
    table["confidence"] = [*told[:last], worst(told[:last]), *told[last + 1 :]]
    cells: dict[tuple[int, str], str] = {}
    marks: dict[tuple[int, str], str] = {}
    for row, key in enumerate(keys):
        for name in names:
            if np.isnan(table[name].to_numpy()[row]):
                marks[row, name] = words.sign(key) if key else "[x]"
            elif name == "change":
                cells[row, name] = f"SUM([{EFFECTS[0]}]:[{EFFECTS[-2]}])"
            elif row == last and last:
                cells[row, name] = f"SUM([{name}@0]:[{name}@{last - 1}])"
            elif key and unique_keys(words):
                cells[row, name] = f'SUMIFS({{asset_changes.{name}}},{{asset_changes.service}},"{key}")'
    figures = {(last, name): f"assets.effect.{name}.{ALL}" for name in EFFECTS} | {
        (last, "change"): "assets.change.total"
    }
    columns = (
        text("item", "Service"), *(money(d, f"Asset value {words.dated(d)}", words.unit) for d in DATES),
        *(money(name, EFFECT_NAMES[name], words.unit) for name in EFFECTS),
        money("change", "Change of what compares", words.unit), text("confidence", "Confidence"),
    )  # fmt: skip
    return Section(
        "asset_decomposition", "Decomposition of the change of asset values", table, columns,
        f"{_said(words, table.iloc[last])}.", (*_NOTES, *effects_note(words), *words.method),
        total_rows=(last,), cells=cells, marks=marks, figures=figures,
    )  # fmt: skip


def _said(words: Words, total: pd.Series) -> str:
    if np.isnan(total["change"]):
        none = "No asset of an ecosystem service is valued"
        return none if np.isnan(total["uncompared"]) else f"{none} in terms that compare between the dates"
    apart, change = total["uncompared"], total["change"]
    largest = max(EFFECTS[:-1], key=lambda name: abs(total[name]))
    name = EFFECT_NAMES[largest].split(":")[0].lower()
    way = "rose" if change > 0 else "fell" if change < 0 else "stayed"
    by = f" by {pounds(abs(change))}" if change else ""
    what = "Asset values that compare" if apart else "Asset values"
    said = f"{what} {way}{by}, {words.span}; the largest cause is {name} ({pounds(total[largest])})"
    return f"{said}. Another {pounds(apart)} between the totals does not compare" if apart else said


def waterfall_section(words: Words, pairs: pd.DataFrame) -> Section:
    """11b From the opening to the closing value of all ecosystem services, cause by cause."""
    total = pd.Series(sums(pairs[~pairs["abiotic"]], (*DATES, *EFFECTS, "change")))
    steps = [f"Opening value {words.dated('opening')}", *(EFFECT_NAMES[n] for n in EFFECTS),
             f"Closing value {words.dated('closing')}"]  # fmt: skip
    table = pd.DataFrame({"step": steps, "amount": [total[n] for n in ("opening", *EFFECTS, "closing")]})
    row = len(pairs["service"][~pairs["abiotic"]].unique())
    names = ("opening", *EFFECTS, "closing")
    marks = {(n, "amount"): "[x]" for n in range(len(table)) if np.isnan(table["amount"].to_numpy()[n])}
    cells = {(n, "amount"): f"[asset_decomposition.{names[n]}@{row}]" for n in range(len(names) - 1)}
    cells[len(names) - 1, "amount"] = f"SUM([amount@0]:[amount@{len(names) - 2}])"
    cells = {key: formula for key, formula in cells.items() if key not in marks}
    said = _said(words, total)
    ids = [f"assets.value.opening.{ALL}", *(f"assets.effect.{n}.{ALL}" for n in EFFECTS), f"assets.value.closing.{ALL}"]
    return Section(
        "asset_waterfall", "From opening to closing asset value", table,
        (text("step", "Step"), money("amount", "Asset value or change", words.unit)), f"{said}.",
        (*_NOTES, *effects_note(words)),
        charts=(Chart("waterfall", words.setting.mark(said), "step", "amount"),), total_rows=(0, len(names) - 1),
        cells=cells, marks=marks, figures={(n, "amount"): key for n, key in enumerate(ids)},
    )  # fmt: skip
