"""Put the report of an accounts project together: sections, figures, checks, and the record of the run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from natcap.accounts.inputs import WithoutMaps
from natcap.accounts.results import Results
from natcap.accounts.show.back import back_sections
from natcap.accounts.show.banners import land_banners, scopes_of
from natcap.accounts.show.change import (
    change_checks,
    change_controls,
    change_fallbacks,
    change_sections,
    change_warnings,
)
from natcap.accounts.show.extent import (
    account_section,
    flows_section,
    long_matrix_section,
    matrix_section,
    zone_account_section,
)
from natcap.accounts.show.figures import figures
from natcap.accounts.show.levels import level_checks, level_editions, level_sections
from natcap.accounts.show.periods import period_sections
from natcap.accounts.show.ranged import beside, ranged
from natcap.accounts.show.sheets import not_compiled, placed, sheet_of
from natcap.accounts.show.stock import stock_sections
from natcap.accounts.show.sure import rated
from natcap.accounts.show.words import Items, Show
from natcap.accounts.show.zones import geometry, zones_section
from natcap.accounts.wings import Setting, Wing, show_wings
from natcap.core.report import Check, Figure, Report, Run, Section
from natcap.core.verification import UNPUBLISHED
from natcap.core.version import VERSION
from natcap.core.wings import gathered, with_wings

__all__ = ["make_report", "make_report_without_maps"]


def make_report(results: Results) -> Report:
    """The report of results, with every identity checked."""
    show = Show.of(results)
    project = results.inputs.project
    wings = show_wings(Setting(project, results.inputs.years, show), results.inputs.wings)
    banners = land_banners(show)
    found = _headed(ranged((*figures(show), *gathered(wings, "figures"))))
    sections = beside(_placed(_sections(show), wings), found)
    return Report(
        kind="accounts",
        title=f"Natural capital accounts: {project.name}",
        subject=project.name,
        period=show.span if show.span != "opening to closing" else str(project.period),
        place=project.place,
        figures=found,
        sections=sections,
        run=with_wings(_run(show), wings),
        checks=(*_checks(show), *gathered(wings, "checks")),
        warnings=(*results.problems.warnings, *change_warnings(show), *gathered(wings, "warnings")),
        banners=tuple(dict.fromkeys((*banners, *project.banners, *gathered(wings, "banners")))),
        notes=(*gathered(wings, "notes"), *not_compiled(sections)),
        geometry=geometry(show),
        scopes=scopes_of(project, sections, wings, banners),
    )


def make_report_without_maps(inputs: WithoutMaps) -> Report:
    """The report of a project that asks for wings alone."""
    project = inputs.project
    setting = Setting(project, inputs.years)
    wings = show_wings(setting, inputs.wings)
    files = [{"name": role, "file": shown, "sha256": sha} for role, _, shown, sha in inputs.files]
    choices = {key: str(value) for key, value in sorted(project.choices.items())}
    found = _headed(ranged(gathered(wings, "figures")))
    sections = beside(_placed((), wings), found)
    return Report(
        kind="accounts",
        title=f"Natural capital accounts: {project.name}",
        subject=project.name,
        period=setting.span,
        place=project.place,
        figures=found,
        sections=sections,
        run=with_wings(Run(VERSION, tuple(files), (), choices, {}, inputs.fallbacks), wings),
        checks=gathered(wings, "checks"),
        warnings=(*inputs.warnings, *gathered(wings, "warnings")),
        banners=tuple(dict.fromkeys((*project.banners, *gathered(wings, "banners")))),
        notes=(*gathered(wings, "notes"), *not_compiled(sections)),
        scopes=scopes_of(project, sections, wings, {}),
    )


_CARDS: tuple[str, ...] = (
    "extent.area.all", "extent.net_change.all.semi_natural_classes", "services.value.closing.all.total",
    "assets.value.closing.total", "carbon_account.closing.total",
    "carbon_stock.closing.total", "organisation.net.total",
)  # fmt: skip
"""Headline figures first to last; others that ask to be one follow while there is room."""


def _headed(figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """Figures with the headlines first, in the order a reader expects them."""
    order = {key: place for place, key in enumerate(_CARDS)}
    return tuple(sorted(figures, key=lambda f: (not f.headline, order.get(f.id, len(order)))))


def _placed(own: tuple[Section, ...], wings: tuple[Wing, ...]) -> tuple[Section, ...]:
    return placed([(sheet_of(section), section) for section in own] + [pair for w in wings for pair in w.sections])


def _sections(show: Show) -> tuple[Section, ...]:
    classes, habitats = show.classes(), show.habitats()
    found = [account_section(show, classes, "extent")]
    found += [] if show.net else [matrix_section(show, classes), flows_section(show, classes)]
    found += [zones_section(show), zone_account_section(show, classes, "extent_by_zone")]
    if habitats is not None:
        mine = [account_section(show, habitats, "habitats"), zone_account_section(show, habitats, "habitats_by_zone")]
        walk = show.results.habitats
        judged = walk is not None and walk.verified in UNPUBLISHED
        found += [rated(section, ["Red"] * len(section.table)) for section in mine] if judged else mine
    found += [*period_sections(show), *change_sections(show), *level_sections(show)]
    working = () if show.net else (long_matrix_section(show, classes),)
    return (*found, *stock_sections(show), *working, *back_sections(show))


def _checks(show: Show) -> Iterator[Check]:
    counts, stock = show.counts, show.results.stock
    for items in (show.classes(), show.habitats()):
        if items is not None:
            yield from _extent_checks(items, show.unit)
    yield from change_checks(show)
    yield from level_checks(show)
    if show.results.zone_cells is not None:
        title = "Cells counted = cells whose centre lies in a polygon"
        yield Check("counts.zones", title, float(counts.accounted.sum()), float(show.results.zone_cells), 0, "cells")
    yield from show.results.checks
    if stock is not None:
        left, right = stock.balance()
        size = 1e-9 * max(float(np.abs(right).sum()), 1.0)
        yield Check("carbon.closes", "Carbon: opening + gains - losses + reappraisals = closing", float(left.sum()),
                    float(right.sum()), size, "t C")  # fmt: skip
        worst = np.unravel_index(np.abs(left - right).argmax(), left.shape)
        yield Check("carbon.closes_everywhere", "The same in the zone and pool where it fits worst", float(left[worst]),
                    float(right[worst]), size, "t C")  # fmt: skip


def _extent_checks(items: Items, unit: str) -> Iterator[Check]:
    account, prefix = items.account, items.prefix
    exact = account.opening.dtype.kind == "i"
    size = 0.0 if exact else 1e-9 * max(float(account.opening.sum()), 1.0)
    left = account.opening + account.additions - account.reductions + account.reappraisal
    off = np.abs(left - account.closing).sum()
    pairs = (
        (
            "closes",
            "Opening + additions - reductions + reappraisals = closing in every zone and row, " + unit + " off",
            off,
            0,
        ),
        ("area", "Area at opening = area at closing", account.opening.sum(), account.closing.sum()),
        ("changes", "Additions of all = reductions of all", account.additions.sum(), account.reductions.sum()),
        ("net", "Net changes, of land known at both dates, sum to nothing", account.net_change.sum(), 0),
        ("reappraisals", "Reappraisals sum to nothing", account.reappraisal.sum(), 0),
    )
    for key, title, one, other in pairs:
        yield Check(f"{prefix}.{key}", f"{items.word}: {title}", float(one), float(other), size, unit)


def _run(show: Show) -> Run:
    inputs, counts, densities = show.results.inputs, show.counts, show.results.densities
    files: list[Mapping[str, str]] = [
        {"name": role, "file": shown, "sha256": sha} for role, _, shown, sha in inputs.files
    ]
    editions = [
        f"landcover/classes {inputs.classes.id}" if inputs.classes.source else f"class list {inputs.classes.title}"
    ]
    if show.results.habitats is not None:
        editions.append(f"landcover/crosswalks {show.results.habitats.from_list} to {show.results.habitats.to_list}")
    editions += level_editions(show)
    editions.append("landcover/managed_rule" if inputs.classes.source else "managed as the class list says")
    if densities is not None:
        editions.append(
            "carbon_stock/density" if densities.verified != "user" else "carbon densities given by the user"
        )
    choices = {key: str(value) for key, value in sorted(inputs.project.choices.items())}
    choices |= {"soil_depth_cm": str(inputs.depth_cm)} if densities is not None else {}
    what, size = inputs.opening.size
    controls = {
        what: str(size),
        f"{counts.unit} inside the zones": str(int(counts.accounted.sum())),
        f"{counts.unit} outside the zones": str(counts.outside),
        f"{counts.unit[:-1]} area (m2)": f"{counts.cell_area:.10g}",
        "zones": str(len(counts.zones)),
        "classes that occur": str(len(counts.codes)),
        **change_controls(show),
    }
    fallbacks = (*inputs.fallbacks, *change_fallbacks(show))
    return Run(VERSION, tuple(files), tuple(editions), choices, controls, fallbacks)
