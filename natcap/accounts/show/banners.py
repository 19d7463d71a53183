"""What must be known before the first number of the land accounts, and which sheets each banner concerns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from natcap.accounts.results import LEAST_TOLD_HA
from natcap.accounts.show.change import change_banners
from natcap.accounts.show.levels import level_banners
from natcap.accounts.show.stock import RECALLED_BANNER, recalled
from natcap.accounts.show.words import Show
from natcap.core.project import Project
from natcap.core.report import Section
from natcap.core.verification import UNPUBLISHED
from natcap.core.wings import Wing

__all__ = ["land_banners", "scopes_of"]

Concerns = Callable[[Section], bool]
"""Whether a banner concerns a section."""
_SYNTHETIC = (
    "SYNTHETIC land cover: generated for an example; it describes no real place and no figure here may be quoted."
)
_HELD = "The source does not say which classes it was: net changes hold it, and it is not a change on the ground."
_APART = (13, 18, 19)
"""Sheets that rest on workbooks of their own and not on land cover; units screened from land cover are none of them."""


def land_banners(show: Show) -> Mapping[str, Concerns]:
    """Banners of the land accounts with what each concerns, in the order of the page."""
    return {text: concerns for told in (_made_up, _areas, _assigned) for text, concerns in told(show)}


def _made_up(show: Show) -> Iterable[tuple[str, Concerns]]:
    if show.synthetic:
        yield _SYNTHETIC, lambda _: True


def _areas(show: Show) -> Iterable[tuple[str, Concerns]]:
    """About the maps, and so about all that stands on their areas."""
    inputs = show.results.inputs
    if inputs.align:
        yield (
            f"ALIGNED: {inputs.closing.shown} was read by nearest neighbour on the grid of {inputs.opening.shown}.",
            _on_land,
        )
    if not show.broken and show.results.one_date_ha >= LEAST_TOLD_HA:
        held = _HELD if show.net else "It is in no net change: cover whose data were gained or lost is a reappraisal."
        yield f"LAND WITHOUT DATA AT ONE DATE: {show.results.one_date_ha:,.2f} ha. {held}", _on_land


def _assigned(show: Show) -> Iterable[tuple[str, Concerns]]:
    """About densities, assignments of classes and the series."""
    densities, habitats = show.results.densities, show.results.habitats
    if densities is not None and recalled(densities):
        yield RECALLED_BANNER, lambda section: _sheet(section) == 12 or section.id == "carbon_densities"
    if habitats is not None and habitats.verified in UNPUBLISHED:
        yield (
            f"Habitats rest on an assignment of the classes that is {habitats.verified} here: Red, to be confirmed "
            "before publication.",
            _on_land,
        )
    if show.net and not show.broken:
        yield (
            "NET CHANGE ONLY: the source gives areas at each date, and not what became what. No gross additions or "
            "reductions are known.",
            _on_land,
        )
    yield from ((text, _on_land) for text in change_banners(show))
    yield from ((text, lambda section: section.id.startswith("extent_")) for text in level_banners(show))


def scopes_of(
    project: Project, sections: Iterable[Section], wings: Iterable[Wing], banners: Mapping[str, Concerns]
) -> dict[str, frozenset[str]]:
    """The ids of the sections that each banner concerns; those of the project itself concern the whole of it."""
    found: dict[str, set[str]] = {
        text: {section.id for section in sections if concerns(section)} for text, concerns in banners.items()
    }
    for wing in wings:
        for text in wing.banners:
            found.setdefault(text, set()).update(section.id for _, section in wing.sections)
    return {text: frozenset(ids) for text, ids in found.items() if text not in project.banners}


def _sheet(section: Section) -> int:
    number = re.match(r"\d+", section.number)
    return int(number[0]) if number else 0


def _on_land(section: Section) -> bool:
    return _sheet(section) not in _APART or section.id == "biodiversity_screening"
