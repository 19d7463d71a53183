"""The carbon stock as sums of products: hectares of a class x density, at both dates and as their difference."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from natcap.accounts.land import Land
from natcap.accounts.ranges_account.area import class_id
from natcap.accounts.ranges_account.known import Known
from natcap.accounts.ranges_account.terms import CHANGE, COLUMNS, TOTAL, Terms
from natcap.accounts.services.account import WHOLE
from natcap.accounts.stock import Densities

__all__ = ["STOCK_CHANGE", "stock_terms"]

STOCK_CHANGE = "carbon_change"
"""The change of the carbon stock on land that is known at both dates."""
Names = tuple[str, ...]


def stock_terms(land: Land, densities: Densities, known: Mapping[str, Known], areas: frozenset[str],
                comparable: bool = False) -> Terms:  # fmt: skip
    """The carbon stock of all zones and pools at both dates, in tonnes of carbon; its change where they compare.

    The change is that of land known at both dates: what came from and went to no data is taken off it as mapped.
    """
    rows: list[tuple[object, ...]] = []
    products: list[Names] = []
    names: list[Names] = []
    unseen = np.zeros(len(land.classes))
    if land.matrix is not None:
        unseen = (land.matrix[:, 0, 1:] - land.matrix[:, 1:, 0]).sum(axis=0)
    sides = [("carbon_stock", date, land.area(date).sum(axis=0), 1.0, date) for date in ("opening", "closing")]
    if comparable:
        sides += [(STOCK_CHANGE, CHANGE, hectares, sign, date)
                  for (_, date, hectares, _, _), sign in zip(sides, (-1.0, 1.0), strict=True)]  # fmt: skip
        sides.append((STOCK_CHANGE, CHANGE, unseen, -1.0, ""))
    for measure, date, hectares, sign, drawn_at in sides:
        for n, refs in enumerate(densities.factors):
            area = class_id(drawn_at, land.classes[n].key)
            places = (area,) if area in areas else ()
            for p, ref in enumerate(refs):
                density, drawn, ha = float(densities.value[n, p]), known[ref.id].varies, sign * float(hectares[n])
                if ha:
                    rows.append((measure, date, WHOLE, TOTAL, ha * density, ha * (1.0 if drawn else density),
                                 len(products), len(names), not places))  # fmt: skip
                    products.append(((ref.id,) if drawn else ()) + places)
                    names.append((ref.id, *places))
    return Terms(pd.DataFrame(rows, columns=COLUMNS), tuple(products), tuple(names))
