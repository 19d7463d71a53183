"""Calculate a farm: from what was read to lines, their draws, and the tables in between."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from natcap.carbon.farm.book import Pick
from natcap.carbon.farm.emit import emit_carbonates, emit_enteric, emit_fuel, emit_making, emit_manure, emit_soils
from natcap.carbon.farm.feeding import energy_table
from natcap.carbon.farm.flows import Flows
from natcap.carbon.farm.nitrogen import handled, soil_inputs, soil_losses
from natcap.carbon.farm.ranges import Draws, draw
from natcap.carbon.farm.read import Inputs
from natcap.core import lines as core_lines

__all__ = ["Result", "calculate"]


@dataclass(frozen=True)
class Result:
    """Everything calculated. `drivers` are the published figures behind each line; masses in kg a year."""

    inputs: Inputs
    lines: pd.DataFrame
    draws: Draws
    drivers: tuple[tuple[Pick, ...], ...]
    herds: pd.DataFrame
    manure: pd.DataFrame
    soils: pd.DataFrame
    energy: pd.DataFrame

    def picks(self, positions: Iterable[int] | None = None) -> dict[str, Pick]:
        """The published figures behind the lines at `positions` (all lines without), by id in order of id."""
        chosen = self.drivers if positions is None else [self.drivers[at] for at in positions]
        found = {pick.id: pick for used in chosen for pick in used}
        return dict(sorted(found.items()))


def calculate(inputs: Inputs) -> Result:
    """Calculate every line. Pure: the same inputs give the same lines and the same draws."""
    flows = Flows(inputs)
    manure, energy = handled(inputs.herds, inputs.manure), _energy(inputs.herds)
    soil = soil_inputs(inputs.fertiliser, manure, inputs.common)
    if len(soil) and inputs.common is not None:
        soil = soil_losses(soil, inputs.common)
    emit_enteric(flows, inputs.herds, energy)
    emit_manure(flows, manure)
    emit_soils(flows, soil)
    emit_carbonates(flows, inputs.lime, inputs.fertiliser)
    emit_making(flows, inputs.fertiliser)
    emit_fuel(flows, inputs.fuel)
    table = flows.frame()
    draws = draw(table["kg_co2e"].to_numpy(np.float64), flows.drivers)
    table["low"], table["high"] = draws.ends()
    lines = core_lines.frame({name: table[name] for name in core_lines.COLUMNS if name in table})
    return Result(inputs, lines, draws, tuple(flows.drivers), inputs.herds, manure, soil, energy)


def _energy(herds: pd.DataFrame) -> pd.DataFrame:
    tier2 = len(herds) > 0 and bool((herds["tier"] == "Tier 2").any())
    return energy_table(herds) if tier2 else pd.DataFrame()
