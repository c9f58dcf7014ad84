"""The gamma distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.parameters import Role, Rule, above_zero, positive_values


@dataclass(frozen=True)
class Gamma(Distribution):
    """The gamma distribution, with mean ``shape * scale``.

    Density, with G the gamma function::

        f(x) = (x / scale)^(shape - 1) exp(-x / scale) / (G(shape) scale),  x >= 0

    Parameters
    ----------
    shape : float
        Greater than 0, without a unit.
    scale : float
        Greater than 0, in the unit of the input.

    Notes
    -----
    As good as `scipy.special.gammainc`: to 1e-13 for shapes up to 2e5; with a shape of a million the
    lower tail past 4.5 standard deviations is off by 1e-5 of itself.

    References
    ----------
    .. [1] Johnson, Kotz and Balakrishnan (1994), Continuous Univariate Distributions, Volume 1, 2nd ed., Wiley,
       chapter 17.

    Examples
    --------
    >>> float(Gamma(2.5, 40).ppf(0.5))
    87.0292
    """

    shape: float
    scale: float

    name: ClassVar[str] = "gamma"
    roles: ClassVar[tuple[Role, ...]] = ("shape", "value")
    rules: ClassVar[tuple[Rule, ...]] = (above_zero("shape"), above_zero("scale"))

    @classmethod
    def from_moments(cls, mean: float, sd: float, *, checked: bool = True) -> Gamma:
        """Return the gamma distribution with this mean and standard deviation.

        Parameters
        ----------
        mean : float
            Expected value, greater than 0, in the unit of the input.
        sd : float
            Standard deviation, greater than 0, in the same unit.
        checked : bool
            As for `Distribution`.

        Raises
        ------
        ValueError
            If `mean` or `sd` is not greater than 0.
        """
        mean, sd = positive_values(cls, checked, mean=mean, sd=sd)
        with np.errstate(all="ignore"):
            return cls((mean / sd) * (mean / sd), sd * sd / mean, checked=checked)

    def _support(self) -> tuple[float, float]:
        return 0.0, math.inf

    def _moments(self) -> tuple[float, float]:
        return self.shape * self.scale, math.sqrt(self.shape) * self.scale

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        from scipy.special import gammainccinv, gammaincinv

        return self.scale * np.where(up, gammainccinv(self.shape, v), gammaincinv(self.shape, v))

    def _cdf(self, x: FloatArray) -> FloatArray:
        from scipy.special import gammainc

        return np.asarray(gammainc(self.shape, x / self.scale), np.float64)

    def _sf(self, x: FloatArray) -> FloatArray:
        from scipy.special import gammaincc

        return np.asarray(gammaincc(self.shape, x / self.scale), np.float64)

    def _pdf(self, x: FloatArray) -> FloatArray:
        from scipy.special import gammaln, xlogy

        y = x / self.scale
        return np.exp(xlogy(self.shape - 1.0, y) - y - gammaln(self.shape)) / self.scale
