"""The section of the products: every step of the indicator as a live formula."""

from __future__ import annotations

import numpy as np
import pandas as pd

from natcap.carbon.business.circular.figures import ID, average, keys_of
from natcap.carbon.business.circular.published import constant
from natcap.carbon.business.circular.read import Circular
from natcap.core.report import Chart, Column, Section

__all__ = ["products_section"]

_SHARES: dict[str, str] = {
    "fr": "FR: recycled feedstock", "fu": "FU: reused", "fs": "FS: biological", "cr": "CR: to recycling",
    "cu": "CU: to reuse", "cc": "CC: to composting", "ce": "CE: to energy", "ec": "EC: yield after use",
    "ef": "EF: yield of feedstock",
}  # fmt: skip
_BARE = ("life", "life_average", "use", "use_average")


def products_section(given: Circular) -> Section | None:
    """Products with their indicator and its steps, and the average by weight in the last row."""
    products = given.products
    if products.empty:
        return None
    columns = _columns(given)
    last = len(products)
    table = products.assign(weight=products[given.weight])[[c.name for c in columns]].reset_index(drop=True)
    whole = {"product": f"All products, by {given.weighted}", "weight": table["weight"].sum(min_count=1),
             "mci": average(given)}  # fmt: skip
    table = pd.concat([table, pd.DataFrame([whole])], ignore_index=True)
    cells, marks = _cells(table, last)
    for name in [c.name for c in columns if c.name not in whole]:
        marks[last, name], cells[last, name] = "[z]", ""
    cells[last, "mci"] = "SUMPRODUCT({mci},{weight})/SUM({weight})" if last > 1 else "[mci@0]"
    cells[last, "weight"] = "SUM({weight})" if last > 1 else "[weight@0]"
    if np.isnan(table["weight"].iloc[last]):
        marks[last, "weight"], cells[last, "weight"] = "[x]", ""
    keys = keys_of(products["product"])
    best = products.iloc[int(products["mci"].to_numpy().argmax())]
    said = f"Circularity {average(given):.3f} of 1 by {given.weighted}, best {best['product']} with {best['mci']:.3f}"
    refs = [constant("utility_constant"), constant("loss_share")]
    return Section(
        "circular_products", "Circularity of products", table, columns, f"{said}.", tuple(_notes(given)),
        sources=tuple(sorted({ref.source for ref in refs})), charts=(Chart("bar", said, "product", "mci"),),
        total_rows=(last,), cells=cells, marks=marks,
        figures={(at, "mci"): f"{ID}.mci.{key}" for at, key in enumerate(keys)} | {(last, "mci"): f"{ID}.mci.weighted"},
    )  # fmt: skip


def _columns(given: Circular) -> tuple[Column, ...]:
    half, utility = constant("loss_share").value, constant("utility_constant").value

    def number(name: str, label: str, formula: str | None = None, unit: str = "", places: int = 4) -> Column:
        return Column(name, label, unit, "number", places, formula)

    weight = ("Sold", "t") if given.weighted == "mass" else ("Revenue", "GBP")
    return (
        Column("product", "Product"), number("mass", "M: mass", None, "kg"),
        *(Column(name, label, "%", "percent", 1) for name, label in _SHARES.items()),
        number("life", "L: life"), number("life_average", "Lav: life, average"), number("use", "U: use"),
        number("use_average", "Uav: use, average"), number("x", "X: utility"),
        number("v", "V: virgin", "[mass]*(1-[fr]-[fu]-[fs])", "kg"),
        number("w0", "W0: to landfill or loss", "[mass]*(1-[cr]-[cu]-[cc]-[ce])", "kg"),
        number("wc", "WC: waste of recycling it", "IF([cr]=0,0,[mass]*[cr]*(1-[ec]))", "kg"),
        number("wf", "WF: waste of making its feedstock", "IF([fr]=0,0,[mass]*[fr]*(1-[ef])/[ef])", "kg"),
        number("w", "W: unrecoverable waste", f"[w0]+{half!r}*([wf]+[wc])", "kg"),
        number("lfi", "LFI: linear flow index", f"([v]+[w])/(2*[mass]+{half!r}*([wf]-[wc]))", "", 6),
        number("raw", "Before the floor of 0", f"1-[lfi]*{utility!r}/[x]", "", 6),
        number("mci", "Material circularity indicator", "MAX(0,[raw])", "", 6),
        number("weight", weight[0], None, weight[1], 1),
    )  # fmt: skip


def _cells(table: pd.DataFrame, last: int) -> tuple[dict[tuple[int, str], str], dict[tuple[int, str], str]]:
    """The formula of X from what was given, and marks: "[z]" for a yield or a life that is not asked for."""
    cells: dict[tuple[int, str], str] = {}
    marks: dict[tuple[int, str], str] = {}
    for row in range(last):
        pairs = [name for name in ("life", "use") if not np.isnan(table[name].iloc[row])]
        cells[row, "x"] = "*".join(f"([{name}]/[{name}_average])" for name in pairs)
        for name in ("ec", "ef", *_BARE, "weight"):
            if np.isnan(table[name].iloc[row]):
                marks[row, name] = "[x]" if name == "weight" else "[z]"
    return cells, marks


def _notes(given: Circular) -> list[str]:
    found = [
        "1 is wholly circular. The full denominator 2 M + (WF - WC) / 2 is used; 2 M alone scores loops too high.",
        "X is 1 where no life and no use is given: as the average of the industry.",
    ]
    for row in given.products[given.products["raw"] < 0].to_dict("records"):
        found.append(f"{row['product']}: {row['raw']:.6g} before the floor; the method ends at 0, so 0 is shown.")
    return found
