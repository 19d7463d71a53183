"""Biodiversity units from the project's own parcels, as a wing: habitats before and after a plan."""

from natcap.accounts.habitats_account.account import HabitatAccount, habitat_account
from natcap.accounts.habitats_account.read import HabitatInput, read
from natcap.accounts.habitats_account.show import show

__all__ = ["HabitatAccount", "HabitatInput", "habitat_account", "read", "show"]
