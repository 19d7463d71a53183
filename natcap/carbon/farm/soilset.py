"""The factors of managed soils as one set, so that a run uses one and a spread can go through all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from natcap.carbon.farm.book import Book, Pick
from natcap.carbon.farm.choices import Choices

__all__ = ["SoilSet", "product_picks", "soil_set"]


@dataclass(frozen=True, slots=True)
class SoilSet:
    """What every nitrogen input shares. `grazing` is by group of animals: cpp (cattle, poultry, pigs), so (others)."""

    organic: Pick
    gas_organic: Pick
    grazing: dict[str, Pick]
    ef4: Pick
    leach: Pick
    ef5: Pick


def soil_set(book: Book, name: str, groups: Iterable[str]) -> SoilSet:
    """The set `name` for the given groups of grazing animals. Raises NoFactor or Unverified."""
    return SoilSet(
        organic=book.pick("EF1", name, "organic"),
        gas_organic=book.pick("FracGASM", name, "organic"),
        grazing={group: book.pick("EF3PRP", name, group) for group in sorted(set(groups))},
        ef4=book.pick("EF4", name),
        leach=book.pick("FracLEACH", name),
        ef5=book.pick("EF5", name),
    )


def product_picks(book: Book, choices: Choices, kind: Mapping[str, str], land: str) -> tuple[Pick, Pick]:
    """EF1 and the volatilised fraction of one bought product. Raises NoFactor or Unverified.

    `kind` is its row of the vocabulary `fertilisers`; `land` arable, grassland or empty.
    """
    if kind["kind"] == "organic":
        return book.pick("EF1", choices.soils_set, "organic"), book.pick("FracGASM", choices.soils_set, "organic")
    by_product = choices.volatilisation == "by_product" and kind["volatilisation"]
    fraction = book.pick("FracGASF", choices.soils_set, kind["volatilisation"] if by_product else "synthetic")
    if choices.synthetic_set == "same":
        return book.pick("EF1", choices.soils_set, "synthetic"), fraction
    product = kind["cowan"]
    sub = land if land and book.has("EF1", "uk_nir", product, land) else "all"
    return book.pick("EF1", "uk_nir", product or kind["label"], sub), fraction
