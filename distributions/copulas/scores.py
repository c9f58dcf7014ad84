"""The scores of elliptical copulas: normal scores, or Student's t scores.

A coordinate u of an axis has the score F^-1(u). A group of scores with parameter matrix L L^T is L y, and the y
come one after the other: given k of them, the next is ``spread * e``, where e has its own law, whatever the others
are. For a normal copula e is normal and the spread is 1. For a t copula with nu degrees of freedom, e has Student's
law with nu + k degrees of freedom, and the spread is sqrt((nu + y_1^2 + ... + y_k^2) / (nu + k)): the known scores
tell how far out the others are. So each axis has one innovation and no common one is hidden behind them.

References
----------
P. Ding, "On the conditional distribution of the multivariate t distribution", Amer. Statist. 70(3), 293-295 (2016),
doi:10.1080/00031305.2016.1164756.
M. Rosenblatt, "Remarks on a multivariate transformation", Ann. Math. Statist. 23(3), 470-472 (1952),
doi:10.1214/aoms/1177729394.
M. Cambou, M. Hofert, C. Lemieux, "Quasi-random numbers for copula models", Stat. Comput. 27, 1307-1329 (2017),
doi:10.1007/s11222-016-9688-4 (why this transformation suits points that fill the cube evenly).
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from payback.distributions.continuous.normal import Normal
from payback.distributions.continuous.student_t import StudentT
from payback.distributions.core.distribution import Distribution
from payback.distributions.inversion import cdf_table
from payback.distributions.inversion.cdf_table import ShareTable
from payback.distributions.inversion.inverter import inverter

Floats = NDArray[np.float64]


class Scores(ABC):
    """The distribution of the scores of a copula, one axis after the other.

    Attributes
    ----------
    common_spread : bool
        Whether the size of one score depends on that of the others even where their parameter is 0.
    scale : float
        The score beyond which a tail falls like a power; infinite for a normal tail.
    """

    common_spread: ClassVar[bool]

    @property
    @abstractmethod
    def scale(self) -> float: ...  # noqa: D102 - see the class

    @abstractmethod
    def inverse(self, u: Floats, known: int = 0) -> Floats:
        """Return the quantiles of e at `u`, in [0, 1], given `known` earlier scores; exact where `u` is small."""

    @abstractmethod
    def cdf(self, e: Floats, known: int = 0) -> Floats:
        """Return the share below `e`; exact where it is small."""

    @abstractmethod
    def spread(self, squares: Floats, known: int) -> Floats | float:
        """Return the scale of the next score, given the sum of squares of the `known` earlier ones."""

    def fill_scores(self, u: Floats, known: int, out: Floats) -> None:
        """Write the quantiles of e at `u`, in (0, 1), to `out`, by a table; see `inverse`."""
        inverter(self.law(known))(u, out)

    def fill_shares(self, e: Floats, out: Floats) -> None:
        """Write the shares below the scores `e` of an axis to `out`, by a table, inside (0, 1); see `cdf`."""
        self.shares.fill(e, out)

    @property
    def shares(self) -> ShareTable:
        """The table of `cdf` for the scores of an axis."""
        return _shares(self)

    @abstractmethod
    def law(self, known: int) -> Distribution:
        """Return the distribution of e given `known` earlier scores."""

    def at(self, z: Floats, known: int = 0) -> Floats:
        """Return the quantiles of e at the coordinates of the normal scores `z`, exact in both tails."""
        from scipy.special import ndtr

        return np.asarray(-np.copysign(1.0, z) * self.inverse(ndtr(-np.abs(z)), known))


@dataclass(frozen=True)
class NormalScores(Scores):
    """The scores of a Gaussian copula: independent of one another once whitened."""

    common_spread = False

    def inverse(self, u: Floats, known: int = 0) -> Floats:
        """See `Scores.inverse`."""
        from scipy.special import ndtri

        return np.asarray(ndtri(u))

    def cdf(self, e: Floats, known: int = 0) -> Floats:
        """See `Scores.cdf`."""
        from scipy.special import ndtr

        return np.asarray(ndtr(e))

    def spread(self, squares: Floats, known: int) -> Floats | float:
        """Return 1."""
        return 1.0

    def law(self, known: int) -> Distribution:
        """Return the normal law."""
        return Normal(0.0, 1.0)

    @property
    def scale(self) -> float:
        """See `Scores`."""
        return math.inf


@dataclass(frozen=True)
class StudentScores(Scores):
    """The scores of a t copula.

    Raises
    ------
    ValueError
        If `degrees` is not a finite number of 1 or more.
    """

    degrees: float

    common_spread = True

    def __post_init__(self) -> None:
        if not 1.0 <= self.degrees < np.inf:
            raise ValueError(f"the degrees of freedom of a t copula must be 1 or more, got {self.degrees}")

    def inverse(self, u: Floats, known: int = 0) -> Floats:
        """See `Scores.inverse`."""
        from scipy.special import stdtrit

        return np.where(u > 0.0, stdtrit(self.degrees + known, u), -np.inf)  # which calls it +inf at 0

    def cdf(self, e: Floats, known: int = 0) -> Floats:
        """See `Scores.cdf`."""
        from scipy.special import stdtr

        return np.asarray(stdtr(self.degrees + known, e))

    def spread(self, squares: Floats, known: int) -> Floats | float:
        """Return sqrt((nu + squares) / (nu + known))."""
        return np.asarray(np.sqrt((self.degrees + squares) / (self.degrees + known)))

    def law(self, known: int) -> Distribution:
        """Return Student's law with nu + `known` degrees of freedom."""
        return StudentT(self.degrees + known)

    @property
    def scale(self) -> float:
        """See `Scores`."""
        return math.sqrt(self.degrees)


@lru_cache(maxsize=16)
def _shares(scores: Scores) -> ShareTable:
    deepest = -float(scores.inverse(np.array([cdf_table.DEEPEST]))[0])
    return cdf_table.build(scores.cdf, deepest, scores.scale)
