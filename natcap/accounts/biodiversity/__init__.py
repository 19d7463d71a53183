"""The statutory biodiversity metric: area, hedgerow and watercourse units, which never add to each other."""

from natcap.accounts.biodiversity.edition import Edition, MetricError, edition
from natcap.accounts.biodiversity.units import Units, baseline, creation, enhancement, individual_trees

__all__ = [
    "Edition", "MetricError", "Units", "baseline", "creation", "edition", "enhancement", "individual_trees",
]  # fmt: skip
