"""Lines in the making: each with its gas, factor, cell, and the factors it is a product of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from natcap.carbon.farm.book import Pick
from natcap.carbon.farm.read import Inputs
from natcap.carbon.farm.sources import GASES, SOURCES
from natcap.carbon.farm.warming import warming
from natcap.core.verification import worst

__all__ = ["Flows"]


@dataclass
class Flows:
    """Grows line by line; `drivers` holds for each line the picks of which it is a product."""

    inputs: Inputs
    rows: list[dict[str, Any]] = field(default_factory=list)
    drivers: list[tuple[Pick, ...]] = field(default_factory=list)

    def add(self, source: str, gas: str, row: Any, drivers: tuple[Pick, ...], **more: Any) -> None:
        """One line of farm gas; the last driver is the factor it names.

        `more` holds item, activity, quantity, unit, factor_quantity, factor_unit, factor, kg, note, and what differs
        from the usual (tier, gwp_set).
        """
        last, heading = drivers[-1], SOURCES[source]
        potential = warming(self.inputs.choices.gwp)[gas]
        co2e = float(more["kg"]) * potential.value
        usual = {
            "section": heading.section,
            "category": heading.label,
            "place": row["enterprise"],
            "gas": gas,
            "factor_id": last.id,
            "edition": last.factor_set or "user",
            "match": "user" if last.source == "user" else "exact",
            "gwp": potential.value,
            "gwp_set": self.inputs.choices.gwp,
            "kg_co2e": co2e,
            GASES[gas]: co2e,
            "tier": "Tier 1",
            "verified": worst([pick.verified for pick in drivers] + [potential.verified]),
            "sheet": row["_sheet"],
            "cell": row["_cell"],
        }
        self.put(usual | more, drivers)

    def put(self, line: dict[str, Any], drivers: tuple[Pick, ...] = ()) -> None:
        """One line as it stands."""
        self.rows.append(line)
        self.drivers.append(drivers)

    def frame(self) -> pd.DataFrame:
        """The lines with period and file."""
        period = self.inputs.project.period
        table = pd.DataFrame(self.rows)
        table["period_start"], table["period_end"] = period.start.isoformat(), period.end.isoformat()
        table["period"], table["file"] = str(period), self.inputs.file
        return table
