"""Units: a closed table of spellings, exact conversion factors, one pint registry made from the same table.

Text from outside never reaches pint. It is folded, at most 40 characters long, and looked up in `factors/units`;
rates such as `kg CO2e/ha/yr` are taken apart at `/`, `per` and `.` and each part is looked up. What could mean two
things (`ton`, `gallon`, `mt`) is refused with the choices.

What never converts into each other: CO2e, CO2, biogenic CO2, CH4, N2O, carbon, nitrogen, phosphate and so on, and
plain mass; energy of a fuel on gross and on net calorific value, and plain energy; money of different currencies or
price years; years of account (a whole accounting year, 365 or 366 days) and days or hours; things of different kind.

Letter case: `kWh`, `KWH` and `kwh` are one. Where case tells a thousandth from a million (`mWh`, `mt`, `ml`) the
spelling that says the improbable is refused; lower-case `mwh`, `mw`, `mj` carry no case and mean the everyday unit.
"""

from __future__ import annotations

from natcap.core.units._grammar import unit
from natcap.core.units._model import MAX_CHARACTERS, Unit, UnitError
from natcap.core.units.convert import convert, convert_column, factor_between
from natcap.core.units.listing import compatible_units, known_units
from natcap.core.units.quantities import quantity, registry

__all__ = [
    "MAX_CHARACTERS",
    "Unit",
    "UnitError",
    "compatible_units",
    "convert",
    "convert_column",
    "factor_between",
    "known_units",
    "quantity",
    "registry",
    "unit",
]
