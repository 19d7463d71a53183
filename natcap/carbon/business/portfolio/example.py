"""Invented businesses for a portfolio to start from."""

from __future__ import annotations

from typing import Any

__all__ = ["BANNER", "NAME", "rows"]

NAME = "Example Growth Hub"
BANNER = "SYNTHETIC: invented businesses. The published factors are real, the quantities are made up."
_SECTORS = ("49.3-5", "62", "56")
_COUNTS = {"micro": 7, "small": 6, "medium": 3}
_STAFF = {"micro": 4, "small": 25, "medium": 120}


def rows() -> list[dict[str, Any]]:
    """Rows of the table: three sectors, three size bands, electricity, gas and diesel of each business."""
    found: list[dict[str, Any]] = []
    for place, sector in enumerate(_SECTORS):
        for size, count in _COUNTS.items():
            for number in range(count):
                staff = _STAFF[size] + number
                name = f"{sector.replace('.', '').replace('-', '')}{size[:2].upper()}{number + 1:02d}"
                who = {"business": f"B{name}", "name": f"Example {name} Ltd", "sector": sector, "size": size,
                       "employees": staff, "turnover": staff * (90_000 + 7_000 * number)}  # fmt: skip
                used = (
                    ("Electricity from the grid", staff * (900 + 170 * number + 300 * place), "kWh", ""),
                    ("Natural gas", staff * (600 + 90 * number), "kWh", "gross"),
                    ("Diesel (forecourt blend)", staff * (40 + 9 * number + 200 * (place == 0)), "litre", ""),
                )
                for at, (activity, quantity, unit, basis) in enumerate(used):
                    row = {"business": who["business"], "activity": activity, "quantity": quantity, "unit": unit,
                           "start": "2025-01-01", "end": "2025-12-31"}  # fmt: skip
                    found.append((who if at == 0 else {}) | row | ({"basis": basis} if basis else {}))
    return found
