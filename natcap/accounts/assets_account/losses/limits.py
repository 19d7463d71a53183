"""What was lost at most: the hectares that left a type in a zone, and the fall of a flow; losses count together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from natcap.accounts.assets_account.conversions import moves_of
from natcap.accounts.assets_account.losses.read import AREA, FIELDS, Loss, Losses
from natcap.accounts.services.account import WHOLE, ServiceAccount
from natcap.core.workbook import RowTeller

__all__ = ["Limits", "fallen"]

_ROOM = 1e-9
"""Relative difference by which the sum of losses may pass a limit, as sums of floats come out."""
Place = tuple[str, str]
_FALL = "by which the expected flow of {name} fell by itself"
_NET = (
    "Where only the net change of a service is known, its reductions hold no more: name the other services in rows of "
    "their own"
)
_MEAN = (
    "The expected flow is a mean of up to five years, and what went with land to other types is no part of this fall: "
    "give the part that the mean holds, and nothing where the flow did not fall"
)


def fallen(pairs: pd.DataFrame) -> pd.Series:
    """The fall of the expected flow by itself, in its unit a year; 0 where its value did not fall with it."""
    less = (pairs["flow"] + pairs["volume"]) < 0
    return pairs["fall"].where(less, 0.0).fillna(0.0).clip(lower=0.0)


class Limits:
    """Tells every row with which losses pass what the account shows."""

    def __init__(self, account: ServiceAccount, given: Losses, teller: RowTeller) -> None:
        self.account, self.given, self.teller = account, given, teller
        self.moves = moves_of(account)

    def left(self, place: Place) -> float:
        """Hectares that went from a type of a zone to other types; net where no matrix tells more."""
        if place in self.moves:
            return float(self.moves[place].out)
        zone, kind = place
        opening, closing = (self.account.type_area[date] for date in ("opening", "closing"))
        if kind not in opening or kind not in closing:
            return 0.0
        gone = (opening[kind] - closing[kind]).clip(lower=0.0)
        return float(gone.sum() if zone == WHOLE else gone.get(zone, 0.0))

    def of_land(self, places: Mapping[int, Place]) -> set[int]:
        """Numbers of the areas that pass what left their type, in their zone or in all zones together."""
        beyond: set[int] = set()
        single = [at for at in places.values() if at[0] != WHOLE]
        spots = dict.fromkeys([*single, *((WHOLE, kind) for _, kind in places.values())])
        for zone, kind in spots:
            mine = [n for n, at in places.items() if at[1] == kind and zone in (at[0], WHOLE)]
            services = dict.fromkeys(self.given.rows[n].service for n in mine)
            for service in [one for one in services if one] or [""]:
                held = [n for n in mine if self.given.rows[n].service in ("", service)]
                self._count(held, self.left((zone, kind)), zone, beyond)
        return beyond

    def _count(self, held: Iterable[int], most: float, zone: str, beyond: set[int]) -> None:
        total, with_ = 0.0, list[Loss]()
        for n in held:
            loss = self.given.rows[n]
            total += loss.amount
            if total > most * (1 + _ROOM) and n not in beyond:
                beyond.add(n)
                where = "" if zone == WHOLE else f" in {loss.zone}"
                shown = f"{loss.amount:,.10g} ha of {loss.type}{where} lost{self._with(with_, total, 'ha')}"
                source = "by the change matrix" if self.moves else "net: no change matrix tells more"
                self.teller.tell(
                    loss.row, FIELDS[AREA], f"an area of {shown}",
                    f"at most {most:,.10g} ha, what became other types, {source}",
                    "Land that is the same type again at the closing lost a flow, not an area",
                )  # fmt: skip
            with_.append(loss)

    def _with(self, others: Iterable[Loss], total: float, unit: str) -> str:
        cells = [str(loss.row[f"_cell_{FIELDS[loss.measure]}"]) for loss in others]
        return f", {total:,.10g} {unit} together with {', '.join(cells)}" if cells else ""

    def of_pairs(self, lines: pd.DataFrame, pairs: pd.DataFrame) -> None:
        """Tell the losses that pass what a service shows in its zone and type."""
        told: set[int] = set()
        keys = ["service", "zone", "type"]
        held = lines.assign(**{key: pairs[key].to_numpy()[lines["pair"]] for key in keys})
        for name, limits in (("hectares", pairs["ha_left"]), ("flow", fallen(pairs))):
            known = limits.groupby([pairs[key] for key in keys]).sum().to_dict()
            for key, part in held[held[name].notna()].groupby(keys, sort=False):
                self._passes(part, name, float(known[key]), told)

    def _passes(self, part: pd.DataFrame, name: str, most: float, told: set[int]) -> None:
        sums = part.groupby("loss", sort=False)[name].sum().cumsum()
        service = self.account.services[str(part["service"].iloc[0])]
        for n in sums[sums > most * (1 + _ROOM)].index:
            if n in told:
                continue
            told.add(n)
            loss = self.given.rows[n]
            with_ = [self.given.rows[m] for m in sums.index if m < n]
            area = name == FIELDS[AREA]
            unit = "ha" if area else service.unit
            what = f"what the reductions of {service.name} show" if area else _FALL.format(name=service.name)
            self.teller.tell(
                loss.row, name, f"a loss of {loss.amount:,.10g} {unit}{self._with(with_, float(sums[n]), unit)}",
                f"at most {most:,.10g} {unit}, {what}", _NET if area else _MEAN,
            )  # fmt: skip
