"""Identities of catastrophic losses: lines, rows and entries agree, and nothing but the split of entries changed."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from natcap.accounts.assets_account.losses.applied import MOVED
from natcap.core.report import Check

__all__ = ["loss_checks"]


def loss_checks(unit: str, before: pd.DataFrame, after: pd.DataFrame, lines: pd.DataFrame) -> Iterator[Check]:
    """`before` and `after`: the pairs without and with losses."""
    names = list(MOVED)
    size = float(before[names].abs().sum().sum()) + float(after[names].abs().sum().sum())
    told = "losses of all lines = the entry of catastrophic losses, all assets"
    yield _check("losses", told, float(lines["value"].sum()), float(after["catastrophic"].sum()), size, unit)
    left, right = before[names].sum(axis=1), after[names].sum(axis=1)
    told = "what losses were taken from, with them = without them, where it fits worst"
    at = int((left - right).abs().to_numpy().argmax()) if len(left) else 0
    sides = (float(left.iloc[at]), float(right.iloc[at])) if len(left) else (0.0, 0.0)
    yield _check("losses_moved", told, *sides, size, unit)


def _check(key: str, title: str, left: float, right: float, size: float, unit: str) -> Check:
    places = 12 - math.ceil(math.log10(max(size, 1.0)))
    sides = round(left, places), round(right, places)
    return Check(f"assets.{key}", f"Asset values: {title}", *sides, 1e-9 * max(size, 1.0), unit)
