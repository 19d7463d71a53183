"""Serve reports made by hand on a free port: python serve_made.py plain|hostile."""

from __future__ import annotations

import sys

from made import business, hostile_problems

from dashboards.serve import run
from dashboards.shelf import Entry, Shelf

if __name__ == "__main__":
    hostile = sys.argv[1] == "hostile"
    report = business(hostile)
    broken = Entry("farm", "A farm with problems", None, hostile_problems() if hostile else report.warnings)
    again = Entry("business", report.subject, business(hostile, 7))
    run(
        Shelf(made=[Entry("business", report.subject, report), again, broken]),
        int(sys.argv[2] if len(sys.argv) > 2 else 0),
    )
