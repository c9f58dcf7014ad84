"""Elliptical copulas: dependence between coordinates that are each uniform on (0, 1).

A trial's independent coordinates become innovations, innovations become scores, x = L y with L L^T the parameter
matrix, and scores become coordinates again; see `payback.distributions.copulas.scores` for the two laws. L is the
Cholesky factor in the order given, so the first axis keeps its coordinates, and under a Gaussian copula so does any
axis without a partner, and perfectly correlated axes share one. Scores and coordinates come from tables, each to a
relative error of 5e-10 in either tail. Conditions on some axes are followed by the others, see
`payback.distributions.copulas.conditioning`.

References
----------
R. B. Nelsen, "An Introduction to Copulas", 2nd ed., Springer (2006), sections 2.9 and 5.1.
S. Demarta, A. J. McNeil, "The t copula and related copulas", Int. Statist. Rev. 73(1), 111-129 (2005),
doi:10.1111/j.1751-5823.2005.tb00254.x.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from payback.distributions.copulas.conditioning import ENDS, Band, Conditions, conditions
from payback.distributions.copulas.correlation_matrix import ROUNDING, require_correlation
from payback.distributions.copulas.scores import NormalScores, Scores, StudentScores
from payback.distributions.core.workspace import OUTER, work

_STRIP = 16_384  # trials coupled at a time: more of them leave the cache, fewer cost more calls


@dataclass(frozen=True)
class Copula(ABC):
    """An elliptical copula: the dependence of a group of axes, given by the correlation matrix of their scores.

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

    @property
    @abstractmethod
    def scores(self) -> Scores:
        """The law of the scores."""

    @cached_property
    def factor(self) -> NDArray[np.float64]:
        """The lower triangular Cholesky factor in the order of the axes, shape (k, k).

        An axis that earlier axes determine has a zero on the diagonal.
        """
        rest = np.array(self.correlation)
        factor = np.zeros_like(rest)
        for j in range(len(rest)):
            if rest[j, j] > ROUNDING:
                factor[j:, j] = rest[j:, j] / math.sqrt(rest[j, j])
                rest[j:, j:] -= factor[j:, j, None] * factor[j:, j]
        return np.asarray(factor / np.sqrt((factor**2).sum(axis=1, keepdims=True)))

    def couple(
        self,
        u: NDArray[np.float64],
        bands: Mapping[int, Band] | None = None,
        out: NDArray[np.float64] | None = None,
    ) -> NDArray[np.float64]:
        """Return coupled coordinates.

        Parameters
        ----------
        u : ndarray of float, shape (trials, m), column-major
            Independent coordinates of the first m axes, m <= k, in the open unit interval.
        bands : mapping of int to Band, optional
            Conditions on some of these axes by position, which the others follow.
        out : ndarray of float, shape (trials, m), column-major, optional
            Where to write; may be `u` itself.

        Returns
        -------
        ndarray of float, shape (trials, m), column-major
            In the open unit interval. The first axis keeps its bits unless a condition moves it, and so does,
            under a Gaussian copula, any axis without an earlier partner.

        Raises
        ------
        ValueError
            If pins determine an axis with a condition of its own, or no trial can meet all conditions.
        """
        bands = bands or {}
        given = self._given(u.shape[1], bands)
        out = np.empty_like(u, order="F") if out is None else out
        for strip in _strips(len(u)):
            x = self._scores(u[strip])
            if bands:
                given.apply(x)
            for j in range(u.shape[1]):
                if self.keeps(j) and not given.moves(j):
                    out[strip, j] = u[strip, j]
                elif (twin := self.twins[j]) is not None:
                    out[strip, j] = out[strip, twin] if self.correlation[j][twin] > 0 else 1.0 - out[strip, twin]
                else:
                    self.scores.fill_shares(x[:, j], out[strip, j])
                    np.clip(out[strip, j], *ENDS, out=out[strip, j])
        for axis, band in bands.items():
            band.clip(out[:, axis])
        return out

    def weights(self, u: NDArray[np.float64], bands: Mapping[int, Band]) -> NDArray[np.float64] | None:
        """Return the weights that make coordinates coupled under several bands a sample of the conditional law.

        Parameters
        ----------
        u, bands
            As for `couple`.

        Returns
        -------
        ndarray of float, shape (trials,), or None
            The probability that a trial meets all bands, given the pins; the mean is the probability of the bands.
            None when all trials count alike.

        Raises
        ------
        ValueError
            As `couple`.
        """
        given = self._given(u.shape[1], bands)
        if not given.weighted:
            return None
        out = np.empty(len(u))
        for strip in _strips(len(u)):
            out[strip] = given.apply(self._scores(u[strip]))
        return out

    def _given(self, size: int, bands: Mapping[int, Band]) -> Conditions:
        return _conditions(self, size, tuple(sorted(bands.items())))

    @cached_property
    def twins(self) -> tuple[int | None, ...]:
        """For each axis the first axis before it that is perfectly correlated with it, None without one."""
        rows = enumerate(self.correlation)
        return tuple(next((i for i in range(j) if abs(row[i]) == 1.0), None) for j, row in rows)

    def keeps(self, j: int) -> bool:
        """Whether the coordinates of axis `j` are its own innovations."""
        return j == 0 if self.scores.common_spread else not self.factor[j, :j].any()

    def _scores(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the scores of independent coordinates `u`, both of shape (trials, m), as a work array."""
        x, y = (work(u.shape[::-1], slot).T for slot in (OUTER, OUTER + 1))
        squares, term, known = np.zeros(len(u)), work(u.shape[:1], OUTER + 2), 0
        for j, row in enumerate(self.factor[: u.shape[1]]):
            x[:, j] = 0.0
            if row[j]:
                self.scores.fill_scores(u[:, j], known, y[:, j])
                if self.scores.common_spread:
                    y[:, j] *= self.scores.spread(squares, known)
                    squares += y[:, j] * y[:, j]
                known += 1
                np.multiply(row[j], y[:, j], out=x[:, j])
            for i in np.flatnonzero(row[:j]):
                np.multiply(row[i], y[:, i], out=term)
                np.add(x[:, j], term, out=x[:, j])
        return x


@dataclass(frozen=True)
class GaussianCopula(Copula):
    """A Gaussian copula: far out in the tails, extremes of different axes are independent."""

    @cached_property
    def scores(self) -> Scores:
        """Normal scores."""
        return NormalScores()


@dataclass(frozen=True)
class TCopula(Copula):
    """A t copula: extremes occur together, the more often the fewer its degrees of freedom.

    Axes are dependent even where their parameter is 0: one far out makes it likely that others are far out, too,
    on either side.

    Parameters
    ----------
    correlation : tuple of tuple of float, shape (k, k)
        The parameters: symmetric, unit diagonal, positive semidefinite.
    degrees : float
        1 or more.

    Raises
    ------
    ValueError
        If `correlation` is no correlation matrix, or `degrees` is out of range.
    """

    degrees: float

    def __post_init__(self) -> None:
        super().__post_init__()
        StudentScores(self.degrees)

    @cached_property
    def scores(self) -> Scores:
        """Student's t scores."""
        return StudentScores(self.degrees)


@lru_cache(maxsize=64)
def _conditions(copula: Copula, size: int, bands: tuple[tuple[int, Band], ...]) -> Conditions:
    return conditions(np.array(copula.correlation)[:size, :size], dict(bands), copula.scores)


def _strips(trials: int) -> Iterator[slice]:
    return (slice(first, first + _STRIP) for first in range(0, trials, _STRIP))
