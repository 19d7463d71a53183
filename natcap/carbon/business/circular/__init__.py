"""Circular inputs and outputs as a wing: materials bought, waste by hierarchy, circularity of products, a memo."""

from natcap.carbon.business.circular.read import Circular, read
from natcap.carbon.business.circular.show import show

__all__ = ["Circular", "read", "show"]
