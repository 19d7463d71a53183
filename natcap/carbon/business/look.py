"""What to look at: everything that stands out in the entries, with its cell; and what credit notes took back."""

from __future__ import annotations

import pandas as pd

from natcap.carbon.business.figures import TONNE, UNIT
from natcap.carbon.business.result import Result
from natcap.core.report import Column, Section

__all__ = ["credits", "look"]


def look(result: Result) -> Section:
    """Every warning of the input, in the order of the files: nothing was changed because of it."""
    told = result.inputs.warnings
    table = pd.DataFrame(
        [(w.file, w.sheet, w.cell, w.found, w.expected, w.remedy) for w in told],
        columns=["file", "sheet", "cell", "found", "expected", "remedy"], dtype="str",
    )  # fmt: skip
    columns = (
        Column("file", "File"), Column("sheet", "Sheet"), Column("cell", "Cell"), Column("found", "What stands there"),
        Column("expected", "What is usual"), Column("remedy", "What was done, and what to do"),
    )  # fmt: skip
    many = "1 entry stands out; it" if len(told) == 1 else f"{len(told):,} entries stand out; each"
    said = f"{many} counts as it stands." if told else "Nothing stands out."
    return Section("look", "What to look at", table, columns, said)


def credits(result: Result) -> Section | None:
    """Credit notes netted in sight: by site and activity, what was billed, what was taken back, and what is left."""
    rows = result.this.rows
    back = (rows["quantity"] < 0).to_numpy()
    if not back.any():
        return None
    uses = result.this.year.book.rows.uses
    table = pd.DataFrame({
        "site": rows["site"].astype("str"), "item": rows["item"].astype("str"), "use": rows["use"],
        "billed": rows["quantity"].where(~back, 0.0), "credited": rows["quantity"].where(back, 0.0), "notes": back,
    })  # fmt: skip
    table = table.groupby(["site", "item", "use"], sort=True)[["billed", "credited", "notes"]].sum().reset_index()
    table = table[table["notes"] > 0].reset_index(drop=True)
    table["net"] = table["billed"] + table["credited"]
    table["notes"] = table["notes"].astype("float64")
    table["activity"] = [uses[n].activity.label for n in table["use"]]
    table["unit"] = [uses[n].unit for n in table["use"]]
    lines = result.this.lines
    kg = float(
        lines.loc[(lines["quantity"] < 0).to_numpy() & lines["section"].isin(_GROSS).to_numpy(), "kg_co2e"].sum()
    )
    columns = (
        Column("site", "Site"), Column("activity", "Activity"), Column("item", "Meter or item"), Column("unit", "Unit"),
        Column("billed", "Billed", "", "number"), Column("credited", "Credited", "", "number"),
        Column("net", "Counted", "", "number", None, "[billed]+[credited]"),
        Column("notes", "Credit notes", "", "integer"),
    )  # fmt: skip
    below = int((table["net"] < 0).sum())
    said = f"Credit notes take {-kg / TONNE:,.3f} {UNIT} off the total."
    if below:
        said += f" {below} of the series below come{'s' * (below == 1)} out negative: are the bills of another period?"
    return Section("credits", "Credit notes", table, columns, said, group="working")


_GROSS = ["Scope 1", "Scope 2", "Scope 3"]
