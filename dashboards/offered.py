"""What the fields of the form for a bill offer while somebody types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from natcap.carbon.business.offers import activities, unit_text, units
from natcap.carbon.business.preview import Ledger

__all__ = ["offered"]

_MOST = 60


def offered(ledger: Ledger, texts: Mapping[str, str]) -> dict[str, list[list[str]]]:
    """By field, (text, hint) of each choice: activities in everyday words, units that fit, sites and meters known."""
    own = ledger.own()
    fitting = units(texts["activity"], ledger.choices, own) if texts["activity"].strip() else ()
    return {
        "activity": [
            [a.label, f"{a.section}; {', '.join(dict.fromkeys(unit_text(u) for u, _ in a.units))}"]
            for a in activities(texts["activity"], own)
        ],
        "unit": _matching([unit_text(u) for u in fitting], texts["unit"]),
        "site": _matching(ledger.known("site"), texts["site"]),
        "item": _matching(ledger.known("item", texts["site"].strip()), texts["item"]),
    }


def _matching(choices: Iterable[str], text: str) -> list[list[str]]:
    """What contains the text, or all where nothing does or one of them is chosen already."""
    known, key = list(choices), text.strip().casefold()
    some = [choice for choice in known if key in choice.casefold()]
    chosen = any(choice.casefold() == key for choice in some)
    return [[choice, ""] for choice in (known if chosen or not some else some)[:_MOST]]
