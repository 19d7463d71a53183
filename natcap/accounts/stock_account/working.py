"""How the entries came about: conversions along the path of years, what is yet to come, movements that were given."""

from __future__ import annotations

import numpy as np
import pandas as pd

from natcap.accounts.show.words import HA, TC, amount, number, text
from natcap.accounts.stock_account.moves import move_id
from natcap.accounts.stock_account.sheets import pool_key
from natcap.accounts.stock_account.view import View
from natcap.accounts.stock_account.words import depth_note, notes
from natcap.core.report import Column, Section

__all__ = ["come_section", "movements_section", "path_section"]

_PER = "t C/ha"


def path_section(view: View) -> Section:
    """Every conversion by pool: hectares, the step of a hectare, the share of it that was reached."""
    total, ours = view.area.sum(axis=0)[1:, 1:], view.managed.sum(axis=0)[1:, 1:]
    moved = total * ~np.eye(len(total), dtype=bool)
    before, after, pool = np.nonzero((moved > 0)[:, :, None] & (view.path.step != 0))
    value, step, reached = view.densities.value, view.path.step, view.path.reached
    names = np.array([c.name for c in view.classes], dtype=object)
    table = pd.DataFrame({"from": names[before], "to": names[after], "pool": np.array(view.pools, dtype=object)[pool]})
    table["area"], table["managed"] = moved[before, after], ours[before, after]
    table["density_from"], table["density_to"] = value[before, pool], value[after, pool]
    table["step"] = step[before, after, pool]
    table["share"] = reached[before, after, pool] / table["step"]
    table["reached"] = reached[before, after, pool]
    table["managed_expansion"] = np.maximum(table["reached"], 0) * table["managed"]
    table["unmanaged_expansion"] = np.maximum(table["reached"], 0) * (table["area"] - table["managed"])
    table["conversion"] = np.maximum(-table["reached"], 0) * table["area"]
    table["to_come"] = (table["step"] - table["reached"]) * table["area"]
    summed = ("managed_expansion", "unmanaged_expansion", "conversion", "to_come")
    last = len(table)
    table.loc[last] = {"from": "All", "to": "all", "pool": "all pools", **{n: table[n].sum() for n in summed}}
    blank = [name for name in table.columns[3:] if name not in summed]
    return Section(
        "carbon_path", "Conversions of land along the path of years", table,
        (
            text("from", "From"), text("to", "To"), text("pool", "Pool"), number("area", "Area", HA),
            number("managed", "Of it managed", HA), number("density_from", "Carbon density before", _PER),
            number("density_to", "Carbon density after", _PER),
            number("step", "Whole change a hectare", _PER, "[density_to]-[density_from]"),
            Column("share", "Share reached by the closing", "", "percent", 2),
            number("reached", "Change reached a hectare", _PER, "[step]*[share]", 4),
            number("managed_expansion", "Managed expansion", TC, "MAX([reached],0)*[managed]"),
            number("unmanaged_expansion", "Unmanaged expansion", TC, "MAX([reached],0)*([area]-[managed])"),
            number("conversion", "Lost by conversion", TC, "MAX(-[reached],0)*[area]"),
            number("to_come", "Yet to come", TC, "([step]-[reached])*[area]"),
        ),
        summary=f"{last} conversions by pool, of all zones.", notes=notes(view), total_rows=(last,),
        cells={(last, n): f"SUM({{{n}}})" if last else "" for n in summed} | {(last, n): "" for n in blank},
        marks={(last, n): "[z]" for n in blank}, group="working",
        figures={(row, "area"): move_id(view, *pair)
                 for row, pair in enumerate(zip(before.tolist(), after.tolist(), strict=True))},
    )  # fmt: skip


def come_section(view: View) -> Section:
    """From the closing stock of the account to the stock once everything has settled."""
    account = view.account
    table = pd.DataFrame({"pool": list(view.pools)})
    table["closing"] = account.closing.sum(axis=(0, 1))
    table["to_come"] = account.to_come.sum(axis=(0, 1))
    table["moved"] = account.moved().sum(axis=(0, 1))
    table["settled"] = account.settled.sum(axis=(0, 1))
    last = len(table)
    numbers = ("closing", "to_come", "moved", "settled")
    table.loc[last] = {"pool": "All pools", **{name: table[name].sum() for name in numbers}}
    coming = float(table["to_come"].iloc[last])
    way = "gained" if coming > 0 else "lost"
    said = f"{amount(abs(coming), TC)} are still to be {way} on land that changed between the dates."
    if not view.yearly:
        said = "Nothing is yet to come: every conversion counts with its whole effect."
    cells = {(last, name): f"SUM({{{name}}})" for name in numbers[:-1]}
    cells |= {(row, "closing"): f"[carbon_account.{pool_key(pool)}@12]" for row, pool in enumerate(view.pools)}
    if view.converts:
        cells |= {(row, "to_come"): f'SUMIFS({{carbon_path.to_come}},{{carbon_path.pool}},"{pool}")'
                  for row, pool in enumerate(view.pools)}  # fmt: skip
    return Section(
        "carbon_to_come", "Carbon that land-use change has yet to move", table,
        (
            text("pool", "Pool"), number("closing", f"Stock {view.setting.years[1]}, as reached", TC),
            number("to_come", "Yet to come", TC), number("moved", "Movements that were given", TC),
            number("settled", "Stock once settled", TC, "[closing]+[to_come]-[moved]"),
        ),
        summary=said, total_rows=(last,), cells=cells,
        notes=(*notes(view), "The stock once settled is that of the carbon stock account by class and pool, which "
               "InVEST computes as well; movements that were given are not in it."),
    )  # fmt: skip


def movements_section(view: View) -> tuple[Section, ...]:
    """What was given in carbon_movements; nothing without."""
    rows = view.movements
    if rows.empty:
        return ()
    table = pd.DataFrame({
        "zone": [view.names[z] for z in rows["z"]], "item": [view.classes[c].name for c in rows["c"]],
        "pool": [view.pools[p] for p in rows["p"]], "kind": rows["kind"].to_list(),
        "tonnes": rows["tonnes"].to_numpy(dtype=float), "source": rows["source"].to_list(),
        "place": [f"{s} cell {c}".strip() for s, c in zip(rows["_sheet"], rows["_cell_tonnes"], strict=True)],
    })  # fmt: skip
    sums = table.groupby("kind", dropna=False)["tonnes"].sum()
    said = ", ".join(f"{kind} {'-' if size < 0 else ''}{amount(float(size), TC)}" for kind, size in sums.items())
    made = Section(
        "carbon_movements", "Carbon movements as given", table,
        (
            text("zone", "Zone"), text("item", "Land-cover class"), text("pool", "Pool"), text("kind", "Kind"),
            number("tonnes", "Carbon over the span", TC), text("source", "Source and evidence"),
            text("place", "Place in the input"),
        ),
        summary=f"Given beside the maps: {said}.", notes=(depth_note(view),), sources=(view.given.shown,),
    )  # fmt: skip
    return (made,)
