"""The nouns every room shares: units, factors, lines, accounts that close, reports, workbooks."""
