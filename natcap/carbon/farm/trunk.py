"""The farm's trunk: read, calculate, report. Command line, dashboard and tests all come through here."""

from __future__ import annotations

from natcap.carbon.farm.calculate import Result, calculate
from natcap.carbon.farm.checks import checks
from natcap.carbon.farm.example import new
from natcap.carbon.farm.figures import figures
from natcap.carbon.farm.read import Inputs, read
from natcap.carbon.farm.sections import main_sections
from natcap.carbon.farm.spread import spread
from natcap.carbon.farm.stores import factor_year
from natcap.carbon.farm.working import working_sections
from natcap.core.project import Project
from natcap.core.report import Report, Run
from natcap.core.verification import UNPUBLISHED
from natcap.core.version import VERSION
from natcap.core.words import plural

__all__ = ["Inputs", "build", "new", "read"]


def build(project: Project) -> Report:
    """The report of a farm project. Raises InputProblems with everything wrong in its folder."""
    result = calculate(read(project))
    strip = spread(result.inputs, result.manure)
    return Report(
        kind="farm",
        title="Greenhouse gas baseline of a farm",
        subject=project.name,
        period=str(project.period),
        place=project.place,
        figures=figures(result),
        sections=(*main_sections(result, strip), *working_sections(result)),
        run=_run(result),
        lines=result.lines,
        checks=checks(result),
        warnings=result.inputs.warnings,
        banners=_banners(result),
        notes=_notes(result),
    )


def _run(result: Result) -> Run:
    inputs = result.inputs
    editions = sorted(
        {*(match.factor.edition for match in (inputs.fuel["match"] if len(inputs.fuel) else ())), *_sets(result)}
    )
    choices = inputs.choices.texts() | {"factor_year": str(factor_year(inputs.choices, inputs.project.period))}
    fallbacks = [
        f"{row['item']}: {row['note']}"
        for row in result.lines.to_dict("records")
        if row["match"] in ("earlier edition", "partial edition")
    ]
    return Run(
        VERSION,
        ({"file": inputs.file, "sha256": inputs.sha256},),
        tuple(editions),
        choices,
        inputs.controls,
        tuple(fallbacks),
    )


def _sets(result: Result) -> set[str]:
    return {f"{pick.source} ({pick.factor_set})" for pick in result.picks().values() if pick.source != "user"}


def _banners(result: Result) -> tuple[str, ...]:
    recalled = [p.id for p in result.picks().values() if p.verified in UNPUBLISHED]
    said = (
        (f"RECALLED: {plural(len(recalled), 'factor was', 'factors were')} recalled, not read: {', '.join(recalled)}.",)
        if recalled
        else ()
    )
    return (*result.inputs.project.banners, *said)


def _notes(result: Result) -> tuple[str, ...]:
    choices = result.inputs.choices
    gwps = sorted({str(name) for name in result.lines["gwp_set"]} - {choices.gwp, "not stated", ""})
    found = [
        f"Methane and nitrous oxide of the farm are counted with the GWP-100 of {choices.gwp} (methane as biogenic).",
        "IPCC tables were read in transcriptions, not in the chapters themselves; each factor says where.",
        "Ratios of molecular masses are 44/12 and 44/28, as IPCC prints them.",
    ]
    if gwps:
        found.append(f"Fuel and power factors are published on {', '.join(gwps)} and were left so.")
    if (result.lines["gwp_set"] == "not stated").any():
        found.append("Footprints of fertiliser are published in CO2e without their GWPs.")
    return tuple(found)
