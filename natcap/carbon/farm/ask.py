"""Ask the factor book on behalf of a row, and say at its cell when there is no answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from natcap.carbon.farm.book import Book, NoFactor, Pick, Unverified
from natcap.carbon.farm.tell import Row, Teller

__all__ = ["Missing", "ask", "ask_for", "refusal"]

Missing = list[tuple[str, str, str]]
"""What cannot be estimated: source, item, reason."""

T = TypeVar("T")
_ALLOW = "set allow_unverified = true under [choices] in natcap.toml, and every output will mark it"


def refusal(error: NoFactor | Unverified, remedy: str = "") -> tuple[str, str, str]:
    """(found, expected, remedy) of a factor that cannot be used."""
    if isinstance(error, Unverified):
        pick = error.pick
        found = f"a factor that was recalled, not read: {pick.parameter} {pick.value:g} {pick.unit} ({pick.id})"
        options = [_ALLOW, remedy] if remedy else [_ALLOW]
        return found, "a factor that was read in a publication", _sentence("; or ".join(options))
    return f"no published factor: {error}", "a source with a factor", _sentence(remedy)


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}." if text else ""


def ask_for(tell: Teller, row: Row, field: str, job: Callable[[], T], remedy: str = "") -> T | None:
    """What `job` picks for a row, or None with the problem told at its cell."""
    try:
        return job()
    except (NoFactor, Unverified) as error:
        tell.at(row, field, *refusal(error, remedy))
    return None


def ask(
    tell: Teller, row: Row, field: str, book: Book, parameter: str, key: tuple[str, ...], remedy: str = ""
) -> Pick | None:
    """The factor for a row, or None with the problem told at its cell. `key` is (factor set, category, ...)."""
    return ask_for(tell, row, field, lambda: book.pick(parameter, *key), remedy)
