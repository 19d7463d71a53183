"""Labels: the class that a text or a number in somebody's parcels or table stands for."""

from __future__ import annotations

from numbers import Real

from natcap.accounts.classes import NODATA, ClassList, slug, table
from natcap.core.problems import did_you_mean

__all__ = ["Labels"]

_NONE = (NODATA, "nodata", "unclassified", "not_classified")
"""Words for land of no class, unless the list has a class of that name."""


def _also(key: str) -> list[tuple[int, str]]:
    """Other names that the producer gave a class in other editions: (code, slug)."""
    frame = table("names")
    rows = frame[frame["list"] == key]
    return [(int(code), slug(name)) for code, name in zip(rows["code"], rows["name"], strict=True)]


class Labels:
    """Positions of classes by code, name or key: 0 for no data, 1..n in the order of the list, None for none of it."""

    def __init__(self, classes: ClassList) -> None:
        self.classes = classes
        place = {code: n for n, code in enumerate(classes.codes, 1)}
        self._codes = {item.code: place.get(item.code, 0) for item in classes.classes}
        self._words: dict[str, int | None] = {}
        for item in classes.classes:
            for word in {slug(item.name), item.key}:
                # A word that stands for two classes stands for neither.
                same = self._words.get(word, self._codes[item.code]) == self._codes[item.code]
                self._words[word] = self._codes[item.code] if same else None
        for code, word in _also(classes.id) if classes.source else ():
            self._words.setdefault(word, self._codes.get(code))
        for word in _NONE:
            self._words.setdefault(word, 0)

    def __call__(self, value: object) -> int | None:
        """The position of a value: a whole number is a code, also where it was stored as 3.0 or as text."""
        if isinstance(value, bool) or value is None:
            return None
        if isinstance(value, Real):
            return self._codes.get(int(float(value))) if float(value).is_integer() else None
        text = str(value).strip()
        digits = text.removesuffix(".0")
        if digits.lstrip("-").isdigit():
            return self._codes.get(int(digits))
        # A slug drops the sign of a percentage, and a percentage of arable land is not arable land.
        return self._words.get(slug(text)) if text and "%" not in text else None

    def near(self, value: object) -> str:
        """A remedy that names the nearest class of the list."""
        return did_you_mean(str(value), [c.name for c in self.classes.classes])
