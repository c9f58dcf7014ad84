"""The uniform distribution on whole numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.integer_support import LARGEST, Whole
from payback.distributions.core.parameters import DISTINCT, SWAPPED, Role, Rule


@dataclass(frozen=True)
class Integers(Whole):
    """The discrete uniform distribution: every whole number of a range alike.

    Mass::

        P(X = k) = 1 / (high - low + 1),  k = low, low + 1, ..., high

    Parameters
    ----------
    low, high : float
        Counts: whole numbers, low < high, both included.

    References
    ----------
    .. [1] Johnson, Kemp and Kotz (2005), Univariate Discrete Distributions, 3rd ed., chapter 6 (there: the
       discrete rectangular distribution), doi:10.1002/0471715816.

    Examples
    --------
    >>> float(Integers(1, 6).ppf(0.5))
    3.0
    """

    low: float
    high: float

    name: ClassVar[str] = "integers"
    roles: ClassVar[tuple[Role, ...]] = ("count", "count")
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule("low", lambda d: d.low == np.floor(d.low), "must be a whole number"),
        Rule("high", lambda d: d.high == np.floor(d.high), "must be a whole number"),
        DISTINCT,
        SWAPPED,
        Rule("high", lambda d: np.maximum(abs(d.low), abs(d.high)) <= LARGEST, f"must be at most {LARGEST} from 0"),
    )

    def _support(self) -> tuple[float, float]:
        return self.low, self.high

    @property
    def _number(self) -> float:
        return self.high - self.low + 1.0

    def _moments(self) -> tuple[float, float]:
        return 0.5 * (self.low + self.high), math.sqrt((self._number**2 - 1.0) / 12.0)

    def _at_most(self, k: FloatArray) -> FloatArray:
        return (k - self.low + 1.0) / self._number

    def _above(self, k: FloatArray) -> FloatArray:
        return (self.high - k) / self._number

    def _start(self, v: FloatArray, up: BoolArray) -> tuple[FloatArray, BoolArray]:
        steps = np.floor(v * self._number)
        return np.where(up, self.high - steps, self.low + steps), np.full(v.shape, False)

    def _pdf(self, x: FloatArray) -> FloatArray:
        return np.where(x == np.floor(x), 1.0, 0.0) / self._number
