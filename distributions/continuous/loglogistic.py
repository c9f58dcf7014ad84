"""The log-logistic distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.parameters import Role, Rule, above_zero


@dataclass(frozen=True)
class LogLogistic(Distribution):
    """The log-logistic (Fisk) distribution: its logarithm is logistic.

    Survival function and density, with y = x / median::

        P(X > x) = 1 / (1 + y^shape),  f(x) = shape y^(shape - 1) / (median (1 + y^shape)^2),  x >= 0

    Parameters
    ----------
    median : float
        Greater than 0, in the unit of the input.
    shape : float
        Greater than 0, without a unit; the mean is finite above 1, the standard deviation above 2.

    References
    ----------
    .. [1] Fisk (1961), "The graduation of income distributions", Econometrica 29(2), doi:10.2307/1909287.

    Examples
    --------
    >>> float(LogLogistic(100, 4.5).ppf(0.9))
    162.9498
    """

    median: float
    shape: float

    name: ClassVar[str] = "loglogistic"
    roles: ClassVar[tuple[Role, ...]] = ("value", "shape")
    rules: ClassVar[tuple[Rule, ...]] = (above_zero("median"), above_zero("shape"))

    def _support(self) -> tuple[float, float]:
        return 0.0, math.inf

    def _moments(self) -> tuple[float, float]:
        angle = math.pi / self.shape
        mean = self.median * angle / math.sin(angle) if self.shape > 1.0 else math.inf
        if self.shape <= 2.0:
            return mean, math.inf
        return mean, self.median * math.sqrt(2.0 * angle / math.sin(2.0 * angle) - (angle / math.sin(angle)) ** 2)

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        odds = np.log1p(-v) - np.log(v)
        return self.median * np.exp(np.where(up, odds, -odds) / self.shape)

    def _cdf(self, x: FloatArray) -> FloatArray:
        return np.asarray(1.0 / (1.0 + (x / self.median) ** -self.shape))

    def _sf(self, x: FloatArray) -> FloatArray:
        return np.asarray(1.0 / (1.0 + (x / self.median) ** self.shape))

    def _pdf(self, x: FloatArray) -> FloatArray:
        y = x / self.median
        return np.asarray(self.shape / self.median * y ** (self.shape - 1.0) * self._sf(x) ** 2)
