"""Biodiversity units from land cover alone, as a range: a screening estimate, not a metric calculation."""

from natcap.accounts.biodiversity_screening.screen import Screening, read
from natcap.accounts.biodiversity_screening.show import LABEL, show

__all__ = ["LABEL", "Screening", "read", "show"]
