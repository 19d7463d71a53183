"""Error-adjusted area as a wing: points of an accuracy sample in, adjusted areas with their errors out."""

from natcap.accounts.accuracy_account.account import AccuracyAccount, Estimate
from natcap.accounts.accuracy_account.read import AccuracyInput, read
from natcap.accounts.accuracy_account.show import show

__all__ = ["AccuracyAccount", "AccuracyInput", "Estimate", "read", "show"]
