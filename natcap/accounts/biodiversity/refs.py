"""The rows of an edition's tables that a parcel's units rest on, as references for the walk back of a figure."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from natcap.accounts.biodiversity.edition import Edition, Kind
from natcap.accounts.biodiversity.units import Units
from natcap.core.report import FactorRef
from natcap.core.sources import source
from natcap.core.tables import load

__all__ = ["habitat_ref", "multiplier_ref", "unit_refs"]

_TABLES = {"area": "area_habitats", "hedgerow": "hedgerows", "watercourse": "watercourses"}


def _folder(e: Edition) -> str:
    return f"metric_{e.name.replace('.', '_')}"


@lru_cache(maxsize=4)
def _multipliers(folder: str) -> dict[tuple[str, str], FactorRef]:
    return {
        (row["parameter"], row["subject"]): FactorRef(
            row["id"], f"{row['parameter'].replace('_', ' ').capitalize()}: {row['subject']}", float(row["value"]),
            row["unit"], source(row["source"]).cite(), row["locator"], row["verified"], row["note"],
        )
        for row in load(f"biodiversity/{folder}/multipliers").to_dict("records")
    }  # fmt: skip


def multiplier_ref(e: Edition, parameter: str, subject: str) -> FactorRef:
    """The row of a multiplier or score. Raises LookupError where the edition has none."""
    found = _multipliers(_folder(e)).get((parameter, subject))
    if found is None:
        raise LookupError(f"no {parameter} for {subject!r} in metric {e.name}")
    return found


def habitat_ref(e: Edition, kind: Kind, habitat: str) -> FactorRef:
    """The row of a habitat, with its distinctiveness score."""
    row = e.habitat(kind, habitat)
    key = f"biodiversity/{_folder(e)}/{_TABLES[kind]}/{habitat}"
    return FactorRef(key, f"Distinctiveness score: {habitat} ({row['distinctiveness']})",
                     e.distinctiveness(kind, habitat), "score", source(str(row["source"])).cite(),
                     str(row["locator"]), str(row["verified"]))  # fmt: skip


def unit_refs(e: Edition, kind: Kind, habitat: str, condition: str, units: Units, words: dict[str, str]
              ) -> Iterator[FactorRef]:  # fmt: skip
    """What a parcel multiplies. `words` holds the subjects of significance, encroachment and riparian (blank: none)."""
    yield habitat_ref(e, kind, habitat)
    yield multiplier_ref(e, "condition_score", condition)
    for name in ("strategic_significance", "watercourse_encroachment", "riparian_encroachment", "spatial_risk",
                 "watercourse_spatial_risk"):  # fmt: skip
        if words.get(name):
            yield multiplier_ref(e, f"{name}_multiplier", words[name])
    if words.get("tree"):
        yield multiplier_ref(e, "individual_tree_area_ha", words["tree"])
    if units.years is not None:
        yield multiplier_ref(e, "temporal_multiplier", f"{units.years} years")
        yield multiplier_ref(e, "difficulty_multiplier", units.difficulty_band)
