"""Families on the positive numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from payback.distributions.arrays import BoolArray, FloatArray
from payback.distributions.base import Distribution
from payback.distributions.parameters import POSITIVE, Role, Rule, above_zero, positive_values
from payback.distributions.portable import exp, log


@dataclass(frozen=True)
class Lognormal(Distribution):
    """The lognormal distribution.

    Parameters
    ----------
    median : float
        Greater than 0, in the unit of the input.
    sigma : float
        Standard deviation of the logarithm, greater than 0.
    """

    median: float
    sigma: float

    name: ClassVar[str] = "lognormal"
    roles: ClassVar[tuple[Role, ...]] = ("value", "shape")
    rules: ClassVar[tuple[Rule, ...]] = (
        above_zero("median"),
        Rule("sigma", lambda d: d.sigma != 0, f"{POSITIVE} (for a fixed number use a certain value)"),
        above_zero("sigma"),
    )

    @classmethod
    def from_moments(cls, mean: float, sd: float, *, checked: bool = True) -> Lognormal:
        """Return the lognormal distribution with this mean and standard deviation.

        Raises
        ------
        ValueError
            If `mean` or `sd` is not greater than 0.
        """
        mean, sd = positive_values(cls, checked, mean=mean, sd=sd)
        with np.errstate(all="ignore"):
            ratio = sd / mean
            return cls(mean / np.hypot(1.0, ratio), np.sqrt(np.log1p(ratio * ratio)), checked=checked)

    def _support(self) -> tuple[float, float]:
        return 0.0, math.inf

    def _moments(self) -> tuple[float, float]:
        with np.errstate(over="ignore"):
            mean = self.median * np.exp(0.5 * self.sigma**2)
            return mean, mean * np.sqrt(np.expm1(self.sigma**2))

    def _z(self, x: FloatArray) -> FloatArray:
        return np.log(x / self.median) / self.sigma

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        from scipy.special import ndtri

        z = self.sigma * ndtri(v)
        return self.median * exp(np.where(up, -z, z))

    def _cdf(self, x: FloatArray) -> FloatArray:
        from scipy.special import ndtr

        return ndtr(self._z(x))

    def _sf(self, x: FloatArray) -> FloatArray:
        from scipy.special import ndtr

        return ndtr(-self._z(x))

    def _pdf(self, x: FloatArray) -> FloatArray:
        density = np.exp(-0.5 * self._z(x) ** 2) / (x * self.sigma * math.sqrt(2.0 * math.pi))
        return np.where(x > 0, density, 0.0)


@dataclass(frozen=True)
class Exponential(Distribution):
    """The exponential distribution.

    Parameters
    ----------
    mean : float
        Greater than 0, in the unit of the input.
    """

    mean: float

    name: ClassVar[str] = "exponential"
    roles: ClassVar[tuple[Role, ...]] = ("value",)
    rules: ClassVar[tuple[Rule, ...]] = (above_zero("mean"),)

    def _support(self) -> tuple[float, float]:
        return 0.0, math.inf

    def _moments(self) -> tuple[float, float]:
        return self.mean, self.mean

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        from scipy.special import log1p

        return -self.mean * np.where(up, log(v), log1p(-v))

    def _cdf(self, x: FloatArray) -> FloatArray:
        return -np.expm1(-x / self.mean)

    def _sf(self, x: FloatArray) -> FloatArray:
        return np.exp(-x / self.mean)

    def _pdf(self, x: FloatArray) -> FloatArray:
        return np.exp(-x / self.mean) / self.mean


@dataclass(frozen=True)
class Gamma(Distribution):
    """The gamma distribution, with mean ``shape * scale``.

    Parameters
    ----------
    shape : float
        Greater than 0.
    scale : float
        Greater than 0, in the unit of the input.

    Notes
    -----
    As good as `scipy.special.gammainc`: to 1e-13 for shapes up to 2e5; with a shape of a million the
    lower tail past 4.5 standard deviations is off by 1e-5 of itself.
    """

    shape: float
    scale: float

    name: ClassVar[str] = "gamma"
    roles: ClassVar[tuple[Role, ...]] = ("shape", "value")
    rules: ClassVar[tuple[Rule, ...]] = (above_zero("shape"), above_zero("scale"))

    @classmethod
    def from_moments(cls, mean: float, sd: float, *, checked: bool = True) -> Gamma:
        """Return the gamma distribution with this mean and standard deviation.

        Raises
        ------
        ValueError
            If `mean` or `sd` is not greater than 0.
        """
        mean, sd = positive_values(cls, checked, mean=mean, sd=sd)
        with np.errstate(all="ignore"):
            return cls((mean / sd) ** 2, sd * sd / mean, checked=checked)

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
