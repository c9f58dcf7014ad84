"""Probability distributions: families, wrappers, elicitation, copulas, fits, and fast tables to sample from them.

No money, no months, no files and no random numbers.
"""

from __future__ import annotations

from payback.distributions.compound.compound import Compound
from payback.distributions.continuous.certain import Certain
from payback.distributions.core.distribution import Distribution, Form
from payback.distributions.core.inverse_sampling import Inverter
from payback.distributions.core.parameters import Parameter
from payback.distributions.core.registry import Family, collect
from payback.distributions.elicited.empirical import Empirical, Smoothed, empirical
from payback.distributions.elicited.histogram import Histogram
from payback.distributions.elicited.metalog import Metalog, metalog_form
from payback.distributions.elicited.percentile_form import interval, percentile_form, percentile_share, percentile_ways
from payback.distributions.elicited.quantile_table import Quantiles
from payback.distributions.inversion.inverter import inverter
from payback.distributions.wrappers.mixture import Mixture
from payback.distributions.wrappers.order_statistics import Highest, Lowest
from payback.distributions.wrappers.rounded import Rounded
from payback.distributions.wrappers.shifted_scaled import Scaled, Shifted
from payback.distributions.wrappers.truncated import Truncated
from payback.distributions.wrappers.zero_inflated import ZeroInflated

# The families, in the order in which messages and the schema of case files list them.
# isort: off
from payback.distributions.continuous.beta import Beta
from payback.distributions.continuous.pert import Pert
from payback.distributions.continuous.loguniform import LogUniform
from payback.distributions.continuous.triangular import Triangular
from payback.distributions.continuous.uniform import Uniform
from payback.distributions.discrete.bernoulli import Bernoulli
from payback.distributions.discrete.binomial import Binomial
from payback.distributions.discrete.integers import Integers
from payback.distributions.discrete.poisson import Poisson
from payback.distributions.discrete.hypergeometric import Hypergeometric
from payback.distributions.continuous.inverse_gaussian import InverseGaussian
from payback.distributions.continuous.half_normal import HalfNormal
from payback.distributions.continuous.loglogistic import LogLogistic
from payback.distributions.continuous.weibull import Weibull
from payback.distributions.continuous.exponential import Exponential
from payback.distributions.continuous.gamma import Gamma
from payback.distributions.continuous.lognormal import Lognormal
from payback.distributions.continuous.lomax import Lomax
from payback.distributions.continuous.pareto import Pareto
from payback.distributions.continuous.normal import Normal
from payback.distributions.continuous.skew_normal import SkewNormal
from payback.distributions.continuous.gumbel import Gumbel
from payback.distributions.continuous.johnson_su import JohnsonSU
from payback.distributions.continuous.laplace import Laplace
from payback.distributions.continuous.logistic import Logistic
from payback.distributions.continuous.student_t import StudentT
from payback.distributions.continuous.trapezoidal import Trapezoidal
from payback.distributions.discrete.geometric import Geometric
from payback.distributions.discrete.negative_binomial import NegativeBinomial
from payback.distributions.elicited.value_list import Discrete

# isort: on

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
