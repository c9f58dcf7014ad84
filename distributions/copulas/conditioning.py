"""Conditioning of dependent inputs: some are pinned or held in a band, and the others follow.

The scores x of a group are known, and so are the laws they were made by. Conditioned axes are taken one after the
other, pins first, then bands, the narrowest first; each has its own innovation given those before it. A pin sets the
score. A band replaces the innovation by the one of equal rank among those that lead into the band. The other axes
keep their own innovations: they move by their regression on the conditioned axes, and under a t copula their
distance from it grows or shrinks with the spread. So every trial lies in all bands, stays paired with the same
trial of the unconditioned run, and nothing is rejected.

A second band on dependent axes is no free choice: how likely it is to be met depends on where the first one was.
That probability is the weight of the trial, and a weighted mean over trials is the mean given the conditions.

References
----------
M. L. Eaton, "Multivariate Statistics", Wiley (1983), proposition 3.13 (conditional normal laws).
A. Genz, "Numerical computation of multivariate normal probabilities", J. Comput. Graph. Statist. 1(2), 141-149
(1992), doi:10.1080/10618600.1992.10477010 (one axis after the other, truncated).
A. Genz, F. Bretz, "Computation of Multivariate Normal and t Probabilities", Springer (2009),
doi:10.1007/978-3-642-01689-9, chapter 4 (the t law; narrow intervals first; singular matrices).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from payback.distributions.copulas.correlation_matrix import ROUNDING
from payback.distributions.copulas.scores import Scores

Floats = NDArray[np.float64]

ENDS = (2.0**-53, 1.0 - 2.0**-53)
"""The smallest and the largest coordinate."""

_SLIGHT = 1e-6  # coefficients below it are rounding, as their squares are


@dataclass(frozen=True)
class Band:
    """A condition on a coordinate: it lies in [low, high]; equal ends pin it.

    Raises
    ------
    ValueError
        Unless 0 <= low < high <= 1, or 0 < low = high < 1.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        if not (0.0 <= self.low < self.high <= 1.0 or 0.0 < self.low == self.high < 1.0):
            raise ValueError(
                f"a band must have 0 <= low < high <= 1, and a pin lie between 0 and 1, got {self.low} to {self.high}"
            )

    @property
    def is_pin(self) -> bool:
        """Whether the ends are equal."""
        return self.low == self.high

    def squeeze(self, u: Floats) -> None:
        """Map uniform coordinates `u` onto the band in place, in the same order."""
        u *= self.high - self.low
        u += self.low
        self.clip(u)

    def clip(self, u: Floats) -> None:
        """Move coordinates that rounding put outside the band, or the open unit interval, to its end, in place."""
        np.clip(u, max(self.low, ENDS[0]), min(self.high, ENDS[1]), out=u)


@dataclass(frozen=True, eq=False)
class _Limit:
    """``low <= row . y + pivot * own <= high``: a condition in terms of the whitened scores y of earlier steps."""

    row: Floats
    pivot: float
    low: float
    high: float

    def ends(self, y: Sequence[Floats]) -> tuple[Floats, Floats]:
        """Return the interval in which the step's own whitened score meets the condition."""
        mean = _dot(self.row, y)
        ends = np.asarray((self.low - mean) / self.pivot), np.asarray((self.high - mean) / self.pivot)
        return ends if self.pivot > 0 else ends[::-1]


@dataclass(frozen=True, eq=False)
class _Step:
    """A conditioned axis that earlier axes do not determine; conditions on axes that it determines add limits to it."""

    axis: int
    limits: tuple[_Limit, ...]

    @property
    def row(self) -> Floats:
        return self.limits[0].row

    @property
    def pivot(self) -> float:
        return self.limits[0].pivot

    @property
    def is_pin(self) -> bool:
        return self.limits[0].low == self.limits[0].high

    def ends(self, y: Sequence[Floats]) -> tuple[Floats, Floats]:
        """Return the interval in which its whitened score meets all limits, given the earlier scores `y`."""
        lows, highs = zip(*(limit.ends(y) for limit in self.limits), strict=True)
        return np.asarray(np.max(np.broadcast_arrays(*lows), axis=0)), np.min(np.broadcast_arrays(*highs), axis=0)


