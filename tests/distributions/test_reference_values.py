"""Values computed by independent means: rows A1-A12 of the catalogue, to 1e-12."""

from __future__ import annotations

import math

import numpy as np
import pytest
from mpmath import erfc, gammainc, mp, mpf, sqrt

from payback.distributions import (
    Beta,
    Certain,
    Compound,
    Distribution,
    Exponential,
    Gamma,
    Highest,
    Lognormal,
    Mixture,
    Normal,
    Pert,
    Poisson,
    StudentT,
    Triangular,
    Truncated,
    Weibull,
    inverter,
    percentile_form,
)


def close(value: float, relative: float = 1e-12) -> object:
    return pytest.approx(value, rel=relative, abs=0)


def test_normal_quantiles_far_out() -> None:
    x = Normal(0.0, 1.0).ppf([1e-300, 1e-16, 0.975])
    assert x[0] == close(-37.0470962993612, 1e-14)
    assert x[1] == close(-8.22208221613044, 1e-14)
    assert x[2] == close(1.95996398454005, 1e-14)


def test_lognormal_tails() -> None:
    d = Lognormal(100.0, 1.0)
    assert d.ppf(1e-12) == close(0.088097278344686)
    assert d.isf(1e-12) == close(113510.884648154)


def test_exponential_tails() -> None:
    d = Exponential(5.0)
    assert d.isf(1e-300) == close(3453.87763949107)
    assert d.ppf(1e-18) == close(5.0e-18)


def test_beta_tail() -> None:
    assert Beta(2.0, 5.0).ppf(1e-10) == close(2.58199778641118e-6)


def test_gamma_of_tiny_shape() -> None:
    assert Gamma(0.1, 1.0).ppf(1e-6) == close(math.exp(-138.653829992241))


def test_pert() -> None:
    d = Pert(0.0, 1.0, 4.0, weight=4.0)
    assert d.mean == close(4.0 / 3.0)
    assert d.sd == close(0.712696645099798)
    assert d.ppf(0.1) == close(0.448939834183434)
    assert d.ppf(0.5) == close(1.25524068182279)
    assert d.ppf(0.9) == close(2.33556149847812)
    assert Pert(0.0, 1.0, 4.0) == d


def test_triangular() -> None:
    d = Triangular(0.0, 1.0, 4.0)
    assert d.ppf(0.1) == close(0.632455532033676)
    assert d.ppf(0.9) == close(2.90455488498967)


def test_student_t_tail() -> None:
    assert StudentT(3.0).isf(1e-10) == close(2225.76928468309)
    assert inverter(StudentT(3.0))(np.array([1.0 - 2.0**-40]))[0] == close(float(StudentT(3.0).isf(2.0**-40)), 1e-9)


def test_weibull_quantile() -> None:
    assert Weibull(1.5, 100.0).ppf(0.999) == close(362.708691233948)


def test_truncated_normal_tail() -> None:
    d = Truncated(Normal(0.0, 1.0), 6.0)
    assert d.mean == close(6.1584826045446)
    assert d.ppf(0.5) == close(6.11156506181344)


def test_poisson() -> None:
    assert Poisson(1.2).cdf(3) == close(0.966231031814344)


def test_lognormal_from_two_percentiles() -> None:
    form = percentile_form("lognormal", {"p10", "p90"})
    assert form is not None
    d = form.build(10.0, 40.0)
    assert d.median == close(20.0)
    assert d.sigma == close(0.540865618829305)
    assert d.ppf([0.1, 0.9]) == pytest.approx([10.0, 40.0], rel=1e-14)


