"""Serial numbers of credits: the block that a first and a last number span, and blocks that meet."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

__all__ = ["Block", "anywhere", "block", "meets"]

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Block:
    """Numbers `first` to `last` of one register and pattern; `size` of them. `text` is that of a single number."""

    pattern: str
    first: int
    last: int
    text: str = ""

    @property
    def size(self) -> int:
        return self.last - self.first + 1


def _split(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _NUMBER.finditer(text)]


def block(registry: str, first: str, last: str = "") -> Block:
    """The block from `first` to `last`: two texts that differ in one number, which counts up.

    Without a last number the block is the one text, whatever it says. Raises ValueError where the two do not span a
    block.
    """
    first, last = first.strip().casefold(), last.strip().casefold()
    place = registry.strip().casefold()
    if not last or last == first:
        spans = _split(first)
        if not spans:
            return Block(f"{place}|{first}", 0, 0)
        return replace(_made(place, first, spans[_longest(first, spans)], first), text=first)
    one, two = _split(first), _split(last)
    if len(one) != len(two):
        raise ValueError("the two serial numbers are not built alike")
    moved = [n for n, (a, b) in enumerate(zip(one, two, strict=True)) if first[slice(*a)] != last[slice(*b)]]
    if len(moved) != 1 or _frame(first, one, moved[0]) != _frame(last, two, moved[0]):
        raise ValueError("the two serial numbers differ in more than one number")
    found = _made(place, first, one[moved[0]], first, int(last[slice(*two[moved[0]])]))
    if found.size < 1:
        raise ValueError("the last serial number comes before the first")
    return found


def _longest(text: str, spans: list[tuple[int, int]]) -> int:
    """Which number of a single text is taken to count: the longest, the first of several."""
    return max(range(len(spans)), key=lambda n: (len(text[slice(*spans[n])]), -n))


def _frame(text: str, spans: list[tuple[int, int]], at: int) -> str:
    start, end = spans[at]
    return f"{text[:start]}#{text[end:]}"


def _made(place: str, text: str, span: tuple[int, int], shown: str, last: int | None = None) -> Block:
    number = int(shown[slice(*span)])
    frame = f"{text[: span[0]]}#{text[span[1] :]}"
    return Block(f"{place}|{frame}", number, number if last is None else last)


def meets(one: Block, two: Block) -> bool:
    """Whether two blocks share a serial number.

    Of a single text it is not known which of its numbers counts: it lies in a block if any of them makes it fit.
    """
    if one.pattern == two.pattern and one.first <= two.last and two.first <= one.last:
        return True
    single, whole = (one, two) if one.text else (two, one)
    return bool(single.text) and not whole.text and _lies_in(single, whole)


def anywhere(one: Block) -> Block:
    """The block without its register: the same numbers under another name of the register meet it."""
    return replace(one, pattern=f"|{one.pattern.partition('|')[2]}")


def _lies_in(single: Block, whole: Block) -> bool:
    place = single.pattern.partition("|")[0]
    spans = _split(single.text)
    made = (_made(place, single.text, span, single.text) for span in spans)
    return any(b.pattern == whole.pattern and whole.first <= b.first <= whole.last for b in made)
