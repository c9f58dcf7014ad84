"""The normal distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.inverse_sampling import Inverter
from payback.distributions.core.parameters import Role, Rule
from payback.distributions.core.reproducible_math import exp
from payback.distributions.inversion.inverter import affine


@dataclass(frozen=True)
class Normal(Distribution):
    """The normal distribution.

    Density::

        f(x) = exp(-(x - mean)^2 / (2 sd^2)) / (sd sqrt(2 pi)),  any x

    Parameters
    ----------
    mean : float
        In the unit of the input.
    sd : float
        Standard deviation, greater than 0, in the same unit.

    References
    ----------
    .. [1] Johnson, Kotz and Balakrishnan (1994), Continuous Univariate Distributions, Volume 1, 2nd ed., Wiley,
       chapter 13.

    Examples
    --------
    >>> float(Normal(10, 2).ppf(0.9))
    12.5631
    """

    mean: float
    sd: float

    name: ClassVar[str] = "normal"
    roles: ClassVar[tuple[Role, ...]] = ("value", "spread")
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule("sd", lambda d: d.sd != 0, "must be greater than 0 (for a fixed number use a certain value)"),
        Rule("sd", lambda d: d.sd > 0, "must be greater than 0"),
    )

    def _support(self) -> tuple[float, float]:
        return -math.inf, math.inf

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        from scipy.special import ndtri

        z = ndtri(v)
        return self.mean + self.sd * np.where(up, -z, z)

    def _cdf(self, x: FloatArray) -> FloatArray:
        from scipy.special import ndtr

        return ndtr((x - self.mean) / self.sd)

    def _sf(self, x: FloatArray) -> FloatArray:
        from scipy.special import ndtr

        return ndtr((self.mean - x) / self.sd)

    def _pdf(self, x: FloatArray) -> FloatArray:
        z = (x - self.mean) / self.sd
        return exp(-0.5 * z * z) / (self.sd * math.sqrt(2.0 * math.pi))

    def own_inverter(self) -> Inverter | None:
        """Return the table of the standard normal distribution, moved and scaled; None for that distribution itself."""
        if (self.mean, self.sd) == (0.0, 1.0):
            return None
        return affine(Normal(0.0, 1.0), self.sd, self.mean, self)
