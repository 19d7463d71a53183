"""Ranges of the accounts as a wing: factors with their ranges in, P5, median and P95 with a confidence word out."""

from natcap.accounts.ranges_account.account import RangesAccount
from natcap.accounts.ranges_account.read import RangesInput, read
from natcap.accounts.ranges_account.show import show

__all__ = ["RangesAccount", "RangesInput", "read", "show"]
