"""The neutrality ledger of an organisation as a wing: quantified, reduced, removed, and only then offset."""

from natcap.carbon.business.neutrality.read import Neutrality, read
from natcap.carbon.business.neutrality.show import show

__all__ = ["Neutrality", "read", "show"]
