"""The metalog distribution: a logistic distribution whose location and scale vary with the share.

With u the share, L = log(u / (1 - u)) and w = u - 1/2, the quantile function is M = mu(w) + s(w) L for two
polynomials mu and s. With one bound the values are an exponential of M, with two a logistic function of it: the
semibounded and bounded metalogs of Keelin (2016), "The metalog distributions", Decision Analysis 13(4),
doi:10.1287/deca.2016.0338.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution, Form
from payback.distributions.core.parameters import DISTINCT, SWAPPED, Parameter, Rule, number, refuse
from payback.distributions.elicited.percentile_form import percentile_share

_MOST_TERMS = 16
_FARTHEST = 745.0
_GRID = np.linspace(-40.0, 40.0, 801)
_SINGULAR = 1e10


@dataclass(frozen=True, eq=False)
class Curve:
    """The unbounded quantile function M of a metalog distribution.

    Parameters
    ----------
    coefficients : tuple of float or ndarray
        a_1, a_2, ...
    """

    coefficients: tuple[Any, ...]

    @cached_property
    def _mu(self) -> list[Any]:
        """The coefficients a_1 a_4 a_5 a_7 a_9 ... of the polynomial mu, by rising power of w."""
        a = self.coefficients
        return [*a[:1], *a[3:5], *a[6::2]]

    @cached_property
    def _s(self) -> list[Any]:
        """The coefficients a_2 a_3 a_6 a_8 ... of the polynomial s, by rising power of w."""
        a = self.coefficients
        return [*a[1:3], *a[5::2]]

    @cached_property
    def steepness(self) -> tuple[Any, Any]:
        """The value of s at either end: the scale of the logistic distribution, or of its exponential, in that tail."""
        return _horner(self._s, np.asarray(-0.5)), _horner(self._s, np.asarray(0.5))

    @property
    def ends(self) -> tuple[FloatArray, FloatArray]:
        """The lowest and the highest value of M."""
        low, high = (np.asarray(steep) > 0.0 for steep in self.steepness)
        at_low, at_high = (_horner(self._mu, np.asarray(end)) for end in (-0.5, 0.5))
        return np.where(low, -np.inf, at_low), np.where(high, np.inf, at_high)

    def quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        """Return M where the mass `v` lies above it if `up`, else below it."""
        w, logit = 0.5 - v, np.log1p(-v) - np.log(v)
        w, logit = np.where(up, w, -w), np.where(up, logit, -logit)
        steep = _horner(self._s, w)
        return np.asarray(_horner(self._mu, w) + np.where(steep == 0.0, 0.0, steep * logit))

    def slope(self, logit: FloatArray) -> FloatArray:
        """Return the derivative of M by the logit; the density has its sign."""
        w = 0.5 * np.tanh(0.5 * logit)
        change = _horner(_derivative(self._mu), w) + _horner(_derivative(self._s), w) * logit
        return np.asarray(_horner(self._s, w) + _spread(logit) * change)

    def logit(self, y: FloatArray) -> FloatArray:
        """Return the logit of the share at which M is `y`, by Newton's method held in a bracket."""
        low, high = np.full(y.shape, -_FARTHEST), np.full(y.shape, _FARTHEST)
        at, before, left = np.zeros(y.shape), np.full(y.shape, np.inf), np.full(y.shape, True)
        for _ in range(200):
            w = 0.5 * np.tanh(0.5 * at)
            gap = _horner(self._mu, w) + _horner(self._s, w) * at - y
            low, high = np.where(gap < 0.0, at, low), np.where(gap < 0.0, high, at)
            near = at - gap / self.slope(at)
            left &= np.abs(near - at) > 1e-15 * (1.0 + np.abs(at))
            safe = (near > low) & (near < high) & (np.abs(gap) <= 0.5 * before)
            left &= safe | (high - low > 1e-15 * (1.0 + np.abs(at)))
            if not np.any(left):
                break
            at = np.where(left, np.where(safe, near, 0.5 * (low + high)), at)
            before = np.where(safe, np.abs(gap), np.inf)
        return at

    @property
    def rises(self) -> BoolArray:
        """Whether M never falls, checked on a grid of 161 shares."""
        lowest = np.minimum.reduce([self.slope(logit) for logit in _GRID[::5]])
        return np.asarray((lowest > 0.0) & (np.minimum(*self.steepness) >= 0.0))

    def negative(self) -> tuple[float, float] | None:
        """Return the first interval of shares where the density is negative, None if there is none."""
        slope = self.slope(_GRID)
        low = np.flatnonzero((slope[1:-1] <= slope[:-2]) & (slope[1:-1] <= slope[2:])) + 1
        fine = [np.linspace(_GRID[i - 1], _GRID[i + 1], 101) for i in low]
        logit = np.sort(np.concatenate([_GRID, *fine]))
        slack = -1e-12 * max(abs(a) for a in self.coefficients[1:])
        ends = [bool(steep < slack) for steep in self.steepness]
        below = np.concatenate([ends[:1], self.slope(logit) <= 0.0, ends[1:]])
        if not np.any(below):
            return None
        share = np.concatenate([[0.0], 1.0 / (1.0 + np.exp(-logit)), [1.0]])
        first = int(np.argmax(below))
        last = first + int(np.argmin(np.append(below[first:], False)))
        return float(share[max(first - 1, 0)]), float(share[min(last, share.size - 1)])