@dataclass(frozen=True, eq=False)
class Conditions:
    """Conditions on the axes of a group.

    Parameters
    ----------
    scores : Scores
        The law of the group.
    steps : tuple of _Step
        In order.
    slopes : ndarray of float, shape (axes, steps)
        How far each axis moves for a unit of each whitened score.
    """

    scores: Scores
    steps: tuple[_Step, ...]
    slopes: Floats

    @property
    def weighted(self) -> bool:
        """Whether trials have unequal weights: the probability of a band depends on where an earlier one was met."""
        bands = [k for k, step in enumerate(self.steps) if not step.is_pin]
        rows = [limit.row[bands[0] :] for k in bands[1:] for limit in self.steps[k].limits]
        return any(self.scores.common_spread or (np.abs(row) > _SLIGHT).any() for row in rows)

    def moves(self, axis: int) -> bool:
        """Tell whether the conditions move the scores of `axis`."""
        return bool(self.steps) and (self.scores.common_spread or bool(self.slopes[axis].any()))

    def apply(self, x: Floats) -> Floats | float:
        """Move scores `x`, shape (trials, axes), into the bands in place, and return the weights of the trials.

        Returns
        -------
        float, or ndarray of shape (trials,)
            The probability that a trial meets all bands, given the pins; 0 where it cannot.
        """
        before: list[Floats] = []
        after: list[Floats] = []
        squares: list[Floats] = [np.zeros(()), np.zeros(())]
        likely: Floats | float = 1.0
        for k, step in enumerate(self.steps):
            own = (x[:, step.axis] - _dot(step.row, before)) / step.pivot
            low, high = step.ends(after)
            if step.is_pin:
                moved = low
            else:
                was, now = (self.scores.spread(square, k) for square in squares)
                moved, share = _truncated(self.scores, k, low / now, high / now, own / was)
                moved, likely = moved * now, likely * share
            before.append(own)
            after.append(moved)
            squares = [squares[0] + own * own, squares[1] + moved * moved]
        self._follow(x, before, after, squares)
        return likely

    def _follow(self, x: Floats, before: list[Floats], after: list[Floats], squares: list[Floats]) -> None:
        count = len(self.steps)
        stretch = self.scores.spread(squares[1], count) / self.scores.spread(squares[0], count)
        for axis, row in enumerate(self.slopes):
            if self.scores.common_spread:
                x[:, axis] = _dot(row, after) + stretch * (x[:, axis] - _dot(row, before))
            else:
                for slope, old, new in zip(row, before, after, strict=True):
                    if slope:
                        x[:, axis] += slope * (new - old)


def conditions(correlation: Floats, bands: Mapping[int, Band], scores: Scores) -> Conditions:
    """Return the conditions of a group of dependent axes that meet its bands.

    Parameters
    ----------
    correlation : ndarray of float, shape (axes, axes)
        The parameter matrix of the group.
    bands : mapping of int to Band
        By position of the axis.
    scores : Scores
        The distribution of the scores.

    Raises
    ------
    ValueError
        If pins determine an axis that has a condition of its own, or no trial can meet all conditions.
    """
    order = sorted(bands, key=lambda axis: (not bands[axis].is_pin, bands[axis].high - bands[axis].low, axis))
    slopes, steps = np.zeros((len(correlation), 0)), list[_Step]()
    for axis in order:
        band, row = bands[axis], slopes[axis]
        low, high = (float(score) for score in scores.inverse(np.array([band.low, band.high])))
        high = math.inf if band.high == 1.0 else high
        rest = 1.0 - float((row * row).sum())
        if rest > ROUNDING:
            column = (correlation[:, axis] - (slopes * row).sum(axis=1)) / math.sqrt(rest)
            column[[step.axis for step in steps]] = 0.0
            steps.append(_Step(axis, (_Limit(row, math.sqrt(rest), low, high),)))
            slopes = np.column_stack([slopes, column])
            continue
        last = int(np.flatnonzero(np.abs(row) > _SLIGHT)[-1])
        if band.is_pin or steps[last].is_pin:
            raise ValueError(f"the pins determine axis {axis} of the group: it has no room for a condition of its own")
        limit = _Limit(row[:last], float(row[last]), low, high)
        steps[last] = _Step(steps[last].axis, (*steps[last].limits, limit))
    _require_room(steps, scores)
    return Conditions(scores, tuple(steps), slopes)


def _require_room(steps: Sequence[_Step], scores: Scores) -> None:
    """Raise ValueError if the pins, which are the same in every trial, leave the first band empty."""
    y: list[Floats] = []
    for k, step in enumerate(steps):
        low, high = step.ends(y)
        if not step.is_pin:
            spread = scores.spread(np.asarray(sum(score * score for score in y)), k)
            if not _truncated(scores, k, low / spread, high / spread, np.zeros(()))[1] > 0.0:
                raise ValueError("no trial can meet these conditions together: nothing is left of a band")
            return
        y.append(low)


def _truncated(scores: Scores, known: int, low: Floats, high: Floats, e: Floats) -> tuple[Floats, Floats]:
    """Return the innovation in [low, high] whose rank there is that of `e`, and the probability of [low, high]."""
    flip = np.where(low > -high, -1.0, 1.0)  # the lower tail is where shares are exact
    start, stop = np.where(flip < 0, -high, low), np.where(flip < 0, -low, high)
    below, above = scores.cdf(start, known), scores.cdf(stop, known)
    share = np.maximum(above - below, 0.0)
    moved = np.clip(scores.inverse(below + share * scores.cdf(flip * e, known), known), start, stop)
    return flip * np.where(np.isfinite(moved), moved, stop), share


def _dot(row: Floats, y: Sequence[Floats]) -> Floats:
    """Return the sum of row[i] * y[i], in order."""
    total = np.zeros(())
    for factor, value in zip(row, y, strict=True):
        if factor:
            total = total + factor * value
    return total
