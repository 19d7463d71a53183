"""Choices of a farm account: which factor set for which source, checked before anything is read."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from natcap.core.problems import Problems, did_you_mean
from natcap.core.project import FILE, Project

__all__ = ["SETS", "Choices", "read_choices"]

SETS: dict[str, tuple[str, ...]] = {
    "ipcc2019": ("ipcc2019",),
    "ipcc2019_wet": ("ipcc2019_wet", "ipcc2019"),
    "ipcc2019_agg": ("ipcc2019_agg", "ipcc2019"),
    "ipcc2019_dry": ("ipcc2019_dry", "ipcc2019"),
    "ipcc2006": ("ipcc2006",),
    "uk_nir": ("uk_nir",),
}
"""Factor set -> the names its rows carry. `ipcc2019` rows are those the Refinement does not split by climate."""

Soils = Literal["ipcc2019_wet", "ipcc2019_agg", "ipcc2019_dry", "ipcc2006"]


class Choices(BaseModel):
    """One factor set per source, so that no run mixes them unawares."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    enteric: Literal["tier1", "tier2"] = "tier1"
    manure: Literal["tier1", "tier2"] = Field(default="tier1", description="volatile solids and nitrogen of fed herds")
    enteric_set: Literal["ipcc2019", "ipcc2006"] = "ipcc2019"
    soils_set: Soils = "ipcc2019_wet"
    synthetic_set: Literal["same", "uk_nir"] = Field(default="same", description="EF1 of synthetic nitrogen")
    volatilisation: Literal["all_synthetic", "by_product"] = "all_synthetic"
    embedded_set: Literal["yara2012", "brentrup2018_na", "brentrup2018_eu", "cattle_lca", "none"] = "yara2012"
    climate: Literal["cool_moist", "cool_dry"] = "cool_moist"
    gwp: Literal["AR4", "AR5", "AR6"] = "AR5"
    factor_year: int | None = Field(
        default=None, ge=2002, le=2100, description="edition of the fuel and electricity factors"
    )
    allow_unverified: bool = False

    def texts(self) -> dict[str, str]:
        """Every choice as text, for the record of the run."""
        return {k: ("period" if v is None else str(v).lower() if isinstance(v, bool) else str(v)) for k, v in self}


def read_choices(project: Project, problems: Problems) -> Choices:
    """The choices of a project, with every problem added; defaults where one is wrong, so that reading goes on."""
    try:
        choices = Choices.model_validate(project.choices)
        if choices.manure == "tier2" and choices.enteric != "tier2":
            remedy = "Both rest on the same energy model."
            problems.add(FILE, "tier2", "enteric = 'tier2' beside it", remedy, cell="choices.manure")
        return choices
    except ValidationError as error:
        for item in error.errors():
            _tell(problems, ".".join(str(part) for part in item["loc"]), item)
    return Choices()


def _tell(problems: Problems, name: str, item: Any) -> None:
    if item["type"] == "extra_forbidden":
        known = list(Choices.model_fields)
        expected = f"one of {', '.join(known)}"
        problems.add(FILE, name, expected, did_you_mean(name, known), cell=f"choices.{name}")
        return
    problems.add(FILE, str(item.get("input")), str(item["msg"]).lower(), cell=f"choices.{name}")
