"""Crosswalks: from one list of classes to another, as shares that sum to 1 for every class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from natcap.accounts.classes import ClassList, slug
from natcap.core.resources import root
from natcap.core.verification import worst

__all__ = ["Crosswalk", "crosswalk", "crosswalk_of"]


@dataclass(frozen=True)
class Crosswalk:
    """Shares of classes (rows, codes) in targets (columns, keys). `shares` has shape (codes, keys); rows sum to 1.

    `verified` is the weakest verification of its rows.
    """

    from_list: str
    to_list: str
    codes: tuple[int, ...]
    keys: tuple[str, ...]
    names: tuple[str, ...]
    shares: np.ndarray
    verified: str = "user"

    def __post_init__(self) -> None:
        off = [code for code, total in zip(self.codes, self.shares.sum(axis=1), strict=True) if abs(total - 1) > 1e-9]
        if off or (self.shares < 0).any():
            raise ValueError(f"crosswalk {self.from_list} to {self.to_list}: shares of {off} do not sum to 1")

    @property
    def whole(self) -> bool:
        """Every class goes to one target whole, so that cells stay whole numbers."""
        return bool(((self.shares == 0) | (self.shares == 1)).all())

    def pick(self, codes: Sequence[int]) -> Crosswalk:
        """The crosswalk of these classes in this order, without targets that none of them meets.

        Raises LookupError naming the codes it does not have.
        """
        missing = [code for code in codes if code not in self.codes]
        if missing:
            raise LookupError(
                f"crosswalk {self.from_list} to {self.to_list} has no class {', '.join(map(str, missing))}"
            )
        rows = self.shares[[self.codes.index(code) for code in codes]]
        used = np.flatnonzero(rows.any(axis=0))
        keys, names = ([values[n] for n in used] for values in (self.keys, self.names))
        return Crosswalk(
            self.from_list, self.to_list, tuple(codes), tuple(keys), tuple(names), rows[:, used], self.verified
        )

    def margin(self, cells: np.ndarray) -> np.ndarray:
        """Areas of classes, shape (..., 1 + codes) with no data first, as those of targets; int64 where `whole`."""
        shares = np.zeros((len(self.codes) + 1, len(self.keys) + 1))
        shares[0, 0], shares[1:, 1:] = 1, self.shares
        found: np.ndarray = cells @ (shares.astype(cells.dtype) if self.whole else shares)
        return found

    def matrix(self, cells: np.ndarray) -> np.ndarray:
        """Change matrices of classes, shape (..., 1 + codes, 1 + codes) with no data first, as those of targets.

        A class that did not change does not change its targets either, however its area is shared among them. Stays
        int64 where every class goes to one target whole.
        """
        shares = np.zeros((len(self.codes) + 1, len(self.keys) + 1))
        shares[0, 0], shares[1:, 1:] = 1, self.shares
        if self.whole:
            shares = shares.astype(cells.dtype)
        stable = np.einsum("...ii->...i", cells)
        moved = cells - stable[..., None] * np.eye(len(shares), dtype=cells.dtype)
        found: np.ndarray = shares.T @ moved @ shares
        found += (stable @ shares)[..., None] * np.eye(shares.shape[1], dtype=shares.dtype)
        return found


def _build(from_list: str, to_list: str, frame: pd.DataFrame) -> Crosswalk:
    codes = tuple(dict.fromkeys(int(code) for code in frame["code"]))
    named = dict(zip(frame["to_key"], frame["to_name"], strict=True))
    keys = tuple(named)
    shares = np.zeros((len(codes), len(keys)))
    for code, key, share in zip(frame["code"], frame["to_key"], frame["share"], strict=True):
        shares[codes.index(int(code)), keys.index(key)] += float(share)
    verified = worst(frame["verified"]) if "verified" in frame else "user"
    return Crosswalk(from_list, to_list, codes, keys, tuple(named.values()), shares, verified)


def crosswalk(from_list: str, to_list: str) -> Crosswalk:
    """A crosswalk of the library; LookupError when there is none."""
    frame = pd.read_csv(root("factors") / "landcover" / "crosswalks.csv", dtype=str, keep_default_na=False)
    rows = frame[(frame["from_list"] == from_list) & (frame["to_list"] == to_list)]
    if rows.empty:
        raise LookupError(f"no crosswalk from {from_list!r} to {to_list!r}")
    return _build(from_list, to_list, rows)


def crosswalk_of(classes: ClassList) -> Crosswalk | None:
    """The crosswalk that a user's own list states in its habitat column; None when a class has no habitat."""
    real = [c for c in classes.classes if c.role == "class"]
    if not real or not all(c.habitat for c in real):
        return None
    rows = [{"code": c.code, "to_key": slug(c.habitat), "to_name": c.habitat, "share": 1} for c in real]
    return _build(classes.id, "habitats of the list", pd.DataFrame(rows))
