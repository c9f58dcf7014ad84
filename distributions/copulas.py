"""The Gaussian copula: coordinates that are uniform one by one and dependent together.

A trial's independent coordinates become normal innovations, z = L Phi^-1(u) with L L^T the parameter
matrix, and the coupled coordinates are Phi(z). L is the Cholesky factor in the order given, so the first
axis keeps its coordinates, and an axis with no partner keeps its own.

A pin or a band on one axis is a condition: the other axes follow. Given z_i the others are normal with
means rho_ij z_i and a spread that does not depend on z_i, so moving z_i to z_i' moves z_j by
rho_ij (z_i' - z_i) with the *same* innovations: exact, and paired trial by trial with the unconditioned run.

References
----------
R. B. Nelsen, "An Introduction to Copulas", 2nd ed., Springer (2006), sections 2.9 and 5.1.
W. H. Kruskal, "Ordinal measures of association", J. Amer. Statist. Assoc. 53, 814-861 (1958),
doi:10.1080/01621459.1958.10501481 (Spearman's and Kendall's coefficients of the bivariate normal).
M. L. Eaton, "Multivariate Statistics", Wiley (1983), proposition 3.13 (conditional normal laws).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

_STRIP = 8_192  # trials coupled at a time, so that the normals of a group stay in the cache
_ROUNDING = 1e-10  # eigenvalues and variances below it are zero
_ENDS = (2.0**-53, 1.0 - 2.0**-53)


def spearman_to_parameter(spearman: float) -> float:
    """Return the parameter 2 sin(pi r / 6) of the Gaussian copula whose Spearman's rank correlation is `spearman`.

    Examples
    --------
    >>> round(spearman_to_parameter(0.5), 12)
    0.517638090205
    """
    return 2.0 * math.sin(math.pi * _correlation("spearman", spearman) / 6.0)


def kendall_to_parameter(kendall: float) -> float:
    """Return the parameter sin(pi tau / 2) of the Gaussian copula whose Kendall's tau is `kendall`.

    Examples
    --------
    >>> round(kendall_to_parameter(0.3), 12)
    0.4539904997
    """
    return math.sin(math.pi * _correlation("kendall", kendall) / 2.0)


def parameter_to_spearman(parameter: float) -> float:
    """Return Spearman's rank correlation 6 asin(rho / 2) / pi of a Gaussian copula, latent when discrete."""
    return 6.0 * math.asin(_correlation("parameter", parameter) / 2.0) / math.pi


def parameter_to_kendall(parameter: float) -> float:
    """Return Kendall's tau 2 asin(rho) / pi of a Gaussian copula, latent when discrete."""
    return 2.0 * math.asin(_correlation("parameter", parameter)) / math.pi


def _correlation(name: str, value: float) -> float:
    if not -1.0 <= value <= 1.0:
        raise ValueError(f"`{name}` must lie in [-1, 1], got {value}")
    return value


def require_correlation(correlation: Sequence[Sequence[float]]) -> None:
    """Refuse what is no correlation matrix.

    Raises
    ------
    ValueError
        If `correlation` is not square, symmetric, with ones on the diagonal and entries in [-1, 1], or has a
        negative eigenvalue; then the entries that cannot hold together are named.
    """
    matrix = np.array(correlation, dtype=float)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise ValueError(f"a correlation matrix must be square, got shape {matrix.shape}")
    if not ((matrix == matrix.T).all() and (np.diag(matrix) == 1.0).all() and (np.abs(matrix) <= 1.0).all()):
        raise ValueError("a correlation matrix must be symmetric, with a diagonal of 1 and entries in [-1, 1]")
    values, vectors = np.linalg.eigh(matrix)
    if values[0] < -_ROUNDING:
        # the smallest eigenvalue is the sum of these parts, so a negative one is at fault
        parts = matrix * np.outer(vectors[:, 0], vectors[:, 0])
        pairs = sorted(combinations(range(len(matrix)), 2), key=lambda pair: float(parts[pair]))
        named = ", ".join(f"({i}, {j}) = {matrix[i, j]:g}" for i, j in pairs[:3] if parts[i, j] < 0)
        raise ValueError(
            f"these correlations cannot hold together: the smallest eigenvalue is {values[0]:.3g}; "
            f"weaken one of the entries {named}"
        )


