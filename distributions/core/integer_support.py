"""The base of families on whole numbers: an exact search for the quantile.

``ppf(u)`` is the smallest value whose `cdf` is at least `u`, decided by the cumulative probability
in the lower half and by the survival probability in the upper one: a running sum of probabilities
is off by one where it ends.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import fields
from typing import Any, Self

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.integer_quantiles import smallest, stepped, summed

LARGEST = 1e15
"""Past this, neighbouring whole numbers are lost in the rounding of their probabilities."""

MOST_ATOMS = 65_536
BEYOND = 2.0**-60
"""Tail mass past which the values of a discrete distribution are not listed."""


class Lattice(Distribution):
    """A distribution on whole numbers. A family gives `_at_most` and `_above`."""

    @property
    def discrete(self) -> bool:
        """True."""
        return True

    @abstractmethod
    def _at_most(self, k: FloatArray) -> FloatArray:
        """Return P(X <= k) for whole `k` of the support."""

    @abstractmethod
    def _above(self, k: FloatArray) -> FloatArray:
        """Return P(X > k) for whole `k` of the support, accurate where it is small."""

    def _atoms(self) -> FloatArray | None:
        low, high = self.quantile(np.full(2, BEYOND), np.array([False, True]))
        return np.arange(low, high + 1.0) if high - low < MOST_ATOMS else None

    def _around(self, x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        nearest = np.rint(x)
        at = np.where(np.abs(x - nearest) <= 1e-12 * np.maximum(1.0, np.abs(x)), nearest, np.nan)
        missed = np.isnan(at)
        return np.where(missed, np.floor(x), at - 1.0), at, np.where(missed, np.ceil(x), at + 1.0)

    def _cdf(self, x: FloatArray) -> FloatArray:
        return self._at_most(np.floor(x))

    def _sf(self, x: FloatArray) -> FloatArray:
        return self._above(np.floor(x))


class Whole(Lattice):
    """A family on whole numbers whose quantiles are searched for from the first guess `_start`."""

    @abstractmethod
    def _start(self, v: FloatArray, up: BoolArray) -> tuple[FloatArray, BoolArray]:
        """Return first guesses of the quantiles, shape (trials,), and whether each is certainly right."""

    def pick(self, index: BoolArray) -> Self:
        """Return the distribution of some trials; every parameter has shape (trials,)."""
        return type(self)(*(getattr(self, f.name)[index] for f in fields(self)), checked=False)

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        names = [f.name for f in fields(self)]
        arrays = np.broadcast_arrays(v, up, *(np.asarray(getattr(self, name)) for name in names))
        shape = arrays[0].shape
        v, up, *values = (array.reshape(-1) for array in arrays)
        k = type(self)(*values, checked=False).find(v, up)
        return np.asarray(k.reshape(shape) + 0.0)

    def find(self, v: FloatArray, up: BoolArray) -> FloatArray:
        """Return the quantiles; everything, the parameters too, has shape (trials,)."""
        k, sure = self._start(v, up)
        sure = sure | ~(np.asarray(self.allowed) & (v >= 0.0))
        for side in (False, True):
            if np.any(rest := ~sure & (up == side)):
                k[rest] = self.pick(rest).search(v[rest], side, k[rest])
        return k

    def search(self, v: FloatArray, up: bool, guess: FloatArray) -> FloatArray:
        """Return the quantiles of tail mass `v` on one side, near `guess`, all of shape (trials,)."""
        low, high = self.support
        last = v <= 0.0 if up else v >= 1.0

        def reached(k: FloatArray) -> BoolArray:
            hit = self._above(k) <= v if up else self._at_most(k) >= v
            return np.asarray((k >= low) & (hit | (k >= high) | last))

        guess = np.where(np.isfinite(guess), guess, low)
        return np.where(last, high, smallest(reached, np.clip(guess, low, high)))


_FEW, _MANY = 30.0, 1e6


class Recurrent(Whole):
    """A distribution whose probabilities follow from each other: P(X = k) = ratio(k) P(X = k - 1)."""

    @abstractmethod
    def _ratio(self, k: Any, trials: Any = slice(None)) -> FloatArray:
        """Return P(X = k) / P(X = k - 1) for an index of trials."""

    @abstractmethod
    def _zero(self) -> FloatArray:
        """Return P(X = 0)."""

    @abstractmethod
    def _cumulants(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the expected value, the standard deviation and the skewness."""

    def _start(self, v: FloatArray, up: BoolArray) -> tuple[FloatArray, BoolArray]:
        mean = self._cumulants()[0]
        few, many = mean <= _FEW, (mean > _FEW) & (mean <= _MANY)
        k, sure = np.full(v.shape, np.nan), np.full(v.shape, False)
        if np.any(few):
            k[few], sure[few] = self.pick(few).sum_up(v[few], up[few])
        if np.any(many):
            k[many], sure[many] = self.pick(many).step(v[many], up[many])
        return k, sure

    def sum_up(self, v: FloatArray, up: BoolArray) -> tuple[FloatArray, BoolArray]:
        """Return the quantiles of small counts by summation from 0, and whether each is certain."""
        return summed(self._zero(), self._ratio, np.where(up, 1.0 - v, v))

    def step(self, v: FloatArray, up: BoolArray) -> tuple[FloatArray, BoolArray]:
        """Return the quantiles of large counts by steps from the Cornish-Fisher value, and whether each is certain."""
        from scipy.special import ndtri

        low, high = self.support
        mean, sd, skewness = self._cumulants()
        z = np.where(up, -ndtri(v), ndtri(v))
        guess = np.clip(np.rint(mean + sd * (z + skewness * (z * z - 1.0) / 6.0)), low, high)
        tail = np.empty(v.shape)
        for side in (False, True):
            if np.any(here := up == side):
                subset = self.pick(here)
                tail[here] = subset._above(guess[here]) if side else subset._at_most(guess[here])  # noqa: SLF001  # itself
        excess = np.where(up, v - tail, tail - v)
        k, excess, mass = stepped(guess, excess, self._pdf(guess), self._ratio)
        doubtful = 1e-10 * v + 1e-8 * mass
        return k, (excess > doubtful) & (mass - excess > doubtful) & (k >= low) & (k <= high)
