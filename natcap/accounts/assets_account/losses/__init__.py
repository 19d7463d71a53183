"""Catastrophic losses of the asset account: a workbook of events in, an entry of their own out."""
