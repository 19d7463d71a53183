"""The business's trunk: read, calculate, report. Command line, dashboard and tests all come through here."""

from __future__ import annotations

from collections.abc import Iterator

from natcap.carbon.business import base, look, ownership, periods, plants, ranges_shown, secr, sections, working
from natcap.carbon.business.example import new
from natcap.carbon.business.figures import GROSS, figures
from natcap.carbon.business.inputs import Inputs, read
from natcap.carbon.business.months import by_site_and_month
from natcap.carbon.business.restate import restate
from natcap.carbon.business.result import Result, YearResult, calculate
from natcap.carbon.business.wings import show_wings
from natcap.core.project import Project
from natcap.core.report import Check, Report, Run
from natcap.core.verification import UNPUBLISHED
from natcap.core.version import VERSION
from natcap.core.wings import gathered, with_wings

__all__ = ["Inputs", "build", "checks", "new", "read", "report", "restate"]

_RELATIVE = 1e-9


def build(project: Project) -> Report:
    """The report of a business project. Raises InputProblems with everything wrong in its folder."""
    return report(calculate(read(project)))


def report(result: Result) -> Report:
    """A calculated inventory as a report."""
    project = result.inputs.project
    ranges, drawn = ranges_shown.shown(result)
    made = (
        sections.summary(result), sections.by_category(result), sections.by_site(result), sections.activities(result),
        working.two_ways(result), working.intensity(result), base.section(result), base.changes_section(result),
        secr.section(result), working.energy(result), plants.section(result), plants.chp_section(result),
        look.look(result), working.completeness(result), working.covered(result), look.credits(result),
        ranges, working.gaps(result),
    )  # fmt: skip
    wings = show_wings(result, result.inputs.wings)
    added = [section for _, section in sorted(gathered(wings, "sections"), key=lambda pair: pair[0])]
    return Report(
        kind="business", title="Greenhouse gas inventory", subject=project.name, period=str(project.period),
        place=project.place,
        figures=(
            *ranges_shown.ranged(figures(result), drawn), *base.figures(result), *plants.figures(result), *drawn,
            *gathered(wings, "figures"),
        ),
        sections=(*(section for section in made if section is not None), *added),
        run=with_wings(_run(result), wings), lines=result.lines,
        checks=(*checks(result), *gathered(wings, "checks")),
        warnings=(*result.inputs.warnings, *gathered(wings, "warnings")),
        banners=tuple(dict.fromkeys((*_banners(result), *gathered(wings, "banners")))),
        notes=(*_notes(result), *((ranges_shown.NOTE,) if drawn else ()), *gathered(wings, "notes")),
    )  # fmt: skip


def _run(result: Result) -> Run:
    inputs = result.inputs
    choices = {key: str(value) for key, value in inputs.choices.model_dump().items() if value not in (None, "")}
    for year in result.years:
        choices[f"factors of {year.period}"] = year.year.years.why
        # A base year of the same days has a sheet Sites of its own: this year's shares are the run's.
        choices = ownership.recorded(year.year, inputs.choices) | choices
    controls = {
        f"{year.period}: {key}": value for year in result.years for key, value in year.year.book.controls.items()
    }
    editions = sorted({edition for year in result.years for edition in year.editions})
    said = [f"{year.period}: {text}" for year in result.years for text in (*year.fallbacks, *year.gaps)]
    files = (*(file for year in result.years for file in year.year.book.inputs), *inputs.files)
    return Run(VERSION, files, tuple(editions), choices, controls, (*said, *inputs.fallbacks))


def _banners(result: Result) -> tuple[str, ...]:
    weak = result.lines["verified"].isin(sorted(UNPUBLISHED))
    said = "Some figures rest on numbers that were not read at their source; they are marked recalled."
    return (*result.inputs.project.banners, *((said,) if weak.any() else ()))


def _notes(result: Result) -> tuple[str, ...]:
    boundary = result.inputs.choices.boundary
    found = [f"Organisational boundary: {boundary}."]
    found += [f"{year.period}: {year.year.years.why}." for year in result.years]
    found.append(
        "The total is scope 1, scope 2 (location-based) and scope 3. Scope 2 by market stands beside it and is never "
        "added to it. Biogenic CO2 is reported outside of scopes."
    )
    found += periods.notes(result, ratios=True, others=tuple(y for y in result.years if y is not result.this))
    if result.prior is None:
        found.append("Last year was not supplied: its columns show [x].")
    return tuple(found)


def checks(result: Result) -> Iterator[Check]:
    """Every identity that an inventory has to hold, of all its years."""
    for year in result.years:
        yield from _year_checks(year)
    yield from plants.checks(result)
    found = base.bridge_of(result)
    if found is not None:
        near = _RELATIVE * max(abs(found.old), abs(found.new), 1.0)
        terms = sum(found.terms().values())
        yield Check(
            "base.bridge", "Terms since the base year sum to the change", terms, found.new - found.old, near, "kg CO2e"
        )


def _year_checks(year: YearResult) -> Iterator[Check]:
    """Sums of lines against totals by scope, site, month and gas."""
    gross = year.lines[year.lines["section"].isin(GROSS)]
    total = year.totals.total or 0.0
    near = _RELATIVE * max(float(gross["kg_co2e"].abs().sum()), 1.0)
    whole = float(gross["kg_co2e"].sum())
    yield Check(
        f"lines.{year.span}", f"{year.period}: lines add up to the total of the scopes", whole, total, near, "kg CO2e"
    )
    sites = float(gross.groupby("place", observed=True)["kg_co2e"].sum().sum())
    yield Check(f"sites.{year.span}", f"{year.period}: sites add up to the total", sites, total, near, "kg CO2e")
    months = by_site_and_month(gross, year.year.period).drop(columns="place")
    spread = float(months.sum().sum())
    yield Check(f"months.{year.span}", f"{year.period}: months add up to the total", spread, total, near, "kg CO2e")
    split = gross.dropna(subset=["kg_co2", "kg_ch4", "kg_n2o"])
    gases = float(split[["kg_co2", "kg_ch4", "kg_n2o"]].sum().sum())
    # The publisher rounds each gas and the total by itself; no printed row is off by more than 1 %.
    rounding = 0.01 * float(split["kg_co2e"].abs().sum()) + near
    yield Check(
        f"gases.{year.span}", f"{year.period}: gases add up to the total where published, within printed rounding",
        gases, float(split["kg_co2e"].sum()), rounding, "kg CO2e",
    )  # fmt: skip
