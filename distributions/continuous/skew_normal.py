"""The skew normal distribution, exact in both of its unequal tails."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.parameters import Role, Rule, above_zero
from payback.distributions.core.quadrature import integral
from payback.distributions.core.root_finding import crossing

_LARGEST = 1e3
_POINTS = 48
_DECAY = 45.0  # exp(-45) of the integrand is left out
_THIN = 0.05


@dataclass(frozen=True)
class SkewNormal(Distribution):
    """The skew normal distribution: a normal density, tilted to one side.

    Density, with z = (x - loc) / scale, phi and Phi the density and distribution function of the standard normal::

        f(x) = 2 phi(z) Phi(shape z) / scale,  any x

    Parameters
    ----------
    shape : float
        Without a unit, from -1,000 to 1,000; skews to the right above 0, to the left below 0.
    loc : float
        In the unit of the input; neither mean nor mode.
    scale : float
        Greater than 0, in the same unit.

    References
    ----------
    .. [1] Azzalini (1985), "A class of distributions which includes the normal ones", Scandinavian Journal of
       Statistics 12, 171-178.
    .. [2] Owen (1956), "Tables for computing bivariate normal probabilities", Annals of Mathematical Statistics
       27(4), doi:10.1214/aoms/1177728074, for its distribution function.

    Examples
    --------
    >>> float(SkewNormal(4, 1, 2).ppf(0.5))
    2.3485
    """

    shape: float
    loc: float = 0.0
    scale: float = 1.0

    name: ClassVar[str] = "skew_normal"
    roles: ClassVar[tuple[Role, ...]] = ("shape", "value", "spread")
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule("shape", lambda d: np.abs(d.shape) <= _LARGEST, "must lie in [-1000, 1000] (beyond, use half_normal)"),
        above_zero("scale"),
    )

    def _support(self) -> tuple[float, float]:
        return -math.inf, math.inf

    def _moments(self) -> tuple[float, float]:
        mean = math.sqrt(2.0 / math.pi) * self.shape / math.hypot(1.0, self.shape)
        return self.loc + self.scale * mean, self.scale * math.sqrt(1.0 - mean * mean)

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        from scipy.special import erfinv, ndtri

        shape, v, up = np.broadcast_arrays(np.asarray(self.shape), v, up)
        size, mirrored = np.abs(shape).ravel(), (shape < 0).ravel()
        v, up = v.ravel(), up.ravel() ^ mirrored
        # Skewed to the right, it lies between the normal and the half normal distribution.
        low = np.where(up, -ndtri(v), ndtri(v))
        high = np.where(up, -ndtri(0.5 * v), math.sqrt(2.0) * erfinv(v))
        z = crossing(
            lambda z, side: _tails(size, z)[side],
            lambda z: _density(size, z),
            v,
            up,
            (low, np.maximum(low, high)),
            one_by_one=False,
        )
        return self.loc + self.scale * np.where(mirrored, -z, z).reshape(shape.shape)

    def _both(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        mirrored, z = np.asarray(self.shape) < 0, (x - self.loc) / self.scale
        below, above = _tails(np.abs(self.shape), np.where(mirrored, -z, z))
        return np.where(mirrored, above, below), np.where(mirrored, below, above)

    def _cdf(self, x: FloatArray) -> FloatArray:
        return self._both(x)[0]

    def _sf(self, x: FloatArray) -> FloatArray:
        return self._both(x)[1]

    def _pdf(self, x: FloatArray) -> FloatArray:
        return _density(self.shape, (x - self.loc) / self.scale) / self.scale


def _density(shape: Any, z: FloatArray) -> FloatArray:
    from scipy.special import log_ndtr

    return np.asarray(np.exp(-0.5 * z * z + log_ndtr(shape * z)) * math.sqrt(2.0 / math.pi))


def _tails(shape: Any, z: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the masses below and above `z`, for a shape that is at least 0.

    Owen's T function gives both; below, in the thin tail, it cancels, and the density is integrated.
    """
    from scipy.special import ndtr, owens_t

    twice = 2.0 * owens_t(z, shape)
    below, above = np.asarray(ndtr(z) - twice), np.asarray(ndtr(-z) + twice)
    thin = below < _THIN * ndtr(z)
    if np.any(thin & (z < 0)):
        shape, z, thin = np.broadcast_arrays(shape, z, thin & (z < 0))
        below = np.array(below)
        below[thin] = _integral(shape[thin], z[thin])
    return below, above


def _integral(shape: FloatArray, z: FloatArray) -> FloatArray:
    """Return the mass below `z` in the thin tail, where the density falls at least as fast as exp(-rate s)."""
    from scipy.special import log_ndtr

    y = shape * z
    rate = -z + shape * np.exp(-0.5 * y * y - log_ndtr(y)) / math.sqrt(2.0 * math.pi)
    step = _DECAY / rate
    return step * integral(lambda share: _density(shape, z - step * share), _POINTS)
