"""Sheet 18, the register: every asset, extents by habitat, and what the balance sheet does not hold."""

from __future__ import annotations

import numpy as np
import pandas as pd

from natcap.accounts.assets_account.words import money
from natcap.accounts.organisation_account.account import stated
from natcap.accounts.organisation_account.model import MEMO, WELFARE
from natcap.accounts.organisation_account.words import Words, filled, gaps
from natcap.accounts.show.words import number, text
from natcap.core.report import Column, Section

__all__ = ["habitats_section", "outside_section", "register_section"]

_PRESENT = "present value"
_YEAR = "value of the year"


def register_section(words: Words) -> Section:
    """18b The asset register with the value of each asset."""
    account, table = words.account, words.given.assets.copy()
    table["asset_key"] = table["asset"].map(words.asset_key)
    table["change"] = table["extent"] - table["previous_extent"]
    table = filled(table, "condition", "biodiversity_kind", "evidence")
    cells: dict[tuple[int, str], str] = {}
    for name, source, rows, side in (
        ("private", "organisation_flows", account.flows, "private"),
        ("external", "organisation_flows", account.flows, "external"),
        ("owed", "organisation_duties", account.duties, ""),
    ):
        mine = rows if not side else rows[rows["column"] == side]
        table[name] = [stated(mine.loc[mine["asset"] == asset, "value"]) for asset in table["asset"]]
        end = f',{{{source}.column}},"{side}")' if side else ")"
        for at, row in enumerate(table.to_dict("records")):
            if row[name] == row[name]:
                cells[at, name] = f'SUMIFS({{{source}.value}},{{{source}.asset_key}},"{row["asset_key"]}"{end}'
    marks = gaps(table, ("previous_extent", "change", "biodiversity", "private", "external"))
    marks |= gaps(table, ("owed",), "[w]")
    columns = (
        text("site", "Site"), text("asset", "Asset"), text("habitat", "Habitat"),
        Column("extent", "Extent", "", "number", 2), text("unit", "Unit of extent"),
        Column("previous_extent", "Extent in the previous account", "", "number", 2),
        Column("change", "Change of extent", "", "number", 2, "[extent]-[previous_extent]"),
        text("condition", "Condition"), text("right", "Owner or right"),
        Column("date", "Date of the entry", "", "date"),
        Column("biodiversity", "Biodiversity units", "", "number", 2),
        text("biodiversity_kind", "Kind of biodiversity units"),
        money("private", "Gross asset value, private", words.unit),
        money("external", "Gross asset value, external", words.unit),
        money("owed", "Maintenance liabilities", words.unit), text("evidence", "Source and evidence"),
        text("asset_key", "Asset key"),
    )  # fmt: skip
    silent = int((table["private"].isna() & table["external"].isna()).sum())
    sites = table["site"].nunique()
    summary = (
        f"{len(table)} {'asset' if len(table) == 1 else 'assets'} at {sites} {'site' if sites == 1 else 'sites'}; "
        f"{silent} of them {'has' if silent == 1 else 'have'} no value."
    )
    return Section(
        "organisation_register", words.of("Asset register"), table[[c.name for c in columns]], columns, summary,
        ("Biodiversity units of the statutory metric are stated in units; area, hedgerow and watercourse units are "
         "never added.", "Liabilities that belong to all assets together are not divided among them.", *words.method),
        words.sources, cells=cells, marks=marks,
    )  # fmt: skip


