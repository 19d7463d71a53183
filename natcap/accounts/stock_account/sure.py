"""How sure the rows of the carbon account are: by the densities and the rates of change behind each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np

from natcap.accounts.show.sure import NO_WORD, rated, weakest, word_of
from natcap.accounts.stock_account.account import ADDED, GIVEN, TAKEN, known_sum
from natcap.accounts.stock_account.flux import SERVICE
from natcap.accounts.stock_account.view import View
from natcap.core.report import Section

__all__ = ["rated_sections"]

_MAPS = ("managed_expansion", "unmanaged_expansion", "conversion")


def rated_sections(view: View, sections: Iterable[Section]) -> Iterator[Section]:
    """The sections with a word a row; one that nobody rates stays as it is."""
    sure = _Sure(view)
    for section in sections:
        words = sure.of(section)
        yield section if words is None else rated(section, words)


class _Sure:
    def __init__(self, view: View) -> None:
        self.view, self.places = view, range(len(view.classes))
        self.rates = {ref.verified for ref in view.path.factors} if view.converts else set()
        held = view.area.sum(axis=1)[:, 1:] + view.area.sum(axis=2)[:, 1:]
        self.zones = [np.flatnonzero(row).tolist() for row in held]
        self.used = np.flatnonzero(held.sum(axis=0)).tolist()
        both = view.account.opening, view.account.closing
        self.listed = np.flatnonzero(sum(part.any(axis=(0, 2)) for part in both)).tolist()
        """Classes that hold carbon: those of the table by class."""

    def of(self, section: Section) -> Sequence[str] | None:
        found: Mapping[str, Callable[[], Sequence[str]]] = {
            "carbon_account": self.entries,
            "carbon_account_by_class": lambda: self.total([self.word([n]) for n in self.listed]),
            "carbon_account_by_zone": lambda: self.total([self.word(held) for held in self.zones]),
            "carbon_to_come": self.pools,
            "carbon_flux": self.pools,
            "carbon_service": self.service,
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

    def service(self) -> list[str]:
        """The flow of the account beside the service, its mean, and what lies between."""
        mine, service = self.word(self.used), self._service()
        return [mine, service, service, service, weakest((mine, service)) if service != NO_WORD else NO_WORD]

    def _service(self) -> str:
        found = self.view.setting.products.get("services")
        if found is None:
            return NO_WORD
        rows = found.rows[found.rows["service"] == SERVICE]
        named = {key for ids in rows["factors"] if isinstance(ids, (tuple, list)) for key in ids}
        return weakest(found.factors[key].rag for key in named if key in found.factors)

    def depths(self, section: Section) -> list[str]:
        """A row without a figure has no word; figures to other depths come from the same library."""
        word = word_of({self.view.densities.verified})
        return [NO_WORD if np.isnan(value) else word for value in section.table["closing"]]
