"""A farm's greenhouse gases: herds, manure, soils, lime, urea, fuel and bought inputs, after IPCC volume 4."""
