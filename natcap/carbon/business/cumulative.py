"""Quantities that look like the readings of a meter: each a little more than the one before, and never less."""

from __future__ import annotations

import numpy as np
import pandas as pd

from natcap.carbon.business.checks import thresholds
from natcap.core.problems import Problems

__all__ = ["warn_of_readings"]

_MOST = 2_000
"""Rows looked at: readings are typed by people, and long tables come from systems that know them from quantities."""


def warn_of_readings(frame: pd.DataFrame, shown: str, problems: Problems) -> None:
    """A warning for each meter (or site) whose quantities in the order of their days only ever grow, a little each.

    `frame` is the activity table as it was read, quantities float64. Both thresholds are judged
    (`factors/business/flags.csv`).
    """
    limit = thresholds()
    least, step = int(limit["readings_least"]), limit["readings_step"]
    if not least <= len(frame) <= _MOST:
        return
    order = frame.sort_values("start", kind="stable")
    for _, part in order.groupby(["site", "item", "activity", "unit"], sort=False):
        values = part["quantity"].to_numpy("float64")
        if len(values) < least or not (values > 0).all():
            continue
        steps = np.diff(values)
        if (steps > 0).all() and (steps < step * values[:-1]).all():
            row = part.iloc[0]
            problems.add(
                shown, f"{len(values)} quantities that only ever grow, from {values[0]:,.10g} to {values[-1]:,.10g}",
                "what was used in each period, not the readings of a meter",
                "They were counted as they are. If they are readings, enter each less the one before.",
                sheet=str(row["_sheet"]), cell=str(row["_cell_quantity"]), warning=True,
            )  # fmt: skip
