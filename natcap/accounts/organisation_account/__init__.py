"""The organisational account as a wing (BS 8632:2021): a register, a balance sheet and an income statement."""

from natcap.accounts.organisation_account.given import OrganisationInput
from natcap.accounts.organisation_account.read import read
from natcap.accounts.organisation_account.show import show

__all__ = ["OrganisationInput", "read", "show"]
