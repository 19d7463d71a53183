"""Monetary asset accounts as a wing: the service account in, asset values at two dates and why they changed out."""

from natcap.accounts.assets_account.choices import AssetChoices, read
from natcap.accounts.assets_account.product import Assets
from natcap.accounts.assets_account.show import show

__all__ = ["AssetChoices", "Assets", "read", "show"]
