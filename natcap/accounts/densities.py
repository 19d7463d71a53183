"""Carbon densities: from the library by class list and soil depth, or from a user's table, as InVEST takes it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from natcap.accounts.classes import ClassList
from natcap.accounts.stock import Densities
from natcap.core.problems import Problems
from natcap.core.report import FactorRef
from natcap.core.resources import root
from natcap.core.sources import source
from natcap.core.tables import load
from natcap.core.verification import worst

__all__ = ["UNIT", "has_library", "library_densities", "library_depths", "missing_densities", "user_densities"]

UNIT = "tonne_c/hectare"
POOLS = ("vegetation", "soil")
USER_POOLS = {"c_above": "above ground", "c_below": "below ground", "c_soil": "soil", "c_dead": "dead wood and litter"}


def _mapped(classes: ClassList) -> pd.DataFrame:
    frame = pd.read_csv(root("factors") / "carbon_stock" / "density_of_class.csv", dtype=str, keep_default_na=False)
    return frame[frame["list"] == classes.id]


def has_library(classes: ClassList) -> bool:
    """Whether the library has carbon densities for classes of this list."""
    return not _mapped(classes).empty


def _ref(row: Mapping[Hashable, Any]) -> FactorRef:
    """The row itself; the same row may serve several classes, so nothing here speaks of one."""
    depth = f" to {row['depth_cm']} cm" if row["depth_cm"] else ""
    label = f"Carbon in {row['pool']}{depth}, {str(row['habitat']).replace('_', ' ')}"
    note = f"{row['note']}; its choice for a class is {row['verified_choice']}".strip("; ")
    return FactorRef(
        row["id"], label, float(row["value"]), UNIT, source(row["source"]).cite(), row["locator"], row["verified"], note
    )


def library_densities(classes: ClassList, depth_cm: int) -> Densities:
    """Densities of every class of the list that the library knows in all pools, soil to `depth_cm`."""
    table = load("carbon_stock/density")
    table = table[(table["pool"] == "vegetation") | ((table["pool"] == "soil") & (table["depth_cm"] == str(depth_cm)))]
    found = _mapped(classes).merge(
        table, on=["habitat", "pool"], how="inner", validate="many_to_one", suffixes=("_choice", "")
    )
    whole = found.groupby("code", dropna=False)["pool"].nunique()
    codes = tuple(code for code in classes.codes if whole.get(str(code), 0) == len(POOLS))
    rows = {(row["code"], row["pool"]): row for row in found.to_dict("records")}
    picked = [[rows[str(code), pool] for pool in POOLS] for code in codes]
    numbers = {
        name: np.array([[float(row[name]) for row in both] for both in picked]).reshape(-1, len(POOLS))
        for name in ("value", "low", "high")
    }
    factors = tuple(tuple(_ref(row) for row in both) for both in picked)
    used = [row[column] for both in picked for row in both for column in ("verified", "verified_choice")]
    state = worst(used or ["user"])
    states = tuple(tuple(worst((row["verified"], row["verified_choice"])) for row in both) for both in picked)
    return Densities(codes, POOLS, numbers["value"], depth_cm, state, numbers["low"], numbers["high"], factors, states)


def library_depths(classes: ClassList) -> tuple[int, ...]:
    """The soil depths in cm, rising, to which the library has a density for every class that it knows of the list."""
    table = load("carbon_stock/density")
    soil = _mapped(classes).merge(table[table["pool"] == "soil"], on=["habitat", "pool"], suffixes=("_choice", ""))
    held = soil.groupby("depth_cm")["code"].nunique()
    return tuple(sorted(int(str(depth)) for depth, number in held.items() if depth and number == held.max()))


def user_densities(path: Path, shown: str, classes: ClassList, depth_cm: int, problems: Problems) -> Densities | None:
    """Densities from a table with lucode, C_above, C_below, C_soil, C_dead in tonnes of carbon per hectare.

    `depth_cm` is the depth the project asks for, 0 where it asks for none; the table may state one in soil_depth_cm.
    Densities of another depth, or of two depths, are refused.
    """
    from natcap.core.workbook import Field, TableModel, read_tables

    fields = [Field("lucode", "lucode", "integer", synonyms=("code", "class", "lulc_code"), help="Code in the maps")]
    fields += [
        Field(name, name.replace("c_", "C_"), "number", help=f"Carbon {pool}, t C/ha")
        for name, pool in USER_POOLS.items()
    ]
    fields.append(Field("soil_depth_cm", "soil_depth_cm", "integer", required=False, synonyms=("depth_cm", "depth"),
                        help="Depth of the soil carbon, cm"))  # fmt: skip
    fields.append(Field("lulc_name", "LULC_Name", required=False, synonyms=("name", "lulc_desc")))
    before = len(problems.errors)
    model = TableModel("pools", "carbon_pools", "Carbon pools", tuple(fields))
    frame = read_tables(path, [model], problems, shown)["pools"]
    for name in USER_POOLS:
        for row in frame[frame[name] < 0].to_dict("records"):
            problems.add(
                shown,
                str(row[name]),
                f"{name}: a density of zero or more",
                sheet=row["_sheet"],
                cell=row[f"_cell_{name}"],
            )
    for row in frame[frame["lucode"].duplicated() & frame["lucode"].notna()].to_dict("records"):
        problems.add(
            shown,
            f"a class, {row['lucode']:g}, for the second time",
            "each class once",
            sheet=row["_sheet"],
            cell=row["_cell_lucode"],
        )
    depth_cm = _depth(frame, depth_cm, shown, problems)
    if len(problems.errors) > before or frame.empty:
        return None
    frame = frame[frame["lucode"].isin(classes.codes)]
    codes = tuple(int(code) for code in frame["lucode"])
    factors = tuple(
        tuple(
            FactorRef(
                f"user.{name}.{code}",
                f"Carbon {pool}, {classes.of(code).name}",
                float(row[name]),
                UNIT,
                shown,
                f"cell {row[f'_cell_{name}']}",
                "user",
            )
            for name, pool in USER_POOLS.items()
        )
        for code, row in zip(codes, frame.to_dict("records"), strict=True)
    )
    return Densities(
        codes,
        tuple(USER_POOLS.values()),
        frame[list(USER_POOLS)].to_numpy(dtype=float),
        depth_cm,
        "user",
        factors=factors,
    )


def _depth(frame: pd.DataFrame, wanted: int, shown: str, problems: Problems) -> int:
    """The one depth of the table, 0 where neither table nor project states it; a problem for each row of another."""
    stated = frame["soil_depth_cm"].dropna()
    if stated.empty:
        return wanted
    depth = wanted or int(stated.iloc[0])
    for row in frame[frame["soil_depth_cm"] != depth].to_dict("records"):
        blank = row["soil_depth_cm"] != row["soil_depth_cm"]
        problems.add(
            shown,
            "no depth beside rows that state one" if blank else f"a density to {row['soil_depth_cm']:g} cm",
            f"soil carbon to {depth} cm in every row",
            "Stocks to different depths are never added: bring them to one depth, or set soil_depth_cm in [choices]",
            sheet=row["_sheet"],
            cell=row["_cell_soil_depth_cm"] or f"row {row['_row']}",
        )
    return depth


def missing_densities(
    densities: Densities, classes: ClassList, cells: np.ndarray, codes: tuple[int, ...], shown: str, problems: Problems
) -> None:
    """Add a problem for every class that occurs without a density. `cells` is the matrix of all zones with no data."""
    for place, code in enumerate(codes, 1):
        if code in densities.codes:
            continue
        number = int(max(cells[place, :].sum(), cells[:, place].sum()))
        what = f"the class {code} ({classes.of(code).name}), {number:,} cells"
        depth = f" with soil to {densities.depth_cm} cm" if densities.depth_cm else ""
        problems.add(
            shown,
            what,
            f"a carbon density in every pool{depth}",
            'Add the class to a carbon_pools table in [inputs], or leave carbon out: carbon = "none" in [choices]',
            cell="inputs.carbon_pools",
        )
