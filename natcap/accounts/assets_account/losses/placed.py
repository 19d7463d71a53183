"""Put losses on the pairs of opening and closing that hold them, within what the account shows to have been lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from natcap.accounts.assets_account.changes import APART, METHOD, PER_HECTARE, UNVALUED, VOLUME
from natcap.accounts.assets_account.losses.limits import Limits, fallen
from natcap.accounts.assets_account.losses.names import Names
from natcap.accounts.assets_account.losses.read import AREA, Loss, Losses
from natcap.accounts.services.account import NO_TYPE, WHOLE, ServiceAccount
from natcap.core.problems import Problems
from natcap.core.workbook import RowTeller

__all__ = ["LINES", "Placed", "placed_losses"]

Positions = npt.NDArray[np.intp]
LINES: tuple[str, ...] = ("loss", "pair", "hectares", "flow")
"""Columns of the lines: number of the row of the workbook, position of the pair, hectares or flow lost (else NaN)."""


@dataclass(frozen=True)
class Placed:
    """`lines` (columns LINES), one for each loss and pair; `zones` and `types` of the losses as the account knows them
    (WHOLE, "" where none is named); `left` says which services an area was not taken from, and why."""

    given: Losses
    lines: pd.DataFrame
    zones: tuple[str, ...]
    types: tuple[str, ...]
    left: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class _Spot:
    """Pairs of one service, zone and type, with what each can lose at most; or why nothing can be told of them."""

    zone: str
    pairs: Positions
    limits: npt.NDArray[np.float64]
    reason: str = ""


def placed_losses(account: ServiceAccount, pairs: pd.DataFrame, given: Losses, broken: bool) -> Placed:
    """Lines of every loss. Raises InputProblems, each at its cell, where the account does not show what a row says.

    `broken`: the maps do not compare, so that no area and no flow per hectare tells a loss.
    """
    problems = Problems()
    found = _Placer(account, pairs, given, broken, problems).all()
    problems.raise_if_any()
    return found


class _Placer:
    def __init__(self, account: ServiceAccount, pairs: pd.DataFrame, given: Losses, broken: bool,
                 problems: Problems) -> None:  # fmt: skip
        self.account, self.pairs, self.given, self.broken = account, pairs, given, broken
        self.teller = RowTeller(given.shown, problems)
        self.problems, self.left = problems, list[str]()
        self.names = Names(account, self.teller)
        self.asked: set[int] = set()
        self.limits = Limits(account, given, self.teller)

    def all(self) -> Placed:
        places = [(self.names.zone(loss), self.names.type(loss)) for loss in self.given.rows]
        known = {n: (zone, kind) for n, (zone, kind) in enumerate(places) if zone is not None and kind is not None}
        areas = {n: at for n, at in known.items() if self.given.rows[n].measure == AREA and self.compares(n)}
        beyond = self.limits.of_land(areas)
        lines = []
        for n, (zone, kind) in known.items():
            if self.given.rows[n].measure != AREA:
                lines += list(self.flow(n, zone, kind))
            elif n in areas and n not in beyond:
                lines += list(self.area(n, zone, kind))
        table = pd.DataFrame(lines, columns=list(LINES)).astype({"loss": int, "pair": int})
        self.limits.of_pairs(table, self.pairs)
        zones, kinds = zip(*((zone or WHOLE, kind or "") for zone, kind in places), strict=True)
        return Placed(self.given, table, tuple(zones), tuple(kinds), tuple(self.left))

    def compares(self, n: int) -> bool:
        if self.broken:
            self.teller.tell(self.given.rows[n].row, "hectares", "an area lost between maps that do not compare",
                             "maps that their producer declares comparable",
                             "The change of area is a reappraisal here, and none of it can be told to be a loss; take "
                             "the row out, or use comparable maps")  # fmt: skip
        return not self.broken

    def area(self, n: int, zone: str, kind: str) -> Iterator[tuple[int, int, float, float]]:
        """Lines of an area: of the service that is named, else of every service that can be told."""
        loss = self.given.rows[n]
        reasons: dict[str, str] = {}
        some = False
        for service in self.services(loss, kind):
            spots = list(self.spots(loss, service, zone, kind))
            told = [spot for spot in spots if not spot.reason]
            if not told:
                reasons[service] = spots[0].reason if spots else "is not supplied by this type there"
                continue
            some = True
            yield from ((n, pair, amount, np.nan) for pair, amount in self.shared(loss, service, told))
        if reasons and some:
            told_of = "; ".join(f"{self.name(service)} {why}" for service, why in reasons.items())
            self.left.append(f"Catastrophic losses: {loss.event}, {loss.type}: nothing is taken from {told_of}.")
        elif not some:
            self.untold(loss, "type" if not loss.service else "service", reasons)

    def flow(self, n: int, zone: str, kind: str) -> Iterator[tuple[int, int, float, float]]:
        loss = self.given.rows[n]
        spots = list(self.spots(loss, loss.service, zone, kind))
        told = [spot for spot in spots if not spot.reason]
        if not told:
            why = spots[0].reason if spots else "is not supplied by this type there"
            self.untold(loss, "service", {loss.service: why})
            return
        kinds = {self.pairs["type"].iloc[spot.pairs[0]] for spot in told}
        if len(kinds) > 1:
            named = ", ".join(str(self.account.types.get(key, "blank")) for key in kinds)
            self.teller.tell(loss.row, "type", "no ecosystem type", f"one of {named}",
                             f"{self.name(loss.service)} is divided by type: say which lost its flow")  # fmt: skip
            return
        yield from ((n, pair, np.nan, amount) for pair, amount in self.shared(loss, loss.service, told))

    def services(self, loss: Loss, kind: str) -> Sequence[str]:
        if loss.service:
            return (loss.service,)
        mine = self.pairs[(self.pairs["type"] == kind) & ~self.pairs["abiotic"]]
        return tuple(str(service) for service in mine["service"].unique())

    def name(self, service: str) -> str:
        return self.account.services[service].name if service in self.account.services else service

    def untold(self, loss: Loss, cell: str, reasons: Mapping[str, str]) -> None:
        why = "; ".join(f"{self.name(service)} {reason}" for service, reason in reasons.items())
        self.teller.tell(
            loss.row, cell, f"a loss of {loss.type or self.name(loss.service)} that cannot be valued",
            "a service with an asset value that compares between the dates",
            f"{why or 'No service of this type is in the account'}. Take the row out; what was lost stays where it is",
        )  # fmt: skip

    def spots(self, loss: Loss, service: str, zone: str, kind: str) -> Iterator[_Spot]:
        """Where the account holds the service: the zone and type that are named, or the whole where it is undivided."""
        mine = self.pairs[self.pairs["service"] == service]
        if kind:
            own = mine[mine["type"] == kind]
            mine = own if len(own) or loss.measure == AREA else mine[mine["type"] == NO_TYPE]
        if zone != WHOLE:
            own = mine[mine["zone"] == zone]
            mine = own if len(own) else mine[mine["zone"] == WHOLE]
        for (place, _), part in mine.groupby(["zone", "type"], sort=False):
            reason = self.area_reason(part) if loss.measure == AREA else self.flow_reason(part)
            limits = part["ha_left"] if loss.measure == AREA else fallen(part)
            at = self.pairs.index.get_indexer(part.index)
            yield _Spot(str(place), at, limits.to_numpy(dtype=float), reason)

    def area_reason(self, part: pd.DataFrame) -> str:
        how = set(part["how"])
        if UNVALUED in how:
            return "has no asset value"
        if APART in how:
            return "does not compare between the dates"
        return "is no flow per hectare: give the flow that was lost" if VOLUME in how else ""

    def flow_reason(self, part: pd.DataFrame) -> str:
        if reason := ("" if set(part["how"]) <= {PER_HECTARE, VOLUME} else self.area_reason(part)):
            return reason
        if METHOD in set(part["cause"]):
            return "has another source or factor at each date, so that a change of its flow is a reappraisal"
        if not set(part[["basis_opening", "basis_closing"]].stack().dropna()) <= {"flow"}:
            return "is valued by its yearly value, without a flow"
        if self.broken and PER_HECTARE in set(part["how"]):
            return "is a flow per hectare of maps that do not compare"
        return ""

    def shared(self, loss: Loss, service: str, spots: Sequence[_Spot]) -> Iterator[tuple[int, float]]:
        """The amount of every pair: of the one place that lost any, or of all where that is all they lost."""
        able = [spot for spot in spots if spot.limits.sum() > 0] or list(spots[:1])
        pairs = np.concatenate([spot.pairs for spot in able])
        limits = np.concatenate([spot.limits for spot in able])
        most = float(limits.sum())
        whole = bool(np.isclose(loss.amount, most, rtol=1e-9, atol=0.0))
        if len(able) > 1 and not whole and loss.amount < most:
            self.several(loss, service, most, [spot.zone for spot in able])
            return
        shares = limits / most if most > 0 else np.full(len(limits), 1.0 / len(limits))
        for pair, share, limit in zip(pairs, shares, limits, strict=True):
            if share > 0:
                yield int(pair), float(limit if whole else loss.amount * share)

    def several(self, loss: Loss, service: str, most: float, zones: Sequence[str]) -> None:
        """Asks for the zone, once for a loss of several services."""
        if int(loss.row["_row"]) in self.asked:
            return
        self.asked.add(int(loss.row["_row"]))
        land = self.account.land
        names = dict(zip(land.zones, land.names, strict=True))
        unit = "ha" if loss.measure == AREA else self.account.services[service].unit
        self.teller.tell(
            loss.row, "zone", f"no zone for {loss.amount:,.10g} of {most:,.10g} {unit}",
            f"one of {', '.join(f'{zone} {names.get(zone, WHOLE)}' for zone in zones[:20])}",
            f"{self.name(service)} was lost in several zones: say in which, in a row for each",
        )  # fmt: skip
