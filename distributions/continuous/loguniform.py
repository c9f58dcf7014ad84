"""The loguniform distribution: uniform in the logarithm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.parameters import DISTINCT, SWAPPED, Role, Rule


@dataclass(frozen=True)
class LogUniform(Distribution):
    """The loguniform distribution: its logarithm is uniform on [log(low), log(high)].

    Density::

        f(x) = 1 / (x log(high / low)),  low <= x <= high

    Parameters
    ----------
    low, high : float
        The ends, 0 < low < high, in the unit of the input.

    References
    ----------
    .. [1] Hamming (1970), "On the distribution of numbers", Bell System Technical Journal 49(8),
       doi:10.1002/j.1538-7305.1970.tb04281.x (there: the reciprocal distribution).

    Examples
    --------
    >>> float(LogUniform(1, 100).ppf(0.5))
    10.0000
    """

    low: float
    high: float

    name: ClassVar[str] = "loguniform"
    roles: ClassVar[tuple[Role, ...]] = ("value", "value")
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule("low", lambda d: d.low > 0, "must be greater than 0"),
        DISTINCT,
        SWAPPED,
    )

    def _support(self) -> tuple[float, float]:
        return self.low, self.high

    @property
    def _log_ratio(self) -> FloatArray:
        # log(high / low), right for a narrow range too
        from scipy.special import log1p

        return np.asarray(log1p((self.high - self.low) / self.low))

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        reach = self._reach(v, up)
        return np.where(up, self.high - reach, self.low + reach)

    def _reach(self, v: FloatArray, up: BoolArray) -> FloatArray:
        from scipy.special import expm1

        return np.where(up, -self.high * expm1(-v * self._log_ratio), self.low * expm1(v * self._log_ratio))

    def _cdf(self, x: FloatArray) -> FloatArray:
        return np.log1p((x - self.low) / self.low) / self._log_ratio

    def _sf(self, x: FloatArray) -> FloatArray:
        near = -np.log1p((x - self.high) / self.high)
        return np.where(x > 0.5 * self.high, near, np.log(self.high / x)) / self._log_ratio

    def _pdf(self, x: FloatArray) -> FloatArray:
        return np.asarray(1.0 / (x * self._log_ratio))
