"""Methods: pure functions, arrays in and out, one per equation of IPCC volume 4. They know no tables and no files.

Every array may have any shape that broadcasts; masses are in kg, rates in the unit their table prints.
"""
