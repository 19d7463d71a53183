"""The sheets that stand behind every report: lines, figures, factors used, checks, run."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from natcap.core.lines import COLUMNS, NUMBERS
from natcap.core.report import Column, FactorRef, Report, Section
from natcap.core.verification import UNPUBLISHED
from natcap.core.workbook.formulas import sum_of_lines
from natcap.core.workbook.text import unit_words

__all__ = ["back_sections", "factors_used", "lines_section", "refs_of_lines"]

_LABELS = {
    "kg": "Mass of gas", "gwp": "Global warming potential", "gwp_set": "GWP set", "kg_co2e": "Emissions",
    "kg_co2": "of which CO2", "kg_ch4": "of which CH4", "kg_n2o": "of which N2O", "low": "Low", "high": "High",
    "factor_quantity": "Quantity in the factor's unit", "factor_unit": "Factor's unit", "factor_id": "Factor row",
    "period_start": "First day", "period_end": "Last day",
}  # fmt: skip
_UNITS = {"kg": "kg", "kg_co2e": "kg CO2e", "kg_co2": "kg CO2e", "kg_ch4": "kg CO2e", "kg_n2o": "kg CO2e",
          "low": "kg CO2e", "high": "kg CO2e", "factor": "kg of gas per unit"}  # fmt: skip


_DECIMALS = {"factor": 6, "gwp": 4}


def lines_section(report: Report, most: int) -> Section | None:
    """Every line as a section with live products, without columns that are empty throughout."""
    if report.lines is None or (report.lines.empty and not len(report.lines.columns)):
        return None
    if any(s.id == "lines" for s in report.sections):
        return None
    if len(report.lines) > most:
        summary = (
            f"The {len(report.lines):,} lines are more than a worksheet holds. "
            "They are in the file lines.csv that the CSV format writes."
        )
        return Section("lines", "Working: every line", pd.DataFrame(), (), summary, group="back")
    table = report.lines.reset_index(drop=True)
    columns = []
    for name in [n for n in COLUMNS if n in table.columns]:
        blank = table[name].isna() | (table[name] == "")
        if bool(blank.all()) and name not in ("quantity", "factor", "kg_co2e"):
            continue
        kind = "number" if name in NUMBERS else "integer" if name == "line" else "text"
        label = _LABELS.get(name, name.replace("_", " ").capitalize())
        columns.append(Column(name, label, _UNITS.get(name, ""), kind, _DECIMALS.get(name)))  # type: ignore[arg-type]
    cells: dict[tuple[int, str], str] = {}
    shown = [_product(column, table, {c.name for c in columns}, cells) for column in columns]
    summary = "Each line is a quantity times a factor. Quantities name the file, sheet and cell they were read from."
    sources = tuple(f"factors, edition {e}" for e in report.run.editions)
    return Section(
        "lines", "Working: every line", table, tuple(shown), summary, sources=sources, cells=cells, group="back"
    )


_PRODUCTS = {"kg": ("factor_quantity", "factor"), "kg_co2e": ("kg", "gwp")}


def _product(column: Column, table: pd.DataFrame, names: set[str], cells: dict[tuple[int, str], str]) -> Column:
    """Make a column live where the product of the printed cells is the printed result to 1 part in 10^12."""
    first, second = _PRODUCTS.get(column.name, ("", ""))
    if first not in names or second not in names:
        return column
    product = table[first].astype("float64") * table[second].astype("float64")
    plain = ~((product - table[column.name]).abs() <= 1e-12 * table[column.name].abs())
    if plain.mean() > 0.5:
        return column
    cells.update({(int(row), column.name): "" for row in table.index[plain]})
    return replace(column, formula=f"[{first}]*[{second}]")


def back_sections(report: Report, live: bool) -> list[Section]:
    """Figures, factors used, checks and run, each where there is something to show and the report has none itself.

    `live` says that the lines are in the workbook, so that figures can be sums over them.
    """
    own = {s.id for s in report.sections}
    found = [_figures(report, live), factors_used(report), _checks(report), _run(report)]
    return [section for section in found if section is not None and section.id not in own]


def _figures(report: Report, live: bool) -> Section | None:
    if not report.figures:
        return None
    columns = (
        Column("id", "Figure"), Column("label", "What it is"), Column("value", "Value", kind="number"),
        Column("unit", "Unit"), Column("low", "Low", kind="number"), Column("high", "High", kind="number"),
        Column("status", "Status"), Column("period", "Period"), Column("place", "Place"),
        Column("how", "How it is worked out"),
    )  # fmt: skip
    rows = [
        (f.id, f.label, f.value, unit_words(f.unit), f.low, f.high, f.status, f.period, f.place, f.trace.how)
        for f in report.figures
    ]
    table = pd.DataFrame(rows, columns=[c.name for c in columns])
    for name in ("value", "low", "high"):
        table[name] = table[name].astype("float64")
    optional = [n for n in ("low", "high", "place", "period") if not ((table[n].notna()) & (table[n] != "")).any()]
    shown = tuple(c for c in columns if c.name not in optional)
    summary = (
        "Every published figure under its stable name. "
        "The command natcap explain walks each back to its cells and pages."
    )
    section = Section("figures", "Figures", table, shown, summary, group="back")
    return replace(section, cells=_sums(report)) if live else section


def _sums(report: Report) -> dict[tuple[int, str], str]:
    """Figures that sum lines are live sums over the Working sheet."""
    lines = report.lines
    if lines is None or lines.empty or len(lines) > 200_000 or any(s.id == "lines" for s in report.sections):
        return {}
    texts = [n for n in lines.columns if n not in NUMBERS and n != "line" and _safe(lines[n])]
    cells = {}
    for row, figure in enumerate(report.figures):
        if figure.value is None or figure.trace.lines is None:
            continue
        formula = sum_of_lines(figure.trace.lines, figure.trace.scale, texts)
        if formula:
            cells[(row, "value")] = formula
    return cells


def _safe(column: pd.Series) -> bool:
    """Whether a spreadsheet's comparison without case gives the same groups."""
    values = {str(v) for v in column.unique()}
    return len({v.casefold() for v in values}) == len(values) and bool((column != "").any())


