"""The thematic carbon account as a wing: what entered and left the stock between the dates, and what is yet to come."""

from natcap.accounts.stock_account.read import StockInput, read
from natcap.accounts.stock_account.show import show

__all__ = ["StockInput", "read", "show"]
