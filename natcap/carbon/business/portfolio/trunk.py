"""The portfolio's trunk: read, calculate, report; and a folder to start from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from natcap.carbon.business.portfolio.bands import distributions
from natcap.carbon.business.portfolio.batch import SECTIONS, Batch, calculate
from natcap.carbon.business.portfolio.figures import figures_of, keys_of
from natcap.carbon.business.portfolio.inputs import Inputs, read
from natcap.carbon.business.portfolio.model import GUIDANCE, MODEL, REGISTER, REGISTER_GUIDANCE
from natcap.carbon.business.portfolio.show import benchmark_section, businesses_section, left_sections
from natcap.core.project import FILE, Project
from natcap.core.report import Check, Report, Run
from natcap.core.version import VERSION

__all__ = ["Inputs", "build", "new", "read", "report"]

_WEAK = "Some figures rest on numbers that were not read at their source; they are marked recalled."
_INVENTED = "SYNTHETIC: figures of invented businesses are among these."
_OF_FOLDER = (
    "Each business is calculated from its own project, as natcap build calculates it, with its purchases, contracts "
    "and own factors; period, factor years, boundary and choices are the same in all. Years before are not joined."
)
_SETTINGS = """\
kind = "portfolio"
name = "{name}"
period = "2025"
{banners}
[inputs]
table = "portfolio.xlsx"              # or a .csv or .parquet file with the same headers
# projects = "clients"                # instead of the table: a folder of business projects, or "clients/*/2025"
# register = "register.xlsx"          # with it: who each business is, its sector and its size

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
    sections = [*distributions(batch), *(benchmark_section(batch, name) for name in batch.benchmarks)]
    if shut:
        sections = [*sections, businesses_section(batch, keys), *left_sections(batch)]
    return Report(
        kind="portfolio", title="Portfolio of businesses", subject=project.name, period=str(project.period),
        place=project.place, figures=tuple(figures_of(batch, keys)), sections=tuple(sections), run=_run(batch),
        lines=batch.lines if inputs.whole else None, checks=tuple(_checks(batch)) if shut else (),
        warnings=inputs.warnings if shut else (), notes=_notes(batch),
        banners=_banners(batch),
    )  # fmt: skip


def _run(batch: Batch) -> Run:
    inputs = batch.inputs
    choices = {key: str(value) for key, value in inputs.choices.model_dump().items() if value not in (None, "")}
    choices |= {name: str(getattr(inputs.ways, name)) for name in inputs.ways.__slots__}
    choices["factors"] = inputs.years.why
    editions = tuple(sorted(batch.lines["edition"].astype("str").unique()))
    controls = {"businesses": str(len(inputs.businesses)), "left out": str(len(inputs.left))}
    files = inputs.files
    if not inputs.ways.open:
        controls |= inputs.controls
    elif inputs.sums is not None:
        # The names of folders are names of businesses: for publication all of them have one hash.
        together = hashlib.sha256("".join(file["sha256"] for file in files).encode()).hexdigest()
        files = ({"file": f"{len(files):,} files of the portfolio", "sha256": together},)
    return Run(VERSION, files, editions, choices, controls, batch.fallbacks)


def _banners(batch: Batch) -> tuple[str, ...]:
    """Those of the portfolio, those of its projects, and loudly that some businesses are not in the figures."""
    inputs, found = batch.inputs, list(batch.inputs.project.banners)
    if inputs.sums is not None:
        # What a business says of itself may name it.
        found += [_INVENTED] if inputs.ways.open and inputs.sums.invented else []
        found += [] if inputs.ways.open else inputs.sums.banners
    if len(inputs.left):
        are = "is" if len(inputs.left) == 1 else "are"
        found.append(f"INCOMPLETE: {inputs.counted}; {len(inputs.left):,} with problems {are} in no figure.")
    return (*found, *((_WEAK,) if set(batch.states) & {"recalled"} else ()))


def _notes(batch: Batch) -> tuple[str, ...]:
    inputs = batch.inputs
    found = [f"Organisational boundary: {inputs.choices.boundary}.", f"Factors: {inputs.years.why}."]
    found.append(_OF_FOLDER if inputs.sums is not None else
        "Activity data alone: purchases by money and supply contracts are not in a portfolio, so scope 2 by market is "
        "the residual mix, or what [choices] says.")  # fmt: skip
    silent = int(batch.table["total"].isna().sum())
    if silent:
        found.append(f"{silent} businesses have no line in scope 1, 2 or 3: they show [x], which is not zero.")
    if len(inputs.left):
        found.append(f"{len(inputs.left)} businesses with a problem are left out of every figure, as chosen.")
    if inputs.ways.open and 0 < len(inputs.left) < inputs.ways.suppress_below:
        found.append("Do not publish both this and a report with those left out: one less the other would show them.")
    if inputs.sums is not None and not inputs.ways.open:
        found.append(
            "Lines stay in the project of each business: its own report walks back from its total to its bills."
        )
    elif inputs.ways.contents == "businesses":
        found.append('The lines are not in this report: contents = "hub" under [choices] adds them, for the walk back.')
    if inputs.ways.open:
        found.append("Nothing about a single business is in this report; the hub's own report holds the walk back.")
    return tuple(found)


def _checks(batch: Batch) -> Iterator[Check]:
    """Lines against businesses by scope, categories against scopes, and each project against its own inventory."""
    table, lines = batch.table, batch.lines
    if batch.inputs.sums is not None:
        alone = float(batch.inputs.sums.totals.sum()) / 1000
        yield Check("portfolio.projects", "Totals of the projects by themselves = sum of the businesses", alone,
                    float(table["total"].sum()), 1e-9 * max(abs(alone), 1.0), "t CO2e")  # fmt: skip
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
    register = folder / "register.xlsx"
    write_template([REGISTER], register, "Businesses of a folder of projects", REGISTER_GUIDANCE, not example)
    return [settings, book, register]
