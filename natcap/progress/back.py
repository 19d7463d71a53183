"""Definitions and observations of the report: what every indicator means, and every row that was used."""

from __future__ import annotations

import numpy as np
import pandas as pd

from natcap.core.report import Column, Section
from natcap.progress.observations import MARKS
from natcap.progress.results import Results

__all__ = ["definitions", "observations"]


def definitions(results: Results) -> Section:
    """Every indicator: definition, formula, direction, source, frequency, traps, and how much of it is here."""
    rows = results.table[results.table["current"] & results.table["value"].notna()]
    rows = rows[rows["area"].isin(results.inputs.reported) & (rows["part"] == "")]
    count = rows.groupby("indicator")["id"].size()
    newest = (
        rows.sort_values("position", kind="stable").drop_duplicates("indicator", keep="last").set_index("indicator")
    )
    found = [
        {
            "id": i.indicator, "core": "yes" if i.core else "", "theme": i.theme, "level": i.level, "title": i.title,
            "definition": i.definition, "formula": i.formula, "unit": i.unit, "direction": i.direction,
            "frequency": i.frequency, "lag": i.lag_months, "source": i.data_source, "traps": i.traps,
            "verified": i.verified, "values": int(count.get(i.indicator, 0)),
            "newest": str(newest["period"].get(i.indicator, "")),
        }
        for i in results.inputs.indicators.values()
    ]  # fmt: skip
    columns = (
        Column("id", "Indicator"), Column("title", "Name"), Column("theme", "Theme"), Column("core", "Core"),
        Column("level", "Level"), Column("definition", "Definition"), Column("formula", "Formula"),
        Column("unit", "Unit"), Column("direction", "Better"), Column("values", "Values here", kind="integer"),
        Column("newest", "Newest period"), Column("frequency", "Published"), Column("lag", "Lag in months"),
        Column("source", "Source"), Column("traps", "Traps"), Column("verified", "How the definition was verified"),
    )  # fmt: skip
    table = pd.DataFrame(found, columns=[c.name for c in columns])
    have = int((table["values"] > 0).sum())
    summary = f"{len(table)} indicators are defined; {have} have values for the areas of this report."
    return Section("indicators", "Indicators: definitions and traps", table, columns, summary)


def _range(table: pd.DataFrame) -> pd.Series:
    """Low and high as text where both are given."""
    both = zip(table["low"], table["high"], strict=True)
    text = ["" if low != low or high != high else f"{low:.6g} to {high:.6g}" for low, high in both]
    return pd.Series(text, index=table.index)


def observations(results: Results) -> Section:
    """Every row: published with its file and cell, derived with what it was made of."""
    table = results.table
    rows = pd.DataFrame(
        {
            "id": table["id"], "indicator": table["indicator"], "part": table["part"], "code": table["area"],
            "area": table["area"].map(results.inputs.areas.name), "period": table["period"],
            "kind": table["period_type"], "value": table["value"], "unit": table["unit"], "status": table["status"],
            "range": _range(table), "source": table["source"], "release": table["release"],
            "method": table["method_version"], "file": table["_file"], "cell": table["_cell_value"].fillna(""),
            "made": table["made_of"].map(lambda ids: " ".join(map(str, ids))), "how": table["how"],
            "vintage": np.where(table["current"], "newest", "superseded"), "note": table["note"],
        }
    )  # fmt: skip
    columns = (
        Column("id", "Row", kind="integer"), Column("indicator", "Indicator"), Column("part", "Part"),
        Column("code", "Code"), Column("area", "Area"), Column("period", "Period"), Column("kind", "Type of period"),
        Column("value", "Value", kind="number"), Column("unit", "Unit"), Column("status", "Status"),
        Column("range", "Range"), Column("source", "Source"),
        Column("release", "Release"), Column("method", "Method"), Column("file", "File"), Column("cell", "Cell"),
        Column("made", "Made of rows"), Column("how", "How it was made"), Column("vintage", "Vintage"),
        Column("note", "Note"),
    )  # fmt: skip
    words = rows["status"].tolist()
    gone = np.flatnonzero(rows["value"].isna().to_numpy()).tolist()
    marks = {(r, "value"): MARKS[words[r]] or "[x]" for r in gone}
    made = int(table["derived"].sum())
    summary = f"{len(rows):,} rows: {len(rows) - made:,} published and {made:,} derived from them."
    return Section("observations", "Observations", rows, columns, summary, marks=marks, group="working")
