"""What must hold in every farm account: parts are the whole, nitrogen is not lost, urea is counted once."""

from __future__ import annotations

import pandas as pd

from natcap.carbon.farm.calculate import Result
from natcap.carbon.farm.sources import SOURCES
from natcap.core import lines as core_lines
from natcap.core.report import Check

__all__ = ["checks"]

_RELATIVE = 1e-9


def checks(result: Result) -> tuple[Check, ...]:
    """Every identity with its two sides."""
    gross = core_lines.gross(result.lines)
    total = float(gross["kg_co2e"].sum())
    found = [
        _equal(
            "by_source",
            "The sources add up to the farm",
            float(core_lines.by(gross, ["category"])["kg_co2e"].sum()),
            total,
            "kg CO2e",
        ),
        _equal(
            "by_enterprise",
            "The enterprises add up to the farm",
            float(core_lines.by(gross, ["place"])["kg_co2e"].sum()),
            total,
            "kg CO2e",
        ),
        _equal(
            "by_gas",
            "The gases add up to the farm",
            float(core_lines.by(gross, ["gas"])["kg_co2e"].sum()),
            total,
            "kg CO2e",
        ),
    ]
    if len(result.manure):
        found += _yards(result.manure, result.soils)
    if len(result.soils):
        found.append(_soils(result.soils))
    return (*found, *_urea(result))


def _equal(key: str, title: str, left: float, right: float, unit: str) -> Check:
    return Check(f"farm.{key}", title, left, right, _RELATIVE * max(1.0, abs(left), abs(right)), unit)


def _yards(manure: pd.DataFrame, soil: pd.DataFrame) -> list[Check]:
    come = float((manure["excreted"] + manure["bedding_n"]).sum())
    gone = float(manure[["n2o_n", "volatilised", "leached", "n2", "exported", "to_soil"]].sum().sum())
    reached = float(soil.loc[soil["kind"].isin(["manure", "grazing"]), "nitrogen"].sum()) if len(soil) else 0.0
    return [
        _equal(
            "nitrogen_yards",
            "Nitrogen excreted and in bedding is lost, carted off or reaches the land",
            come,
            gone,
            "kg N",
        ),
        _equal(
            "nitrogen_spread",
            "Nitrogen that leaves the yards is the manure nitrogen of the soils",
            float(manure["to_soil"].sum()),
            reached,
            "kg N",
        ),
    ]


def _soils(soil: pd.DataFrame) -> Check:
    parts = float(soil[["direct_n", "volatilised", "leached", "remaining"]].sum().sum())
    return _equal(
        "nitrogen_soils",
        "Nitrogen put on the land is lost or left for crops and soil",
        float(soil["nitrogen"].sum()),
        parts,
        "kg N",
    )


def _urea(result: Result) -> list[Check]:
    bought = result.inputs.fertiliser
    if bought.empty or not (bought["urea"] > 0).any():
        return []
    counted = result.lines.loc[result.lines["category"] == SOURCES["urea"].label, "factor_quantity"].sum()
    return [
        _equal(
            "urea_once",
            "Urea bought is urea counted for its CO2, once",
            float(bought["urea"].sum()),
            float(counted),
            "kg",
        )
    ]