def factors_used(report: Report) -> Section | None:
    """The factors of all figures and lines, once each."""
    refs: dict[str, FactorRef] = {}
    for figure in report.figures:
        for ref in figure.trace.factors:
            refs.setdefault(ref.id, ref)
    if report.lines is not None:
        refs |= {ref.id: ref for ref in refs_of_lines(report.lines, set(refs))}
    if not refs:
        return None
    names = ["id", "label", "value", "unit", "source", "locator", "verified", "note"]
    table = pd.DataFrame([{n: getattr(refs[key], n) for n in names} for key in sorted(refs)], columns=names)
    columns = (
        Column("id", "Factor row"), Column("label", "What it is for"), Column("value", "Value", kind="number"),
        Column("unit", "Unit"), Column("source", "Source"), Column("locator", "Place in the source"),
        Column("verified", "How verified"), Column("note", "Note"),
    )  # fmt: skip
    shown = tuple(c for c in columns if c.name != "note" or bool((table["note"] != "").any()))
    summary = "Each published number used, with its page."
    section = Section("factors_used", "Factors used", table, shown, summary, group="back")
    return _rated(section, report) if report.kind == "accounts" else section


def _rated(section: Section, report: Report) -> Section:
    """With price year and confidence, as the account sheet of the factors has them.

    The word is that of the report's own table of the factor; else Red for a recalled or judged number, and Amber.
    """
    told: dict[str, str] = {}
    for own in report.sections:
        named = {c.label: c.name for c in own.columns}
        if {"Factor row", "Confidence"} <= set(named):
            told |= dict(zip(own.table[named["Factor row"]], own.table[named["Confidence"]], strict=True))
    table = section.table.assign(
        price_year=section.table["unit"].str.extract(r"GBP\D{0,20}(\d{4})", expand=False).astype("float64"),
        confidence=[
            told.get(key, "Red" if state in UNPUBLISHED else "Amber")
            for key, state in zip(section.table["id"], section.table["verified"], strict=True)
        ],
    )
    names = [c.name for c in section.columns]
    at = names.index("source")
    columns = (
        *section.columns[:at], Column("price_year", "Price year", kind="year"), *section.columns[at:],
        Column("confidence", "Confidence"),
    )  # fmt: skip
    marks = {(row, "price_year"): "[z]" for row in range(len(table)) if table["price_year"].isna().iloc[row]}
    return replace(section, table=table, columns=columns, marks=marks)