def _spread(logit: FloatArray) -> FloatArray:
    """Return u (1 - u) for the share u with this logit, accurate in both tails."""
    odds = np.exp(-np.abs(logit))
    return np.asarray(odds / (1.0 + odds) ** 2)


def _to_curve(x: Any, low: Any, high: Any) -> FloatArray:
    """Return values transformed to the unbounded scale of M."""
    low, high = np.asarray(low), np.asarray(high)
    with np.errstate(all="ignore"):
        above, below = (
            np.log(np.where(np.isfinite(low), x - low, 1.0)),
            np.log(np.where(np.isfinite(high), high - x, 1.0)),
        )
    return np.where(np.isfinite(low) | np.isfinite(high), above - below, x)


def _from_curve(y: FloatArray, low: Any, high: Any) -> FloatArray:
    """Return values from the unbounded scale of M: the inverse of `_to_curve`."""
    low, high = np.asarray(low), np.asarray(high)
    with np.errstate(all="ignore"):
        bounded = low + (high - low) / (1.0 + np.exp(-y))
        unbounded = np.where(np.isfinite(low), low + np.exp(y), np.where(np.isfinite(high), high - np.exp(-y), y))
    return np.where(np.isfinite(low) & np.isfinite(high), bounded, unbounded)


def _design(u: FloatArray, terms: int) -> FloatArray:
    """Return the matrix of shape (points, terms) that maps coefficients to M at the shares `u`."""
    w, logit = u - 0.5, np.log(u / (1.0 - u))
    columns = [w**0, logit, w * logit, w]
    columns += [w ** (k // 2) if k % 2 else w ** (k // 2 - 1) * logit for k in range(5, terms + 1)]
    return np.stack(columns[:terms], axis=1)


def _horner(coefficients: Sequence[Any], w: FloatArray) -> Any:
    total = np.zeros_like(w)
    for c in reversed(coefficients):
        total = total * w + c
    return total


def _derivative(coefficients: Sequence[Any]) -> list[Any]:
    return [k * c for k, c in enumerate(coefficients)][1:]


@dataclass(frozen=True)
class Metalog(Distribution):
    """The metalog distribution, by its coefficients; `through` gives the one with stated quantiles.

    Quantile function of the share u, with L = log(u / (1 - u)) and w = u - 1/2::

        M(u) = a_1 + a_2 L + a_3 w L + a_4 w + a_5 w^2 + a_6 w^2 L + a_7 w^3 + a_8 w^3 L + ...

        x = M(u)                                          without bounds
        x = low + exp(M(u))                               with low
        x = high - exp(-M(u))                             with high
        x = (low + high exp(M(u))) / (1 + exp(M(u)))      with both

    The density is 1 / (dx/du) at the share of x [1]_.

    Parameters
    ----------
    coefficients : sequence of float
        a_1, a_2, ..., 2 to 16 of them, in the unit of the input, or without a unit where there is a bound.
    low, high : float
        Bounds of the values, in the unit of the input; infinite where there is none.

    Raises
    ------
    ValueError
        If the density is negative somewhere; the message says where.

    References
    ----------
    .. [1] Keelin (2016), "The metalog distributions", Decision Analysis 13(4), doi:10.1287/deca.2016.0338.

    Examples
    --------
    >>> float(Metalog.through((0.1, 0.5, 0.9), (5, 9, 20)).ppf(0.9))
    20.0000
    """

    coefficients: tuple[Any, ...]
    low: float = -math.inf
    high: float = math.inf

    name: ClassVar[str] = "metalog"
    may_be_infinite: ClassVar[tuple[str, ...]] = ("low", "high")
    rules: ClassVar[tuple[Rule, ...]] = (DISTINCT, SWAPPED)

    def __post_init__(self, checked: bool) -> None:
        super().__post_init__(checked)
        given = tuple(self.coefficients)
        if not 2 <= len(given) <= _MOST_TERMS:
            raise ValueError(f"`Metalog(coefficients=...)` must be 2 to {_MOST_TERMS} numbers, got {len(given)}")
        if checked:
            given = tuple(number("Metalog", f"coefficients[{i}]", a) for i, a in enumerate(given))
        object.__setattr__(self, "coefficients", given)
        if checked and (where := self._curve.negative()):
            raise ValueError(
                f"`Metalog(...)` has a negative density between the shares {where[0]:.3g} and {where[1]:.3g}: "
                "use fewer terms, or move the quantiles beside these shares"
            )

    @classmethod
    def through(
        cls,
        shares: Sequence[float],
        values: Sequence[Any],
        low: Any = -math.inf,
        high: Any = math.inf,
        terms: float | None = None,
        *,
        checked: bool = True,
    ) -> Metalog:
        """Return the metalog distribution with these quantiles, or near them if there are fewer terms than points.

        Parameters
        ----------
        shares : sequence of float
            Inside (0, 1), rising, 2 or more.
        values : sequence of float
            Quantiles at these shares, rising, inside (low, high).
        low, high : float
            Bounds of the values.
        terms : whole number, optional
            As many as points by default; with fewer, the fit of least squares.

        Raises
        ------
        ValueError
            If shares or values do not rise or lie outside, if the shares do not determine so many terms (as 7
            that are symmetric about one half), or if the density would be negative somewhere.
        """
        size = len(shares) if terms is None else terms
        if checked:
            _require(shares, values, low, high, size)
        size = int(size)
        matrix = _design(np.asarray(shares, np.float64), size)
        if checked and np.linalg.cond(matrix) > _SINGULAR:
            given = ", ".join(f"{share:g}" for share in shares)
            text = f"must be at most {size - 1} for the shares {given}, or one of them moved: they tell no more apart"
            raise refuse("Metalog.through", "terms", text, size)
        with np.errstate(all="ignore"):
            y = [_to_curve(np.asarray(x, np.float64), low, high) for x in values]
            solution = np.linalg.pinv(matrix)
            coefficients = [
                sum((c * value for c, value in zip(row, y, strict=True)), start=0.0 * y[0]) for row in solution
            ]
        return cls(tuple(float(a) if np.ndim(a) == 0 else a for a in coefficients), low, high, checked=checked)

    @cached_property
    def allowed(self) -> bool | BoolArray:
        """Whether bounds and coefficients are allowed, by trial where they vary."""
        bounds_allowed = super().allowed
        if all(isinstance(a, float) for a in self.coefficients):
            return bounds_allowed
        with np.errstate(all="ignore"):
            return np.asarray(bounds_allowed & self._curve.rises)

    @cached_property
    def _curve(self) -> Curve:
        return Curve(self.coefficients)

    def _support(self) -> Any:
        low, high = (_from_curve(y, self.low, self.high) for y in self._curve.ends)
        return (float(low), float(high)) if np.ndim(low) == 0 else (low, high)

    def _moments(self) -> tuple[float, float]:
        starts, ends = math.isfinite(self.low), math.isfinite(self.high)
        if starts == ends:
            return super()._moments()
        # With one bound the other tail is a power, of exponent 1 / steepness.
        lower, upper = self._curve.steepness
        steepness = float(upper if starts else lower)
        if steepness >= 1.0:
            return math.inf if starts else -math.inf, math.inf
        mean, sd = super()._moments()
        return mean, sd if steepness < 0.5 else math.inf

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        return _from_curve(self._curve.quantile(v, up), self.low, self.high)

    def _reach(self, v: FloatArray, up: BoolArray) -> FloatArray:
        y = self._curve.quantile(v, up)
        low, high = self.low, self.high
        y = np.where(up, y, -y)
        if math.isfinite(low) and math.isfinite(high):
            return np.asarray((high - low) / (1.0 + np.exp(y)))
        near = np.where(up, math.isfinite(high), math.isfinite(low))
        return np.where(near, np.exp(-y), super()._reach(v, up))

    def _logit(self, x: FloatArray) -> FloatArray:
        """Return the logit of the share up to `x`."""
        low, high = self.support
        y = np.broadcast_arrays(_to_curve(x, self.low, self.high), np.asarray(self.allowed))[0]
        return np.where(x <= low, -np.inf, np.where(x >= high, np.inf, self._curve.logit(y)))

    def _cdf(self, x: FloatArray) -> FloatArray:
        return np.asarray(1.0 / (1.0 + np.exp(-self._logit(x))))

    def _sf(self, x: FloatArray) -> FloatArray:
        return np.asarray(1.0 / (1.0 + np.exp(self._logit(x))))

    def _pdf(self, x: FloatArray) -> FloatArray:
        logit, low, high = self._logit(x), np.asarray(self.low), np.asarray(self.high)
        density = _spread(logit) / self._curve.slope(logit)
        for end in (low, high):
            density = density / np.where(np.isfinite(end), np.abs(x - end), 1.0)
        both = np.where(np.isfinite(low) & np.isfinite(high), high - low, 1.0)
        return np.where(np.isfinite(logit), density * both, 0.0)


def _require(shares: Sequence[float], values: Sequence[Any], low: Any, high: Any, terms: float) -> None:
    if len(shares) != len(values) or len(shares) < 2:
        given = f"{len(shares)} and {len(values)}"
        raise ValueError(f"`Metalog.through(...)` needs a value for each of 2 or more shares, got {given}")
    most = min(len(shares), _MOST_TERMS)
    if terms != int(terms) or not 2 <= terms <= most:
        raise refuse("Metalog.through", "terms", f"must be a whole number in [2, {most}]", terms)
    for i, share in enumerate(shares):
        if not 0.0 < share < 1.0:
            raise ValueError(f"`Metalog.through(shares[{i}]=...)` must lie inside (0, 1), got {share!r}")
        if not low < values[i] < high:
            raise ValueError(f"`Metalog.through(values[{i}]=...)` must lie inside ({low}, {high}), got {values[i]!r}")
        if i and not (shares[i - 1] < share and values[i - 1] < values[i]):
            pair = f"{values[i - 1]!r} at {shares[i - 1]!r} and {values[i]!r} at {share!r}"
            raise ValueError(f"`Metalog.through(...)` must rise in shares and values, got {pair}")


def metalog_form(names: Collection[str]) -> Form | None:
    """Return the form that gives a metalog distribution by percentiles, such as ``p10=, p50=, p90=, low=``.

    Parameters
    ----------
    names : collection of str
        Two or more of ``median``, ``p5``, ``p95``, ``p99_5`` (99.5 %) and so on; ``low`` and ``high``.

    Returns
    -------
    Form or None
        Percentiles in rising order, then bounds; None if the names have no such form. Its `build` takes
        a number of `terms` by name.
    """
    percentiles = {name: percentile_share(name) for name in names if name not in ("low", "high")}
    stated = {name: share for name, share in percentiles.items() if share is not None}
    if len(stated) < max(len(percentiles), 2) or len(set(stated.values())) < len(stated):
        return None
    order = sorted(stated, key=lambda name: stated[name])
    levels = [stated[name] for name in order]

    def build(*values: Any, terms: float | None = None, checked: bool = True) -> Distribution:
        *quantiles, low, high = values
        for (before, x), (after, y) in pairwise(zip(order, quantiles, strict=True)) if checked else ():
            if not x < y:
                given = f"`metalog({before}=..., {after}=...)`"
                raise ValueError(f"{given} must rise from {before} to {after}, got {x!r} and {y!r}")
        return Metalog.through(levels, quantiles, low, high, terms, checked=checked)

    bounds = Parameter("low", "value", -math.inf), Parameter("high", "value", math.inf)
    return Form((*(Parameter(name, "value") for name in order), *bounds), build)
