"""Checks of intermediate services: supply equals use, and nothing is left to final users."""

from __future__ import annotations

from collections.abc import Iterator

from natcap.accounts.services.intermediate.balance import Balance
from natcap.core.report import Check

__all__ = ["intermediate_checks"]


def intermediate_checks(balance: Balance) -> Iterator[Check]:
    """For each service and date with a supply: supply and use, and what types give net and what others take net."""
    for column, blocks in balance.blocks.items():
        for block in blocks:
            if not block.known:
                continue
            name, date, stem = block.service.name, block.date, f"{column}.{block.date}.{block.service.id}"
            unit = balance.view.money if column == "value" else block.service.unit
            tolerance = 1e-9 * max(abs(block.supplied), 1e-300)
            yield Check(f"services.intermediate.{stem}", f"{name}: {column} supplied by ecosystem types = {column} "
                        f"used by them, {date}", block.supplied, block.used, tolerance, unit)  # fmt: skip
            gives, takes = block.given
            yield Check(f"services.intermediate.net.{stem}", f"{name} nets to zero to final users: {column} that types "
                        f"give net = {column} that others take net, {date}", gives, takes, tolerance, unit)  # fmt: skip
