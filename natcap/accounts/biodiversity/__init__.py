"""The statutory biodiversity metric: area, hedgerow and watercourse units, which never add to each other."""

from natcap.accounts.biodiversity.edition import Edition, MetricError, edition
from natcap.accounts.biodiversity.official import Parcel, read_official
from natcap.accounts.biodiversity.recompute import recompute, totals
from natcap.accounts.biodiversity.units import Units, baseline, creation, enhancement, individual_trees

__all__ = [
    "Edition", "MetricError", "Parcel", "Units", "baseline", "creation", "edition", "enhancement", "individual_trees",
    "read_official", "recompute", "totals",
]  # fmt: skip
