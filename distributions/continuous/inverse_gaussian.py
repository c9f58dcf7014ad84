"""The inverse Gaussian distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.parameters import Role, Rule, above_zero, positive_values
from payback.distributions.core.quadrature import integral
from payback.distributions.core.root_finding import crossing


@dataclass(frozen=True)
class InverseGaussian(Distribution):
    """The inverse Gaussian distribution: when a drifting Brownian motion first reaches a level.

    Density::

        f(x) = sqrt(shape / (2 pi x^3)) exp(-shape (x - mean)^2 / (2 mean^2 x)),  x > 0

    Parameters
    ----------
    mean : float
        Greater than 0, in the unit of the input.
    shape : float
        Greater than 0, in the unit of the input; the standard deviation is mean * sqrt(mean / shape).

    References
    ----------
    .. [1] Tweedie (1957), "Statistical properties of inverse Gaussian distributions. I", Annals of Mathematical
       Statistics 28(2), doi:10.1214/aoms/1177706964.
    .. [2] Chhikara and Folks (1989), The Inverse Gaussian Distribution, Marcel Dekker, for its distribution
       function.

    Examples
    --------
    >>> float(InverseGaussian(3, 2).ppf(0.5))
    1.7513
    """

    mean: float
    shape: float

    name: ClassVar[str] = "inverse_gaussian"
    roles: ClassVar[tuple[Role, ...]] = ("value", "value")
    rules: ClassVar[tuple[Rule, ...]] = (above_zero("mean"), above_zero("shape"))

    @classmethod
    def from_moments(cls, mean: float, sd: float, *, checked: bool = True) -> InverseGaussian:
        """Return the inverse Gaussian distribution with this mean and standard deviation.

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
            return cls(mean, mean * ((mean / sd) * (mean / sd)), checked=checked)

    def _support(self) -> tuple[float, float]:
        return 0.0, math.inf

    def _moments(self) -> tuple[float, float]:
        return self.mean, self.mean * math.sqrt(self.mean / self.shape)

    @property
    def _ratio(self) -> FloatArray:
        return np.asarray(self.shape) / self.mean

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        from scipy.special import ndtri

        ratio, v, up = np.broadcast_arrays(self._ratio, v, up)
        shape, ratio, v, up = v.shape, ratio.ravel(), v.ravel(), up.ravel()
        # Phi(a) <= P(Y <= y), and for y <= 1 it is at most 2 Phi(a): see `_arguments` for a.
        low = _where(ratio, np.where(up, ndtri(0.25), ndtri(0.5 * v)))
        high = _where(ratio, np.where(up, -ndtri(v), ndtri(v)))
        y = crossing(
            lambda y, side: _above(ratio, y) if side else _below(ratio, y),
            lambda y: _density(ratio, y),
            v,
            up,
            (low, np.maximum(low, high)),
            one_by_one=False,
        )
        y = np.where(v > 0.0, y, np.where(up, np.inf, 0.0))
        return self.mean * y.reshape(shape)

    def _cdf(self, x: FloatArray) -> FloatArray:
        return _below(self._ratio, x / self.mean)

    def _sf(self, x: FloatArray) -> FloatArray:
        return _above(self._ratio, x / self.mean)

    def _pdf(self, x: FloatArray) -> FloatArray:
        return np.where(x > 0.0, _density(self._ratio, x / self.mean) / self.mean, 0.0)


def _where(ratio: FloatArray, a: FloatArray) -> FloatArray:
    """Return the value, in units of the mean, at which the argument is `a`."""
    half = 0.5 * a / np.sqrt(ratio)
    root = np.hypot(half, 1.0)
    return np.asarray(np.where(half > 0.0, half + root, 1.0 / (root - half)) ** 2)


def _arguments(ratio: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return a and b: P(Y <= y) = Phi(a) + exp(2 ratio) Phi(-b), with b^2 - a^2 = 4 ratio."""
    y = np.minimum(y, 1e300)
    root = np.sqrt(ratio / y)
    return root * (y - 1.0), root * (y + 1.0)


def _below(ratio: FloatArray, y: FloatArray) -> FloatArray:
    from scipy.special import erfcx, ndtr

    a, b = _arguments(ratio, y)
    # exp(2 ratio) Phi(-b), with the exponentials joined
    return np.asarray(ndtr(a) + 0.5 * np.exp(-0.5 * a * a) * erfcx(b / math.sqrt(2.0)))


def _above(ratio: FloatArray, y: FloatArray) -> FloatArray:
    """Return P(Y > y) as Phi(-a) - exp(2 ratio) Phi(-b).

    Where the two cancel, it is the integral from a to b of minus the slope of Mills' ratio.
    """
    from scipy.special import erfcx, ndtr

    a, b = _arguments(ratio, y)
    gap = 2.0 * np.sqrt(ratio / y)
    normal = np.exp(-0.5 * a * a)
    direct = np.asarray(ndtr(-a) - 0.5 * normal * erfcx(b / math.sqrt(2.0)))
    close = (a > 1.0) & (b < 1.5 * a)
    if np.any(close):
        slope = integral(lambda share: _fall(a + gap * share), 16)
        direct = np.where(close, normal / math.sqrt(2.0 * math.pi) * gap * slope, direct)
    return direct


def _fall(z: FloatArray) -> FloatArray:
    """Return 1 - z R(z), minus the slope of Mills' ratio R; by its asymptotic series far out."""
    from scipy.special import erfcx

    w, term, series = 1.0 / (z * z), np.ones_like(z), np.zeros_like(z)
    for k in range(1, 16):
        term = term * (1 - 2 * k) * w
        series = series - term
    return np.where(z > 12.0, series, 1.0 - z * math.sqrt(0.5 * math.pi) * erfcx(z / math.sqrt(2.0)))


def _density(ratio: FloatArray, y: FloatArray) -> FloatArray:
    a = _arguments(ratio, y)[0]
    return np.asarray(np.sqrt(ratio / (2.0 * math.pi * y)) / y * np.exp(-0.5 * a * a))