def refs_of_lines(lines: pd.DataFrame, known: set[str]) -> list[FactorRef]:
    """The factors of the lines that are not in `known`: as the library has them, else as the lines say."""
    if lines.empty or "factor_id" not in lines:
        return []
    names = ["factor_id", "activity", "factor", "factor_unit", "gas", "edition", "verified"]
    used = lines[(lines["factor_id"] != "") & ~lines["factor_id"].isin(known)][names].drop_duplicates("factor_id")
    found = []
    for key, label, value, unit, gas, edition, verified in used.itertuples(index=False):
        ref = _library_ref(str(key))
        own = FactorRef(str(key), str(label), float(value), f"kg {gas} per {unit}", str(edition), "", str(verified))
        found.append(ref or own)
    return found


def _library_ref(key: str) -> FactorRef | None:
    """The factor library's own reference; None for a factor that is not in it (a user's own)."""
    try:
        from natcap.core.factors import FactorError, library
    except ImportError:
        return None
    try:
        return library().ref(key)
    except (FactorError, KeyError, LookupError):
        return None


def _checks(report: Report) -> Section | None:
    if not report.checks:
        return None
    rows = [
        (
            c.title,
            c.left,
            c.right,
            c.difference,
            c.tolerance,
            unit_words(c.unit),
            "Closes" if c.passed else "Does not close",
        )
        for c in report.checks
    ]
    table = pd.DataFrame(rows, columns=["title", "left", "right", "difference", "tolerance", "unit", "result"])
    columns = (
        Column("title", "Check"), Column("left", "Left side", kind="number"),
        Column("right", "Right side", kind="number"),
        Column("difference", "Difference", kind="number", formula="[left]-[right]"),
        Column("tolerance", "Tolerance", kind="number"), Column("unit", "Unit"),
        Column("result", "Result", formula='IF(ABS([difference])<=[tolerance],"Closes","Does not close")'),
    )  # fmt: skip
    title = "Validation checks" if report.kind == "accounts" else "Checks"
    return Section("checks", title, table, columns, "Each identity with its two sides.", group="back")


def _run(report: Report) -> Section:
    run = report.run
    rows = [("Version", "natcap", run.version)]
    rows += [
        ("Input", i.get("file", ""), ", ".join(f"{k} {v}" for k, v in i.items() if k != "file")) for i in run.inputs
    ]
    rows += [("Factor edition", e, "") for e in run.editions]
    rows += [("Choice", key, str(value)) for key, value in sorted(run.choices.items())]
    rows += [("Control total", key, str(value)) for key, value in sorted(run.controls.items())]
    rows += [("Fallback", text, "") for text in run.fallbacks]
    columns = (Column("what", "What"), Column("name", "Name"), Column("value", "Value"))
    table = pd.DataFrame(rows, columns=["what", "name", "value"])
    return Section(
        "run",
        "Run: how to repeat this result",
        table,
        columns,
        "The same inputs, editions and choices give the same bytes.",
        group="back",
    )
