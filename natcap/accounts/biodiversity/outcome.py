"""What a project comes to: net gain against its target, trading of every loss, and the shortfall by credit tier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from natcap.accounts.biodiversity.balance import settled
from natcap.accounts.biodiversity.credits import Shortfall, credit_order, shortfalls
from natcap.accounts.biodiversity.edition import Edition, Kind
from natcap.accounts.biodiversity.trading import Deal, trade

__all__ = ["KINDS", "Outcome", "outcome"]

KINDS: tuple[Kind, ...] = ("area", "hedgerow", "watercourse")


@dataclass(frozen=True)
class Outcome:
    """`gain`: a row for each kind: on-site baseline, net on and off site, net, share, target and shortfall (NaN without
    a baseline). `changes`: change in units by kind and habitat, `on` and `off` site and `net`. `deals`: trading by
    kind. `shortfalls`: units missing by credit tier.
    """

    gain: pd.DataFrame
    changes: pd.DataFrame
    deals: dict[Kind, tuple[Deal, ...]]
    shortfalls: tuple[Shortfall, ...]


def outcome(e: Edition, totals: pd.DataFrame, changes: pd.DataFrame) -> Outcome:
    """From totals (kind, on_site, baseline, net) and changes (kind, habitat, on_site, net; a row for each parcel)."""
    gain, table = _gain(e, totals), _changes(changes)
    deals = {kind: _deals(e, kind, table) for kind in KINDS if (table["kind"] == kind).any()}
    return Outcome(gain, table, deals, tuple(_shortfalls(e, gain, deals)))


def _gain(e: Edition, totals: pd.DataFrame) -> pd.DataFrame:
    rows = []
    share = e.multiplier("net_gain_target", "all")
    for kind in KINDS:
        mine = totals[totals["kind"] == kind]
        if mine.empty:
            continue
        on, off = (mine[mine["on_site"] == place] for place in (True, False))
        base, net_on, net_off = float(on["baseline"].sum()), float(on["net"].sum()), float(off["net"].sum())
        net = settled(net_on + net_off, abs(net_on) + abs(net_off))
        applies = base > 0
        rows.append({
            "kind": kind, "baseline": base, "on": net_on, "off": net_off, "net": net, "target": share,
            "percent": net / base if applies else np.nan, "wanted": base * share if applies else np.nan,
            "short": max(settled(base * share - net, base), 0.0) if applies else np.nan,
        })  # fmt: skip
    return pd.DataFrame(rows)


def _changes(plots: pd.DataFrame) -> pd.DataFrame:
    """Change in units by kind and habitat, on site and off site. What is enhanced leaves the habitat it was."""
    rows: dict[tuple[str, str], list[float]] = {}
    for row in plots.to_dict("records"):
        found = rows.setdefault((row["kind"], row["habitat"]), [0.0] * 4)
        found[0 if row["on_site"] else 1] += float(row["net"])
        found[2 if row["on_site"] else 3] += abs(float(row["net"]))
    table = []
    for (kind, habitat), (on, off, size_on, size_off) in rows.items():
        on, off = settled(on, size_on), settled(off, size_off)
        table.append((kind, habitat, on, off, settled(on + off, abs(on) + abs(off))))
    return pd.DataFrame(table, columns=["kind", "habitat", "on", "off", "net"])


def _deals(e: Edition, kind: Kind, changes: pd.DataFrame) -> tuple[Deal, ...]:
    mine = changes[changes["kind"] == kind]
    names: Sequence[str] = mine["habitat"].tolist()
    net = dict(zip(names, mine["net"].tolist(), strict=True))
    return trade(e, kind, net, credit_order(e, kind, names))


def _shortfalls(e: Edition, gain: pd.DataFrame, deals: dict[Kind, tuple[Deal, ...]]) -> Iterator[Shortfall]:
    for row in gain.to_dict("records"):
        yield from shortfalls(e, row["kind"], deals[row["kind"]], row["baseline"], row["net"])
