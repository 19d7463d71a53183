"""Energy model of cattle, Tier 2 (2019 Refinement, volume 4, chapter 10, Eqs 10.3 to 10.33).

Digestibility, milk fat, crude protein and Ym are in percent throughout, as the equations print them; most tables of
factors hold fractions, and `percent` refuses what can only be a fraction.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from natcap.carbon.farm.chemistry import DAYS, PERCENT, THOUSAND

__all__ = [
    "Coefficients",
    "enteric_factor",
    "excreted_per_head",
    "gross_energy",
    "growth",
    "lactation",
    "maintenance",
    "nitrogen_intake",
    "nitrogen_retention",
    "percent",
    "reg",
    "rem",
    "volatile_solids_per_day",
]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Coefficients:
    """Figures that the equations print, as rows `eq_<name>` of factors/farm/tier2.csv."""

    maintenance_power: float
    growth_factor: float
    growth_mass_power: float
    growth_gain_power: float
    milk_base: float
    milk_per_fat: float
    rem_0: float
    rem_1: float
    rem_2: float
    rem_3: float
    reg_0: float
    reg_1: float
    reg_2: float
    reg_3: float
    methane_energy: float
    methane_density: float
    energy_of_dry_matter: float
    urinary_energy: float
    ash_of_manure: float
    protein_per_n: float
    milk_protein_per_n: float
    gain_n_base: float
    gain_n_per_energy: float

    @classmethod
    def names(cls) -> tuple[str, ...]:
        return tuple(f.name for f in fields(cls))


def percent(values: Array, name: str) -> Array:
    """The values, in percent. ValueError when one lies outside 0 to 100 or is a fraction (over 0 and below 1)."""
    given = np.asarray(values, dtype=np.float64)
    if ((given < 0) | (given > PERCENT)).any():
        raise ValueError(f"{name} must lie between 0 and 100 %")
    if ((given > 0) & (given < 1)).any():
        raise ValueError(f"{name} is in percent; {given[(given > 0) & (given < 1)].flat[0]:g} looks like a fraction")
    return given


def maintenance(mass: Array, cfi: Array, c: Coefficients) -> Array:
    """Eq 10.3: NEm, MJ/day = Cfi x mass^0.75."""
    return cfi * mass**c.maintenance_power


def growth(mass: Array, mature_mass: Array, gain: Array, c_growth: Array, c: Coefficients) -> Array:
    """Eq 10.6: NEg, MJ/day, from live and mature mass (kg), gain (kg/day) and C (females, castrates, bulls)."""
    return c.growth_factor * (mass / (c_growth * mature_mass)) ** c.growth_mass_power * gain**c.growth_gain_power


def lactation(milk: Array, fat_percent: Array, c: Coefficients) -> Array:
    """Eq 10.8: NEl, MJ/day = milk (kg/day) x (1.47 + 0.40 x fat in percent)."""
    return milk * (c.milk_base + c.milk_per_fat * percent(fat_percent, "milk fat"))


def rem(de_percent: Array, c: Coefficients) -> Array:
    """Eq 10.14: net energy for maintenance per digestible energy; DE in percent of gross energy."""
    return c.rem_0 + c.rem_1 * de_percent + c.rem_2 * de_percent**2 + c.rem_3 / de_percent


def reg(de_percent: Array, c: Coefficients) -> Array:
    """Eq 10.15: net energy for growth per digestible energy; DE in percent of gross energy."""
    return c.reg_0 + c.reg_1 * de_percent + c.reg_2 * de_percent**2 + c.reg_3 / de_percent


def gross_energy(upkeep: Array, gain: Array, rem_ratio: Array, reg_ratio: Array, de_percent: Array) -> Array:
    """Eq 10.16: GE, MJ/day = (upkeep / REM + gain / REG) / (DE/100).

    `upkeep` is NEm + NEa + NEl + NEwork + NEp; `gain` is NEg + NEwool.
    """
    return (upkeep / rem_ratio + gain / reg_ratio) / (de_percent / PERCENT)


def enteric_factor(energy: Array, ym_percent: Array, c: Coefficients) -> Array:
    """Eq 10.21: kg CH4 per head and year = GE x Ym/100 x 365 / 55.65."""
    return energy * (percent(ym_percent, "Ym") / PERCENT) * DAYS / c.methane_energy


def volatile_solids_per_day(energy: Array, de_percent: Array, c: Coefficients) -> Array:
    """Eq 10.24: kg VS per head and day = GE x (1 - DE/100 + UE) x (1 - ash) / 18.45."""
    return energy * (1 - de_percent / PERCENT + c.urinary_energy) * (1 - c.ash_of_manure) / c.energy_of_dry_matter


def nitrogen_intake(energy: Array, protein_percent: Array, c: Coefficients) -> Array:
    """Eq 10.32: kg N per head and day = GE / 18.45 x crude protein / 100 / 6.25."""
    return energy / c.energy_of_dry_matter * percent(protein_percent, "crude protein") / PERCENT / c.protein_per_n


def nitrogen_retention(
    milk: Array, milk_protein_percent: Array, gain: Array, net_growth: Array, c: Coefficients
) -> Array:
    """Eq 10.33: kg N per head and day kept: milk x protein/100/6.38 + (268 gain - 7.03 NEg)/1000/6.25."""
    in_milk = milk * percent(milk_protein_percent, "milk protein") / PERCENT / c.milk_protein_per_n
    in_gain = (c.gain_n_base * gain - c.gain_n_per_energy * net_growth) / THOUSAND / c.protein_per_n
    return in_milk + in_gain


def excreted_per_head(intake: Array, retention: Array) -> Array:
    """Eq 10.31A: kg N excreted per head and year = (intake - retention) x 365."""
    return (intake - retention) * DAYS
