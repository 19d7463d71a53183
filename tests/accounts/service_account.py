"""Service accounts by hand for the tests of what follows from services: two zones, three classes, awkward flows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from natcap.accounts.assets_account import AssetChoices, show
from natcap.accounts.assets_account.changes import pairs_of
from natcap.accounts.assets_account.rows import valued_rows
from natcap.accounts.assets_account.unit_values import unit_values
from natcap.accounts.classes import LandClass
from natcap.accounts.land import Land
from natcap.accounts.services.account import ROWS, SERIES, Factor, Service, ServiceAccount
from natcap.accounts.show.sheets import placed
from natcap.accounts.wings import Setting, Wing
from natcap.core.project import Period, Project
from natcap.core.report import FactorRef, InputRef, Report, Run

__all__ = ["AREAS", "AWKWARD", "KINDS", "LAND", "SERVICES", "account", "pairs", "row", "setting", "shown", "wing"]

KINDS = {"wood": "Woodland", "arable": "Arable", "fen": "Fen, wet"}
_CLASSES = tuple(LandClass(n + 1, key, name) for n, (key, name) in enumerate(KINDS.items()))
_MATRIX = np.array([
    [[5, 0, 0, 0], [0, 95, 3, 2], [0, 15, 200, 0], [1, 0, 0, 0]],
    [[0, 2, 0, 0], [0, 40, 0, 0], [0, 0, 300, 10], [0, 0, 0, 0]],
], dtype=float)  # fmt: skip
"""Hectares by zone, opening in rows, closing in columns, no data first. Fen appears in B; in A it turns to no data and
new fen comes from wood."""
AREAS = {"opening": _MATRIX.sum(axis=2)[:, 1:], "closing": _MATRIX.sum(axis=1)[:, 1:]}
LAND = Land(("A", "b 2"), ("A", "b_2"), ("Zone A", "Zone B"), "test", _CLASSES, AREAS["opening"], AREAS["closing"],
            _MATRIX)  # fmt: skip
SERVICES = {
    s.id: s
    for s in (
        Service("timber", "Timber", "provisioning", "m3_overbark", 100),
        Service("fish", "Fish", "provisioning", "tonne", 100, price="none"),
        Service("ghg", "Greenhouse gas regulation", "regulating", "tonne_co2e", 100, price="carbon"),
        Service("air", "Air pollutant removal", "regulating", "kg", 100, health=True),
        Service("recreation", "Recreation", "cultural", "visit", 100),
        Service("minerals", "Minerals", "abiotic", "tonne", 25, abiotic=True),
    )
}
_WOOD_FACTOR = Factor(
    FactorRef("f.timber", "Increment harvested", 2.0, "m3_overbark/hectare/year", "A survey", "p. 3", "read"), 1.0, 3.0,
    "lognormal", "Amber", "national", input=InputRef("services.xlsx", "Readings", "C2", "2"),
)  # fmt: skip
_PRICE = Factor(FactorRef("p.timber", "Stumpage", 27.0, "GBP_2022/m3_overbark", "FE", "p. 1", "read"), 22, 30)
FACTORS = {"f.timber": _WOOD_FACTOR, "p.timber": _PRICE}


def row(date: str, service: str, zone: str = "A", kind: str = "wood", **given: Any) -> dict[str, Any]:
    """A row of a service account; hectares are those of the land unless given, value is flow x price."""
    known = kind in KINDS and zone in LAND.zones
    ha = float(AREAS[date][LAND.zones.index(zone), list(KINDS).index(kind)]) if known else np.nan
    made = {"date": date, "year": 2020 if date == "opening" else 2023, "zone": zone, "service": service, "type": kind,
            "hectares": ha, "factors": (), "scale": 1.0, "flow": np.nan, "price": np.nan, "price_factor": "",
            "value": np.nan, "origin": "model"} | given  # fmt: skip
    if "value" not in given:
        made["value"] = made["flow"] * made["price"]
    return made


def account(
    rows: Sequence[Mapping[str, Any]],
    series: Sequence[Mapping[str, Any]] = (),
    years: tuple[int, int] = (2020, 2023),
    land: Land = LAND,
    services: Mapping[str, Service] = SERVICES,
    price_year: int = 2022,
) -> ServiceAccount:
    """A service account of these rows and yearly flows."""
    areas = {date: pd.DataFrame(AREAS[date], index=list(LAND.zones), columns=list(KINDS)) for date in AREAS}
    return ServiceAccount(
        land, years, price_year, services, KINDS, areas, FACTORS, pd.DataFrame(list(rows), columns=list(ROWS)),
        pd.DataFrame(columns=["service", "user", "share", "factor"]),
        pd.DataFrame(list(series), columns=list(SERIES)),
    )  # fmt: skip


def _awkward() -> ServiceAccount:
    rows = []
    for date, per, price in (("opening", 2.0, 27.0), ("closing", 1.8, 30.0)):
        for zone in LAND.zones:
            ha = AREAS[date][LAND.zones.index(zone), 0]
            rows.append(
                row(date, "timber", zone, flow=per * ha, price=price, factors=("f.timber",), price_factor="p.timber")
            )
    central = {"opening": 253.19, "closing": 264.93}
    """DESNZ central values of 2020 and 2023 in 2022 prices: factors/values/carbon_values.csv."""
    for date, per in (("opening", -0.29), ("closing", -0.31)):
        ha = AREAS[date][0, 1]
        rows.append(row(date, "ghg", "A", "arable", flow=per * ha, price=central[date]))
    rows.append(row("closing", "ghg", "b 2", "fen", flow=9.0, price=264.93))
    rows.append(row("opening", "ghg", "A", "fen", flow=0.0, price=253.19))
    rows += [row(date, "air", "A", flow=500.0, price=p) for date, p in (("opening", 0.5), ("closing", 0.6))]
    rows.append(row("closing", "air", "b 2", flow=100.0, price=0.6))
    rows += [row(date, "recreation", "all", "not_by_type", flow=f, price=1.085, origin="reading")
             for date, f in (("opening", 1000.0), ("closing", 1500.0))]  # fmt: skip
    rows += [row(date, "minerals", "all", "not_by_type", value=v, origin="published")
             for date, v in (("opening", 5e6), ("closing", 4e6))]  # fmt: skip
    rows += [
        row(date, "fish", "A", "not_by_type", hectares=np.nan, flow=f)
        for date, f in (("opening", 1.0), ("closing", np.nan))
    ]
    seen = {"service": "recreation", "zone": "all", "type": "not_by_type", "value": np.nan, "origin": "reading"}
    series = [seen | {"year": y, "flow": f} for y, f in ((2012, 600.0), (2019, 800.0), (2020, 1000.0), (2021, np.nan),
                                                         (2022, 1300.0), (2023, 1500.0))]  # fmt: skip
    return account(rows, series)


AWKWARD = _awkward()


def setting(given: ServiceAccount, choices: Mapping[str, Any] | None = None) -> Setting:
    """A project without maps that has this service account."""
    project = Project(Path(), "accounts", "Test county", Period.parse("2023"), "Test county", {}, dict(choices or {}))
    return Setting(project, (str(given.years[0]), str(given.years[1])), None, {"services": given})


def pairs(given: ServiceAccount, broken: bool = False, **choices: Any) -> pd.DataFrame:
    """Opening and closing of every asset with effects and entries."""
    return pairs_of(given, valued_rows(given, unit_values(given, AssetChoices(**choices))), broken)


def wing(given: ServiceAccount, choices: AssetChoices | None = None) -> Wing:
    return show(setting(given), choices or AssetChoices())


def shown(made: Wing) -> Report:
    """The wing as a report, its checks tried."""
    run = Run("0", (), made.editions, made.choices, made.controls, made.fallbacks)
    return Report("accounts", "Assets", "Test county", "2020 to 2023", made.figures, placed(made.sections), run,
                  checks=made.checks, warnings=made.warnings, banners=made.banners)  # fmt: skip
