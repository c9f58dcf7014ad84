"""The distribution on a stated list of values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from payback.distributions.core.finite_support import Atoms, Listed
from payback.distributions.core.parameters import number, rare, refuse, shares


@dataclass(frozen=True)
class Discrete(Listed):
    """A finite list of values with their probabilities.

    Mass: P(X = values[i]) = weights[i].

    Parameters
    ----------
    values : sequence of float
        Each once, in the unit of the input.
    weights : sequence of float
        As many probabilities; they sum to 1 (to 1e-9).

    Raises
    ------
    ValueError
        If the lengths differ, a value is given twice, a weight is negative, or the sum is not 1.

    References
    ----------
    .. [1] Johnson, Kemp and Kotz (2005), Univariate Discrete Distributions, 3rd ed.,
       doi:10.1002/0471715816.

    Examples
    --------
    >>> float(Discrete((1, 2.5, 3), (0.5, 0.3, 0.2)).ppf(0.6))
    2.5
    """

    values: tuple[float, ...]
    weights: tuple[float, ...]

    name: ClassVar[str] = "discrete"

    def __post_init__(self, checked: bool) -> None:
        values, weights = tuple(self.values), tuple(self.weights)
        if len(values) != len(weights) or not values:
            raise ValueError(f"`Discrete(...)` needs a weight for each value, got {len(values)} and {len(weights)}")
        values = tuple(number("Discrete", f"values[{i}]", value) for i, value in enumerate(values))
        weights = shares("Discrete", weights)
        repeated = [value for value, count in Counter(values).items() if count > 1]
        if repeated:
            raise refuse("Discrete", "values", "must differ from each other", repeated[0])
        kept = sorted((v, w) for v, w in zip(values, weights, strict=True) if w > 0)
        object.__setattr__(self, "values", tuple(v for v, _ in kept))
        object.__setattr__(self, "weights", tuple(w for _, w in kept))

    def rare_parts(self) -> tuple[float, ...]:
        """Return the probability of each value but the likeliest."""
        likeliest = self.weights.index(max(self.weights))
        return rare(*(weight for i, weight in enumerate(self.weights) if i != likeliest))

    def _listed(self) -> Atoms:
        return Atoms.of(np.array(self.values), np.array(self.weights))
