"""Ecosystem services: flows, supply and use, values."""

from natcap.accounts.services.read import ServicesInput, read
from natcap.accounts.services.show import show

__all__ = ["ServicesInput", "read", "show"]
