"""The negative binomial distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from payback.distributions.core.array_types import FloatArray
from payback.distributions.core.distribution import Form
from payback.distributions.core.integer_support import LARGEST, Recurrent
from payback.distributions.core.parameters import Parameter, Role, Rule, above_zero, positive_values
from payback.distributions.discrete.geometric import CHANCE, FEWEST


@dataclass(frozen=True)
class NegativeBinomial(Recurrent):
    """The negative binomial distribution: how many failures come before the n-th success.

    Mass, with C the binomial coefficient (by gamma functions where n is not whole)::

        P(X = k) = C(k + n - 1, k) p^n (1 - p)^k,  k = 0, 1, ...

    As a Poisson distribution whose mean varies by a gamma distribution, it describes counts that
    spread more than Poisson's: with mean m and size k the variance is m + m^2 / k.

    Parameters
    ----------
    n : float
        A count greater than 0, at most 1e15; need not be whole.
    p : float
        Probability of success, from 1e-12 to 1.

    References
    ----------
    .. [1] Johnson, Kemp and Kotz (2005), Univariate Discrete Distributions, 3rd ed., chapter 5,
       doi:10.1002/0471715816.

    Examples
    --------
    >>> float(NegativeBinomial(2.5, 0.3).ppf(0.5))
    5.0
    """

    n: float
    p: float

    name: ClassVar[str] = "negative_binomial"
    roles: ClassVar[tuple[Role, ...]] = ("count", "probability")
    rules: ClassVar[tuple[Rule, ...]] = (
        above_zero("n"),
        CHANCE,
        FEWEST,
        Rule("n", lambda d: d.n <= LARGEST * d.p, f"must be at most {LARGEST} p"),
    )

    @classmethod
    def from_mean(cls, mean: float, k: float, *, checked: bool = True) -> NegativeBinomial:
        """Return the negative binomial distribution with this mean, and the variance ``mean + mean^2 / k``.

        Parameters
        ----------
        mean : float
            Expected count, greater than 0.
        k : float
            Size, greater than 0; less spreads more.
        checked : bool
            As for `Distribution`.

        Raises
        ------
        ValueError
            If `mean` or `k` is not greater than 0.
        """
        mean, k = positive_values(cls, checked, mean=mean, k=k)
        with np.errstate(all="ignore"):
            return cls(k, k / (k + mean), checked=checked)

    @classmethod
    def forms(cls) -> tuple[Form, ...]:
        """Return the positional form, and the one by mean and size."""
        return *super().forms(), Form((Parameter("mean", "count"), Parameter("k", "shape")), cls.from_mean)

    def _support(self) -> tuple[float, float]:
        return 0.0, math.inf

    def _moments(self) -> tuple[float, float]:
        mean, sd, _ = self._cumulants()
        return float(mean), float(sd)

    def _at_most(self, k: FloatArray) -> FloatArray:
        from scipy.special import betainc

        return np.asarray(betainc(self.n, k + 1.0, self.p), np.float64)

    def _above(self, k: FloatArray) -> FloatArray:
        from scipy.special import betaincc

        return np.asarray(betaincc(self.n, k + 1.0, self.p), np.float64)

    def _ratio(self, k: Any, trials: Any = slice(None)) -> FloatArray:
        n, p = np.asarray(self.n)[trials], np.asarray(self.p)[trials]
        return np.asarray((n + k - 1.0) / k * (1.0 - p))

    def _zero(self) -> FloatArray:
        return np.asarray(np.exp(self.n * np.log(np.asarray(self.p))))

    def _cumulants(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        n, p = np.asarray(self.n), np.asarray(self.p)
        root = np.sqrt(n * (1.0 - p))
        return n * (1.0 - p) / p, root / p, (2.0 - p) / root

    def _pdf(self, x: FloatArray) -> FloatArray:
        from scipy.special import betaln, xlog1py

        # C(x + n - 1, x) = 1 / ((x + n) B(n, x + 1))
        logarithm = self.n * np.log(self.p) + xlog1py(x, -self.p) - betaln(self.n, x + 1.0) - np.log(x + self.n)
        return np.where(x == np.floor(x), np.exp(logarithm), 0.0)
