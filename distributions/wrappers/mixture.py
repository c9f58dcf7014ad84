"""The mixture: one of several distributions, each with a probability."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.combination import Several, require
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.parameters import rare, shares


@dataclass(frozen=True)
class Mixture(Several):
    """One of several distributions, each with its probability.

    Distribution function, of the components' F_i and weights w_i::

        F(x) = w_1 F_1(x) + w_2 F_2(x) + ...

    Used for the linear pool of the opinions of experts [1]_, and for regimes of which one will hold. A draw takes one
    coordinate, inverted through F.

    Parameters
    ----------
    distributions : sequence of Distribution
        The components.
    weights : sequence of float
        As many, at least 0; they sum to 1 (to 1e-9).

    Raises
    ------
    ValueError
        If the numbers differ, a weight is negative, or the sum is not 1.

    References
    ----------
    .. [1] Stone (1961), "The opinion pool", Annals of Mathematical Statistics 32(4), doi:10.1214/aoms/1177704873.

    Examples
    --------
    >>> from payback.distributions import Normal
    >>> float(Mixture((Normal(10, 2), Normal(20, 3)), (0.7, 0.3)).ppf(0.5))
    11.128
    """

    distributions: tuple[Distribution, ...]
    weights: tuple[Any, ...]

    name: ClassVar[str] = "mixture"

    def __post_init__(self, checked: bool) -> None:
        parts, weights = tuple(self.distributions), tuple(self.weights)
        require("Mixture", parts, 1)
        if len(parts) != len(weights):
            given = f"{len(parts)} and {len(weights)}"
            raise ValueError(f"`Mixture(...)` needs a weight for each distribution, got {given}")
        if checked:
            kept = [(d, w) for d, w in zip(parts, shares("Mixture", weights), strict=True) if w > 0]
            parts, weights = tuple(d for d, _ in kept), tuple(w for _, w in kept)
            # The last weight is the rest, so that they sum to 1 without rounding.
            weights = (*weights[:-1], 1.0 - sum(weights[:-1]))
        flat = [inner for pair in zip(parts, weights, strict=True) for inner in _pooled(*pair)]
        object.__setattr__(self, "distributions", tuple(d for d, _ in flat))
        object.__setattr__(self, "weights", tuple(w for _, w in flat))

    @property
    def allowed(self) -> bool | BoolArray:
        """Whether components are allowed and weights are probabilities, by trial where they vary."""
        if all(isinstance(w, float) for w in self.weights):
            return super().allowed
        positive = np.all(np.broadcast_arrays(*(np.asarray(w) >= 0 for w in self.weights)), axis=0)
        summed = np.abs(self._total(self.weights) - 1.0) <= 1e-9
        return np.asarray(super().allowed & positive & summed)

    def rare_parts(self) -> tuple[float, ...]:
        """Return the weights of the components, and those of their parts."""
        return rare(*self.weights, *(w * weight for w, d in self._pairs() for weight in d.rare_parts()))

    def _total(self, parts: Any) -> Any:
        return sum(parts, start=np.asarray(0.0))

    def _support(self) -> Any:
        ends = [d.support for d in self.distributions]
        lows, highs = zip(*ends, strict=True)
        low, high = np.minimum.reduce(np.broadcast_arrays(*lows)), np.maximum.reduce(np.broadcast_arrays(*highs))
        return (float(low), float(high)) if np.ndim(low) == 0 else (low, high)

    def _moments(self) -> tuple[float, float]:
        mean = math.fsum(w * d.mean for w, d in self._pairs())
        square = math.fsum(w * (d.sd**2 + (d.mean - mean) ** 2) for w, d in self._pairs())
        return mean, math.sqrt(square)

    def _pairs(self) -> list[tuple[Any, Distribution]]:
        return list(zip(self.weights, self.distributions, strict=True))

    def _cdf(self, x: FloatArray) -> FloatArray:
        return np.asarray(self._total(w * d.cdf(x) for w, d in self._pairs()))

    def _sf(self, x: FloatArray) -> FloatArray:
        return np.asarray(self._total(w * d.sf(x) for w, d in self._pairs()))

    def _both(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        tails = [d.tails(x) for d in self.distributions]
        below, above = ([w * pair[side] for w, pair in zip(self.weights, tails, strict=True)] for side in (0, 1))
        return np.asarray(self._total(below)), np.asarray(self._total(above))

    def _pdf(self, x: FloatArray) -> FloatArray:
        return np.asarray(self._total(w * d.pdf(x) for w, d in self._pairs() if self.discrete or not d.discrete))

    def _thin_mass(self, a: FloatArray, width: FloatArray) -> FloatArray:
        return np.asarray(self._total(w * d.thin_mass(a, width) for w, d in self._pairs()))

    def _bracket(self, v: FloatArray, up: BoolArray) -> tuple[FloatArray, FloatArray]:
        values = np.stack(np.broadcast_arrays(*(d.quantile(v, up) for d in self.distributions)))
        low, high = values.min(axis=0), values.max(axis=0)
        for w, d in self._pairs():
            if d.searched:
                continue
            # No component has more than the whole tail: its own tail is at most v / w at the quantile.
            share = v / w
            far = share > 0.5
            end = d.quantile(np.where(far, 1.0 - share, share), up ^ far)
            low = np.where(up & (end > low), end, low)
            high = np.where(~up & (end < high), end, high)
        return low, np.maximum(low, high)


def _pooled(distribution: Distribution, weight: Any) -> list[tuple[Distribution, Any]]:
    """Return a component and its weight; those of its own components, if it is a mixture of constant weights."""
    if not isinstance(distribution, Mixture) or not all(isinstance(w, float) for w in distribution.weights):
        return [(distribution, weight)]
    return [(d, weight * w) for w, d in zip(distribution.weights, distribution.distributions, strict=True)]
