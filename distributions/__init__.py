"""Probability: families, wrappers, elicitation, fast tables. No money, no months, no random numbers."""

from __future__ import annotations

from distributions.affine import Scaled, Shifted
from distributions.base import Distribution
from distributions.beta import Beta, Pert
from distributions.bounded import LogUniform, Triangular, Uniform
from distributions.certain import Certain
from distributions.compound import Compound
from distributions.counts import Bernoulli, Binomial, Integers, Poisson
from distributions.discrete import Discrete
from distributions.elicited import interval, percentile_form, percentile_share, percentile_ways
from distributions.empirical import Empirical, Smoothed, empirical
from distributions.extremes import Highest, Lowest
from distributions.families import Family, collect
from distributions.histogram import Histogram
from distributions.hypergeometric import Hypergeometric
from distributions.inverse_gaussian import InverseGaussian
from distributions.inverters import Inverter, inverter
from distributions.lifetimes import HalfNormal, LogLogistic, Weibull
from distributions.metalog import Metalog, metalog_form
from distributions.mixture import Mixture
from distributions.parameters import Form, Parameter
from distributions.positive import Exponential, Gamma, Lognormal
from distributions.powers import Lomax, Pareto
from distributions.quantiles import Quantiles
from distributions.real import Normal
from distributions.rounded import Rounded
from distributions.skew_normal import SkewNormal
from distributions.skewed import Gumbel, JohnsonSU
from distributions.symmetric import Laplace, Logistic, StudentT
from distributions.trapezoidal import Trapezoidal
from distributions.truncated import Truncated
from distributions.waiting import Geometric, NegativeBinomial
from distributions.zero_inflated import ZeroInflated

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