def habitats_section(words: Words) -> Section:
    """18b Extents by habitat, each unit for itself."""
    held = words.given.assets
    grouped = held.groupby(["habitat", "unit"], sort=False)
    table = grouped.agg(assets=("asset", "size"), extent=("extent", "sum")).reset_index()
    known = grouped["previous_extent"].agg(lambda s: float("nan") if s.isna().any() else s.sum())
    table["previous_extent"] = known.to_numpy(dtype=float)
    table["change"] = table["extent"] - table["previous_extent"]
    table["conditions"] = grouped["condition"].agg(_conditions).to_numpy()
    cells: dict[tuple[int, str], str] = {}
    for at, row in enumerate(table.to_dict("records")):
        members = np.flatnonzero(((held["habitat"] == row["habitat"]) & (held["unit"] == row["unit"])).to_numpy())
        for name in ("extent", "previous_extent") if len(members) <= 200 else ():
            if row[name] == row[name]:
                cells[at, name] = "SUM(" + ",".join(f"[organisation_register.{name}@{n}]" for n in members) + ")"
    moved = table["change"].dropna()
    summary = f"{len(table)} habitats; the extent of {int((moved != 0).sum())} of {len(moved)} changed."
    return Section(
        "organisation_habitats", f"Register of {words.given.name} by habitat", table,
        (text("habitat", "Habitat"), text("unit", "Unit of extent"), Column("assets", "Assets", "", "integer"),
         Column("extent", "Extent", "", "number", 2),
         Column("previous_extent", "Extent in the previous account", "", "number", 2),
         Column("change", "Change of extent", "", "number", 2, "[extent]-[previous_extent]"),
         text("conditions", "Condition (assets)")), summary,
        ("[x] where the extent of one of the assets in the previous account is not known.",), words.sources,
        cells=cells, marks=gaps(table, ("previous_extent", "change")),
        figures={(at, "extent"): f"organisation.extent.{key}" for at, key in enumerate(words.extent_keys)},
    )  # fmt: skip


def _conditions(values: pd.Series) -> str:
    counts = values.replace("", "not known").value_counts()
    return "; ".join(f"{name} ({n})" for name, n in sorted(counts.items()))


def outside_section(words: Words) -> Section:
    """18d What is not in the balance sheet: material but not valued, memo, assets without a service."""
    account, rows = words.account, []
    for at, row in enumerate(account.flows.to_dict("records")):
        if row["column"] == MEMO or not row["valued"]:
            value = row["value"] if row["valued"] else np.nan
            rows.append((row["asset"], row["service"], _why(row), _PRESENT, value, row["evidence"], at))
    for at, row in enumerate(account.items.to_dict("records")):
        if row["column"] == MEMO and row["origin"] == "income":
            why, asset = _why(row | {"valued": True}), row["asset"] or "All assets"
            rows.append((asset, row["item"], why, _YEAR, row["value"], "", at))
    for name in words.given.assets["asset"]:
        if not (account.flows["asset"] == name).any():
            rows.append((name, "All services", "No service was entered for it", _PRESENT, np.nan, "", -1))
    if not any(account.flows["valued"] & (account.flows["column"] == "external")):
        rows.append(("All assets", "All external services", "No value to the rest of society was entered", _PRESENT,
                     np.nan, "", -1))  # fmt: skip
    names = ["asset", "service", "why", "what", "value", "evidence", "at"]
    table = pd.DataFrame(rows or [("[z]", "[z]", "Nothing was declared as left out", "[z]", np.nan, "", -1)],
                         columns=names)  # fmt: skip
    cells, table = {}, filled(table, "evidence")
    for at, row in enumerate(table.to_dict("records")):
        if row["value"] == row["value"]:
            section = "organisation_flows" if row["what"] == _PRESENT else "organisation_items"
            cells[at, "value"] = f"[{section}.value@{row['at']}]"
    missing = sum(1 for row in rows if row[4] != row[4])
    memo = len(rows) - missing
    columns = (
        text("asset", "Asset"), text("service", "Service or item"), text("why", "Why it is not included"),
        text("what", "What the value is"), number("value", "Value, memo only", words.unit, decimals=0),
        text("evidence", "Source and evidence"),
    )  # fmt: skip
    return Section(
        "organisation_outside", f"What the balance sheet of {words.given.name} does not include",
        table[[c.name for c in columns]], columns,
        f"{missing} {'service is' if missing == 1 else 'services are'} not valued and {memo} "
        f"{'value stands' if memo == 1 else 'values stand'} as a memo; none is in a total.",
        ("[x]: material, but without a number or a price; it is not worth 0. Only what the organisation entered can be "
         "listed here.",
         "Welfare values hold consumer surplus and are not added to exchange values.", *words.method), words.sources,
        cells=cells, marks=gaps(table, ("value",), "[x]" if rows else "[z]"),
    )  # fmt: skip


def _why(row: dict[object, object]) -> str:
    if not row["valued"]:
        return "Material, not measured" if row["flow"] != row["flow"] else "Material, no price"
    return (
        "Welfare value: memo only" if row["kind"] == WELFARE else "Exchange value that the organisation keeps as memo"
    )
