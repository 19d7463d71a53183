"""What a difference between maps is worth: more dates, breaks, patches too small, crops in rotation, known causes."""

from natcap.accounts.change.choices import CHOICES, INPUTS, read_breaks, read_change
from natcap.accounts.change.model import Change, ManagedAreas
from natcap.accounts.change.periods import Period, count_periods, differs
from natcap.accounts.change.sieve import Sifted, sift

__all__ = ["CHOICES", "INPUTS", "Change", "ManagedAreas", "Period", "Sifted", "count_periods", "differs",
           "read_breaks", "read_change", "sift"]  # fmt: skip
