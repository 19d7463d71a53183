"""Wings of the accounts room: parts of an account that run when their input is named, beside extent and carbon.

A wing is a module with `read(reader) -> given` (adds to `reader.problems`, never raises) and `show(setting, given) ->
Wing`. `SPECS` lists them with the names they know in natcap.toml, so that a project without a wing never imports it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from natcap.core import wings
from natcap.core.problems import InputProblems, Problems
from natcap.core.project import Project
from natcap.core.report import Status
from natcap.core.wings import Spec, Wing

if TYPE_CHECKING:
    from natcap.accounts.classes import ClassList
    from natcap.accounts.land import Land
    from natcap.accounts.show.words import Show

__all__ = ["SPECS", "Reader", "Setting", "Spec", "Wing", "active", "known_choices", "known_inputs", "read_wings",
           "show_wings"]  # fmt: skip


_SERVICES = ("services", "published", "choices.services")
"""What starts the services, and with them what stands on their product."""
_STANDS_ON: Mapping[str, set[str]] = {
    "assets": {"services"}, "carbon_account": {"services"}, "ranges": {"services", "assets", "accuracy"},
}  # fmt: skip
"""Wings whose products others use, by the id of their Spec."""

SPECS: tuple[Spec, ...] = (
    Spec(
        "condition",
        "natcap.accounts.condition_account",
        {"condition": "a workbook with readings of condition variables at opening and closing"},
        {"condition_weights": "weights of ECT classes in the index, { B1 = 0.5, B2 = 0.5 }; left out, all alike"},
        starts=("condition",),
    ),
    Spec(
        "accuracy",
        "natcap.accounts.accuracy_account",
        {"accuracy": "a workbook or CSV of reference points: of (opening, closing, change), map class, class found"},
        {"overall_accuracy": "not enough for an error-adjusted area: name accuracy in [inputs]"},
        starts=("accuracy", "choices.overall_accuracy"),
    ),
    Spec(
        "biodiversity",
        "natcap.accounts.biodiversity_account",
        {"metric": "a filled official workbook of the statutory biodiversity metric"},
        {"metric_edition": "edition of the biodiversity metric: 4.1 or statutory (4.1)"},
        starts=("metric",),
    ),
    Spec(
        "habitats",
        "natcap.accounts.habitats_account",
        {"habitats": "a workbook of parcels before and after a plan, for units of the biodiversity metric"},
        {"metric_edition": "edition of the biodiversity metric: 4.1 or statutory (4.1)"},
        starts=("habitats",),
    ),
    Spec(
        "screening",
        "natcap.accounts.biodiversity_screening",
        choices={"biodiversity": '"screening": units per land-cover class as a range; not a metric calculation'},
        starts=("choices.biodiversity",),
        maps=True,
    ),
    Spec(
        "services",
        "natcap.accounts.services",
        {
            "services": "a workbook with flows of services that were read, parameters, unit values and users",
            "published": "the CSV file of services by local authority of the Office for National Statistics",
        },
        {
            "services": '"library": flows per hectare from the library as well; "own": only flows that you give',
            "price_year": "year of the prices in which values are shown",
            "published_price_year": "year of the prices of the published values",
            "published_services": "services to take from the published values (all that the file holds)",
        },
        starts=_SERVICES,
        maps=True,
    ),
    Spec(
        "assets",
        "natcap.accounts.assets_account",
        {
            "projections": "a workbook or CSV: an index of future flows by service and year",
            "losses": "a workbook of catastrophic losses: storms, fires, floods, outbreaks, by zone and ecosystem type",
        },
        {
            "assets": "false: no asset values beside the services (true)",
            "discount_timing": "when in its year a flow falls: start, mid or end (start)",
            "discount_schedule": "standard, sensitivity, review_2026, flat_3_5 or flat_1_5 (standard)",
            "discount_year": "the year whose edition of the discount schedules holds (the newest)",
            "carbon_path": "carbon values of greenhouse gas regulation: low, central or high (central)",
            "carbon_before": '"first": the first carbon value stands for the years before it (none: no asset value)',
            "projection_between": '"linear" or "step": what fills years between given years of a projection (none)',
            "projection_after": '"last": the last year of a projection stands for the years after it (none)',
        },
        starts=(*_SERVICES, "projections", "choices.projection_between", "choices.projection_after", "losses"),
        maps=True,
    ),
    Spec(
        "carbon_account",
        "natcap.accounts.stock_account",
        {
            "carbon_movements": "a workbook or CSV: growth, harvest, disturbance, reappraisal by zone, class and pool; "
            "in a workbook methane and nitrous oxide of organic soils as well",
            "invest_opening": "a carbon stock raster of InVEST at the opening, to compare",
            "invest_closing": "a carbon stock raster of InVEST at the closing, to compare",
        },
        {
            "carbon_change": '"years": soil over 20 years, trees by their curve; "settled": the whole change at once',
            "carbon_timing": '"opening" or "middle": when between the dates land changed',
            "carbon_gwp": "set of potentials by which methane and nitrous oxide of soils become CO2e (AR5)",
            "invest_unit": '"t/ha" or "t/cell": what a cell of the InVEST rasters holds',
        },
        always=True,
        maps=True,
    ),
    Spec("counting", "natcap.accounts.counting", always=True, maps=True),
    Spec(
        "ranges",
        "natcap.accounts.ranges_account",
        {},
        {
            "draws": "number of draws behind the ranges of the accounts (10000)",
            "seed": "whole number that the draws start from; the same seed gives the same ranges (1)",
        },
        starts=_SERVICES,
        maps=True,
    ),
    Spec(
        "organisation",
        "natcap.accounts.organisation_account",
        {
            "organisation": "a workbook with an organisation's assets, flows, maintenance and income (BS 8632)",
            "emissions": "the JSON that natcap writes for the organisation's greenhouse gas inventory",
        },
        {
            "price_year": "year of the prices in which values are shown",
            "organisation_name": "whose assets they are, as titles and findings name it (the organisation)",
        },
        starts=("organisation", "emissions"),
    ),
)


class Reader(Protocol):
    """What a wing reads through: files named in natcap.toml are hashed into the record of the run."""

    project: Project
    problems: Problems
    fallbacks: list[str]
    listed: ClassList | None
    """The class list of the project; None where there is none, or it is refused."""

    def file(self, role: str, remedy: str = "") -> Path | None: ...

    def years(self) -> tuple[str, str]: ...


@dataclass(frozen=True)
class Setting:
    """Where a wing stands: the project, the words for opening and closing, the land accounts where there are maps.

    `products` holds what the wings before it made, by the id of their Spec.
    """

    project: Project
    years: tuple[str, str]
    show: Show | None = None
    products: Mapping[str, Any] = field(default_factory=dict)

    @property
    def land(self) -> Land | None:
        """Areas by zone and class at both dates; None in a project without land cover."""
        return None if self.show is None else self.show.land()

    @property
    def synthetic(self) -> bool:
        said = any(banner.upper().startswith("SYNTHETIC") for banner in self.project.banners)
        return said or (self.show is not None and self.show.synthetic)

    def status(self, recalled: bool = False) -> Status:
        return "synthetic" if self.synthetic else "recalled" if recalled else "calculated"

    def mark(self, title: str) -> str:
        """A chart title that says when its data are made up."""
        return f"SYNTHETIC: {title}" if self.synthetic else title

    @property
    def span(self) -> str:
        return str(self.project.period) if self.years == ("opening", "closing") else " to ".join(self.years)


def active(project: Project) -> tuple[Spec, ...]:
    """The wings that this project asks for, in the order of SPECS."""
    return wings.active(SPECS, project)


def known_inputs() -> dict[str, str]:
    return wings.known_inputs(SPECS)


def known_choices() -> dict[str, str]:
    return wings.known_choices(SPECS)


def read_wings(reader: Reader, maps: bool = True) -> tuple[tuple[Spec, Any], ...]:
    """What every active wing read; problems are in `reader.problems`. Without maps, those that need none."""
    chosen = [spec for spec in active(reader.project) if maps or not spec.maps]
    return tuple((spec, import_module(spec.module).read(reader)) for spec in chosen)


def show_wings(setting: Setting, given: Iterable[tuple[Spec, Any]]) -> tuple[Wing, ...]:
    """The finished wings. Raises InputProblems, of all wings together, where what was counted does not fit them.

    A wing that stands on the product of a refused one is not made: what it would say follows from that.
    """
    shown: list[Wing] = []
    problems, refused = Problems(), set[str]()
    for spec, read in given:
        if refused & _STANDS_ON.get(spec.id, set()):
            continue
        try:
            wing = import_module(spec.module).show(setting, read)
        except InputProblems as fault:
            problems += fault.problems
            refused.add(spec.id)
            continue
        shown.append(wing)
        if wing.product is not None:
            setting = replace(setting, products={**setting.products, spec.id: wing.product})
    problems.raise_if_any()
    return tuple(shown)
