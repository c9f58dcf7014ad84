"""The table of fitters: for each family its data, its starting values and the ranges of its parameters.

A row says to which data the family applies, from which parameters a search starts, and in which ranges they lie.
A family of positive numbers starts at 0: there is no free location. Trapezoidal
and hypergeometric have no row: their parameters are known, not fitted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from payback.distributions.continuous.beta import Beta
from payback.distributions.continuous.exponential import Exponential
from payback.distributions.continuous.gamma import Gamma
from payback.distributions.continuous.gumbel import Gumbel
from payback.distributions.continuous.half_normal import HalfNormal
from payback.distributions.continuous.inverse_gaussian import InverseGaussian
from payback.distributions.continuous.johnson_su import JohnsonSU
from payback.distributions.continuous.laplace import Laplace
from payback.distributions.continuous.logistic import Logistic
from payback.distributions.continuous.loglogistic import LogLogistic
from payback.distributions.continuous.lognormal import Lognormal
from payback.distributions.continuous.loguniform import LogUniform
from payback.distributions.continuous.lomax import Lomax
from payback.distributions.continuous.normal import Normal
from payback.distributions.continuous.pareto import Pareto
from payback.distributions.continuous.pert import Pert
from payback.distributions.continuous.skew_normal import SkewNormal
from payback.distributions.continuous.student_t import StudentT
from payback.distributions.continuous.triangular import Triangular
from payback.distributions.continuous.uniform import Uniform
from payback.distributions.continuous.weibull import Weibull
from payback.distributions.core.distribution import Distribution
from payback.distributions.discrete.bernoulli import Bernoulli
from payback.distributions.discrete.binomial import Binomial
from payback.distributions.discrete.geometric import Geometric
from payback.distributions.discrete.integers import Integers
from payback.distributions.discrete.negative_binomial import NegativeBinomial
from payback.distributions.discrete.poisson import Poisson
from payback.distributions.fitting import starting_values as starts
from payback.distributions.fitting.maximum_likelihood import Link, Parameters
from payback.distributions.fitting.observations import TIED, Observations
from payback.distributions.wrappers.zero_inflated import ZeroInflated

Domain: TypeAlias = Callable[[Observations], str]
"""Returns the reason why a family does not apply to data, or an empty text if it does."""


@dataclass(frozen=True)
class Fitter:
    """The recipe by which one family is fitted.

    Parameters
    ----------
    family : type of Distribution
        The class of the family.
    domain : callable
        Returns the reason why the family does not apply to data, or an empty text.
    start : callable
        Data to the free parameters at which a search starts.
    links : tuple of str
        The range of each free parameter; empty when `start` is the fit to all data.
    exact : bool
        Whether `start` is the fit to uncensored data, so that only censored data need a search.
    smooth : bool
        Whether the likelihood has a gradient.
    finish : callable, optional
        ``finish(free parameters, data)``: those of the family, where they differ.
    free : int
        Number of parameters estimated from the data; as many as `links` if 0.
    inflated : bool
        Whether the first parameter is the probability of an added 0.
    """

    family: type[Distribution]
    domain: Domain
    start: Callable[[Observations], Parameters]
    links: tuple[Link, ...] = ()
    exact: bool = False
    smooth: bool = True
    finish: Callable[[Parameters, Observations], Parameters] | None = None
    free: int = 0
    inflated: bool = False

    @property
    def name(self) -> str:
        """The name of the family, with the prefix "zero-inflated" where a 0 is added."""
        return f"zero-inflated {self.family.name}" if self.inflated else self.family.name

    def build(self, *free: float, data: Observations) -> Distribution:
        """Return the distribution of free parameters; ValueError where they are not allowed."""
        values = self.parameters(free, data)
        return ZeroInflated(values[0], self.family(*values[1:])) if self.inflated else self.family(*values)

    @property
    def chosen(self) -> int:
        """Number of parameters estimated from the data."""
        return self.free or len(self.links)

    def parameters(self, free: Parameters, data: Observations) -> Parameters:
        """Return the parameters of the family for free ones."""
        return free if self.finish is None else self.finish(free, data)


def _real(data: Observations) -> str:
    if data.kind == "counts":
        return "the values are counts"
    value, share = data.commonest
    if share > TIED:
        return f"{100 * share:.0f} % of the values are exactly {value:g}, which no density allows"
    return ""


def _positive(data: Observations) -> str:
    return _real(data) or _beyond(int(np.sum(data.values <= 0)), data, "not above 0")


def _inside(data: Observations) -> str:
    if data.bounds is None and not (data.values[0] > 0.0 and data.values[-1] < 1.0):
        return _real(data) or "the values do not lie inside (0, 1), and no bounds are given"
    low, high = data.bounds or (0.0, 1.0)
    count = int(np.sum((data.values <= low) | (data.values >= high)))
    return _real(data) or _beyond(count, data, f"on the bounds {low:g} and {high:g}")


def _known(domain: Domain) -> Domain:
    def allowed(data: Observations) -> str:
        return domain(data) or ("some values are censored" if data.censored is not None else "")

    return allowed


def _counts(data: Observations) -> str:
    whole = data.whole and data.values[0] >= 0
    return _known(lambda _: "" if whole else "the values are no whole numbers from 0")(data)


def _from_one(data: Observations) -> str:
    return _counts(data) or _beyond(int(np.sum(data.values < 1)), data, "below 1")


def _yes_or_no(data: Observations) -> str:
    return _counts(data) or ("" if data.values[-1] <= 1 else "the values are not 0 and 1")


def _even(data: Observations) -> str:
    wide = data.sd**2 >= data.mean
    return _counts(data) or ("the values spread no less than those of a Poisson distribution" if wide else "")


def _uneven(data: Observations) -> str:
    narrow = data.sd**2 <= data.mean
    return _counts(data) or ("the values spread no more than those of a Poisson distribution" if narrow else "")


def _many_zeros(data: Observations) -> str:
    few = float(np.mean(data.values == 0.0)) <= np.exp(-data.mean)
    return _counts(data) or ("no more of the values are 0 than under a Poisson distribution" if few else "")


def _beyond(count: int, data: Observations, where: str) -> str:
    return f"{count:,} of {data.size:,} values {'is' if count == 1 else 'are'} {where}" if count else ""


_PLACED: tuple[Link, ...] = ("value", "positive")
_TWO: tuple[Link, ...] = ("positive", "positive")
_PEAKED = Fitter(
    Triangular, _known(_real), starts.peaked_start, ("positive", "share", "positive"), smooth=False,
    finish=starts.peaked,
)  # fmt: skip

_ROWS = (
    Fitter(Normal, _real, starts.normal, _PLACED, exact=True),
    Fitter(Logistic, _real, starts.logistic_start, _PLACED),
    Fitter(Laplace, _real, starts.laplace, _PLACED, exact=True, smooth=False),
    Fitter(Gumbel, _real, starts.gumbel_start, _PLACED),
    Fitter(StudentT, _real, starts.student_t_start, ("positive", "value", "positive")),
    Fitter(SkewNormal, _real, starts.skew_normal_start, ("number", "value", "positive")),
    Fitter(JohnsonSU, _real, starts.johnson_su_start, ("number", "positive", "value", "positive")),
    Fitter(Lognormal, _positive, starts.lognormal, _TWO, exact=True),
    Fitter(Exponential, _positive, starts.mean, ("positive",), exact=True),
    Fitter(Gamma, _positive, starts.gamma_start, _TWO, finish=starts.gamma),
    Fitter(Weibull, _positive, starts.weibull_start, _TWO),
    Fitter(LogLogistic, _positive, starts.loglogistic_start, _TWO),
    Fitter(InverseGaussian, _positive, starts.inverse_gaussian, _TWO, exact=True),
    Fitter(HalfNormal, _positive, starts.half_normal, ("positive",), exact=True),
    Fitter(Lomax, _positive, starts.lomax_start, _TWO, finish=starts.lomax),
    Fitter(Pareto, _known(_positive), starts.pareto, free=2),
    Fitter(Beta, _inside, starts.beta_start, ("share", "positive"), finish=starts.beta),
    Fitter(Uniform, _known(_real), starts.uniform, free=2),
    Fitter(LogUniform, _known(_positive), starts.loguniform, free=2),
    _PEAKED,
    replace(_PEAKED, family=Pert, smooth=True),
    Fitter(Poisson, _counts, starts.mean, free=1),
    Fitter(Poisson, _many_zeros, starts.inflated_start, ("share", "positive"), inflated=True),
    Fitter(Binomial, _even, starts.binomial, free=2),
    Fitter(
        NegativeBinomial,
        _uneven,
        starts.negative_binomial_start,
        ("positive",),
        finish=starts.negative_binomial,
        free=2,
    ),
    Fitter(Geometric, _from_one, starts.geometric, free=1),
    Fitter(Bernoulli, _yes_or_no, starts.mean, free=1),
    Fitter(Integers, _counts, starts.integers, free=2),
)  # fmt: skip

FITTERS: Mapping[str, Fitter] = MappingProxyType({row.name: row for row in _ROWS})
"""How each family is fitted, by its name in the case language (``zero-inflated NAME`` where a 0 is added)."""
