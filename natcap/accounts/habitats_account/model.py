"""The parcel template of the biodiversity metric: six sheets, from one edition of its tables."""

from __future__ import annotations

from functools import lru_cache

from natcap.accounts.biodiversity.edition import DEFAULT, Edition, edition, editions
from natcap.core.workbook.model import Field, TableModel

__all__ = ["CONDITIONS", "GUIDANCE", "MODELS", "PLACES", "models"]

PLACES: tuple[str, ...] = ("on site", "off site")
CONDITIONS: tuple[str, ...] = (
    "Good", "Fairly Good", "Moderate", "Fairly Poor", "Poor", "Condition Assessment N/A", "N/A - Other",
)  # fmt: skip
_YES = ("yes", "no")

GUIDANCE: tuple[str, ...] = (
    "Units of the biodiversity metric for a site before and after a plan. Fill the sheets that apply; area, hedgerow "
    "and watercourse units are three things and are never added.",
    f"Edition: the whole workbook is computed by one edition of the metric, {DEFAULT} unless metric_edition in "
    f"natcap.toml names another ({', '.join(editions())}). A survey or plan made for a named edition may say so in "
    "its row; a row of another edition is refused.",
    "Baseline: one row for each parcel as it is. State how much of it is retained and how much is enhanced (0 where "
    "none); what is left is lost. Created and Enhanced: what the plan makes. Every enhanced row names its parcel.",
    "Land that is created must be land that is lost, on site and on each gain site: more is refused, less is told, "
    "as the official workbook calls both an error. Land built over is created as Urban - Developed land; sealed "
    "surface, without units. Individual trees and green walls take no ground.",
    "Habitats are named as in the metric, broad habitat first: Grassland - Modified grassland.",
    "Trees: count individual trees by size class; the metric turns them into hectares. They cannot be enhanced.",
    "Off site: name the gain site, and its spatial risk on every row. The spatial risk counts for the net gain of a "
    "site, not for a net loss.",
    "Irreplaceable habitat generates no units: mark it. Its loss, and the loss of very high distinctiveness habitat, "
    "needs bespoke compensation that the consenting body has agreed; state it.",
    "Years in advance and years of delay: whole years, or 30+. Leave both blank for the standard time to target. "
    "Accelerated succession is not part of the metric.",
)


def _label(example: str) -> Field:
    return Field("label", "Parcel", help="A name for the parcel, once on its sheet", example=example,
                 synonyms=("ref", "reference", "parcel reference"))  # fmt: skip


def _where(risks: tuple[str, ...]) -> tuple[Field, ...]:
    return (
        Field("place", "On site or off site", "choice", choices=PLACES, example="on site",
              help="Off site: land outside the boundary of the plan that provides gain"),
        Field("site", "Gain site", required=False, help="Off site only: reference of the gain site", example=""),
        Field("risk", "Spatial risk", "choice", required=False, choices=risks, help="Off site only: where it lies"),
    )  # fmt: skip


def _size(label: str) -> Field:
    return Field("size", label, "number", help="More than 0", example="2.5")


def _quality(conditions: tuple[str, ...], e: Edition, condition: str = "Condition") -> tuple[Field, ...]:
    significance = _subjects(e, "strategic_significance_multiplier")
    return (
        Field("condition", condition, "choice", choices=conditions, example="Moderate"),
        Field("significance", "Strategic significance", "choice", choices=significance, example=significance[-1]),
    )  # fmt: skip


def _kept(unit: str) -> tuple[Field, ...]:
    word = "Area" if unit == "ha" else "Length"
    return (
        Field("retained", f"{word} retained ({unit})", "number", required=False, example="0",
              help="Baseline rows: stays as it is; 0 where none"),
        Field("enhanced", f"{word} enhanced ({unit})", "number", required=False, example="0",
              help="Baseline rows: is made better; 0 where none"),
    )  # fmt: skip


_AGREED = Field("agreed", "Bespoke compensation agreed", "choice", required=False, choices=_YES,
                help="For a loss of irreplaceable or very high distinctiveness habitat")  # fmt: skip
_IRREPLACEABLE = Field("irreplaceable", "Irreplaceable habitat", "choice", required=False, choices=_YES, example="no",
                       help="Must be said where the metric leaves it open, as for woodland and trees")  # fmt: skip
_TIMES = (
    Field("advance", "Years in advance", required=False, help="Started before the loss: whole years or 30+"),
    Field("delay", "Years of delay", required=False, help="Started after the loss: whole years or 30+"),
)
_EVIDENCE = Field("evidence", "Source and evidence", required=False, help="Survey, date, document",
                  example="UKHab survey, June 2025")  # fmt: skip
_EDITION = Field("edition", "Metric edition", "choice", required=False, choices=editions(),
                 help="Only if this row was made for a named edition of the metric")  # fmt: skip


def _subjects(e: Edition, parameter: str) -> tuple[str, ...]:
    return tuple(subject for name, subject in e.multipliers if name == parameter)


