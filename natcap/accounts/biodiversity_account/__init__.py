"""Biodiversity units as a wing: a filled official metric workbook in, recomputed parcel by parcel."""

from natcap.accounts.biodiversity_account.account import MetricInput, UnitAccount, read, unit_account
from natcap.accounts.biodiversity_account.show import show

__all__ = ["MetricInput", "UnitAccount", "read", "show", "unit_account"]
