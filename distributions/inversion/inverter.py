"""Sampling by inversion, fast: `inverter` turns a distribution into a function of coordinates.

Three kinds, by what stands behind them: "closed" (a formula), "table" (a cubic for each cell of
tail mass, `payback.distributions.inversion.cubic_table`), "steps" (thresholds of a discrete distribution). A draw uses
``+ - * / sqrt``, comparisons and look-ups alone, so that any back end can give the same bits.
A fourth, "exact", calls `ppf` for each draw; it serves the few distributions whose quantiles no
table holds, such as a gamma distribution with shape 0.001.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np

from payback.distributions.continuous.certain import Certain
from payback.distributions.continuous.normal import Normal
from payback.distributions.continuous.triangular import Triangular
from payback.distributions.continuous.uniform import Uniform
from payback.distributions.core.array_types import FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.piecewise_linear import Polyline
from payback.distributions.core.workspace import work
from payback.distributions.core.wrapper import Computed
from payback.distributions.inversion import cubic_table, patched_table
from payback.distributions.inversion.cubic_table import Table
from payback.distributions.inversion.linear_table import Segments
from payback.distributions.inversion.patched_table import Patched
from payback.distributions.inversion.step_table import Steps, steps
from payback.distributions.wrappers.rounded import Rounded
from payback.distributions.wrappers.shifted_scaled import Scaled, Shifted
from payback.distributions.wrappers.truncated import Truncated

STRIP = 131_072
"""Draws at a time; bounds the work arrays."""

_NARROW = 1e-6


class Inverter(ABC):
    """Maps coordinates to values; safe to share between threads."""

    kind: ClassVar[str]

    def __call__(self, u: FloatArray, out: FloatArray | None = None) -> FloatArray:
        """Return the values at the coordinates `u`.

        Parameters
        ----------
        u : ndarray of float64, any shape
            In (0, 1). Below 2^-53 and above 1 - 2^-53 a table answers as at these bounds.
        out : ndarray of the same shape, optional
            Where to write; may be `u` itself.

        Returns
        -------
        ndarray of the shape of `u`
        """
        if out is None:
            out = np.empty(u.shape)
        if u.ndim != 1:
            flat = np.ascontiguousarray(u).reshape(-1)
            out[...] = self(flat, np.empty(flat.shape)).reshape(u.shape)
            return out
        for start in range(0, u.size, STRIP):
            self._fill(u[start : start + STRIP], out[start : start + STRIP])
        return out

    @abstractmethod
    def _fill(self, u: FloatArray, out: FloatArray) -> None:
        """Write the values at `u`, shape (draws,), to `out`."""


@dataclass(frozen=True)
class ByTable(Inverter):
    """A quantile table, with patches where it has gaps."""

    table: Table | Patched
    kind: ClassVar[str] = "table"

    def _fill(self, u: FloatArray, out: FloatArray) -> None:
        self.table.fill(u, out)


@dataclass(frozen=True)
class BySteps(Inverter):
    """Thresholds between separate values."""

    steps: Steps
    kind: ClassVar[str] = "steps"

    def _fill(self, u: FloatArray, out: FloatArray) -> None:
        self.steps.fill(u, out)


@dataclass(frozen=True)
class Constant(Inverter):
    """One value at every coordinate."""

    value: float
    kind: ClassVar[str] = "closed"

    def _fill(self, u: FloatArray, out: FloatArray) -> None:
        out.fill(self.value)


@dataclass(frozen=True)
class Linear(Inverter):
    """A uniform distribution from `start` (u = 0) to `end` (u = 1), counted from the end nearer to 0."""

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


@dataclass(frozen=True)
class TwoRoots(Inverter):
    """A triangular distribution, perhaps truncated, without branches.

    One root runs from low and stops at the mode, the other from the mode to high; their sum is
    taken on the side that keeps the end nearer to 0 exact. Truncation leaves the share `mass`,
    with `below` and `above` beside it.
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


@dataclass(frozen=True)
class BySegments(Inverter):
    """Straight lines between the corners of a quantile function."""

    segments: Segments
    kind: ClassVar[str] = "table"

    def _fill(self, u: FloatArray, out: FloatArray) -> None:
        self.segments.fill(u, out)


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
    """The quantile function itself, draw by draw."""

    distribution: Distribution
    kind: ClassVar[str] = "exact"

    def _fill(self, u: FloatArray, out: FloatArray) -> None:
        out[...] = self.distribution.ppf(u)


