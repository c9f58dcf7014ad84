"""Influence functions, and those that are polynomials: their means follow from the moments of the values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from payback.simulator.statistics.leaf_moments import Floats, Moments

Influence: TypeAlias = Callable[[Floats], Floats]
"""The influence of trials on a statistic by their values; both of shape (trials,). Its mean over the trials is 0."""

HIGHEST = 4
"""Degree up to which moments give the mean of a polynomial."""


@dataclass(frozen=True)
class Polynomial:
    """A polynomial of the distance of a value from `centre`, in units of `scale`.

    Parameters
    ----------
    centre, scale : float
    coefficients : tuple of float
        Of the powers, from degree 0 on; two or more.

    Examples
    --------
    The squares of 1, 2 and 3, and their mean from the moments of these numbers:

    >>> square = Polynomial(0.0, 1.0, (0.0, 0.0, 1.0))
    >>> square(np.array([1.0, 2.0, 3.0]))
    array([1., 4., 9.])
    >>> round(square.mean(Moments().add([1.0, 2.0, 3.0])), 12)
    4.666666666667
    """

    centre: float
    scale: float
    coefficients: tuple[float, ...]

    @property
    def degree(self) -> int:
        """The highest power."""
        return len(self.coefficients) - 1

    def __call__(self, values: Floats) -> Floats:
        """Return the value of the polynomial at each of `values`, of any shape."""
        z = values - self.centre
        if self.scale != 1.0:
            z /= self.scale
        *lower, last = self.coefficients
        value = z if last == 1.0 else last * z
        for power, coefficient in enumerate(reversed(lower)):
            if power:
                value = value * z
            if coefficient:
                value = value + coefficient
        return value

    def __pow__(self, exponent: int) -> Polynomial:
        """Return the polynomial to the power of `exponent`, 0 or more."""
        product = np.ones(1)
        for _ in range(exponent):
            product = np.convolve(product, self.coefficients)
        return Polynomial(self.centre, self.scale, tuple(product.tolist()))

    def mean(self, moments: Moments) -> float:
        """Return the mean of the polynomial over the values of `moments`; its degree must not exceed `HIGHEST`."""
        step = (moments.origin - self.centre + moments.offset) / self.scale
        second, third, fourth = (
            central / moments.count / self.scale**power
            for power, central in ((2, moments.second), (3, moments.third), (4, moments.fourth))
        )
        powers = (
            1.0,
            step,
            second + step**2,
            third + 3.0 * second * step + step**3,
            fourth + 4.0 * third * step + 6.0 * second * step**2 + step**4,
        )
        return sum(c * power for c, power in zip(self.coefficients, powers, strict=False))
