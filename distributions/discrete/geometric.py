"""The geometric distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.integer_support import Whole
from payback.distributions.core.parameters import Role, Rule

CHANCE = Rule("p", lambda d: (d.p > 0) & (d.p <= 1), "must lie in (0, 1]")

FEWEST = Rule("p", lambda d: d.p >= 1e-12, "must be at least 1e-12")


@dataclass(frozen=True)
class Geometric(Whole):
    """The geometric distribution: how many trials it takes until the first success, that one included.

    Mass::

        P(X = k) = p (1 - p)^(k - 1),  k = 1, 2, ...

    Parameters
    ----------
    p : float
        Probability that a trial succeeds, from 1e-12 to 1.

    References
    ----------
    .. [1] Johnson, Kemp and Kotz (2005), Univariate Discrete Distributions, 3rd ed., section 5.2, where the
       success itself is not counted, doi:10.1002/0471715816.

    Examples
    --------
    >>> float(Geometric(0.2).ppf(0.5))
    4.0
    """

    p: float

    name: ClassVar[str] = "geometric"
    roles: ClassVar[tuple[Role, ...]] = ("probability",)
    rules: ClassVar[tuple[Rule, ...]] = (CHANCE, FEWEST)

    def _support(self) -> tuple[float, float]:
        return 1.0, math.inf

    def _moments(self) -> tuple[float, float]:
        return 1.0 / self.p, math.sqrt(1.0 - self.p) / self.p

    def _start(self, v: FloatArray, up: BoolArray) -> tuple[FloatArray, BoolArray]:
        log_above = np.where(up, np.log(v), np.log1p(-v))
        return np.ceil(log_above / np.log1p(-np.asarray(self.p))), np.full(v.shape, False)

    def _at_most(self, k: FloatArray) -> FloatArray:
        return np.asarray(-np.expm1(k * np.log1p(-np.asarray(self.p))))

    def _above(self, k: FloatArray) -> FloatArray:
        return np.asarray(np.exp(k * np.log1p(-np.asarray(self.p))))

    def _pdf(self, x: FloatArray) -> FloatArray:
        from scipy.special import xlog1py

        return np.where(x == np.floor(x), self.p * np.exp(xlog1py(x - 1.0, -self.p)), 0.0)
