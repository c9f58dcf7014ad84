"""Fast sampling by inversion: `inverter` returns the quantile function of a distribution for many coordinates.

There are three fast kinds: "closed" (a formula), "table" (a cubic for each cell of tail mass,
`payback.distributions.inversion.cubic_table`) and "steps" (thresholds of a discrete distribution). A draw uses
``+ - * / sqrt``, comparisons and look-ups only, so that any back end can give the same bits. The fourth kind, "exact",
calls `ppf` for each draw; it serves the few distributions whose quantiles fit no table, such as a gamma distribution
with shape 0.001.

A distribution with a faster way than a table says so in its `own_inverter` and `truncated_inverter`; nothing here
names a family or a wrapper.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np

from payback.distributions.core.array_types import FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.inverse_sampling import Inverter
from payback.distributions.core.workspace import work
from payback.distributions.inversion import cubic_table, patched_table
from payback.distributions.inversion.cubic_table import Table
from payback.distributions.inversion.linear_table import Segments
from payback.distributions.inversion.patched_table import Patched
from payback.distributions.inversion.step_table import Steps, steps

KEPT = 1_024
"""Most inverters that are kept, of about 0.2 MB each: all of a case of 1,000 inputs, which would otherwise build each
anew in every run."""


@dataclass(frozen=True)
class ByTable(Inverter):
    """The quantile function by a table of cubics, with patches where the table has gaps."""

    table: Table | Patched
    kind: ClassVar[str] = "table"

    def _fill(self, u: FloatArray, out: FloatArray) -> None:
        self.table.fill(u, out)

    def affine(self, factor: float, shift: float) -> Inverter | None:
        """Return the image of the table; None where a patched one would have to be mirrored."""
        if isinstance(self.table, Patched) and factor < 0:
            return None
        return ByTable(self.table.affine(factor, shift))


@dataclass(frozen=True)
class BySteps(Inverter):
    """The quantile function of a discrete distribution, by thresholds of the coordinate."""

    steps: Steps
    kind: ClassVar[str] = "steps"

    def _fill(self, u: FloatArray, out: FloatArray) -> None:
        self.steps.fill(u, out)


@dataclass(frozen=True)
class Constant(Inverter):
    """The quantile function of a certain value: the same at every coordinate."""

    value: float
    kind: ClassVar[str] = "closed"

    def _fill(self, u: FloatArray, out: FloatArray) -> None:
        out.fill(self.value)


@dataclass(frozen=True)
class Linear(Inverter):
    """The quantile function of a uniform distribution from `start` (u = 0) to `end` (u = 1).

    Computed from the end nearer to 0, which keeps the digits of small values.
    """

    start: float
    end: float
    kind: ClassVar[str] = "closed"

    def _fill(self, u: FloatArray, out: FloatArray) -> None:
        if abs(self.start) <= abs(self.end):
            np.multiply(u, self.end - self.start, out=out)
            np.add(out, self.start, out=out)
        else:
            np.subtract(1.0, u, out=out)
            np.multiply(out, self.start - self.end, out=out)
            np.add(out, self.end, out=out)

    def affine(self, factor: float, shift: float) -> Linear:
        """Return the uniform distribution between the images of the ends, which a negative factor swaps."""
        start, end = self.start * factor + shift, self.end * factor + shift
        return Linear(end, start) if factor < 0 else Linear(start, end)


@dataclass(frozen=True)
class TwoRoots(Inverter):
    """The quantile function of a triangular distribution, truncated or not, without branches.

    One root runs from low and stops at the mode, the other from the mode to high; their sum is
    formed from the side that keeps the end nearer to 0 exact. Truncation keeps the mass `mass` and cuts
    off `below` and `above` it.
    """

    low: float
    mode: float
    high: float
    mass: float = 1.0
    below: float = 0.0
    above: float = 0.0
    kind: ClassVar[str] = "closed"

    def _fill(self, u: FloatArray, out: FloatArray) -> None:
        low, mode, high = self.low, self.mode, self.high
        rising, falling = work(u.shape, 0), work(u.shape, 1)
        np.subtract(1.0, u, out=falling)
        self._squared(u, (high - low) * (mode - low), self.below, rising)
        self._squared(falling, (high - low) * (high - mode), self.above, falling)
        np.sqrt(rising, out=rising)
        np.add(rising, low, out=rising)
        np.minimum(rising, mode, out=rising)
        np.sqrt(falling, out=falling)
        np.subtract(high, falling, out=falling)
        np.maximum(falling, mode, out=falling)
        kept, other = (rising, falling) if abs(low) <= abs(high) else (falling, rising)
        np.subtract(other, mode, out=other)
        np.add(kept, other, out=out)

    def _squared(self, share: FloatArray, scale: float, beside: float, out: FloatArray) -> None:
        np.multiply(share, scale * self.mass, out=out)
        if beside:
            np.add(out, scale * beside, out=out)

    def affine(self, factor: float, shift: float) -> TwoRoots:
        """Return the triangular distribution between the images of the ends."""
        low, mode, high = (x * factor + shift for x in (self.low, self.mode, self.high))
        if factor < 0:
            return TwoRoots(high, mode, low, self.mass, self.above, self.below)
        return TwoRoots(low, mode, high, self.mass, self.below, self.above)


@dataclass(frozen=True)
class BySegments(Inverter):
    """A quantile function of straight lines between corners."""

    segments: Segments
    kind: ClassVar[str] = "table"

    def _fill(self, u: FloatArray, out: FloatArray) -> None:
        self.segments.fill(u, out)

    def affine(self, factor: float, shift: float) -> BySegments:
        """Return the images of the segments."""
        return BySegments(self.segments.affine(factor, shift))


@dataclass(frozen=True)
class ToWhole(Inverter):
    """Another inverter's values, rounded to whole numbers, halves up."""

    inner: Inverter
    kind: ClassVar[str] = "table"

    def _fill(self, u: FloatArray, out: FloatArray) -> None:
        self.inner(u, out)
        np.add(out, 0.5, out=out)
        np.floor(out, out=out)