@lru_cache(maxsize=4)
def models(name: str = DEFAULT) -> tuple[TableModel, ...]:
    """The six sheets, with the habitats, conditions and multipliers of the edition as choices."""
    e = edition(name)
    return (_baseline(e), _created(e), _enhanced(e), _trees(e), _lines(e, "hedgerow"), _lines(e, "watercourse"))


def _area(e: Edition) -> tuple[str, ...]:
    return tuple(str(name) for name in e.habitats["area"].index if not str(name).startswith("Individual trees"))


def _baseline(e: Edition) -> TableModel:
    habitat = Field("habitat", "Habitat", "choice", choices=_area(e), example="Grassland - Modified grassland")
    fields = (
        _label("1"), *_where(_subjects(e, "spatial_risk_multiplier")), habitat, _size("Area (ha)"),
        *_quality(CONDITIONS, e), *_kept("ha"), _IRREPLACEABLE, _AGREED, _EVIDENCE, _EDITION,
    )  # fmt: skip
    return TableModel("baseline", "Baseline", "Habitats before the plan", fields, required=False, named=True)


def _created(e: Edition) -> TableModel:
    habitat = Field("habitat", "Habitat", "choice", choices=_area(e), example="Grassland - Other neutral grassland")
    fields = (
        _label("2"), *_where(_subjects(e, "spatial_risk_multiplier")), habitat, _size("Area (ha)"),
        *_quality(CONDITIONS, e, "Target condition"), *_TIMES, _EVIDENCE, _EDITION,
    )  # fmt: skip
    return TableModel("created", "Created", "Habitats created", fields, required=False, named=True)


def _enhanced(e: Edition) -> TableModel:
    habitat = Field("habitat", "Habitat", "choice", choices=_area(e), help="What it becomes; may be the same habitat",
                    example="Grassland - Other neutral grassland")  # fmt: skip
    before = Field("parcel", "Baseline parcel", help="Its name on the sheet Baseline; place and site follow from it",
                   example="1")  # fmt: skip
    fields = (
        _label("3"), before, habitat, _size("Area (ha)"), *_quality(CONDITIONS, e, "Target condition"), *_TIMES,
        _EVIDENCE, _EDITION,
    )  # fmt: skip
    return TableModel("enhanced", "Enhanced", "Habitats enhanced", fields, required=False, named=True)


def _trees(e: Edition) -> TableModel:
    names = tuple(str(n) for n in e.habitats["area"].index if str(n).startswith("Individual trees"))
    fields = (
        _label("T1"), Field("step", "Step", "choice", choices=("baseline", "created"), example="baseline"),
        *_where(_subjects(e, "spatial_risk_multiplier")),
        Field("habitat", "Habitat", "choice", choices=names, example=names[0]),
        Field("tree", "Size of tree", "choice", choices=_subjects(e, "individual_tree_area_ha"), example="Small",
              help="By stem diameter at breast height, as in the metric"),
        Field("count", "Trees", "integer", help="More than 0", example="12"),
        *_quality(("Good", "Moderate", "Poor"), e),
        Field("kept", "Trees retained", "integer", required=False, help="Baseline rows: 0 where none", example="12"),
        _IRREPLACEABLE, _AGREED, *_TIMES, _EVIDENCE, _EDITION,
    )  # fmt: skip
    return TableModel("trees", "Trees", "Individual trees", fields, required=False, named=True)


def _lines(e: Edition, kind: str) -> TableModel:
    wet = kind == "watercourse"
    conditions = CONDITIONS[:5] if wet else ("Good", "Moderate", "Poor")
    risk = "watercourse_spatial_risk_multiplier" if wet else "spatial_risk_multiplier"
    names = tuple(str(n) for n in e.habitats[kind].index)
    banks = (
        Field("encroachment", "Encroachment of the channel", "choice", example="No Encroachment",
              choices=_subjects(e, "watercourse_encroachment_multiplier")),
        Field("riparian", "Encroachment of both banks", "choice", example="Minor/ Minor",
              choices=_subjects(e, "riparian_encroachment_multiplier")),
    )  # fmt: skip
    fields = (
        _label("H1"), Field("step", "Step", "choice", choices=("baseline", "created", "enhanced"), example="baseline"),
        Field("parcel", "Baseline parcel", required=False, help="Enhanced rows: the name of the baseline row"),
        *_where(_subjects(e, risk)), Field("habitat", f"{kind.capitalize()} type", "choice", choices=names,
                                           example=names[1]),
        _size("Length (km)"), *_quality(conditions, e), *(banks if wet else ()), *_kept("km"),
        *((_AGREED,) if wet else ()), *_TIMES, _EVIDENCE, _EDITION,
    )  # fmt: skip
    title = f"{kind.capitalize()}s before and after the plan"
    return TableModel(f"{kind}s", f"{kind.capitalize()}s", title, fields, required=False, named=True)


MODELS: tuple[TableModel, ...] = models()
"""The sheets of the template, in the edition that a project uses unless it names another."""
