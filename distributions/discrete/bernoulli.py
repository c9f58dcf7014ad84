"""The Bernoulli distribution: yes or no."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.integer_support import Whole
from payback.distributions.core.parameters import Role, Rule
from payback.distributions.discrete.binomial import SHARE


@dataclass(frozen=True)
class Bernoulli(Whole):
    """The Bernoulli distribution: 1 with probability p, else 0.

    Mass: P(X = 1) = p and P(X = 0) = 1 - p. The value is 1 at coordinates above 1 - p.

    Parameters
    ----------
    p : float
        Probability of 1, in [0, 1].

    References
    ----------
    .. [1] Johnson, Kemp and Kotz (2005), Univariate Discrete Distributions, 3rd ed., chapter 3,
       doi:10.1002/0471715816.

    Examples
    --------
    >>> float(Bernoulli(0.3).ppf(0.8))
    1.0
    """

    p: float

    name: ClassVar[str] = "bernoulli"
    roles: ClassVar[tuple[Role, ...]] = ("probability",)
    rules: ClassVar[tuple[Rule, ...]] = (SHARE,)

    def _support(self) -> tuple[float, float]:
        return 0.0, 1.0

    def _moments(self) -> tuple[float, float]:
        return self.p, math.sqrt(self.p * (1.0 - self.p))

    def _atoms(self) -> FloatArray:
        return np.array([0.0, 1.0])

    def _start(self, v: FloatArray, up: BoolArray) -> tuple[FloatArray, BoolArray]:
        # Both comparisons are exact: 1 - p has no rounding error where it is at most 1/2.
        return np.where(np.where(up, v < self.p, v > 1.0 - self.p), 1.0, 0.0), np.full(v.shape, True)

    def _at_most(self, k: FloatArray) -> FloatArray:
        return np.where(k >= 1.0, 1.0, 1.0 - self.p)

    def _above(self, k: FloatArray) -> FloatArray:
        return np.where(k >= 1.0, 0.0, self.p)

    def _pdf(self, x: FloatArray) -> FloatArray:
        return np.where(x == 1.0, self.p, np.where(x == 0.0, 1.0 - self.p, 0.0))
