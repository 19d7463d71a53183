"""Many businesses at once: one table of all their bills, one pass over it, each beside those like it."""
