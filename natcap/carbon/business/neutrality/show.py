"""Sections and figures of the neutrality ledger; a claim that lacks a step is refused with everything it lacks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from natcap.carbon.business.figures import UNIT, Maker
from natcap.carbon.business.neutrality.ledger import Ledger, ledger
from natcap.carbon.business.neutrality.model import CLAIM, CREDIT_KINDS, STEPS
from natcap.carbon.business.neutrality.read import Neutrality
from natcap.carbon.business.neutrality.rules import rule
from natcap.carbon.business.sections import is_live, sumifs
from natcap.carbon.business.wings import Setting
from natcap.core.problems import Problems
from natcap.core.project import FILE
from natcap.core.report import Check, Column, Figure, InputRef, Section, Status, Trace
from natcap.core.wings import Wing
from natcap.core.words import plural

__all__ = ["show"]

_NOT = (
    "Not to be claimed from these books: net zero, climate positive, a neutral product, or a neutral territory. "
    "Credits never lower the footprint: the gross figure is to be stated beside the claim."
)
_PLACE = 40
_ID = "business.neutrality"
Rows = tuple[tuple[str, float, str, str], ...]


def show(setting: Setting, given: Neutrality) -> Wing:
    """The ledger. Raises InputProblems where neutrality is claimed and a step is missing, with all that is missing."""
    made = ledger(setting.result, given)
    if given.claim and made.lacking:
        _refuse(made)
    rows = _rows(made)
    figures = tuple(_figures(setting, given, made))
    near = 1e-9 * max(made.gross, 1.0)
    left = made.gross - made.removed - made.retired("removal") - made.retired("avoidance")
    check = Check("neutrality.balance", "Neutrality: gross less removals less credits = balance", left, made.balance,
                  near, UNIT)  # fmt: skip
    shown = (_ledger(setting, made, rows), _conditions(made), _removals(made), _credits(made))
    sections = tuple((_PLACE + at, section) for at, section in enumerate(shown) if len(section.table))
    return Wing(
        sections,
        figures,
        (check,),
        notes=(_said(setting, made), _NOT),
        controls={"credits that count": f"{made.retired():g} t in {int(made.credits['counts'].sum())} blocks"},
    )


def _refuse(made: Ledger) -> None:
    problems = Problems()
    for item in made.lacking:
        problems.add(
            FILE, f'the claim "{CLAIM}" without the step {item.step}: {item.found}', item.what.lower(),
            "Put it on record, or take the claim out of [choices]: the ledger is shown without it",
            cell="choices.claim",
        )  # fmt: skip
    problems.raise_if_any()


def _rows(made: Ledger) -> Rows:
    scopes = tuple((f"{name} emissions", value, name, "") for name, value in made.scopes.items())
    return (
        *scopes,
        ("Gross footprint", made.gross, "", "gross"),
        ("Removals within the value chain", _less(made.removed), "", "removals"),
        ("Residual footprint", made.residual, "", "residual"),
        ("Retired credits: removals elsewhere", _less(made.retired("removal")), "", "credits_removal"),
        ("Retired credits: emissions avoided elsewhere", _less(made.retired("avoidance")), "", "credits_avoidance"),
        ("Balance", made.balance, "", "balance"),
    )


def _less(value: float) -> float:
    """The negative of an amount; nothing stays 0, not -0."""
    return 0.0 - value


def _said(setting: Setting, made: Ledger) -> str:
    period = setting.result.this.period
    if made.lacking:
        first = made.lacking[0]
        return (
            f"Carbon neutrality may not be claimed for {period}: "
            f"{plural(len(made.lacking), 'condition is', 'conditions are')} not met. First: "
            f"{first.what[0].lower()}{first.what[1:]} ({first.found})."
        )
    return (
        f"For {period} may be stated, with these figures: carbon neutral after the order of ISO 14068-1, by "
        f"{made.removed:,.1f} t of removals in the value chain and {made.retired():,.1f} t of retired credits against "
        f"a gross footprint of {made.gross:,.1f} t. The standard also asks for verification by a third party."
    )


def _ledger_notes(made: Ledger) -> tuple[str, ...]:
    if made.removed <= made.gross:
        return (_NOT,)
    return (_NOT, f"Removals of {made.removed:,.1f} {UNIT} are more than the whole footprint: are they kilograms?")


def _ledger(setting: Setting, made: Ledger, rows: Rows) -> Section:
    table = pd.DataFrame({"heading": [row[0] for row in rows], "tonnes": [row[1] for row in rows]})
    span = setting.result.this.span
    cells = {
        (3, "tonnes"): "SUM([tonnes@0],[tonnes@1],[tonnes@2])", (5, "tonnes"): "[tonnes@3]+[tonnes@4]",
        (8, "tonnes"): "[tonnes@5]+[tonnes@6]+[tonnes@7]",
    }  # fmt: skip
    empty = [at for at in range(3) if np.isnan(rows[at][1])]
    if is_live(setting.result):
        cells |= {
            (at, "tonnes"): sumifs({"section": rows[at][2], "period": span}) for at in range(3) if at not in empty
        }
    columns = (Column("heading", "Step"), Column("tonnes", "Emissions", UNIT, "number", 3))
    return Section(
        "neutrality", "Neutrality ledger", table, columns, _said(setting, made), _ledger_notes(made),
        total_rows=(3, 5, 8),
        cells=cells, marks={(at, "tonnes"): "[x]" for at in empty},
        figures={(at, "tonnes"): f"{_ID}.{row[3]}" for at, row in enumerate(rows) if row[3]},
    )  # fmt: skip


def _conditions(made: Ledger) -> Section:
    table = pd.DataFrame({
        "step": [STEPS[c.step] for c in made.conditions], "what": [c.what for c in made.conditions],
        "met": ["met" if c.met else "not met" for c in made.conditions], "found": [c.found for c in made.conditions],
    })  # fmt: skip
    columns = (Column("step", "Step"), Column("what", "What a claim needs"), Column("met", "State"),
               Column("found", "What was found"))  # fmt: skip
    met = len(made.conditions) - len(made.lacking)
    months = rule("retire_within_months")
    note = f"Credits count when retired within {months.value:g} months after the period ({months.locator})."
    return Section(
        "neutrality_conditions", "What a claim of neutrality needs", table, columns,
        f"{met} of {len(made.conditions)} conditions are met.", (note,), sources=(months.source,),
    )  # fmt: skip


def _removals(made: Ledger) -> Section:
    names = ["what", "tonnes", "chain", "years", "evidence", "why"]
    table = made.removals[names].reset_index(drop=True)
    marks = {(int(at), "years"): "[x]" for at in np.flatnonzero(table["years"].isna())}
    columns = (
        Column("what", "Removal"), Column("tonnes", "Removed", UNIT, "number", 3),
        Column("chain", "In the value chain"), Column("years", "Kept for", "years", "number"),
        Column("evidence", "Evidence"), Column("why", "In the ledger"),
    )  # fmt: skip
    count = int(made.removals["counts"].sum())
    said = f"{count} of {plural(len(table), 'removal')} count{'s' * (count == 1)}, {made.removed:,.1f} t."
    return Section("neutrality_removals", "Removals within the value chain", table, columns, said, marks=marks)


def _credits(made: Ledger) -> Section:
    names = ["registry", "project", "kind", "vintage", "first", "last", "tonnes", "state", "retired", "purpose", "why"]
    table = made.credits[names].reset_index(drop=True)
    marks = {(int(at), "retired"): "[z]" for at in np.flatnonzero(table["retired"].isna())}
    columns = (
        Column("registry", "Registry"), Column("project", "Project"), Column("kind", "Kind"),
        Column("vintage", "Vintage", kind="year"), Column("first", "First serial number"),
        Column("last", "Last serial number"), Column("tonnes", "Credits", UNIT, "number", 3), Column("state", "State"),
        Column("retired", "Retired on", kind="date"), Column("purpose", "Retired for"), Column("why", "In the ledger"),
    )  # fmt: skip
    count = int(made.credits["counts"].sum())
    said = f"{count} of {plural(len(table), 'block')} of credits count{'s' * (count == 1)}, {made.retired():,.1f} t."
    return Section("neutrality_credits", "Credits", table, columns, said, marks=marks)


def _figures(setting: Setting, given: Neutrality, made: Ledger) -> Iterator[Figure]:
    maker = Maker(setting.result, setting.result.this)
    status: Status = maker.status(setting.result.this.lines)
    whole = "business.total_market" if given.market else "business.total"

    def figure(key: str, label: str, value: float, how: str, parents: tuple[str, ...] = (),
               inputs: tuple[InputRef, ...] = ()) -> Figure:  # fmt: skip
        trace = Trace(how, parents=parents, inputs=inputs, factors=(rule("retire_within_months"),) if inputs else ())
        own: Status = "synthetic" if maker.synthetic else "calculated"
        return Figure(f"{_ID}.{key}", label, value, UNIT, trace, status=status if parents else own,
                      period=setting.result.this.period)  # fmt: skip

    def cells(frame: pd.DataFrame) -> tuple[InputRef, ...]:
        return tuple(
            InputRef(given.shown, row["_sheet"], row["_cell_tonnes"], f"{row['tonnes']:g}", UNIT, row["evidence"])
            for row in frame[frame["counts"]].to_dict("records")
        )

    yield figure("gross", "Neutrality: gross footprint", made.gross, "Scope 1, 2 and 3 as they stand.", (whole,))
    how = "Sum of the removals in the value chain that have evidence, as a negative number."
    yield figure(
        "removals", "Neutrality: removals in the value chain", _less(made.removed), how, (), cells(made.removals)
    )
    before: tuple[str, ...] = (f"{_ID}.gross", f"{_ID}.removals")
    yield figure("residual", "Neutrality: residual footprint", made.residual, "Gross footprint less removals.", before)
    how = "Sum of the blocks that count, as a negative number."
    for kind in CREDIT_KINDS:
        blocks = cells(made.credits[made.credits["kind"] == kind])
        yield figure(
            f"credits_{kind}", f"Neutrality: retired credits, {kind}", _less(made.retired(kind)), how, (), blocks
        )
    before = (f"{_ID}.residual", *(f"{_ID}.credits_{kind}" for kind in CREDIT_KINDS))
    how = "Residual less retired credits; zero or less is neutral."
    yield figure("balance", "Neutrality: balance", made.balance, how, before)
