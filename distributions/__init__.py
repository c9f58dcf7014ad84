"""Probability: families, wrappers, elicitation, fast tables. No money, no months, no random numbers."""

from __future__ import annotations

from payback.distributions.affine import Scaled, Shifted
from payback.distributions.base import Distribution
from payback.distributions.beta import Beta, Pert
from payback.distributions.bounded import LogUniform, Triangular, Uniform
from payback.distributions.certain import Certain
from payback.distributions.compound import Compound
from payback.distributions.counts import Bernoulli, Binomial, Integers, Poisson
from payback.distributions.discrete import Discrete
from payback.distributions.elicited import interval, percentile_form, percentile_share, percentile_ways
from payback.distributions.empirical import Empirical, Smoothed, empirical
from payback.distributions.extremes import Highest, Lowest
from payback.distributions.families import Family, collect
from payback.distributions.histogram import Histogram
from payback.distributions.hypergeometric import Hypergeometric
from payback.distributions.inverse_gaussian import InverseGaussian
from payback.distributions.inverters import Inverter, inverter
from payback.distributions.lifetimes import HalfNormal, LogLogistic, Weibull
from payback.distributions.metalog import Metalog, metalog_form
from payback.distributions.mixture import Mixture
from payback.distributions.parameters import Form, Parameter
from payback.distributions.positive import Exponential, Gamma, Lognormal
from payback.distributions.powers import Lomax, Pareto
from payback.distributions.quantiles import Quantiles
from payback.distributions.real import Normal
from payback.distributions.rounded import Rounded
from payback.distributions.skew_normal import SkewNormal
from payback.distributions.skewed import Gumbel, JohnsonSU
from payback.distributions.symmetric import Laplace, Logistic, StudentT
from payback.distributions.trapezoidal import Trapezoidal
from payback.distributions.truncated import Truncated
from payback.distributions.waiting import Geometric, NegativeBinomial
from payback.distributions.zero_inflated import ZeroInflated

__all__ = [
    "FAMILIES",
    "Bernoulli",
    "Beta",
    "Binomial",
    "Certain",
    "Compound",
    "Discrete",
    "Distribution",
    "Empirical",
    "Exponential",
    "Family",
    "Form",
    "Gamma",
    "Geometric",
    "Gumbel",
    "HalfNormal",
    "Highest",
    "Histogram",
    "Hypergeometric",
    "Integers",
    "InverseGaussian",
    "Inverter",
    "JohnsonSU",
    "Laplace",
    "LogLogistic",
    "LogUniform",
    "Logistic",
    "Lognormal",
    "Lomax",
    "Lowest",
    "Metalog",
    "Mixture",
    "NegativeBinomial",
    "Normal",
    "Parameter",
    "Pareto",
    "Pert",
    "Poisson",
    "Quantiles",
    "Rounded",
    "Scaled",
    "Shifted",
    "SkewNormal",
    "Smoothed",
    "StudentT",
    "Trapezoidal",
    "Triangular",
    "Truncated",
    "Uniform",
    "Weibull",
    "ZeroInflated",
    "empirical",
    "interval",
    "inverter",
    "metalog_form",
    "percentile_form",
    "percentile_share",
    "percentile_ways",
]

FAMILIES = collect(vars().values())
"""Every family of the case language by name."""
