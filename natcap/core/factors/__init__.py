"""Published factors: editions as data, one library to ask, and the importer that adds an edition."""

from __future__ import annotations

from natcap.core.factors.editions import Edition
from natcap.core.factors.library import Library, library
from natcap.core.factors.model import Factor, FactorError, Match

__all__ = ["Edition", "Factor", "FactorError", "Library", "Match", "library"]
