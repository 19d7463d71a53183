"""The portfolio's trunk: read, calculate, report; and a folder to start from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from natcap.carbon.business.portfolio.batch import SECTIONS, Batch, calculate
from natcap.carbon.business.portfolio.figures import figures_of, keys_of
from natcap.carbon.business.portfolio.inputs import Inputs, read
from natcap.carbon.business.portfolio.model import GUIDANCE, MODEL
from natcap.carbon.business.portfolio.show import benchmark_section, businesses_section, left_section
from natcap.core.project import FILE, Project
from natcap.core.report import Check, Report, Run
from natcap.core.version import VERSION

__all__ = ["Inputs", "build", "new", "read", "report"]

_WEAK = "Some figures rest on numbers that were not read at their source; they are marked recalled."
_SETTINGS = """\
kind = "portfolio"
name = "{name}"
period = "2025"
{banners}
[inputs]
table = "portfolio.xlsx"              # or a .csv or .parquet file with the same headers

[choices]
problem_businesses = "refuse"         # or "leave out": businesses with a problem are named and in no total
sectors = "sic"                       # or "own": sectors as written
contents = "hub"                      # "businesses": without the lines; "benchmark": no single business, to publish
suppress_below = 5                    # groups of fewer businesses are not shown
# gas_kwh_basis = "gross"             # for gas rows that do not say; UK bills show gross
"""


def build(project: Project) -> Report:
    """The report of a portfolio project. Raises InputProblems with everything wrong in any of its businesses."""
    return report(calculate(read(project)))


def report(batch: Batch) -> Report:
    """A calculated portfolio as a report; with contents = "benchmark" without a trace of a single business."""
    inputs = batch.inputs
    project, shut = inputs.project, not inputs.ways.open
    keys = keys_of(inputs.businesses)
    sections = [benchmark_section(batch, name) for name in batch.benchmarks]
    if shut:
        left = left_section(batch)
        sections = [businesses_section(batch, keys), *sections, *([left] if left else [])]
    return Report(
        kind="portfolio", title="Portfolio of businesses", subject=project.name, period=str(project.period),
        place=project.place, figures=tuple(figures_of(batch, keys)), sections=tuple(sections), run=_run(batch),
        lines=batch.lines if inputs.ways.whole else None, checks=tuple(_checks(batch)) if shut else (),
        warnings=inputs.warnings if shut else (), notes=_notes(batch),
        banners=(*project.banners, *((_WEAK,) if batch.weak.any() else ())),
    )  # fmt: skip


def _run(batch: Batch) -> Run:
    inputs = batch.inputs
    choices = {key: str(value) for key, value in inputs.choices.model_dump().items() if value not in (None, "")}
    choices |= {name: str(getattr(inputs.ways, name)) for name in inputs.ways.__slots__}
    choices["factors"] = inputs.years.why
    editions = tuple(sorted(batch.lines["edition"].astype("str").unique()))
    controls = {"businesses": str(len(inputs.businesses)), "left out": str(len(inputs.left))}
    if not inputs.ways.open:
        controls |= inputs.controls
    said = (*batch.plan.said("fallbacks"), *batch.plan.said("gaps"))
    return Run(VERSION, inputs.files, editions, choices, controls, said)


def _notes(batch: Batch) -> tuple[str, ...]:
    inputs = batch.inputs
    found = [f"Organisational boundary: {inputs.choices.boundary}.", f"Factors: {inputs.years.why}."]
    found.append(
        "Activity data alone: purchases by money and supply contracts are not in a portfolio, so scope 2 by market is "
        "the residual mix, or what [choices] says."
    )
    silent = int(batch.table["total"].isna().sum())
    if silent:
        found.append(f"{silent} businesses have no line in scope 1, 2 or 3: they show [x], which is not zero.")
    if len(inputs.left):
        found.append(f"{len(inputs.left)} businesses with a problem are left out of every figure, as chosen.")
    if inputs.ways.contents == "businesses":
        found.append('The lines are not in this report: contents = "hub" under [choices] adds them, for the walk back.')
    if inputs.ways.open:
        found.append("Nothing about a single business is in this report; the hub's own report holds the walk back.")
    return tuple(found)


def _checks(batch: Batch) -> Iterator[Check]:
    """Lines against businesses by scope, and categories against scopes."""
    table, lines = batch.table, batch.lines
    for name, section in SECTIONS.items():
        mine = lines.loc[lines["section"] == section, "kg_co2e"]
        if mine.empty:
            continue
        near = 1e-9 * max(float(mine.abs().sum()) / 1000, 1.0)
        columns = [column for column, pair in batch.categories.items() if pair[0] == section]
        whole = float(mine.sum()) / 1000
        yield Check(f"portfolio.{name}", f"{section}: lines = sum of the businesses", whole, float(table[name].sum()),
                    near, "t CO2e")  # fmt: skip
        yield Check(f"portfolio.{name}.categories", f"{section}: categories = scope", float(table[columns].sum().sum()),
                    float(table[name].sum()), near, "t CO2e")  # fmt: skip


def new(folder: Path, example: bool) -> list[Path]:
    """Write a portfolio folder; `example` fills it with invented businesses. Returns the files."""
    from natcap.carbon.business.portfolio.example import BANNER, NAME, rows
    from natcap.core.workbook import write_template

    folder.mkdir(parents=True, exist_ok=True)
    settings, book = folder / FILE, folder / "portfolio.xlsx"
    banners = f'banners = ["{BANNER}"]\n' if example else ""
    text = _SETTINGS.format(name=NAME if example else "Your portfolio", banners=banners)
    settings.write_text(text, encoding="utf-8", newline="\n")
    guidance = (BANNER, *GUIDANCE) if example else GUIDANCE
    write_template([MODEL], book, MODEL.title, guidance, not example, {MODEL.id: rows()} if example else None)
    return [settings, book]
