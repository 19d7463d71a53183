"""Ecosystem services: flows, supply and use, values."""
