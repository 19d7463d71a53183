"""Read the circular workbook: shares that sum, routes that are known, products that the indicator can take."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from natcap.carbon.business.circular.indicator import mci
from natcap.carbon.business.circular.model import MODELS, WEIGHTS
from natcap.carbon.business.circular.published import ORIGINS, routes
from natcap.carbon.business.wings import Reader
from natcap.core.project import FILE
from natcap.core.workbook import Row, RowTeller, read_tables

__all__ = ["SHARES", "Circular", "read"]

SHARES: dict[str, tuple[str, ...]] = {"feedstock": ("fr", "fu", "fs"), "after use": ("cr", "cu", "cc", "ce")}
"""Shares of a product that together cannot be above 100 %."""
_NEAR = 1e-9
_CHOICE = "circular_weight"


@dataclass(frozen=True)
class Circular:
    """Accepted rows. `materials` and `outputs` in tonnes, shares from 0 to 1; `products` with the indicator's columns.

    `weight` is the column of `products` by which they are averaged, `weighted` its word.
    """

    materials: pd.DataFrame
    outputs: pd.DataFrame
    products: pd.DataFrame
    shown: str
    weighted: str

    @property
    def weight(self) -> str:
        return WEIGHTS[self.weighted]


def read(reader: Reader) -> Circular | None:
    """The tables of the input `circular`; None where something is wrong, which is then in the problems."""
    problems = reader.problems
    before = len(problems.errors)
    weighted = _weighted(reader)
    path = reader.file("circular", "Fill the template circular.xlsx that natcap new business writes.")
    if path is None:
        return None
    shown = reader.project.shown(path)
    tables = read_tables(path, MODELS, problems, shown)
    if len(problems.errors) == before and not any(len(tables[model.id]) for model in MODELS):
        problems.add(shown, "no row on any sheet", "materials, outputs or products", "Fill one sheet at least.")
    checker = _Checker(shown, problems)
    for table, check in (("materials", checker.material), ("outputs", checker.output), ("products", checker.product)):
        for row in tables[table].to_dict("records"):
            check(row)
    checker.once(tables["products"], "product")
    checker.weights(tables["products"], weighted)
    if len(problems.errors) > before:
        return None
    return Circular(
        _materials(tables["materials"]), _outputs(tables["outputs"]), _products(tables["products"]), shown, weighted
    )


def _weighted(reader: Reader) -> str:
    given = str(reader.project.choices.get(_CHOICE, "mass"))
    if given not in WEIGHTS:
        reader.problems.add(FILE, given, " or ".join(WEIGHTS), "How products are averaged.", cell=f"choices.{_CHOICE}")
        return "mass"
    return given


def _materials(frame: pd.DataFrame) -> pd.DataFrame:
    shares = {name: frame[name] / 100 for name in ORIGINS}
    return frame.assign(**shares, **{f"{name}_tonnes": frame["tonnes"] * shares[name] for name in ORIGINS})


def _outputs(frame: pd.DataFrame) -> pd.DataFrame:
    known = routes()
    found = {name: [known[name][route] for route in frame["route"]] for name in ("level", "value", "verified", "id")}
    return frame.assign(**found)


def _products(frame: pd.DataFrame) -> pd.DataFrame:
    shares = {name: frame[name] / 100 for group in (*SHARES.values(), ("ec", "ef")) for name in group}
    pairs = [(frame[name] / frame[f"{name}_average"]).fillna(1.0) for name in ("life", "use")]
    return mci(frame.assign(**shares, x=pairs[0] * pairs[1]))


class _Checker(RowTeller):
    def positive(self, row: Row, name: str, zero: bool = False) -> None:
        if row[name] < 0 or (row[name] == 0 and not zero):
            self.tell(row, name, f"{row[name]:g}", "zero or more" if zero else "above zero")

    def share(self, row: Row, name: str) -> None:
        """A share in per cent; what looks like a share of one is asked."""
        if not 0 <= row[name] <= 100 and row[name] == row[name]:
            self.tell(row, name, f"{row[name]:g}", "per cent, from 0 to 100")
        elif 0 < row[name] < 1:
            self.tell(
                row, name, f"{row[name]:g}", "per cent, from 0 to 100", "Write 25 for a quarter; round less than 1"
            )

    def once(self, frame: pd.DataFrame, name: str) -> None:
        for row in frame[frame[name].str.strip().str.casefold().duplicated()].to_dict("records"):
            self.tell(row, name, row[name], "each name once", "Give it another name")

    def material(self, row: Row) -> None:
        self.positive(row, "tonnes")
        for name in ORIGINS:
            self.share(row, name)
        whole = sum(row[name] for name in ORIGINS)
        if abs(whole - 100) > 100 * _NEAR:
            self.tell(row, "virgin", f"{whole:g} % in virgin, recycled and reused", "100 % in all",
                      "Correct the shares; what is not known to be recycled is virgin")  # fmt: skip
        if row["recycled"] + row["reused"] > 0 and not row["evidence"]:
            self.tell(row, "recycled", f"{row['recycled'] + row['reused']:g} % circular without evidence",
                      "a certificate or declaration", "It is shown apart from the rest", warning=True)  # fmt: skip

    def output(self, row: Row) -> None:
        self.positive(row, "tonnes")
        if row["route"] == "prevented" and not row["evidence"]:
            self.tell(row, "evidence", "no evidence", "how the waste that did not arise was worked out")

    def product(self, row: Row) -> None:
        self.positive(row, "mass")
        for group in (*SHARES.values(), ("ec", "ef")):
            for name in group:
                self.share(row, name)
        for what, names in SHARES.items():
            whole = sum(row[name] for name in names)
            if whole > 100 * (1 + _NEAR):
                said = " + ".join(name.upper() for name in names)
                self.tell(row, names[0], f"{said} = {whole:g} % ({what})", "no more than 100 %")
        if row["fr"] > 0 and not row["ef"] > 0:
            self.tell(row, "ef", "no yield" if np.isnan(row["ef"]) else f"{row['ef']:g}",
                      "above 0 %, as there is recycled feedstock", "FR needs the yield of making it")  # fmt: skip
        if row["cr"] > 0 and np.isnan(row["ec"]):
            self.tell(row, "ec", "no yield", "per cent, as some is collected for recycling",
                      "CR needs the yield of recycling it; 0 where nothing comes of it")  # fmt: skip
        for name in ("life", "use"):
            self.utility(row, name)

    def utility(self, row: Row, name: str) -> None:
        """L and Lav, or U and Uav: both or neither, and above zero."""
        other = f"{name}_average"
        if np.isnan(row[name]) != np.isnan(row[other]):
            blank, filled = (name, other) if np.isnan(row[name]) else (other, name)
            self.tell(row, blank, "no number", f"a number, as there is one beside it ({row[filled]:g})",
                      "Or leave both blank: as the average of the industry")  # fmt: skip
        for one in (name, other):
            self.positive(row, one)

    def weights(self, frame: pd.DataFrame, weighted: str) -> None:
        column = WEIGHTS[weighted]
        for row in frame.to_dict("records"):
            for name in WEIGHTS.values():
                self.positive(row, name, zero=True)
            if np.isnan(row[column]) and len(frame) > 1:
                self.tell(row, column, "no weight", f"a number in every row, as products are averaged by {weighted}",
                          f"Or set {_CHOICE} under [choices]")  # fmt: skip
        if len(frame) > 1 and frame[column].notna().all() and not frame[column].sum() > 0:
            self.tell(frame.iloc[0].to_dict(), column, "weights that are all zero", "one above zero at least")
