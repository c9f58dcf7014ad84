"""The empirical distribution: data as they are, or smoothed by a normal kernel."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.finite_support import Atoms, Listed
from payback.distributions.core.parameters import number, refuse
from payback.distributions.core.root_finding import crossing

_EXACT = 400
_PER_BANDWIDTH = 8


def _data(owner: str, values: Sequence[float]) -> tuple[float, ...]:
    array = np.asarray(values)
    if array.ndim != 1 or array.size < 2:
        raise refuse(owner, "values", "must be at least 2 numbers", array.size if array.ndim == 1 else values)
    if array.dtype.kind not in "iuf":
        return tuple(number(owner, f"values[{i}]", value) for i, value in enumerate(values))
    missing = np.flatnonzero(~np.isfinite(array))
    if missing.size:
        raise refuse(owner, f"values[{missing[0]}]", "must be a finite number", float(array[missing[0]]))
    return tuple(array.astype(np.float64).tolist())


@dataclass(frozen=True)
class Empirical(Listed):
    """Data as they are: each value with its share of the data.

    Distribution function, with n the number of data::

        F(x) = (number of values <= x) / n

    Parameters
    ----------
    values : sequence of float
        At least 2, in the unit of the input; order does not matter.

    Raises
    ------
    ValueError
        If there are fewer, or one is not finite.

    References
    ----------
    .. [1] van der Vaart (1998), Asymptotic Statistics, Cambridge University Press, chapter 19,
       doi:10.1017/CBO9780511802256.

    Examples
    --------
    >>> float(Empirical((4, 1, 4, 2.5, 9)).ppf(0.5))
    4.0
    """

    values: tuple[float, ...]

    name: ClassVar[str] = "empirical"

    def __post_init__(self, checked: bool) -> None:
        object.__setattr__(self, "values", tuple(sorted(_data("Empirical", self.values))))

    def _listed(self) -> Atoms:
        values, counts = np.unique(np.array(self.values), return_counts=True)
        total, upto = len(self.values), np.cumsum(counts)
        return Atoms(values, counts / total, upto / total, (total - upto) / total)


@dataclass(frozen=True)
class Smoothed(Distribution):
    """Data smoothed by a normal kernel on each value: on the logarithms if all are positive.

    Density, with n the number of data, h the bandwidth and phi the density of the standard normal::

        f(x) = sum over i of phi((x - values[i]) / h) / (n h),                     any x
        f(x) = sum over i of phi((log x - log values[i]) / h) / (n h x),  x > 0,   if all values are positive

    More than 400 different values are first shared out to a grid of an eighth of the bandwidth, each between its two
    neighbours [2]_, which widens the kernel by less than 1 %.

    Parameters
    ----------
    values : sequence of float
        At least 2, not all equal, in the unit of the input.
    bandwidth : float, optional
        Standard deviation of the kernel, greater than 0: in the unit of the input, or of the logarithm if all values
        are positive. By default 0.9 min(sd, interquartile range / 1.34) n^(-1/5), equation 3.31 of [1]_.

    Raises
    ------
    ValueError
        If there are fewer values, one is not finite, or all are equal.

    References
    ----------
    .. [1] Silverman (1986), Density Estimation for Statistics and Data Analysis, Chapman and Hall, section 3.4.
    .. [2] Wand (1994), "Fast computation of multivariate kernel estimators", Journal of Computational and Graphical
       Statistics 3(4), doi:10.1080/10618600.1994.10474656.

    Examples
    --------
    >>> float(Smoothed((4, 1, 4, 2.5, 9)).ppf(0.5))
    3.5111
    """

    values: tuple[float, ...]
    bandwidth: float | None = None

    name: ClassVar[str] = "smoothed"

    def __post_init__(self, checked: bool) -> None:
        values = tuple(sorted(_data("Smoothed", self.values)))
        if values[0] == values[-1]:
            raise refuse("Smoothed", "values", "must not all be equal (use a certain value)", values[0])
        object.__setattr__(self, "values", values)
        width = _rule(self._points) if self.bandwidth is None else number("Smoothed", "bandwidth", self.bandwidth)
        if not width > 0:
            raise refuse("Smoothed", "bandwidth", "must be greater than 0", width)
        object.__setattr__(self, "bandwidth", width)

    @property
    def logarithmic(self) -> bool:
        """Whether the kernels lie on the logarithms, since all values are positive."""
        return self.values[0] > 0.0

    @property
    def _points(self) -> FloatArray:
        values = np.array(self.values)
        return np.log(values) if self.logarithmic else values

    @property
    def _width(self) -> float:
        return float(self.bandwidth or 0.0)

    @cached_property
    def _kernels(self) -> tuple[FloatArray, FloatArray]:
        """The centers of the kernels and their weights."""
        centers, counts = np.unique(self._points, return_counts=True)
        weights = counts / len(self.values)
        if centers.size <= _EXACT:
            return centers, _whole(np.asarray(weights, np.float64))
        step = self._width / _PER_BANDWIDTH
        position = (centers - centers[0]) / step
        cell = np.floor(position)
        both = np.concatenate([cell, cell + 1.0])
        shares = np.concatenate([weights * (1.0 - (position - cell)), weights * (position - cell)])
        used, index = np.unique(both, return_inverse=True)
        return centers[0] + step * used, _whole(np.bincount(index, weights=shares).astype(np.float64))

    def _support(self) -> tuple[float, float]:
        return 0.0 if self.logarithmic else -math.inf, math.inf

    def _moments(self) -> tuple[float, float]:
        (centers, weights), h = self._kernels, self._width
        if not self.logarithmic:
            mean = float(weights @ centers)
            return mean, math.sqrt(float(weights @ (centers - mean) ** 2) + h * h)
        mean = float(weights @ np.exp(centers + 0.5 * h * h))
        return mean, math.sqrt(float(weights @ np.exp(2.0 * centers + 2.0 * h * h)) - mean * mean)

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        from scipy.special import ndtri

        (centers, _), h = self._kernels, self._width
        v, up = np.broadcast_arrays(v, up)
        z = h * np.where(up, -ndtri(v), ndtri(v)).ravel()
        bracket = centers[0] + z, centers[-1] + z
        y = crossing(self._tail, self._density, v.ravel(), up.ravel(), bracket).reshape(v.shape)
        y = np.where(v > 0.0, y, np.where(up, np.inf, -np.inf))
        return np.exp(y) if self.logarithmic else y

    def _tail(self, y: FloatArray, up: bool) -> FloatArray:
        from scipy.special import ndtr

        return self._sum(lambda z: ndtr(-z if up else z), y)

    def _density(self, y: FloatArray) -> FloatArray:
        return self._sum(lambda z: np.exp(-0.5 * z * z), y) / (self._width * math.sqrt(2.0 * math.pi))

    def _sum(self, kernel: Callable[[FloatArray], FloatArray], y: FloatArray) -> FloatArray:
        # Kernel by kernel: each value's sum is then the same, however many there are.
        total = np.zeros(np.shape(y))
        for center, weight in zip(*(array.tolist() for array in self._kernels), strict=True):
            total += weight * kernel((y - center) / self._width)
        return total

    def _cdf(self, x: FloatArray) -> FloatArray:
        return self._tail(np.log(x) if self.logarithmic else x, False)

    def _sf(self, x: FloatArray) -> FloatArray:
        return self._tail(np.log(x) if self.logarithmic else x, True)

    def _pdf(self, x: FloatArray) -> FloatArray:
        if not self.logarithmic:
            return self._density(x)
        return np.where(x > 0.0, self._density(np.log(x)) / x, 0.0)


def _whole(weights: FloatArray) -> FloatArray:
    """Return the weights with the last one replaced by the rest, so that they sum to 1 when added in order."""
    before = np.cumsum(weights)[:-1]  # adds in order; from Python 3.12 on `sum` does not
    return np.append(weights[:-1], 1.0 - before[-1] if before.size else 1.0)


def _rule(points: FloatArray) -> float:
    """Return Silverman's bandwidth, from the interquartile range unless that is 0."""
    sd = float(np.std(points, ddof=1))
    quartiles = np.quantile(points, [0.25, 0.75])
    spread = float(quartiles[1] - quartiles[0]) / 1.34
    return float(0.9 * (min(sd, spread) if spread > 0.0 else sd) * points.size**-0.2)


def empirical(values: Sequence[float], *, smooth: bool = False) -> Distribution:
    """Return the distribution of data: as they are, or smoothed by `Smoothed`."""
    return Smoothed(tuple(values)) if smooth else Empirical(tuple(values))
