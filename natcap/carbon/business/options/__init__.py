"""Reduction options as a wing: what each saves, costs and pays back; the abatement cost curve; the plan's cash flow."""

from natcap.carbon.business.options.read import Options, read
from natcap.carbon.business.options.show import show

__all__ = ["Options", "read", "show"]
