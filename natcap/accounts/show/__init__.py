"""The report of an accounts project: sections, figures, charts, checks."""
