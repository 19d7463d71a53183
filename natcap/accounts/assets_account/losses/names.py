"""Zones and ecosystem types as a workbook of losses names them, as the account knows them."""

from __future__ import annotations

from natcap.accounts.assets_account.losses.read import AREA, Loss
from natcap.accounts.classes import slug
from natcap.accounts.services.account import NO_TYPE, WHOLE, ServiceAccount
from natcap.core.problems import did_you_mean
from natcap.core.workbook import RowTeller

__all__ = ["Names"]


class Names:
    """Leads from the words of a row to the zone and type of the account; what is unknown is told at its cell."""

    def __init__(self, account: ServiceAccount, teller: RowTeller) -> None:
        land = account.land
        self.teller = teller
        self.zones: dict[str, set[str]] = {}
        for words in (land.zones, land.keys, land.names):
            for word, zone in zip(words, land.zones, strict=True):
                self.zones.setdefault(slug(word), set()).add(zone)
        for zone in land.zones:  # a code is that zone's, whatever another zone is called
            self.zones[slug(zone)] = {zone}
        self.shown = [f"{zone} {name}" for zone, name in zip(land.zones, land.names, strict=True)]
        self.type_names = {key: name for key, name in account.types.items() if key != NO_TYPE}
        self.types = {slug(name): key for key, name in self.type_names.items()}
        self.types |= {key: key for key in self.type_names}

    def zone(self, loss: Loss) -> str | None:
        """Id of the zone, WHOLE where none is named; None where it is told as unknown."""
        if not loss.zone or (slug(loss.zone) == "all" and "all" not in self.zones):
            return WHOLE
        found = self.zones.get(slug(loss.zone), set())
        if len(found) == 1:
            return next(iter(found))
        told = f"the zone {loss.zone}"
        if found:
            self.teller.tell(loss.row, "zone", f"{told}, a name of {len(found)} zones",
                             f"one of the codes {', '.join(sorted(found))}", "Write the code of the zone")  # fmt: skip
        else:
            words = [word for one in self.shown for word in (one, *one.split(" ", 1))]
            self.teller.tell(loss.row, "zone", told, f"one of {', '.join(self.shown[:20])}, or blank for all",
                             did_you_mean(loss.zone, words))  # fmt: skip
        return None

    def type(self, loss: Loss) -> str | None:
        """Key of the type, "" where a flow names none; None where it is told as unknown."""
        if not loss.type:
            return ""
        key = self.types.get(slug(loss.type))
        if key is not None:
            return key
        blank = "" if loss.measure == AREA else ", or blank for a flow that is not divided by type"
        near = did_you_mean(loss.type, self.type_names.values())
        self.teller.tell(loss.row, "type", f"the ecosystem type {loss.type}",
                         f"one of {', '.join(self.type_names.values())}{blank}",
                         f"{near} A class of the map is lost from the type it belongs to".strip())  # fmt: skip
        return None