@pytest.mark.parametrize(
    "d",
    [
        Truncated(Normal(0.02, 0.03), -0.10, 0.15),
        Truncated(Normal(0.02, 0.03), 0.0, 0.15),
        Truncated(Normal(0.0, 1.0), 6.0),
        Truncated(Normal(0.0, 1.0), -7.0, -6.5),
        Truncated(Normal(5.0, 2.0), 0.0),
    ],
    ids=str,
)
@pytest.mark.parametrize("fast", [False, True])
def test_truncated_normal_against_high_precision(d: Truncated, fast: bool) -> None:
    """P(X <= x) by erfc with 60 digits, at tail masses where doubles cancel; beside rounding of x."""
    base = d.distribution
    assert isinstance(base, Normal)
    v = np.array([2.0**-52, 1e-12, 1e-9, 1e-6, 1e-4, 0.01, 0.3])
    with mp.workdps(60):

        def share(x: float, y: float) -> mpf:
            z = [(mpf(t) - mpf(base.mean)) / mpf(base.sd) for t in (x, y)]
            return (erfc(z[0] / sqrt(2)) - erfc(z[1] / sqrt(2))) / 2

        low, high = (float(end) for end in d.support)
        whole = share(low, high)
        lower = inverter(d)(v) if fast else d.ppf(v)
        upper = inverter(d)(1.0 - v) if fast else d.isf(1.0 - (1.0 - v))
        for x, y, mass, mirrored in zip(lower, upper, v, 1.0 - (1.0 - v), strict=True):
            for value, edge, wanted in ((x, low, mass), (y, high, mirrored)):
                given = share(*sorted((edge, float(value)))) / whole
                error = abs(given - mpf(float(wanted)))
                slack = 2.0 * float(d.pdf(value)) * np.spacing(abs(value))
                assert error <= (1e-9 if fast else 1e-12) * wanted + slack


def test_gamma_against_high_precision() -> None:
    with mp.workdps(40):
        for shape in (0.05, 0.1, 2.5, 400.0):
            d = Gamma(shape, 1.0)
            for v in (1e-15, 1e-6, 0.2):
                below = gammainc(shape, 0, mpf(float(d.ppf(v))), regularized=True)
                above = gammainc(shape, mpf(float(d.isf(v))), regularized=True)
                assert float(abs(below / mpf(v) - 1)) < 1e-11
                assert float(abs(above / mpf(v) - 1)) < 1e-11


@pytest.mark.parametrize(
    ("d", "oracle"),
    [
        (Lognormal(100.0, 0.98), "LogNormal"),
        (Truncated(Normal(0.02, 0.03), -0.10, 0.15), "TruncatedNormal"),
        (Beta(2.0, 5.0, 0.0, 0.8), "Beta"),
        (Gamma(2.5, 4.0), "Gamma"),
        (Triangular(8.3, 10.4, 30.0), "Triangular"),
    ],
    ids=str,
)
def test_agrees_with_openturns(d: Distribution, oracle: str) -> None:
    import openturns as ot

    arguments = {
        "LogNormal": (math.log(100.0), 0.98, 0.0),
        "TruncatedNormal": (0.02, 0.03, -0.10, 0.15),
        "Beta": (2.0, 5.0, 0.0, 0.8),
        "Gamma": (2.5, 0.25, 0.0),
        "Triangular": (8.3, 10.4, 30.0),
    }[oracle]
    reference = getattr(ot, oracle)(*arguments)
    for u in (0.001, 0.05, 0.5, 0.9, 0.999):
        assert d.ppf(u) == close(reference.computeQuantile(u)[0], 1e-8)
    assert d.mean == close(reference.getMean()[0], 1e-9)
    assert d.sd == close(reference.getStandardDeviation()[0], 1e-9)


def test_mixtures_extremes_and_sums_agree_with_openturns() -> None:
    import openturns as ot

    parts = [ot.LogNormal(math.log(100.0), 0.5, 0.0), ot.Gamma(2.5, 0.25, 0.0)]
    ours = Lognormal(100.0, 0.5), Gamma(2.5, 4.0)
    pairs = (
        (Mixture(ours, (0.3, 0.7)), ot.Mixture(parts, [0.3, 0.7])),
        (Highest(ours), ot.MaximumDistribution(ot.JointDistribution(parts))),
        (Compound(Certain(3.0), Gamma(2.5, 4.0)), ot.Gamma(7.5, 0.25, 0.0)),
        (Compound(Certain(2.0), Triangular(0.0, 1.0, 4.0)), ot.RandomMixture([ot.Triangular(0.0, 1.0, 4.0)] * 2)),
    )
    for d, reference in pairs:
        for u in (0.01, 0.4, 0.9, 0.999):
            x = float(d.ppf(u))
            assert float(d.cdf(x)) == pytest.approx(reference.computeCDF(x), abs=1e-6)
        assert d.mean == close(reference.getMean()[0], 1e-6)
