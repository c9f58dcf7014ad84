"""Probability: families, wrappers, elicitation, fast tables. No money, no months, no random numbers."""

from __future__ import annotations

from distributions.affine import Scaled, Shifted
from distributions.base import Distribution
from distributions.beta import Beta, Pert
from distributions.bounded import LogUniform, Triangular, Uniform
from distributions.certain import Certain
from distributions.counts import Bernoulli, Binomial, Integers, Poisson
from distributions.discrete import Discrete
from distributions.families import Family, collect, interval, percentile_form
from distributions.inverters import Inverter, inverter
from distributions.parameters import Form, Parameter
from distributions.positive import Exponential, Gamma, Lognormal
from distributions.real import Normal
from distributions.truncated import Truncated

__all__ = [
    "FAMILIES",
    "Bernoulli",
    "Beta",
    "Binomial",
    "Certain",
    "Discrete",
    "Distribution",
    "Exponential",
    "Family",
    "Form",
    "Gamma",
    "Integers",
    "Inverter",
    "LogUniform",
    "Lognormal",
    "Normal",
    "Parameter",
    "Pert",
    "Poisson",
    "Scaled",
    "Shifted",
    "Triangular",
    "Truncated",
    "Uniform",
    "interval",
    "inverter",
    "percentile_form",
]

FAMILIES = collect(vars().values())
"""Every family of the case language by name."""
