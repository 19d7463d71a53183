"""Error-adjusted area: what a map says, corrected by a sample of reference points, with its standard error.

Stratified estimator of Olofsson et al. 2014 (Remote Sensing of Environment 148, section 4.2): the map classes are the
strata. Differencing two maps mostly measures their errors; an area that its own error does not exceed is said to be so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Adjusted", "adjust", "change_is_distinguishable"]

Array = npt.NDArray[np.float64]
Z95 = 1.959963984540054
"""97.5th percentile of the standard normal distribution."""


@dataclass(frozen=True, slots=True)
class Adjusted:
    """Per reference class, in the unit of the given areas: mapped area, adjusted area, its standard error.

    `covariance` of the adjusted areas has the shape (classes, classes) and the squares of the errors on its diagonal:
    what is added to one class by the sample is taken from another.
    """

    mapped: Array
    area: Array
    standard_error: Array
    covariance: Array

    @property
    def half_width(self) -> Array:
        """Half of the 95 % confidence interval."""
        return Z95 * self.standard_error


def adjust(sample: npt.ArrayLike, mapped: npt.ArrayLike) -> Adjusted:
    """Adjust mapped areas by an accuracy matrix.

    `sample[i, j]` counts reference points mapped as class i and found to be class j; `mapped[i]` is the area mapped as
    class i. p_ij = W_i n_ij / n_i., A_j = A sum_i p_ij, SE_j = A sqrt(sum_i (W_i p_ij - p_ij^2) / (n_i. - 1)), and
    Cov_jk = -A^2 sum_i p_ij p_ik / (n_i. - 1), as of a multinomial sample in each stratum.
    Raises ValueError for shapes that do not fit, counts that are not whole and positive, and a mapped class with fewer
    than two points (nothing is known of its error).
    """
    n, a = np.asarray(sample, dtype=np.float64), np.asarray(mapped, dtype=np.float64)
    if n.ndim != 2 or n.shape[0] != n.shape[1] or a.shape != (n.shape[0],):
        raise ValueError("the accuracy matrix must be square with one row per mapped class")
    if not np.isfinite(n).all() or (n < 0).any() or (n != np.floor(n)).any():
        raise ValueError("the accuracy matrix must hold counts of points")
    if not np.isfinite(a).all() or (a < 0).any() or a.sum() <= 0:
        raise ValueError("mapped areas must be 0 or more, and not all 0")
    rows = n.sum(axis=1)
    if np.any((rows < 2) & (a > 0)):
        raise ValueError("a mapped class has fewer than two reference points")
    weight = a / a.sum()
    used = a > 0
    share = n[used] / rows[used, None]
    w = weight[used, None]
    p = w * share
    # W p - p^2 written as W^2 q (1 - q): exactly zero where every point of a stratum agrees
    variance = w**2 * share * (1 - share) / (rows[used, None] - 1)
    whole = a.sum()
    covariance = -np.einsum("ij,ik->jk", p / (rows[used, None] - 1), p) * whole**2
    np.fill_diagonal(covariance, variance.sum(axis=0) * whole**2)
    return Adjusted(a, whole * p.sum(axis=0), whole * np.sqrt(variance.sum(axis=0)), covariance)


def change_is_distinguishable(change: npt.ArrayLike, standard_error: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Whether a change exceeds 1.96 of its standard error; elsewhere it is "not distinguishable from zero"."""
    x, se = np.asarray(change, dtype=np.float64), np.asarray(standard_error, dtype=np.float64)
    if (se < 0).any():
        raise ValueError("a standard error is negative")
    result: npt.NDArray[np.bool_] = np.abs(x) > Z95 * se
    return result
