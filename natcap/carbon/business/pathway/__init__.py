"""Targets of a business as a wing: the straight path from the base year, and this year's place on it."""

from natcap.carbon.business.pathway.read import Targets, read
from natcap.carbon.business.pathway.show import show

__all__ = ["Targets", "read", "show"]