@dataclass(frozen=True)
class Exact(Inverter):
    """The exact quantile function, `ppf`, called for every draw."""

    distribution: Distribution
    kind: ClassVar[str] = "exact"

    def _fill(self, u: FloatArray, out: FloatArray) -> None:
        out[...] = self.distribution.ppf(u)


@lru_cache(maxsize=KEPT)
def inverter(distribution: Distribution) -> Inverter:
    """Return the fast quantile function of a distribution with constant parameters.

    That is the distribution's `own_inverter` if it has one; else thresholds for a discrete distribution, and a
    quantile table for any other.

    Parameters
    ----------
    distribution : Distribution
        With constant parameters.

    Returns
    -------
    Inverter
        Cached: equal distributions have the same one.

    Notes
    -----
    Tables hold ``|cdf(x) - u| <= 1e-9 * min(u, 1 - u)`` for `u` in [2^-53, 1 - 2^-53], beside
    the rounding of `x`; steps are exact, and closed forms are exact to rounding.

    Examples
    --------
    >>> from payback.distributions import Triangular
    >>> inverter(Triangular(8, 10, 30)).kind
    'closed'
    >>> inverter(Triangular(8, 10, 30))(np.array([0.1, 0.9])).round(3).tolist()
    [10.1, 23.367]
    """
    own = distribution.own_inverter()
    if own is not None:
        return own
    if distribution.discrete:
        thresholds = steps(distribution)
        return Exact(distribution) if thresholds is None else BySteps(thresholds)
    return _tabled(distribution)


def affine(inner: Distribution, factor: float, shift: float, whole: Distribution) -> Inverter:
    """Return the inverter of the continuous or mixed distribution `whole`, the law of ``factor * X + shift``.

    Parameters
    ----------
    inner : Distribution
        The law of X.
    factor, shift : float
        Constants; the factor is not 0.
    whole : Distribution
        The law of ``factor * X + shift``, tabled itself where the inverter of X cannot be moved and scaled.
    """
    base = inverter(inner)
    if isinstance(base, Exact):
        return Exact(whole)
    image = base.affine(factor, shift)
    return _tabled(whole) if image is None else image


def _tabled(distribution: Distribution) -> Inverter:
    table: Table | Patched | None = None
    if all(u == 0.5 for u in distribution.breaks):
        table = cubic_table.build(distribution)
    if table is None:
        table = patched_table.build(distribution)
    return Exact(distribution) if table is None else ByTable(table)
