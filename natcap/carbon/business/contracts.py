"""Electricity supply contracts for the market-based figures of scope 2."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from natcap.carbon.business.rates import RENEWABLE, check_rate
from natcap.core.problems import Problems, did_you_mean

__all__ = ["Contract", "assign", "at_known_sites", "read_contracts"]


@dataclass(frozen=True, slots=True)
class Contract:
    """A supply contract: kg CO2e per kWh as the supplier states it, for one site or ("") for all."""

    site: str
    start: date
    end: date
    kind: str
    factor: float
    evidence: str
    file: str
    sheet: str
    cell: str

    @property
    def id(self) -> str:
        """Names the contract as a factor: user, file, sheet and cell."""
        return f"user:{self.file}/{self.sheet}/{self.cell}"


def read_contracts(frame: pd.DataFrame, sites: pd.DataFrame, problems: Problems) -> tuple[Contract, ...]:
    """The contracts, with problems for a missing or impossible rate, wrong days, an unknown site, an overlap."""
    found: list[Contract] = []
    official = {name.casefold(): name for name in sites["site"]}
    for row in frame.to_dict("records"):

        def tell(
            field: str, what: object, expected: str, remedy: str = "", warning: bool = False,
            row: dict = row,  # type: ignore[type-arg]
        ) -> None:  # fmt: skip
            cell, sheet = str(row[f"_cell_{field}"]), str(row["_sheet"])
            problems.add(str(row["_file"]), what, expected, remedy, sheet=sheet, cell=cell, warning=warning)

        if pd.isna(row["start"]) or pd.isna(row["end"]) or not row["kind"]:
            continue
        if row["end"] < row["start"]:
            tell("end", f"{row['end'].date()}", "a last day on or after the first")
            continue
        site = official.get(str(row["site"]).strip().casefold(), str(row["site"]).strip())
        if official and site and site not in official.values():
            tell("site", site, "a site of the sheet Sites, or empty for all", did_you_mean(site, sites["site"]))
        factor = row["factor"]
        if row["kind"] == RENEWABLE and np.isnan(factor):
            factor = 0.0
        if np.isnan(factor):
            tell("factor", "an empty cell", "the supplier's kg CO2e per kWh", "It stands in the fuel mix disclosure.")
            continue
        check_rate(str(row["kind"]), float(factor), str(row["evidence"]), tell)
        if row["kind"] == RENEWABLE and not row["evidence"]:
            tell("evidence", "an empty cell", "the certificates behind the claim", "Write the REGO reference.")
        found.append(Contract(
            site, row["start"].date(), row["end"].date(), str(row["kind"]), float(factor), str(row["evidence"]),
            str(row["_file"]), str(row["_sheet"]), str(row["_cell_factor"] or row["_cell_kind"]),
        ))  # fmt: skip
    _overlaps(found, problems)
    return tuple(found)


def at_known_sites(contracts: tuple[Contract, ...], used: pd.Series, problems: Problems) -> tuple[Contract, ...]:
    """The contracts with their sites spelled as in the activity table; a site without an entry is told."""
    names = {str(name).casefold(): str(name) for name in used.astype("category").cat.categories}
    for contract in contracts:
        if contract.site and contract.site.casefold() not in names:
            problems.add(
                contract.file, contract.site, "a site that has entries, or empty for all",
                did_you_mean(contract.site, names.values()) or "The contract covers nothing as it stands.",
                sheet=contract.sheet, cell=contract.cell, warning=True,
            )  # fmt: skip
    return tuple(replace(c, site=names.get(c.site.casefold(), c.site)) for c in contracts)


def _overlaps(found: list[Contract], problems: Problems) -> None:
    for position, later in enumerate(found):
        for earlier in found[:position]:
            if later.site == earlier.site and later.start <= earlier.end and earlier.start <= later.end:
                problems.add(
                    later.file, f"{later.start} to {later.end}", f"days outside the contract of {earlier.cell}",
                    "A site has one supply contract at a time.", sheet=later.sheet, cell=later.cell,
                )  # fmt: skip


def assign(frame: pd.DataFrame, contracts: tuple[Contract, ...], where: np.ndarray) -> pd.DataFrame:
    """Rows with the column `contract` (position in `contracts`, -1 for none), cut by days where a contract changes.

    `where` marks the rows that take electricity. A contract of the site comes before one of all sites.
    """
    frame = frame.assign(contract=np.full(len(frame), -1, dtype="int16"))
    if not contracts or not where.any():
        return frame
    order = sorted(range(len(contracts)), key=lambda i: (contracts[i].site == "", i))
    whole, pieces = frame[~where], [frame[~where]]
    open_rows = frame[where]
    for position in order:
        if open_rows.empty:
            break
        taken, open_rows = _cut(open_rows, contracts[position], position)
        pieces.append(taken)
    joined = pd.concat([*pieces, open_rows]) if len(pieces) > 1 else whole
    return joined.sort_values(["row", "start"], kind="stable").reset_index(drop=True)


def _cut(rows: pd.DataFrame, contract: Contract, position: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(the parts of `rows` under the contract, what stays open)."""
    first, last = np.datetime64(contract.start), np.datetime64(contract.end)
    start, end = rows["start"].to_numpy("datetime64[D]"), rows["end"].to_numpy("datetime64[D]")
    here = (rows["site"] == contract.site).to_numpy() if contract.site else np.ones(len(rows), dtype=bool)
    touched = here & (start <= last) & (end >= first)
    hit = rows[touched]
    inside = _between(hit, np.maximum(start[touched], first), np.minimum(end[touched], last)).assign(contract=position)
    before = _between(hit, start[touched], np.minimum(end[touched], first - np.timedelta64(1, "D")))
    after = _between(hit, np.maximum(start[touched], last + np.timedelta64(1, "D")), end[touched])
    left = [part[(part["start"] <= part["end"]).to_numpy()] for part in (before, after)]
    return inside, pd.concat([rows[~touched], *left])


def _between(rows: pd.DataFrame, start: np.ndarray, end: np.ndarray) -> pd.DataFrame:
    """The rows cut to the given days, quantity and days in proportion."""
    old, new = rows["days_in"].to_numpy("int64"), (end - start).astype("int64") + 1
    part = rows["quantity"].to_numpy("float64")
    part = np.where(new == old, part, part * new / old)
    return rows.assign(start=start, end=end, days_in=new, quantity=part)
