"""Owned shares of sites where the boundary is drawn by equity, and how a run records them for a later bridge."""

from __future__ import annotations

from collections.abc import Mapping

from natcap.carbon.business.inputs import Year
from natcap.carbon.business.models import Choices

__all__ = ["Shares", "by_equity", "read_back", "recorded", "shares"]

Shares = Mapping[str, float]


def by_equity(boundary: str) -> bool:
    """Whether a boundary counts owned shares."""
    return boundary == "equity share"


def shares(year: Year, choices: Choices) -> dict[str, float]:
    """Owned share by site, from 0 to 1; empty, which means everything, where the boundary is no equity share."""
    if not by_equity(choices.boundary):
        return {}
    sites = year.book.sites
    return {str(site): float(share) for site, share in zip(sites["site"], sites["ownership"], strict=True)}


def recorded(year: Year, choices: Choices) -> dict[str, str]:
    """What the record of a run says of the shares of a year: one entry for each site."""
    return {_name(year, site): f"{share!r}" for site, share in shares(year, choices).items() if share == share}


def read_back(choices: Mapping[str, str], year: Year) -> dict[str, float]:
    """The shares by site that an earlier run recorded for the same period; empty where it recorded none."""
    start, found = _name(year, ""), {}
    for name, text in choices.items():
        if name.startswith(start):
            try:
                found[name.removeprefix(start)] = float(text)
            except ValueError:
                return {}
    return found


def _name(year: Year, site: str) -> str:
    return f"owned share of {year.period}: {site}"
