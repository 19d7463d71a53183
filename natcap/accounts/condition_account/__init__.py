"""The condition account as a wing: readings of condition variables in, indicators and indices out."""

from natcap.accounts.condition_account.read import ConditionInput, read
from natcap.accounts.condition_account.show import show

__all__ = ["ConditionInput", "read", "show"]