@dataclass(frozen=True)
class Band:
    """A condition on a coordinate: it lies in [low, high]; equal ends pin it.

    Raises
    ------
    ValueError
        Unless 0 <= low < high <= 1, or 0 < low = high < 1.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        if not (0.0 <= self.low < self.high <= 1.0 or 0.0 < self.low == self.high < 1.0):
            raise ValueError(
                f"a band must have 0 <= low < high <= 1, and a pin lie between 0 and 1, got {self.low} to {self.high}"
            )

    @property
    def is_pin(self) -> bool:
        """Whether the ends are equal."""
        return self.low == self.high

    def squeeze(self, u: NDArray[np.float64]) -> None:
        """Map uniform coordinates `u` onto the band in place, in the same order."""
        u *= self.high - self.low
        u += self.low
        self.clip(u)

    def clip(self, u: NDArray[np.float64]) -> None:
        """Move coordinates that rounding put outside the band, or the open unit interval, to its end, in place."""
        np.clip(u, max(self.low, _ENDS[0]), min(self.high, _ENDS[1]), out=u)


@dataclass(frozen=True)
class GaussianCopula:
    """A Gaussian copula.

    Parameters
    ----------
    correlation : tuple of tuple of float, shape (k, k)
        The parameters: symmetric, unit diagonal, positive semidefinite.

    Raises
    ------
    ValueError
        If `correlation` is no correlation matrix, see `require_correlation`.
    """

    correlation: tuple[tuple[float, ...], ...]

    def __post_init__(self) -> None:
        require_correlation(self.correlation)

    @cached_property
    def factor(self) -> NDArray[np.float64]:
        """The lower triangular Cholesky factor in the order of the axes, shape (k, k).

        An axis that earlier axes determine has a zero on the diagonal.
        """
        rest = np.array(self.correlation)
        factor = np.zeros_like(rest)
        for j in range(len(rest)):
            if rest[j, j] > _ROUNDING:
                factor[j:, j] = rest[j:, j] / math.sqrt(rest[j, j])
                rest[j:, j:] -= factor[j:, j, None] * factor[j:, j]
        return np.asarray(factor / np.sqrt((factor**2).sum(axis=1, keepdims=True)))

    def couple(self, u: NDArray[np.float64], bands: Mapping[int, Band] | None = None) -> NDArray[np.float64]:
        """Return coupled coordinates.

        Parameters
        ----------
        u : ndarray of float, shape (trials, m), column-major
            Independent coordinates of the first m axes, m <= k, in the open unit interval.
        bands : mapping of int to Band, optional
            Conditions on some of these axes by position: any number of pins, and at most one band.

        Returns
        -------
        ndarray of float, shape (trials, m), column-major
            In the open unit interval. The first axis, and any axis without an earlier partner, keeps its
            bits unless a condition moves it.

        Raises
        ------
        ValueError
            If two bands are given, or the pins leave no room for a condition.
        """
        out = np.empty_like(u, order="F")
        moves = _moves(np.array(self.correlation)[: u.shape[1], : u.shape[1]], bands or {})
        for first in range(0, len(u), _STRIP):
            strip = slice(first, first + _STRIP)
            self._couple_strip(u[strip], moves, out[strip])
        return out

    def _couple_strip(self, u: NDArray[np.float64], moves: Sequence[_Move], out: NDArray[np.float64]) -> None:
        from scipy.special import ndtr, ndtri

        innovations = ndtri(u)
        z = innovations * np.diag(self.factor)[: u.shape[1]]
        for j, row in enumerate(self.factor[: u.shape[1]]):
            for i in np.flatnonzero(row[:j]):
                z[:, j] += row[i] * innovations[:, i]
        for move in moves:
            move.apply(z)
        for j, row in enumerate(self.factor[: u.shape[1]]):
            if row[:j].any() or any(move.slopes[j] for move in moves):
                np.clip(ndtr(z[:, j]), *_ENDS, out=out[:, j])
            else:
                out[:, j] = u[:, j]
        for move in moves:
            move.band.clip(out[:, move.axis])


@dataclass(frozen=True, eq=False)
class _Move:
    """Bring one axis into its band; the others follow with their own innovations.

    Parameters
    ----------
    axis, band : int, Band
        The condition.
    mean, sd : float
        Law of the axis in normal units, given the conditions before this one.
    slopes : ndarray of float, shape (m,)
        How far each axis moves for a unit of this one.
    """

    axis: int
    band: Band
    mean: float
    sd: float
    slopes: NDArray[np.float64]

    def apply(self, z: NDArray[np.float64]) -> None:
        """Change normals `z`, shape (trials, m)."""
        here = z[:, self.axis].copy()
        step = self.target(here) - here
        for j in np.flatnonzero(self.slopes):
            z[:, j] += self.slopes[j] * step

    def target(self, here: NDArray[np.float64]) -> NDArray[np.float64] | float:
        """Return where normals `here` of the axis go, shape (trials,), in the same order."""
        from scipy.special import ndtr, ndtri

        ends = ndtri(np.array([self.band.low, self.band.high]))
        if self.band.is_pin:
            return float(ends[0])
        ends = (ends - self.mean) / self.sd
        sign = -1.0 if ends[0] > -ends[1] else 1.0  # the lower tail is where probabilities are exact
        low, high = np.sort(ndtr(sign * ends))
        if not low < high:
            raise ValueError(f"given the pins, nothing is left of the band {self.band.low} to {self.band.high}")
        share = ndtr((sign / self.sd) * (here - self.mean))
        return np.asarray(self.mean + (sign * self.sd) * ndtri(low + (high - low) * share))


def _moves(correlation: NDArray[np.float64], bands: Mapping[int, Band]) -> list[_Move]:
    """Return one move a condition, pins first: conditioning one by one is conditioning on all."""
    from scipy.special import ndtri

    if sum(not band.is_pin for band in bands.values()) > 1:
        raise ValueError("two dependent inputs cannot both be restricted to a band: restrict one, or pin the other")
    covariance, mean, moves = correlation.copy(), np.zeros(len(correlation)), []
    for axis, band in sorted(bands.items(), key=lambda item: not item[1].is_pin):
        if covariance[axis, axis] <= _ROUNDING:
            raise ValueError(f"the pins determine axis {axis} of the group: it has no room for a condition of its own")
        slopes = covariance[:, axis] / covariance[axis, axis]
        moves.append(_Move(axis, band, float(mean[axis]), math.sqrt(covariance[axis, axis]), slopes))
        if band.is_pin:
            mean = mean + slopes * (ndtri(band.low) - mean[axis])
            covariance = covariance - np.outer(slopes, covariance[axis])
    return moves
