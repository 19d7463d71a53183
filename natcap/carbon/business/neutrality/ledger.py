"""The ledger: gross footprint, less removals in the value chain, less retired credits; and what a claim still lacks.

Credits never lower the footprint: gross, residual and balance stand as three figures. The order is that of ISO 14068-1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from natcap.carbon.business import periods
from natcap.carbon.business.neutrality.model import STEPS
from natcap.carbon.business.neutrality.read import Neutrality
from natcap.carbon.business.neutrality.rules import rule
from natcap.carbon.business.result import Result
from natcap.carbon.inventory import SCOPE_1, SCOPE_2, SCOPE_3
from natcap.core.lines import MARKET

__all__ = ["Condition", "Ledger", "ledger"]

_TONNE = 1000.0


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing a claim needs: the step it belongs to, what, whether it is met, and what was found."""

    step: str
    what: str
    met: bool
    found: str


@dataclass(frozen=True)
class Ledger:
    """Tonnes CO2e by scope (NaN where nothing was entered), removals, and credits with the reason if one counts not.

    `removals` and `credits` are the accepted rows with columns `counts` (bool) and `why`.
    """

    scopes: dict[str, float]
    removals: pd.DataFrame
    credits: pd.DataFrame
    conditions: tuple[Condition, ...]

    @property
    def gross(self) -> float:
        return float(np.nansum(list(self.scopes.values())))

    @property
    def removed(self) -> float:
        return float(self.removals.loc[self.removals["counts"], "tonnes"].sum())

    @property
    def residual(self) -> float:
        return self.gross - self.removed

    def retired(self, kind: str = "") -> float:
        """Tonnes of credits that count, of a kind or of all."""
        taken = self.credits["counts"] & ((self.credits["kind"] == kind) | (kind == ""))
        return float(self.credits.loc[taken, "tonnes"].sum())

    @property
    def balance(self) -> float:
        """What is left after credits; zero or less is neutral in tonnes."""
        return self.residual - self.retired()

    @property
    def lacking(self) -> tuple[Condition, ...]:
        return tuple(c for c in self.conditions if not c.met)


def ledger(result: Result, given: Neutrality) -> Ledger:
    """The ledger of this period."""
    lines = result.this.lines
    names = (SCOPE_1, MARKET if given.market else SCOPE_2, SCOPE_3)
    grouped = lines.groupby("section", observed=True)["kg_co2e"].sum()
    scopes = {name: float(grouped.get(name, np.nan)) / _TONNE for name in names}
    inside, proven = given.removals["chain"] == "yes", given.removals["evidence"] != ""
    why = np.where(
        ~inside, "outside of the value chain: a credit, if anything", np.where(proven, "counts", "no evidence")
    )
    removals = given.removals.assign(counts=inside & proven, why=why)
    credits = _judged(result, given.credits)
    made = Ledger(scopes, removals, credits, ())
    return Ledger(scopes, removals, credits, _conditions(result, given, made))


def _judged(result: Result, credits: pd.DataFrame) -> pd.DataFrame:
    """Which credits count for this period, and why the others do not."""
    end = pd.Timestamp(result.this.year.period.end)
    latest = end + pd.DateOffset(months=int(rule("retire_within_months").value))
    begin = pd.Timestamp(result.this.year.period.start)
    why = []
    for item in credits.to_dict("records"):
        day = pd.Timestamp(item["retired"])
        if item["state"] != "retired":
            why.append(f"{item['state']}, not retired")
        elif day > latest:
            why.append(f"retired after {latest.date().isoformat()}, too late for this period")
        elif day < begin:
            why.append("retired before the period began: it stands for an earlier one")
        else:
            why.append("counts")
    said = pd.Series(why, index=credits.index, dtype="object")
    return credits.assign(counts=said == "counts", why=said)


def _first(days: pd.Series) -> pd.Timestamp | None:
    known = days.dropna()
    return None if known.empty else pd.Timestamp(known.min())


