"""Units of every plot, of every gain site and module; net gain against its target; trading; the shortfall in credits.

Off site, the spatial risk multiplies what a gain site adds in all, and not a net loss (official sheet Off-site gain
site summary, columns J to L): it is applied here to every plot of a site with a net gain, which comes to the same sum.
Net gain is the change of the whole project against the units on site before it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from natcap.accounts.biodiversity.balance import lost_of, settled
from natcap.accounts.biodiversity.edition import Edition
from natcap.accounts.biodiversity.outcome import KINDS, Outcome, outcome
from natcap.accounts.biodiversity.units import Units
from natcap.accounts.habitats_account.plots import Plot, compute, counted
from natcap.accounts.habitats_account.read import HabitatInput

__all__ = ["PARTS", "HabitatAccount", "habitat_account"]

PARTS: tuple[str, ...] = ("baseline", "retained", "lost", "created", "enhanced", "net")


@dataclass(frozen=True)
class HabitatAccount:
    """`plots`: a row for each plot with sizes that count, multipliers, `risk` applied and units after it.

    `sites`: net gain of each gain site before and after spatial risk. `totals`: PARTS by kind and place.
    """

    plots: pd.DataFrame
    sites: pd.DataFrame
    totals: pd.DataFrame
    outcome: Outcome


def habitat_account(given: HabitatInput) -> HabitatAccount:
    """The whole account of a parcel workbook."""
    e = given.edition
    plots = pd.DataFrame([_row(e, plot) for plot in given.plots])
    sites = _sites(e, plots)
    risk = {(row["kind"], row["site"]): row["applied"] for row in sites.to_dict("records")}
    plots["risk"] = [
        1.0 if on_site else risk[kind, site]
        for kind, site, on_site in zip(plots["kind"], plots["site"], plots["on_site"], strict=True)
    ]
    for part in PARTS:
        plots[part] = plots[f"plain_{part}"] * plots["risk"]
    totals = _totals(plots)
    return HabitatAccount(plots, sites, totals, outcome(e, totals, plots))


def _row(e: Edition, plot: Plot) -> dict[str, object]:
    units = compute(e, plot)
    row: dict[str, object] = {
        "kind": plot.kind, "on_site": plot.on_site, "site": plot.site, "step": plot.step, "label": plot.label,
        "sheet": plot.sheet, "row": plot.row, "habitat": plot.habitat, "before": plot.before, "start": plot.start,
        "size": plot.size, "condition": plot.condition, "significance": plot.significance, "stated": plot.risk,
        "irreplaceable": plot.irreplaceable, "agreed": plot.agreed, "tree": plot.tree, "count": plot.count,
        "d": units.distinctiveness, "c": units.condition, "s": units.significance, "w": units.encroachment,
        "r": units.riparian, "years": "" if units.years is None else str(units.years), "t": units.temporal,
        "band": units.difficulty_band, "f": units.difficulty, "base": units.before,
    }  # fmt: skip
    return row | _units(e, plot, units)


def _units(e: Edition, plot: Plot, units: Units) -> dict[str, object]:
    """Sizes that count and units before spatial risk."""
    found: dict[str, object] = dict.fromkeys([f"plain_{part}" for part in PARTS], 0.0)
    found |= dict.fromkeys(("stays", "counted", "kept", "improved", "gone"), np.nan)
    if plot.step != "baseline":
        return found | {f"plain_{plot.step}": units.units, "plain_net": units.units}
    part = counted(e, plot)
    each = units.distinctiveness * units.condition * units.significance * units.encroachment * units.riparian
    lost = lost_of(part.whole, part.retained, part.enhanced)
    whole, retained = part.whole * each, part.retained * each
    return found | {
        "stays": plot.retained + plot.enhanced, "counted": part.whole, "kept": part.retained, "improved": part.enhanced,
        "gone": lost,
        "plain_baseline": whole, "plain_retained": retained, "plain_lost": lost * each, "plain_net": retained - whole,
    }  # fmt: skip


def _sites(e: Edition, plots: pd.DataFrame) -> pd.DataFrame:
    rows = []
    columns = ["kind", "site", "stated", "baseline", "retained", "created", "enhanced", "before", "multiplier",
               "applied", "after"]  # fmt: skip
    for (kind, site), mine in plots[~plots["on_site"]].groupby(["kind", "site"], sort=False):
        category = str(mine["stated"].iloc[0])
        name = "watercourse_spatial_risk_multiplier" if kind == "watercourse" else "spatial_risk_multiplier"
        multiplier = e.multiplier(name, category)
        sums = [float(mine[f"plain_{part}"].sum()) for part in ("baseline", "retained", "created", "enhanced")]
        net = settled(sums[1] + sums[2] + sums[3] - sums[0], sum(sums))
        applied = multiplier if net > 0 else 1.0
        rows.append((kind, site, category, *sums, net, multiplier, applied, net * applied))
    return pd.DataFrame(rows, columns=columns)


def _totals(plots: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for kind in KINDS:
        for on_site in (True, False):
            mine = plots[(plots["kind"] == kind) & (plots["on_site"] == on_site)]
            if len(mine):
                sums = {part: float(mine[part].sum()) for part in PARTS[:-1]}
                net = sums["retained"] + sums["created"] + sums["enhanced"] - sums["baseline"]
                net = settled(net, sum(sums.values()))
                rows.append({"kind": kind, "on_site": on_site, **sums, "net": net})
    return pd.DataFrame(rows, columns=["kind", "on_site", *PARTS])