@lru_cache(maxsize=512)
def inverter(distribution: Distribution) -> Inverter:
    """Return the fast quantile function of a distribution with constant parameters.

    Notes
    -----
    Tables hold ``|cdf(x) - u| <= 1e-9 * min(u, 1 - u)`` for `u` in [2^-53, 1 - 2^-53], beside
    the rounding of `x`; steps are exact, and closed forms are exact to rounding.
    """
    match distribution:
        case Certain(value=value):
            return Constant(value)
        case Uniform(low=low, high=high):
            return Linear(low, high)
        case Normal(mean=mean, sd=sd) if (mean, sd) != (0.0, 1.0):
            return _affine(Normal(0.0, 1.0), sd, mean, distribution)
        case Triangular(low=low, mode=mode, high=high) if _two_sided(distribution):
            return TwoRoots(low, mode, high)
        case Truncated(distribution=inner) if not inner.discrete:
            return _truncated(distribution, inner)
        case Computed():
            return inverter(distribution.law)
        case Polyline():
            return BySegments(Segments.of(distribution.line))
        case Rounded(distribution=inner) if distribution.atoms() is None:
            return ToWhole(inverter(inner))
        case Shifted(distribution=inner, by=by) if not inner.discrete:
            return _affine(inner, 1.0, by, distribution)
        case Scaled(distribution=inner, factor=factor) if not inner.discrete:
            return _affine(inner, factor, 0.0, distribution)
    if distribution.discrete:
        found = steps(distribution)
        return Exact(distribution) if found is None else BySteps(found)
    return _tabled(distribution)


def _two_sided(d: Triangular) -> bool:
    """Tell whether neither root of a triangular distribution is lost beside the mode."""
    return min(d.mode - d.low, d.high - d.mode) >= _NARROW * (d.high - d.low)


def _tabled(distribution: Distribution) -> Inverter:
    rough = any(u != 0.5 for u in distribution.breaks)
    table = (None if rough else cubic_table.build(distribution)) or patched_table.build(distribution)
    return Exact(distribution) if table is None else ByTable(table)


def _truncated(whole: Truncated, inner: Distribution) -> Inverter:
    low, high = whole.support
    match inner:
        case Uniform():
            return Linear(float(low), float(high))
        case Triangular() if _two_sided(inner):
            beside = float(inner.cdf(low)), float(inner.sf(high))
            return TwoRoots(inner.low, inner.mode, inner.high, float(whole.mass), *beside)
        case Computed():
            return inverter(Truncated(inner.law, float(low), float(high)))
        case Polyline(line=line):
            return BySegments(Segments.of(line.between(float(low), float(high))))
        case Truncated():
            return inverter(Truncated(inner.distribution, float(low), float(high)))
        case Shifted(distribution=part, by=by):
            return _affine(Truncated(part, float(low) - by, float(high) - by), 1.0, by, whole)
        case Scaled(distribution=part, factor=factor):
            ends = sorted((float(low) / factor, float(high) / factor))
            return _affine(Truncated(part, *ends), factor, 0.0, whole)
        case _:
            return _tabled(whole)


def _affine(inner: Distribution, factor: float, shift: float, whole: Distribution) -> Inverter:
    match inverter(inner):
        case Linear(start=start, end=end):
            return Linear(start * factor + shift, end * factor + shift)
        case TwoRoots(low=low, mode=mode, high=high, mass=mass, below=below, above=above):
            ends, beside = (low * factor + shift, high * factor + shift), (below, above)
            if factor < 0:
                ends, beside = ends[::-1], beside[::-1]
            return TwoRoots(ends[0], mode * factor + shift, ends[1], mass, *beside)
        case BySegments(segments=segments):
            return BySegments(segments.affine(factor, shift))
        case ByTable(table=table) if factor > 0 or isinstance(table, Table):
            return ByTable(table.affine(factor, shift))
        case ByTable():
            return _tabled(whole)
        case _:
            return Exact(whole)
