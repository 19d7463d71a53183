"""Trading rules of the metric: what may offset the loss of a habitat, and what is left of the loss after that.

Read from the official workbook, edition 4.1: sheets G-1 (rule of each habitat), Trading Summary Hedgerows, Trading
Summary WaterC's, and Unit shortfall calculations (order in which surpluses are used). A loss is a negative net change
of one habitat over the whole project. Area, hedgerow and watercourse units are traded apart and never meet.

The hidden hedgerow sheet of the workbook also adds area units into its medium band (cells E25 and E37 point at area
habitats); that is not reproduced.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from natcap.accounts.biodiversity.edition import Edition, Kind

__all__ = ["BANDS", "Deal", "trade"]

BANDS: tuple[str, ...] = ("V.Low", "Low", "Medium", "High", "V.High")
"""Distinctiveness bands, lowest first."""

_RULES: Mapping[str, tuple[bool, bool, bool]] = {
    # rule: (same band and broad habitat, same band, higher band)
    "bespoke": (False, False, False),
    "same habitat": (False, False, False),
    "same habitat or better": (False, False, True),
    "same broad habitat or higher distinctiveness": (True, False, True),
    "same distinctiveness or better": (True, True, True),
    "higher distinctiveness": (False, False, True),
    "none": (True, True, True),
}
_SMALL = 1e-9
"""Units below which a surplus or a loss is rounding of the arithmetic, not habitat."""


@dataclass
class Deal:
    """One habitat: its net change, and for a loss what offsets it (habitat -> units) and what is left (`unmet`)."""

    habitat: str
    band: str
    broad: str
    rule: str
    net: float
    offsets: dict[str, float] = field(default_factory=dict)
    spare: float = 0.0
    unmet: float = 0.0

    @property
    def deficit(self) -> float:
        return max(-self.net, 0.0)

    @property
    def passed(self) -> bool:
        return self.rule == "none" or self.unmet <= _SMALL


def trade(e: Edition, kind: Kind, net: Mapping[str, float], order: Mapping[str, int] | None = None) -> tuple[Deal, ...]:
    """Offset every loss as far as its rule allows; `net` is the change in units by habitat.

    Losses are met from the highest band down, each first from its own broad habitat, then in `order` (lowest number
    first; the workbook takes the dearest credit tier first). Returns the habitats in the order of `net`. Raises
    MetricError for a habitat that the edition does not hold.
    """
    deals = [_deal(e, kind, name, value) for name, value in net.items()]
    rank = order or {}
    for band in reversed(BANDS):
        mine = [d for d in deals if d.band == band and d.unmet > _SMALL]
        mine.sort(key=lambda d: rank.get(d.habitat, 0))
        for own in (True, False):
            for deal in mine:
                _meet(deal, deals, own)
    return tuple(deals)


def _deal(e: Edition, kind: Kind, name: str, net: float) -> Deal:
    row = e.habitat(kind, name)
    net = 0.0 if abs(net) <= _SMALL else net
    broad = str(row["broad_habitat"]) if kind == "area" else name
    return Deal(name, str(row["distinctiveness"]), broad, str(row["trading_rule"]), net,
                spare=max(net, 0.0), unmet=max(-net, 0.0))  # fmt: skip


def _meet(deal: Deal, deals: Sequence[Deal], own: bool) -> None:
    """Use the surplus of others for this loss: of its own broad habitat only, or of all that its rule admits."""
    givers = [d for d in deals if d.spare > _SMALL and _admits(deal, d) and (d.broad == deal.broad or not own)]
    givers.sort(key=lambda d: (d.band != deal.band, d.broad != deal.broad, BANDS.index(d.band)))
    for giver in givers:
        used = min(giver.spare, deal.unmet)
        if used <= 0:
            return
        giver.spare -= used
        deal.unmet -= used
        deal.offsets[giver.habitat] = deal.offsets.get(giver.habitat, 0.0) + used
    if deal.unmet <= _SMALL:
        deal.unmet = 0.0


def _admits(deal: Deal, giver: Deal) -> bool:
    group, same, higher = _RULES[deal.rule]
    if giver.band == deal.band:
        return same or (group and giver.broad == deal.broad)
    return higher and BANDS.index(giver.band) > BANDS.index(deal.band)
