"""Families of waiting and life times: closed forms, with a hazard that rises, falls, or does both."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from payback.distributions.arrays import BoolArray, FloatArray
from payback.distributions.base import Distribution
from payback.distributions.parameters import Role, Rule, above_zero


@dataclass(frozen=True)
class Weibull(Distribution):
    """The Weibull distribution: P(X > x) = exp(-(x / scale)^shape).

    Parameters
    ----------
    shape : float
        Greater than 0; below 1 the hazard falls with time, above 1 it rises.
    scale : float
        Greater than 0, in the unit of the input; 63 % of the values lie below it.
    """

    shape: float
    scale: float

    name: ClassVar[str] = "weibull"
    roles: ClassVar[tuple[Role, ...]] = ("shape", "value")
    rules: ClassVar[tuple[Rule, ...]] = (above_zero("shape"), above_zero("scale"))

    def _support(self) -> tuple[float, float]:
        return 0.0, math.inf

    def _moments(self) -> tuple[float, float]:
        from scipy.special import gammaln

        first, second = float(gammaln(1.0 + 1.0 / self.shape)), float(gammaln(1.0 + 2.0 / self.shape))
        with np.errstate(over="ignore"):
            mean = float(self.scale * np.exp(first))
            return mean, float(mean * np.sqrt(np.expm1(second - 2.0 * first)))

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        return np.asarray(self.scale * np.where(up, -np.log(v), -np.log1p(-v)) ** (1.0 / self.shape))

    def _cdf(self, x: FloatArray) -> FloatArray:
        return np.asarray(-np.expm1(-((x / self.scale) ** self.shape)))

    def _sf(self, x: FloatArray) -> FloatArray:
        return np.exp(-((x / self.scale) ** self.shape))

    def _pdf(self, x: FloatArray) -> FloatArray:
        y = x / self.scale
        return np.asarray(self.shape / self.scale * y ** (self.shape - 1.0) * np.exp(-(y**self.shape)))


@dataclass(frozen=True)
class LogLogistic(Distribution):
    """The log-logistic (Fisk) distribution: P(X > x) = 1 / (1 + (x / median)^shape).

    Parameters
    ----------
    median : float
        Greater than 0, in the unit of the input.
    shape : float
        Greater than 0; the mean is finite above 1, the standard deviation above 2.
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


@dataclass(frozen=True)
class HalfNormal(Distribution):
    """The size, without its sign, of a normal distribution around 0.

    Parameters
    ----------
    scale : float
        Standard deviation of that normal distribution, greater than 0, in the unit of the input.
    """

    scale: float

    name: ClassVar[str] = "half_normal"
    roles: ClassVar[tuple[Role, ...]] = ("value",)
    rules: ClassVar[tuple[Rule, ...]] = (above_zero("scale"),)

    def _support(self) -> tuple[float, float]:
        return 0.0, math.inf

    def _moments(self) -> tuple[float, float]:
        return self.scale * math.sqrt(2.0 / math.pi), self.scale * math.sqrt(1.0 - 2.0 / math.pi)

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        from scipy.special import erfinv, ndtri

        return self.scale * np.where(up, -ndtri(0.5 * v), math.sqrt(2.0) * erfinv(v))

    def _z(self, x: FloatArray) -> FloatArray:
        return x / (self.scale * math.sqrt(2.0))

    def _cdf(self, x: FloatArray) -> FloatArray:
        from scipy.special import erf

        return erf(self._z(x))

    def _sf(self, x: FloatArray) -> FloatArray:
        from scipy.special import erfc

        return erfc(self._z(x))

    def _pdf(self, x: FloatArray) -> FloatArray:
        return np.exp(-(self._z(x) ** 2)) * (math.sqrt(2.0 / math.pi) / self.scale)
