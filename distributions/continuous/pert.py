"""The PERT distribution: a beta distribution that is given by its mode."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from payback.distributions.continuous.beta import BetaShaped
from payback.distributions.core.parameters import DISTINCT, MODE, MODE_ORDER, Role, Rule, above_zero


@dataclass(frozen=True)
class Pert(BetaShaped):
    """The PERT distribution: a beta distribution on [low, high], by its mode and the mode's weight.

    Density, with y = (x - low) / (high - low), a = 1 + weight (mode - low) / (high - low),
    b = 1 + weight (high - mode) / (high - low) and B the beta function::

        f(x) = y^(a - 1) (1 - y)^(b - 1) / (B(a, b) (high - low)),  low <= x <= high

    The mean is (low + weight * mode + high) / (weight + 2).

    Parameters
    ----------
    low, mode, high : float
        In the unit of the input, low <= mode <= high and low < high; the mode may be an end.
    weight : float
        Greater than 0, without a unit; 4 is customary, more is narrower.

    References
    ----------
    .. [1] Malcolm, Roseboom, Clark and Fazar (1959), "Application of a technique for research and development
       program evaluation", Operations Research 7(5), doi:10.1287/opre.7.5.646, with weight 4.

    Examples
    --------
    >>> float(Pert(1, 2, 4).ppf(0.5))
    2.1274
    """

    low: float
    mode: float
    high: float
    weight: float = 4.0

    name: ClassVar[str] = "pert"
    roles: ClassVar[tuple[Role, ...]] = ("value", "value", "value", "shape")
    rules: ClassVar[tuple[Rule, ...]] = (
        DISTINCT,
        MODE_ORDER,
        MODE,
        above_zero("weight"),
    )

    @property
    def shapes(self) -> tuple[float, float]:
        """The shapes of the beta distribution that has this mode."""
        width = self.high - self.low
        return (
            1.0 + self.weight * (self.mode - self.low) / width,
            1.0 + self.weight * (self.high - self.mode) / width,
        )
