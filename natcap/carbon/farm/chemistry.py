"""Exact ratios of the method. Nothing here is a measured figure; those stand in `factors/farm`.

IPCC volume 4 writes 44/12 and 44/28 with rounded atomic masses throughout. Tools that use atomic masses to four
digits differ by 0.02 % (nitrous oxide) and 0.07 % (lime); this project follows the printed equations.
"""

from __future__ import annotations

from natcap.core.gwp import mass_ratio

__all__ = ["CO2_PER_C", "DAYS", "N2O_PER_N", "PERCENT", "THOUSAND"]

CO2_PER_C = mass_ratio("C", "CO2")
"""kg CO2 per kg C, 44/12."""
N2O_PER_N = mass_ratio("N2O-N", "N2O")
"""kg N2O per kg N2O-N, 44/28."""
DAYS = 365.0
"""Days in the year of the annual equations."""
THOUSAND = 1000.0
"""g per kg, kg per t; also the animal mass to which Tables 10.13A and 10.19 refer."""
PERCENT = 100.0