def _conditions(result: Result, given: Neutrality, made: Ledger) -> tuple[Condition, ...]:
    proven = given.steps[given.steps["evidence"] != ""]
    days = {step: _first(proven.loc[proven["step"] == step, "day"]) for step in STEPS}
    return (
        *_quantified(made, proven.loc[proven["step"] == "quantify", "day"], pd.Timestamp(result.this.year.period.end)),
        *_reduced(result, made, days["reduce"]),
        _removal(given, made),
        *_offset(made, days["offset"]),
    )


def _day(day: pd.Timestamp | None) -> str:
    return "no such row" if day is None else f"on record of {day.date().isoformat()}"


def _quantified(made: Ledger, checks: pd.Series, end: pd.Timestamp) -> Iterator[Condition]:
    """A check dated before the period ended is one of another footprint."""
    checked = _first(checks[checks >= end])
    said = _day(checked)
    if checked is None and len(checks):
        said = f"on record of {pd.Timestamp(checks.max()).date().isoformat()}, before the period ended"
    empty = [name for name, value in made.scopes.items() if value != value]
    found = f"nothing entered for {', '.join(empty)}" if empty else "all three have entries"
    yield Condition("quantify", "Scope 1, scope 2 and scope 3 are all quantified", not empty, found)
    what = "The footprint was checked by somebody: a row quantify in Steps, with evidence"
    yield Condition("quantify", what, checked is not None, said)


def _reduced(result: Result, made: Ledger, planned: pd.Timestamp | None) -> Iterator[Condition]:
    what = "A reduction plan is on record: a row reduce in Steps, with evidence"
    yield Condition("reduce", what, planned is not None, _day(planned))
    earlier = result.base or result.prior
    before = None if earlier is None else earlier.totals.total
    now = result.this.totals.total or 0.0
    found = "no base year and no year before was supplied"
    if earlier is not None and before is not None:
        found = f"{now / _TONNE:,.1f} t against {before / _TONNE:,.1f} t in {earlier.period}"
    like = earlier is not None and not periods.unlike(result.this.year.period, earlier.year.period)
    if earlier is not None and not like:
        lengths = [periods.length(year.year.period) for year in (result.this, earlier)]
        found += f"; the periods are unlike: {' against '.join(lengths)}"
    fell = before is not None and like and now < before
    yield Condition("reduce", "Emissions fell since the base year, or the year before", fell, found)
    first = _first(made.credits.loc[made.credits["counts"], "retired"])
    found = "no credit counts" if first is None else f"first retirement {first.date().isoformat()}"
    ordered = planned is not None and (first is None or planned <= first)
    yield Condition("reduce", "The plan was there before the first credit was retired", ordered, found)


def _removal(given: Neutrality, made: Ledger) -> Condition:
    told = given.steps.loc[given.steps["step"] == "remove", "action"].tolist()
    count = int(made.removals["counts"].sum())
    found = f"{made.removed:,.1f} t removed in the value chain" if count else "no removal that counts"
    if told:
        found += f"; the step says: {told[0]}"
    what = "Removals in the value chain are recorded with evidence, or a row remove in Steps says why there are none"
    return Condition("remove", what, bool(count or told), found)


def _offset(made: Ledger, approved: pd.Timestamp | None) -> Iterator[Condition]:
    found = f"{made.retired():,.1f} t of credits for a residual of {made.residual:,.1f} t"
    yield Condition("offset", "Credits retired for this period cover the residual", made.balance <= 0, found)
    silent = int((made.credits["counts"] & (made.credits["purpose"] == "")).sum())
    what = "Every credit that counts says for whom and what it was retired"
    yield Condition("offset", what, silent == 0, f"{silent} without" if silent else "all do")
    what = "The decision to offset is on record: a row offset in Steps, with evidence"
    yield Condition("offset", what, approved is not None, _day(approved))
