"""Recompute an official metric workbook and show every difference, parcel by parcel and in total.

Off site, edition 4.1 multiplies the net gain of a gain site by its spatial risk, and leaves a net loss as it is (sheet
Off-site gain site summary, columns J to L); the units of its parcels stand before that. A sheet that shows them after
spatial risk agrees as well, and the note says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from natcap.accounts.biodiversity.balance import SMALL, settled
from natcap.accounts.biodiversity.edition import Edition, MetricError
from natcap.accounts.biodiversity.official import Parcel
from natcap.accounts.biodiversity.units import Units, baseline, creation, enhancement

__all__ = ["TOLERANCE", "compute", "recompute", "risks", "totals"]

TOLERANCE = 1e-6
"""Units. The official sheets hold ten decimals of the temporal multiplier; a real difference is larger than this."""


def compute(e: Edition, parcel: Parcel) -> Units:
    """Units of one parcel; raises MetricError where the metric does not allow it."""
    p = parcel
    wet = {"encroachment": p.encroachment, "riparian": p.riparian, "place": p.place}
    if p.step == "baseline":
        if min(p.retained, p.enhanced) < 0 or p.retained + p.enhanced > p.size * (1 + SMALL):
            raise MetricError(
                f"{p.retained:.10g} retained and {p.enhanced:.10g} enhanced are not parts of {p.size:.10g}"
            )
        size = _counted(e, p)
        if size == 0:
            whole = baseline(e, p.kind, p.habitat, p.size, p.condition, p.significance, **wet)
            return replace(whole, units=0.0, size=0.0)
        return baseline(e, p.kind, p.habitat, size, p.condition, p.significance, **wet)
    if p.step == "creation":
        return creation(e, p.kind, p.habitat, p.size, p.condition, p.significance, p.advance, p.delay, **wet)
    lengthened = p.size_before if p.kind == "watercourse" and p.size > (p.size_before or p.size) else None
    return enhancement(
        e, p.kind, p.before, p.start, p.habitat, p.condition, p.size, p.significance, p.advance, p.delay,
        size_before=lengthened, **wet,
    )  # fmt: skip


def _counted(e: Edition, p: Parcel) -> float:
    """Size that generates baseline units (official sheets A-1, column Q, and C-1, column R).

    Of irreplaceable habitat only what is enhanced, of habitat that needs bespoke compensation only what stays, and of
    anything else the whole. Raises MetricError for a loss of the first two that has no agreed compensation.
    """
    bespoke = p.kind != "hedgerow" and e.habitat(p.kind, p.habitat)["trading_rule"] == "bespoke"
    irreplaceable = p.irreplaceable and p.kind == "area"
    if not (bespoke or irreplaceable):
        return p.size
    stays = p.retained + p.enhanced
    if stays < p.size and not p.agreed:
        raise MetricError("any loss of this habitat is unacceptable without bespoke compensation")
    return p.enhanced if irreplaceable else min(stays, p.size) if p.kind == "watercourse" else stays


def _kept(p: Parcel, units: Units) -> float:
    """Share of the counted size that is retained; irreplaceable habitat that is retained generates no units."""
    return p.retained / units.size if units.size and not (p.irreplaceable and p.kind == "area") else 0.0


def risks(e: Edition, parcels: Sequence[Parcel]) -> list[float]:
    """The spatial risk applied to each parcel: that of its gain site where the site has a net gain, else 1.

    A parcel that cannot be computed is in no net gain. Where the rows of a site name several categories, each row has
    its own. Raises MetricError for a category that the edition does not know.
    """
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, p in enumerate(parcels):
        if not p.on_site:
            groups[p.kind, p.site].append(at)
    found = [1.0] * len(parcels)
    for members in groups.values():
        mine = [parcels[at] for at in members]
        stated = {p.place for p in mine if p.place}
        for at, p in zip(members, mine, strict=True):
            place = p.place if len(stated) > 1 else next(iter(stated), "")
            if place and (len(stated) > 1 or _net(e, mine) > 0):
                name = "watercourse_spatial_risk_multiplier" if p.kind == "watercourse" else "spatial_risk_multiplier"
                found[at] = e.multiplier(name, place)
    return found


def _net(e: Edition, parcels: Sequence[Parcel]) -> float:
    """Units after less units before, without spatial risk, over the parcels that can be computed."""
    net = 0.0
    for p in parcels:
        try:
            units = compute(e, replace(p, place=""))
        except MetricError:
            continue
        net += units.units * (_kept(p, units) - 1) if p.step == "baseline" else units.units
    return net


def recompute(e: Edition, parcels: Sequence[Parcel]) -> pd.DataFrame:
    """One row per parcel: sheet, cell, kind, step, habitat, size, printed, computed, difference, agrees, note, units,
    net.

    `printed` and `computed` are NaN where the workbook or the metric gives no number; the note says why, and `agrees`
    is then whether both withhold one. `units` are those that totals count, with the spatial risk applied; `net` is what
    the parcel adds to the change of its habitat.
    """
    rows = []
    try:
        applied = risks(e, parcels)
    except MetricError:
        applied = [np.nan] * len(parcels)
    for p, risk in zip(parcels, applied, strict=True):
        computed, counted, share, note = np.nan, np.nan, 1.0, ""
        printed = p.printed if isinstance(p.printed, float) else np.nan
        try:
            after = compute(e, p).units
            units = compute(e, replace(p, place=""))
            computed, counted = units.units, units.units * risk
            share = _kept(p, units) - 1 if p.step == "baseline" else 1.0
            if abs(after - printed) <= TOLERANCE < abs(computed - printed):
                computed, note = after, "the sheet shows units after spatial risk"
        except MetricError as error:
            computed, note = np.nan, str(error)
        if isinstance(p.printed, str) and p.printed:
            note = f"{note}; the workbook says {p.printed!r}".removeprefix("; ")
        both_silent = bool(np.isnan(printed) and np.isnan(computed))
        difference = computed - printed
        rows.append(
            (p.sheet, p.cells.get("units", ""), p.kind, p.on_site, p.step, p.habitat, p.size, printed, computed,
             difference, both_silent or bool(abs(difference) <= TOLERANCE), note, counted, counted * share)
        )  # fmt: skip
    columns = ["sheet", "cell", "kind", "on_site", "step", "habitat", "size", "printed", "computed", "difference"]
    return pd.DataFrame(rows, columns=[*columns, "agrees", "note", "units", "net"])


def totals(e: Edition, parcels: Sequence[Parcel]) -> pd.DataFrame:
    """Units before and after per kind (area, hedgerow and watercourse never add), with net change and percentage.

    Columns kind, on_site, baseline, retained, created, enhanced, net, percent (NaN without a baseline). Raises
    MetricError when a parcel cannot be computed: a total without it would be wrong.
    """
    rows = []
    applied = risks(e, parcels)
    made = [(p, compute(e, replace(p, place="")), risk) for p, risk in zip(parcels, applied, strict=True)]
    for kind in ("area", "hedgerow", "watercourse"):
        for on_site in (True, False):
            mine = [item for item in made if item[0].kind == kind and item[0].on_site == on_site]
            if not mine:
                continue
            before = [item for item in mine if item[0].step == "baseline"]
            base = sum(u.units * risk for _, u, risk in before)
            kept = sum(u.units * risk * _kept(p, u) for p, u, risk in before)
            sums = [
                sum(u.units * risk for p, u, risk in mine if p.step == step) for step in ("creation", "enhancement")
            ]
            net = settled(kept + sums[0] + sums[1] - base, kept + sums[0] + sums[1] + base)
            rows.append((kind, on_site, base, kept, *sums, net, 100 * net / base if base else np.nan))
    columns = ["kind", "on_site", "baseline", "retained", "created", "enhanced", "net", "percent"]
    return pd.DataFrame(rows, columns=columns)
