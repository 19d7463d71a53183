"""Section 13 and figures of the biodiversity units: totals by kind, and every parcel beside what its workbook shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from natcap.accounts.biodiversity import stamp
from natcap.accounts.biodiversity.areas import faults, tell_areas
from natcap.accounts.biodiversity.beside import beside, same
from natcap.accounts.biodiversity.figures import outcome_figures
from natcap.accounts.biodiversity.sections import MEMO, outcome_sections
from natcap.accounts.biodiversity.stated import disagree
from natcap.accounts.biodiversity_account.account import KINDS, MetricInput, UnitAccount, unit_account
from natcap.accounts.biodiversity_account.uses import cell_refs, parcels
from natcap.accounts.show.words import number, text
from natcap.accounts.wings import Setting, Wing
from natcap.core.problems import Problems
from natcap.core.report import Check, Column, Figure, InputRef, Section, Trace

__all__ = ["show"]

_NOTE_KINDS = "Area, hedgerow and watercourse units are three things; they are never added to each other."
_NOTE_LISTED = (
    "Irreplaceable habitat and moves that the rules do not allow generate no units: such parcels are listed and stand "
    "in no total. Where the workbook prints units that the metric refuses, the totals of that kind are not available."
)
_NOTE_VALUE = "Units are not money: no price of a unit or credit enters the monetary accounts."
_PARTS = {
    "baseline": "Baseline units",
    "retained": "Baseline units retained",
    "created": "Units created",
    "enhanced": "Units after enhancement",
    "net": "Net change in units",
    "percent": "Net change against the baseline",
}


def show(setting: Setting, given: MetricInput) -> Wing:
    """The biodiversity wing."""
    account, e = unit_account(given), given.edition
    problems, mine = Problems(), parcels(given)
    disagree(e, given.stated, given.shown, problems)
    flaws = _flaws(given)
    tell_areas(e, given.parcels, given.checks, given.shown, problems)
    for row in account.parcels[~account.parcels["agrees"]].to_dict("records"):
        printed = "no units" if row["printed"] != row["printed"] else f"{row['printed']:.10g} units"
        computed = row["note"] or f"{row['computed']:.10g} units by the metric {given.edition.name}"
        problems.add(
            given.shown, printed, f"units that follow from the parcel ({computed})", "Read the sheet of parcels",
            sheet=row["sheet"], cell=str(row["cell"] or ""), warning=True,
        )  # fmt: skip
    cited, alike = stamp.cites(e)[0], same(e, mine)
    sections = stamp.stamped(e, _sections(setting, given, account, cited, flaws))
    marks: dict[str, str] = {kind: stamp.mark(e, (use for use in mine.uses if use.kind == kind)) for kind in KINDS}
    marks |= {kind: f"{marks[kind]} (not to be relied on: the areas do not balance)" for kind in flaws}
    return Wing(
        tuple((13, section) for section in (*sections, *beside(e, mine))),
        (
            *_figures(setting, given, account, cited, marks),
            *outcome_figures(setting, e, account.outcome, account.totals, marks),
        ),
        tuple(_checks(account)),
        banners=(
            *stamp.banners(e, mine.uses),
            *(
                f"Biodiversity metric workbook: {words}. Its {kind} units cannot be "
                "relied on until the areas are right."
                for kind, words in flaws.items()
            ),
        ),
        notes=(*stamp.notes(e), *((alike,) if alike else ()), *((MEMO,) if account.outcome.shortfalls else ())),
        editions=(f"biodiversity metric {e.name}",),
        choices={"metric_edition": e.name},
        controls={"metric parcels": str(len(account.parcels)), "metric workbook": given.stated.words},
        warnings=problems.warnings,
        product=account,
    )


def _flaws(given: MetricInput) -> dict[str, str]:
    """Kinds of unit whose land does not balance, with the words for it."""
    found = faults(given.edition, given.parcels, given.checks)
    return {"area": f"the area check fails, {' and '.join(found.values())}"} if found else {}


def _sections(
    setting: Setting, given: MetricInput, account: UnitAccount, cited: str, flaws: dict[str, str]
) -> Iterator[Section]:
    yield _totals(account, cited)
    yield from outcome_sections(setting, account.outcome, cited, flaws)
    yield _parcels(given, account, cited)


def _place(on_site: bool) -> str:
    return "on site" if on_site else "off site"


def _totals(account: UnitAccount, cited: str) -> Section:
    table = account.totals.assign(on_site=[_place(bool(b)) for b in account.totals["on_site"]])
    marks = {
        (int(row), name): "[z]" if name == "percent" and table["baseline"].iloc[row] == 0 else "[x]"
        for name in _PARTS for row in np.flatnonzero(table[name].isna())
    }  # fmt: skip
    cells = dict.fromkeys(marks, "")
    said = [
        f"{row['kind']} units {row['on_site']} change by {row['net']:+,.2f}"
        for row in table.to_dict("records") if row["net"] == row["net"]
    ]  # fmt: skip
    summary = f"{'; '.join(said).capitalize()}." if said else "No total is available."
    columns = [text("kind", "Kind of unit"), text("on_site", "Place")]
    columns += [number(name, label, "units", decimals=4) for name, label in list(_PARTS.items())[:4]]
    columns.append(number("net", _PARTS["net"], "units", "[retained]+[created]+[enhanced]-[baseline]", 4))
    columns.append(Column("percent", _PARTS["percent"], "", "percent", 2, "[net]/[baseline]"))
    return Section(
        "biodiversity_units", "Biodiversity units", table, tuple(columns), summary=summary,
        notes=(_NOTE_KINDS, _NOTE_LISTED, _NOTE_VALUE), sources=(cited,), cells=cells, marks=marks,
    )  # fmt: skip


def _parcels(given: MetricInput, account: UnitAccount, cited: str) -> Section:
    table = account.parcels.assign(
        on_site=[_place(bool(b)) for b in account.parcels["on_site"]],
        agrees=np.where(account.parcels["agrees"], "agrees", "differs"),
    )
    marks = {
        (int(row), name): "[x]" for name in ("printed", "computed", "difference")
        for row in np.flatnonzero(table[name].isna())
    }  # fmt: skip
    differs = int((table["agrees"] == "differs").sum())
    told = "every one agrees with the workbook" if not differs else f"{differs} differ from what the workbook shows"
    return Section(
        "biodiversity_parcels", "Parcels of the metric workbook, recomputed", table,
        (
            text("sheet", "Sheet of the workbook"), Column("row", "Row of the workbook", "", "integer"),
            text("kind", "Kind of unit"), text("on_site", "Place"), text("step", "Step"),
            text("habitat", "Habitat"), number("size", "Size (hectares, or kilometres of hedgerow or watercourse)", "",
                                               decimals=4),
            number("printed", "Units in the workbook", "units", decimals=6),
            number("computed", "Units recomputed", "units", decimals=6),
            number("difference", "Recomputed less workbook", "units", "[computed]-[printed]", 6),
            text("agrees", "Result"), text("note", "Note"),
        ),
        summary=f"{len(table)} parcels of {given.shown} by metric {given.edition.name}; {told}.",
        notes=(_NOTE_LISTED, f"The workbook says of itself: {given.stated.words}."), sources=(cited,),
        cells={key: "" for key in marks if key[1] == "difference"},
        marks=marks,
    )  # fmt: skip


def _figures(setting: Setting, given: MetricInput, account: UnitAccount, cited: str, marks: Mapping[str, str]
             ) -> Iterator[Figure]:  # fmt: skip
    for row in account.totals.to_dict("records"):
        mine = account.parcels[(account.parcels["kind"] == row["kind"])
                               & (account.parcels["on_site"] == row["on_site"])]  # fmt: skip
        stem = f"biodiversity.{row['kind']}"
        place = _place(bool(row["on_site"]))
        for name, label in _PARTS.items():
            value = float(row[name])
            missing = value != value
            step = {"baseline": "baseline", "retained": "baseline", "created": "creation", "enhanced": "enhancement"}
            used = mine[mine["counted"] & (mine["step"] == step[name])] if name in step else mine.iloc[:0]
            inputs = tuple(
                InputRef(given.shown, r["sheet"], r["cell"] or f"row {r['row']}", f"{r['units']:.10g}", "units",
                         r["habitat"])
                for r in used.to_dict("records")
            )  # fmt: skip
            parents = tuple(
                f"{stem}.{part}.{place.replace(' ', '_')}" for part in ("retained", "created", "enhanced", "baseline")
            )
            how = (
                "sum over its parcels, each recomputed" if name in step else "retained + created + enhanced - baseline"
            )
            said = "" if name in ("baseline", "retained") else marks[str(row["kind"])]
            how = "net change divided by the baseline, x 100" if name == "percent" else how
            factors = tuple(cell_refs(given, used.index)) if name in ("created", "enhanced") else ()
            trace = Trace(f"{how}; metric {given.edition.name}, {cited}", inputs=inputs,
                          parents=() if name in step else parents, factors=factors)  # fmt: skip
            yield Figure(
                f"{stem}.{name}.{place.replace(' ', '_')}", f"{label}, {row['kind']}, {place}{said}",
                None if missing else value * (100 if name == "percent" else 1),
                "%" if name == "percent" else f"{row['kind']} units", trace,
                status="missing" if missing else setting.status(), period=setting.span, place=place,
            )  # fmt: skip


def _checks(account: UnitAccount) -> Iterator[Check]:
    for row in account.totals[account.totals["net"].notna()].to_dict("records"):
        left = row["baseline"] + row["net"]
        right = row["retained"] + row["created"] + row["enhanced"]
        place = _place(bool(row["on_site"]))
        yield Check(
            f"biodiversity.{row['kind']}.{place.replace(' ', '_')}",
            f"Biodiversity, {row['kind']} units {place}: baseline + net change = retained + created + enhanced",
            left, right, 1e-9 * max(1.0, abs(right)), f"{row['kind']} units",
        )  # fmt: skip
