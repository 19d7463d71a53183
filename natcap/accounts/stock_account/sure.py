"""How sure the rows of the carbon account are: by the densities and the rates of change behind each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np

from natcap.accounts.show.sure import NO_WORD, rated, weakest, word_of
from natcap.accounts.stock_account.account import ADDED, GIVEN, TAKEN, known_sum
from natcap.accounts.stock_account.reconcile import Reconciled
from natcap.accounts.stock_account.service import SERVICE
from natcap.accounts.stock_account.sheets import listed_classes
from natcap.accounts.stock_account.view import View
from natcap.core.report import Section

__all__ = ["rated_sections"]

_MAPS = ("managed_expansion", "unmanaged_expansion", "conversion")


def rated_sections(view: View, found: Reconciled, sections: Iterable[Section]) -> Iterator[Section]:
    """The sections with a word a row; one that nobody rates stays as it is."""
    sure = _Sure(view, found)
    for section in sections:
        words = sure.of(section)
        yield section if words is None else rated(section, words)


class _Sure:
    def __init__(self, view: View, found: Reconciled) -> None:
        self.view, self.found = view, found
        self.rates = {ref.verified for ref in view.path.factors} if view.converts else set()
        held = view.area.sum(axis=1)[:, 1:] + view.area.sum(axis=2)[:, 1:]
        self.zones = [np.flatnonzero(row).tolist() for row in held]
        self.used = np.flatnonzero(held.sum(axis=0)).tolist()
        self.listed = listed_classes(view)

    def of(self, section: Section) -> Sequence[str] | None:
        found: Mapping[str, Callable[[], Sequence[str]]] = {
            "carbon_account": self.entries,
            "carbon_account_by_class": lambda: self.total([self.word([n]) for n in self.listed]),
            "carbon_account_by_zone": lambda: self.total([self.word(held) for held in self.zones]),
            "carbon_to_come": self.pools,
            "carbon_flux": self.pools,
            "carbon_service": self.bridge,
            "carbon_account_by_type": lambda: self.total(self.types()),
            "carbon_service_by_type": self.beside,
            "carbon_service_residual": lambda: self.beside()[:-1],
            "other_gases": lambda: ["Amber"] * len(section.table),
            "carbon_depths": lambda: self.depths(section),
        }
        return found[section.id]() if section.id in found else None

    def word(self, places: Iterable[int], pools: Iterable[int] | None = None, moved: bool = True) -> str:
        """The word of what some classes hold in some pools, and, where it `moved`, of the rates of change."""
        return word_of(self.view.densities.states_of(places, pools) | (self.rates if moved else set()))

    @staticmethod
    def total(words: Sequence[str]) -> list[str]:
        return [*words, weakest(words)]

    def pools(self) -> list[str]:
        return self.total([self.word(self.used, [pool]) for pool in range(len(self.view.pools))])

    def entries(self) -> list[str]:
        """By entry of the account: opening, additions, reductions, net balance, closing."""
        stock, moved, given = self.word(self.used, moved=False), self.word(self.used), word_of(["user"])
        words = {name: moved if name in _MAPS else given if name in GIVEN else stock for name in (*ADDED, *TAKEN)}
        for name in words:
            if np.isnan(known_sum(self.view.account.entries[name], (0, 1, 2))):
                words[name] = NO_WORD
        added, taken = [words[name] for name in ADDED], [words[name] for name in TAKEN]
        net = weakest((*added, *taken))
        return [stock, *added, weakest(added), *taken, weakest(taken), net, weakest((stock, net))]

    def types(self) -> list[str]:
        """The account by type: the densities and rates of its classes."""
        shares = self.found.types.shares
        return [self.word(set(np.flatnonzero(shares[:, at]).tolist()) & set(self.used)) for at in self.found.shown]

    def flows(self) -> list[str]:
        """The service by type, NO_WORD where it is not compared by type."""
        ids, flow = self.found.service.factors, self.found.service
        return [self._service(ids[at]) if flow.compared[at] == "yes" else NO_WORD for at in self.found.shown]

    def beside(self) -> list[str]:
        """Account and service by type: the weaker of the two; the account alone where there is nothing beside it."""
        words = [weakest(pair) for pair in zip(self.types(), self.flows(), strict=True)]
        return self.total(words)

    def bridge(self) -> list[str]:
        """The lines of the account, of the gases that were given, of the service, and what is left between them."""
        mine, found, service = self.word(self.used), self.found, self._whole()
        gases = [NO_WORD if np.isnan(found.gas(name)) else word_of(["user"]) for name in found.gases]
        expected = weakest((mine, *gases))
        both = weakest((expected, service)) if service != NO_WORD else NO_WORD
        apart = NO_WORD if service == NO_WORD else expected
        return [mine, mine, mine, *gases, expected, apart, service, service, service, both]

    def _whole(self) -> str:
        account = self.view.setting.products.get("services")
        if account is None:
            return NO_WORD
        rows = account.rows[account.rows["service"] == SERVICE]
        return self._service(key for ids in rows["factors"] if isinstance(ids, (tuple, list)) for key in ids)

    def _service(self, ids: Iterable[str]) -> str:
        held = self.view.setting.products["services"].factors
        return weakest(held[key].rag for key in set(ids) if key in held)

    def depths(self, section: Section) -> list[str]:
        """A row without a figure has no word; figures to other depths come from the same library."""
        word = word_of({self.view.densities.verified})
        return [NO_WORD if np.isnan(value) else word for value in section.table["closing"]]
