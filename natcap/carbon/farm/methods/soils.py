"""Managed soils, lime and urea (volume 4, chapter 11; equations as numbered in 2006 and kept in 2019)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from natcap.carbon.farm.chemistry import CO2_PER_C

__all__ = ["direct_n2o_n", "leached_n2o_n", "lime_co2", "urea_co2", "volatilised_n2o_n"]

Array = npt.NDArray[np.float64]


def direct_n2o_n(nitrogen: Array, factor: Array) -> Array:
    """Eq 11.1: kg N2O-N = kg N applied x EF1, or kg N dropped while grazing x EF3PRP."""
    return nitrogen * factor


def volatilised_n2o_n(nitrogen: Array, fraction: Array, ef4: Array) -> Array:
    """Eq 11.9: kg N2O-N = kg N x share volatilised (FracGASF synthetic, FracGASM organic and grazing) x EF4."""
    return nitrogen * fraction * ef4


def leached_n2o_n(nitrogen: Array, fraction: Array, ef5: Array) -> Array:
    """Eq 11.10: kg N2O-N = kg N x FracLEACH-(H) x EF5."""
    return nitrogen * fraction * ef5


def lime_co2(mass: Array, factor: Array) -> Array:
    """Eq 11.12: kg CO2 = kg of limestone or dolomite x t C per t x 44/12."""
    return mass * factor * CO2_PER_C


def urea_co2(mass: Array, factor: Array) -> Array:
    """Eq 11.13: kg CO2 = kg of urea x t C per t x 44/12."""
    return mass * factor * CO2_PER_C
