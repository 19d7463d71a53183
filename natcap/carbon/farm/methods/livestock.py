"""Livestock and manure, Tier 1 (2019 Refinement, volume 4, chapter 10)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from natcap.carbon.farm.chemistry import DAYS, N2O_PER_N, THOUSAND

__all__ = [
    "average_population",
    "enteric_tier1",
    "excreted_nitrogen",
    "loss_fraction",
    "manure_direct_n2o",
    "manure_emission_factor",
    "manure_methane",
    "nitrogen_to_n2o",
    "volatile_solids",
]

Array = npt.NDArray[np.float64]


def average_population(head: Array, days: Array, days_of_period: float) -> Array:
    """Eq 10.1: average population = animals x days each is present / days of the period."""
    return head * days / days_of_period


def enteric_tier1(population: Array, factor: Array) -> Array:
    """Eq 10.19: kg CH4 a year = animals x kg CH4 per head and year."""
    return population * factor


def volatile_solids(population: Array, rate: Array, mass: Array) -> Array:
    """Eq 10.22A: kg VS a year = animals x rate (kg VS per 1000 kg animal mass and day) x mass (kg) / 1000 x 365."""
    return population * rate * mass / THOUSAND * DAYS


def manure_methane(solids: Array, factor: Array) -> Array:
    """Eq 10.22 (2019): kg CH4 = kg VS handled in the system x g CH4 per kg VS / 1000."""
    return solids * factor / THOUSAND


def manure_emission_factor(bo: Array, mcf: Array, density: float) -> Array:
    """The identity behind Table 10.14 (from Eq 10.23): g CH4 per kg VS = Bo x density of methane x MCF x 1000."""
    return bo * density * mcf * THOUSAND


def excreted_nitrogen(population: Array, rate: Array, mass: Array) -> Array:
    """Eq 10.30 times the animals: kg N a year = animals x rate (kg N per 1000 kg and day) x mass / 1000 x 365."""
    return population * rate * mass / THOUSAND * DAYS


def nitrogen_to_n2o(nitrogen: Array) -> Array:
    """kg N2O of kg N2O-N (44/28)."""
    return nitrogen * N2O_PER_N


def manure_direct_n2o(nitrogen: Array, ef3: Array) -> Array:
    """Eq 10.25: kg N2O-N = kg N in the system (excreted, and in bedding for Ncdg) x EF3."""
    return nitrogen * ef3


def loss_fraction(gas: Array, leach: Array, ef3: Array, r_n2: Array) -> Array:
    """Eq 10.34A (2019): share of nitrogen lost in housing and store, as NH3 and NOx, leached, as N2O and as N2."""
    return gas + leach + ef3 + ef3 * r_n2
