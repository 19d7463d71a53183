"""What the asset wing leaves for the wings after it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from natcap.accounts.assets_account.choices import AssetChoices

__all__ = ["WEIGHTS", "Assets"]

WEIGHTS: tuple[str, ...] = (
    "basis", "expected", "years", "per_unit", "asset", "asset_per_unit", "asset_per_value",
)  # fmt: skip
"""Columns of `Assets.weights`, all GBP of the price year of the service account."""


@dataclass(frozen=True)
class Assets:
    """Asset values behind the report, in GBP of `price_year`.

    `weights` has exactly the index of `ServiceAccount.rows`, one row for each row there, and the columns WEIGHTS:

    - `basis`: "flow" (flow times what a unit of flow is worth over the life), "value" (the yearly value stands for the
      flow, where a row has no flow or no price) or "none" (no asset value).
    - `expected`: the flow the asset rests on: the mean of the last five years that have a value up to the year of the
      row, however far back (on a carbon path or a projection the flow of that year alone), in the unit of the service
      (basis flow) or GBP a year (basis value). `years`: how many years that were.
    - `per_unit`: GBP of asset for one unit of expected flow a year: price x annuity, or the sum over the carbon path
      of p(t+k) DF(k), or the annuity alone (basis value). With a projection every year of either sum has the factor
      g(k) = index(t+k) / index(t); carbon, timber and health are the services that have one where it is known, and
      rest on the flow of the year for it (METHODS of the accounts, A4). `asset = expected x per_unit`.
    - `asset_per_unit = asset / flow`, `asset_per_value = asset / value`: GBP of asset for a unit of the flow of the
      row, and for a pound of its yearly value. They hold price, discounting, life, projection
      and expected / flow: a projection is a scenario, and no draw moves it.

    A draw of an asset value is linear in the drawn flow and the drawn price:

        asset_draw = flow_draw x (price_draw / price) x asset_per_unit        (basis flow)
        asset_draw = value_draw x asset_per_value                             (any basis; the same on basis flow)

    A row whose price is a carbon path moves as a whole with its first price: `price_draw / price` scales every year
    alike. The other years of a five-year mean are scaled as the flow of the row is. `asset_per_unit` and
    `asset_per_value` are NaN where they do not exist: no asset value, or a flow (value) of 0 or missing; where the flow
    is 0 but the five-year mean is not, `asset` then does not move with the draws and is to be held constant. Where the
    flow was not read in the year of the row, it moves with the price alone.

    `rows` has the column `followed` as well: the id of the projection of the flow, "" where it is constant.

    `rows` and `pairs` are the tables behind the accounts (see `rows.valued_rows`, `changes.pairs_of`).
    """

    price_year: int
    choices: AssetChoices
    weights: pd.DataFrame
    rows: pd.DataFrame
    pairs: pd.DataFrame
