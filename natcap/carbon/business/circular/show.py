"""Sections and checks of the circular flows; the products have theirs in `products`."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from natcap.carbon.business.circular.figures import ID, figures_of, route_refs
from natcap.carbon.business.circular.flows import CIRCULAR, PREVENTION, Flows, flows
from natcap.carbon.business.circular.products import products_section
from natcap.carbon.business.circular.published import ORIGINS, routes
from natcap.carbon.business.circular.read import Circular
from natcap.carbon.business.figures import UNIT, slug
from natcap.carbon.business.wings import Setting
from natcap.core.problems import Problem
from natcap.core.report import Chart, Check, Column, Section
from natcap.core.verification import UNPUBLISHED
from natcap.core.wings import Wing

__all__ = ["show"]

_PLACE = 50
_APART = (
    "Nothing here is in the inventory or takes anything from it: what was bought and thrown away counts there once."
)
_MEMO = (
    "Memo outside of every total: the difference of two published factors for the same tonne. It is no reduction of "
    "this business's emissions and cannot be set against them."
)
_SPENT = "Purchases by money (sheet Spend) may hold the same materials; money does not say which."


def show(setting: Setting, given: Circular) -> Wing:
    """The circular wing. Raises nothing: a factor that is not published is shown as missing."""
    found = flows(setting.result, given)
    sections = (
        _inputs(given, found), _avoided(found), _outputs(given, found), _waste(given), products_section(given),
        _overlap(setting, found),
    )  # fmt: skip
    weak = [ref for ref in route_refs(given) if ref.verified in UNPUBLISHED]
    banner = "The place of composting or digestion in the waste hierarchy is recalled: check it before use."
    used = [name for name, frame in (("routes", given.outputs), ("indicator", given.products)) if len(frame)]
    return Wing(
        tuple((_PLACE + at, section) for at, section in enumerate(sections) if section is not None),
        tuple(figures_of(setting, given, found)),
        tuple(_checks(given, found)),
        banners=(banner,) * bool(weak),
        notes=(_APART, _MEMO) if found.looked else (_APART,),
        editions=tuple(f"circular/{name}" for name in used),
        choices={"circular_weight": given.weighted} if len(given.products) else {},
        controls={f"circular {name}": str(len(getattr(given, name))) for name in ("materials", "outputs", "products")},
        fallbacks=found.fallbacks,
        warnings=tuple(_warned(given, found)),
        product=found,
    )


def _tonnes(name: str, label: str, formula: str | None = None) -> Column:
    return Column(name, label, "t", "number", 3, formula)


def _inputs(given: Circular, found: Flows) -> Section | None:
    bought = given.materials
    if bought.empty:
        return None
    names = [f"{origin}_tonnes" for origin in ORIGINS]
    table = bought[["material", "published", "tonnes", *ORIGINS, *names, "evidence"]].copy()
    table["published"] = table["published"].replace("", "None named")
    sums = {name: float(table[name].sum()) for name in ("tonnes", *names)}
    shares = {origin: sums[f"{origin}_tonnes"] / sums["tonnes"] for origin in ORIGINS}
    last = len(table)
    table = pd.concat([table, pd.DataFrame([{"material": "All materials", "published": "", "evidence": ""} | sums
                                            | shares])], ignore_index=True)  # fmt: skip
    table["circular"] = table["recycled"] + table["reused"]
    cells = {(last, name): f"SUM({{{name}}})" for name in sums}
    cells |= {(last, origin): f"[{origin}_tonnes]/[tonnes]" for origin in ORIGINS}
    columns = (
        Column("material", "Material"), Column("published", "Published material"), _tonnes("tonnes", "Bought"),
        *(Column(origin, f"{origin.capitalize()} share", "%", "percent", 1) for origin in ORIGINS),
        *(_tonnes(f"{o}_tonnes", o.capitalize(), f"[tonnes]*[{o}]") for o in ORIGINS),
        Column("circular", "Circular share", "%", "percent", 1, "[recycled]+[reused]"), Column("evidence", "Evidence"),
    )  # fmt: skip
    said = f"{found.inflow:.1%} of the {sums['tonnes']:,.1f} t bought is recycled or reused".replace("%", " %")
    note = f"With evidence: {found.inflow_proven:.1%} of all tonnes.".replace("%", " %")
    shown = table[[c.name for c in columns]]
    return Section("circular_inputs", "Circular inputs: materials by origin", shown, columns, f"{said}.",
                   (note, _APART), charts=(Chart("bar", said, "material", "circular"),), total_rows=(last,),
                   cells=cells, figures={(last, "tonnes"): f"{ID}.inflow.tonnes"})  # fmt: skip


def _avoided(found: Flows) -> Section | None:
    table = found.avoided
    if table.empty:
        return None
    last = len(table)
    cells: dict[tuple[int, str], str] = {}
    marks: dict[tuple[int, str], str] = {}
    for row, item in enumerate(table.to_dict("records")):
        asked = [origin for origin in ("recycled", "reused") if item[f"{origin}_tonnes"] > 0]
        for origin in ("recycled", "reused"):
            cells[row, f"{origin}_tonnes"] = f"[circular_inputs.{origin}_tonnes@{item['at']}]"
            cells[row, f"saved_{origin}"] = f"[{origin}_tonnes]*([factor_virgin]-[factor_{origin}])/1000"
            mark = "[x]" if origin in asked else "[z]"
            marks |= {(row, n): mark for n in (f"factor_{origin}", f"saved_{origin}") if np.isnan(item[n])}
        cells[row, "saved"] = "+".join(f"[saved_{origin}]" for origin in asked)
        marks |= {(row, n): "[x]" for n in ("factor_virgin", "saved") if np.isnan(item[n])}
    cells |= dict.fromkeys(marks, "")
    table["published"] = table["published"].replace("", "None named")
    whole = {"material": "All with both factors", "published": "", "saved": found.saved}
    table = pd.concat([table, pd.DataFrame([whole])], ignore_index=True)
    cells[last, "saved"] = "SUM({saved})" if not np.isnan(found.saved) else ""
    columns = (
        Column("material", "Material"), Column("published", "Published material"),
        Column("factor_virgin", "Factor, primary production", "kg CO2e per t", "number", 3),
        _tonnes("recycled_tonnes", "Recycled"),
        Column("factor_recycled", "Factor, closed loop", "kg CO2e per t", "number", 3),
        Column("saved_recycled", "Memo: avoided by recycled content", UNIT, "number", 3),
        _tonnes("reused_tonnes", "Reused"), Column("factor_reused", "Factor, reused", "kg CO2e per t", "number", 3),
        Column("saved_reused", "Memo: avoided by reuse", UNIT, "number", 3),
        Column("saved", "Memo: avoided in all", UNIT, "number", 3),
    )  # fmt: skip
    marks |= {(last, c.name): "[z]" for c in columns[2:-1]}
    cells |= {(last, c.name): "" for c in columns[2:-1]}
    marks |= {(last, "saved"): "[x]"} if np.isnan(found.saved) else {}
    missing = table.loc[: last - 1, "saved"].isna()
    notes = [_MEMO]
    if missing.any():
        notes.append(f"Without a published pair of factors, and not in the sum: "
                     f"{', '.join(table.loc[:last - 1, 'material'][missing])}.")  # fmt: skip
    said = "No material has both factors."
    if not np.isnan(found.saved):
        said = f"Memo: making the same tonnes from primary material would have caused {found.saved:,.2f} {UNIT} more."
    refs = {ref.source for look in found.looked.values() for ref in look.refs}
    return Section("circular_avoided", "Memo: burden avoided, outside of every total", table[[c.name for c in columns]],
                   columns, said, tuple(notes), sources=tuple(sorted(refs)), total_rows=(last,), cells=cells,
                   marks=marks, figures={(last, "saved"): f"{ID}.avoided"})  # fmt: skip


def _outputs(given: Circular, found: Flows) -> Section | None:
    if found.levels.empty:
        return None
    last, whole = len(found.levels), float(found.levels["tonnes"].sum())
    table = pd.concat([found.levels, pd.DataFrame({"level": ["All waste"], "tonnes": [whole]})], ignore_index=True)
    table["share"] = table["tonnes"] / whole
    cells = {(at, "tonnes"): f'SUMIFS({{circular_waste.tonnes}},{{circular_waste.level}},"{level}")'
             for at, level in enumerate(found.levels["level"])}  # fmt: skip
    cells[last, "tonnes"] = "SUM({tonnes})"
    columns = (
        Column("level", "Level of the waste hierarchy"), _tonnes("tonnes", "Waste"),
        Column("share", "Share of all waste", "%", "percent", 1, f"[tonnes]/[tonnes@{last}]"),
    )  # fmt: skip
    said = f"{found.outflow:.1%} of {whole:,.1f} t of waste was reused or recycled".replace("%", " %")
    notes = [f"Circular are {' and '.join(CIRCULAR).lower()}.", *sorted(set(_route_notes(given)))]
    if not np.isnan(found.prevented):
        notes.append(f"Beside it {found.prevented:,.1f} t of waste was prevented; it did not arise and is not in it.")
    ids = {(at, "tonnes"): f"{ID}.outflow.{slug(level)}" for at, level in enumerate(found.levels["level"])}
    return Section(
        "circular_outputs", "Circular outputs: waste by hierarchy", table, columns, f"{said}.", tuple(notes),
        tuple(sorted({ref.source for ref in route_refs(given)})), charts=(Chart("bar", said, "level", "tonnes"),),
        total_rows=(last,), cells=cells, figures=ids | {(last, "tonnes"): f"{ID}.outflow.tonnes"},
    )  # fmt: skip


def _route_notes(given: Circular) -> Iterator[str]:
    known = routes()
    for route in given.outputs["route"].unique():
        if note := known["note"][route]:
            yield f"{route.capitalize()}: {known['level'][route].lower()} ({known['verified'][route]}). {note}."


def _waste(given: Circular) -> Section | None:
    table = given.outputs[["waste", "route", "level", "tonnes", "evidence"]].reset_index(drop=True)
    if table.empty:
        return None
    columns = (
        Column("waste", "Waste"), Column("route", "Route"), Column("level", "Level of the waste hierarchy"),
        _tonnes("tonnes", "Mass"), Column("evidence", "Evidence"),
    )  # fmt: skip
    streams = int((table["level"] != PREVENTION).sum())
    return Section("circular_waste", "Waste as entered", table, columns, f"{streams} entries of waste.",
                   group="working")  # fmt: skip


def _overlap(setting: Setting, found: Flows) -> Section | None:
    table = found.overlap
    if table.empty:
        return None
    marks = {
        (int(at), name): "[x]" for name in ("here", "activity") for at in np.flatnonzero(table[name].isna())
    }  # fmt: skip
    columns = (
        Column("kind", "Kind"), Column("what", "Published material, or level of the hierarchy"),
        _tonnes("here", "On the circular sheets"), _tonnes("activity", "On the sheet Activity"),
        Column("counts", "What counts in the inventory"),
    )  # fmt: skip
    both = table["here"].notna() & table["activity"].notna()
    said = f"{int(both.sum())} of {len(table)} flows stand on the sheet Activity too; only Activity counts."
    notes = [_APART] + [_SPENT] * bool(len(setting.result.this.year.book.spend.frame))
    return Section("circular_overlap", "Circular flows and the inventory", table, columns, said, tuple(notes),
                   marks=marks, group="working")  # fmt: skip


def _warned(given: Circular, found: Flows) -> Iterator[Problem]:
    """Where both sheets state the same flow and differ."""
    for row in found.overlap.to_dict("records"):
        if abs(row["here"] - row["activity"]) > 1e-9 * max(abs(row["here"]), 1.0):
            yield Problem(
                given.shown, f"{row['here']:,.6g} t of {row['what']}",
                f"the {row['activity']:,.6g} t of the sheet Activity",
                "Activity counts in the inventory. Correct one of them if they are the same tonnes.",
                "Materials" if row["kind"] == "Material" else "Outputs", severity="warning",
            )  # fmt: skip


def _checks(given: Circular, found: Flows) -> Iterator[Check]:
    bought, waste = given.materials, given.outputs
    if len(bought):
        whole = float(bought["tonnes"].sum())
        parts = float(sum(bought[f"{origin}_tonnes"].sum() for origin in ORIGINS))
        yield Check("circular.materials", "Circular: virgin, recycled and reused = bought", parts, whole,
                    1e-9 * max(whole, 1.0), "t")  # fmt: skip
    if len(found.levels):
        whole = float(waste.loc[waste["level"] != PREVENTION, "tonnes"].sum())
        yield Check("circular.outputs", "Circular: levels of the hierarchy = all waste",
                    float(found.levels["tonnes"].sum()), whole, 1e-9 * max(whole, 1.0), "t")  # fmt: skip
