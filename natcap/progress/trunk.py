"""The trunk of progress: read a project of kind "area", calculate, report."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from natcap.core.problems import InputProblems, Problem, did_you_mean
from natcap.core.project import FILE, Project
from natcap.core.report import Check, Figure, Report, Run, Section
from natcap.core.verification import UNPUBLISHED
from natcap.core.version import VERSION
from natcap.progress import back, emissions, power, topics
from natcap.progress.board import board, targets
from natcap.progress.definitions import Bands, parameter
from natcap.progress.figures import Figures, cite
from natcap.progress.inputs import Inputs, read_inputs
from natcap.progress.pathlines import paths
from natcap.progress.results import Results, calculate
from natcap.progress.scaffold import write_project

__all__ = ["build", "new", "read"]


def read(project: Project) -> Inputs:
    """Read and check everything the project names. Raises InputProblems with every problem."""
    return read_inputs(project)


def build(project: Project) -> Report:
    """The report of an area. Raises InputProblems with every problem of the input."""
    return _report(calculate(read(project)))


def new(folder: Path, example: bool) -> list[Path]:
    """Start a project folder; `example` fills it with the data of Leicester and Leicestershire."""
    return write_project(folder, example)


def _report(results: Results) -> Report:
    inputs = results.inputs
    project = inputs.project
    maker = Figures(results)
    figures = _headlined(maker.make(), results)
    return Report(
        kind="area", title=f"Progress of {project.name}", subject=project.name, period=str(project.period),
        place=project.place, figures=figures, sections=_sections(results, maker.latest), run=_run(results),
        checks=_checks(results), warnings=results.warnings, banners=(*project.banners, *_banners(results)),
        notes=_notes(results),
    )  # fmt: skip


def _sections(results: Results, latest: dict[int, str]) -> tuple[Section, ...]:
    found = [
        board(results), targets(results), paths(results), emissions.by_sector(results, latest),
        emissions.newest(results), emissions.totals(results, latest), emissions.attribution(results),
        *(topics.section_of(results, t, latest) for t in topics.TOPICS[:3]), power.energy_use(results),
        power.renewables(results, latest), *(topics.section_of(results, t, latest) for t in topics.TOPICS[3:]),
        back.definitions(results), back.observations(results),
    ]  # fmt: skip
    return tuple(section for section in found if section is not None)


def _headlined(figures: tuple[Figure, ...], results: Results) -> tuple[Figure, ...]:
    """Mark the headline figures: those asked for, else newest values and gaps of the first targets of the board."""
    known = {f.id: f for f in figures}
    wanted = list(results.inputs.headlines)
    problems = [
        Problem(FILE, repr(name), "a figure of this report", did_you_mean(name, known), cell="choices.headlines")
        for name in wanted
        if name not in known
    ]
    if problems:
        raise InputProblems(problems)
    if not wanted:
        pairs = dict.fromkeys(
            (a.area, a.target.indicator) for a in results.assessments if a.latest and a.gap is not None
        )
        wanted = [f"area.{area}.{key}.{what}" for area, key in list(pairs)[:2] for what in ("latest", "gap")]
    chosen = [_with_change(known[name], results) for name in wanted[:5]]
    taken = {f.id for f in chosen}
    return (*chosen, *(f for f in figures if f.id not in taken))


def _with_change(figure: Figure, results: Results) -> Figure:
    """A headline; a newest value says its change since the base of its target."""
    for one in results.assessments:
        if (
            figure.id == f"area.{one.area}.{one.target.indicator}.latest"
            and one.base
            and one.latest
            and not one.target.withdrawn
        ):
            change = one.latest.value - one.base.value
            since = f"{'in percentage points ' if figure.unit == '%' else ''}since {one.base.period}"
            return replace(figure, headline=True, change=change, change_from=since)
    return replace(figure, headline=True)


def _checks(results: Results) -> tuple[Check, ...]:
    return (*(c.check() for c in results.inputs.closings), *emissions.attribution_check(results))


def _chosen_bases(results: Results) -> list[str]:
    return [a.target.id for a in results.assessments if a.path and a.target.base_verified in UNPUBLISHED]


def _banners(results: Results) -> tuple[str, ...]:
    """What has to stand at the top of every page."""
    inputs = results.inputs
    said = []
    used = set(inputs.table["source"][inputs.table["area"].isin(inputs.reported)])
    copied = [
        inputs.sources[key].title
        for key in sorted(used)
        if inputs.sources[key].note.casefold().startswith("transcribed")
    ]
    if copied:
        said.append(f"Some figures were transcribed by hand or from excerpts: {'; '.join(copied)}.")
    bases = set(_chosen_bases(results))
    if bases:
        said.append(f"The base years of {len(bases)} targets are not stated where they were read and were chosen here.")
    if parameter("ratio_on_track").verified in UNPUBLISHED and results.assessments:
        said.append("The bands of the status words are recalled or chosen here; natcap.toml can change them.")
    return tuple(said)


def _notes(results: Results) -> tuple[str, ...]:
    compared = [
        f"{results.inputs.indicators[c.indicator].title}: {c.count} published values agree with their recomputation; "
        f"the largest difference is {c.largest:.2g} {results.inputs.indicators[c.indicator].unit}."
        for c in results.compared
    ]
    return (
        "Missing, suppressed and unpublished values are words and never zero.",
        "A claim of carbon neutrality is not made for an area: ISO 14068-1 is not meant for territories.",
        *compared,
    )


def _run(results: Results) -> Run:
    inputs = results.inputs
    bands = {f"bands.{name}": f"{getattr(inputs.bands, name):g}" for name in Bands.__dataclass_fields__}
    used = sorted(set(inputs.table["source"]) | {t.source for t in inputs.targets})
    choices = {"as_of": inputs.as_of.isoformat(), "areas": ", ".join(inputs.reported)} | bands
    if inputs.attribution_years:
        choices["attribution_years"] = " to ".join(map(str, inputs.attribution_years))
    controls = {
        "observations": str(len(inputs.table)), "derived": str(int(results.table["derived"].sum())),
        "targets": str(len(inputs.targets)), "values missing": str(int(inputs.table["value"].isna().sum())),
        "identities": str(sum(c.count for c in inputs.closings)),
    }  # fmt: skip
    fallbacks = tuple(f"{key}: base year chosen here" for key in dict.fromkeys(_chosen_bases(results)))
    return Run(VERSION, inputs.hashes, tuple(cite(results, key) for key in used), choices, controls, fallbacks)
