"""Sums of a random number of draws as a series over that number, where each sum is of a known family."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from payback.distributions.compound.known_sums import Total
from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.root_finding import crossing

_STRIP = 2_048


@dataclass(frozen=True)
class Series(Distribution):
    """The sum of a random number of draws, as the weighted sum of the distributions of the sums of n draws.

    Distribution function, with F^(*n) the distribution function of the sum of n draws::

        F(x) = weights[0] F^(*first)(x) + weights[1] F^(*(first + 1))(x) + ...

    Parameters
    ----------
    severity : Distribution
        Of each draw: continuous, and one whose sums are known.
    first : int
        Lowest number of draws, at least 1.
    weights : tuple of float
        Probability of `first`, `first` + 1, ... draws; 1 in sum.
    """

    severity: Distribution
    first: int
    weights: tuple[float, ...]

    name: ClassVar[str] = "series"

    def __post_init__(self, checked: bool) -> None:
        """Nothing to validate."""

    @property
    def allowed(self) -> bool:
        """True: there are no parameters that vary by trial."""
        return True

    @cached_property
    def _numbers(self) -> FloatArray:
        return self.first + np.arange(float(len(self.weights)))

    @cached_property
    def _sums(self) -> Total:
        return Total(self.severity, self._numbers[:, None], checked=False)  # type: ignore[arg-type]  # an array when unchecked

    def _support(self) -> tuple[float, float]:
        low, high = self.severity.support
        few, many = float(self._numbers[0]), float(self._numbers[-1])
        return low * (many if low < 0.0 else few), high * (many if high > 0.0 else few)

    def _moments(self) -> tuple[float, float]:
        n, weights = self._numbers, np.array(self.weights)
        number = float(weights @ n)
        spread = float(weights @ (n - number) ** 2)
        mean, sd = self.severity.mean, self.severity.sd
        return number * mean, math.sqrt(number * sd**2 + spread * mean**2)

    def _mix(self, function: str, x: FloatArray) -> FloatArray:
        flat = np.ravel(x)
        total = np.zeros(flat.shape)
        weights = np.array(self.weights)[:, None]
        for start in range(0, flat.size, _STRIP):
            values = getattr(self._sums, function)(flat[None, start : start + _STRIP])
            total[start : start + _STRIP] = np.add.reduce(weights * values, axis=0)
        return total.reshape(np.shape(x))

    def _cdf(self, x: FloatArray) -> FloatArray:
        return self._mix("cdf", x)

    def _sf(self, x: FloatArray) -> FloatArray:
        return self._mix("sf", x)

    def _pdf(self, x: FloatArray) -> FloatArray:
        return self._mix("pdf", x)

    @cached_property
    def _steps(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Values across the support with the masses below and above them, which bracket every quantile."""
        low, high = self.support
        mean, sd = self._moments()
        out = np.exp2(np.arange(-6.0, 14.0, 0.25))
        x = mean + sd * np.concatenate([-out[::-1], [0.0], out])
        if low >= 0.0:
            x = np.concatenate([mean * np.exp2(np.arange(-1020.0, 0.0, 2.0)), x])
        x = np.unique(np.concatenate([[low, high], x[(x > low) & (x < high)]]))
        return x, np.maximum.accumulate(self.cdf(x)), np.minimum.accumulate(self.sf(x))

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        v, up = np.broadcast_arrays(v, up)
        x, below, above = self._steps
        last = x.size - 1
        at = np.where(up, last + 1 - np.searchsorted(above[::-1], v, side="right"), np.searchsorted(below, v))
        at = np.clip(at, 1, last).ravel()
        finite = np.where(np.isfinite(x), x, np.copysign(np.finfo(np.float64).max, x))
        root = crossing(
            lambda x, side: self._mix("sf" if side else "cdf", x),
            self._pdf,
            v.ravel(),
            up.ravel(),
            (finite[at - 1], finite[at]),
        ).reshape(v.shape)
        return np.where(v > 0.0, root, np.where(up, *self.support[::-1]))
