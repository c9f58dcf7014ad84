from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from payback.distributions import (
    Bernoulli,
    Beta,
    Binomial,
    Distribution,
    Exponential,
    Gamma,
    Geometric,
    Gumbel,
    HalfNormal,
    Hypergeometric,
    Integers,
    InverseGaussian,
    JohnsonSU,
    Laplace,
    Logistic,
    LogLogistic,
    Lognormal,
    LogUniform,
    Lomax,
    NegativeBinomial,
    Normal,
    Pareto,
    Pert,
    Poisson,
    SkewNormal,
    StudentT,
    Trapezoidal,
    Triangular,
    Truncated,
    Uniform,
    Weibull,
)

U = np.array([1e-6, 0.013, 0.21, 0.5, 0.777, 0.95, 0.9999])

PAIRS = [
    (Bernoulli(0.3), stats.bernoulli(0.3)),
    (Beta(2.0, 5.0, -1.0, 3.0), stats.beta(2.0, 5.0, -1.0, 4.0)),
    (Binomial(40, 0.15), stats.binom(40, 0.15)),
    (Exponential(5.0), stats.expon(scale=5.0)),
    (Gamma(2.5, 3.0), stats.gamma(2.5, scale=3.0)),
    (Geometric(0.2), stats.geom(0.2)),
    (Gumbel(3.0, 2.0), stats.gumbel_r(3.0, 2.0)),
    (HalfNormal(2.0), stats.halfnorm(scale=2.0)),
    (Hypergeometric(50, 20, 15), stats.hypergeom(50, 20, 15)),
    (Hypergeometric(50, 40, 25), stats.hypergeom(50, 40, 25)),
    (InverseGaussian(3.0, 2.0), stats.invgauss(1.5, scale=2.0)),
    (InverseGaussian.from_moments(4.0, 1.0), stats.invgauss(1 / 16, scale=64.0)),
    (JohnsonSU(-1.0, 2.0, 1.0, 3.0), stats.johnsonsu(-1.0, 2.0, 1.0, 3.0)),
    (Laplace(3.0, 2.0), stats.laplace(3.0, 2.0)),
    (LogLogistic(3.0, 4.0), stats.fisk(4.0, scale=3.0)),
    (Logistic(3.0, 2.0), stats.logistic(3.0, 2.0)),
    (Lomax(3.0, 2.0), stats.lomax(3.0, scale=2.0)),
    (NegativeBinomial(2.5, 0.3), stats.nbinom(2.5, 0.3)),
    (Pareto(3.0, 2.0), stats.pareto(3.0, scale=2.0)),
    (SkewNormal(2.0, 1.0, 2.0), stats.skewnorm(2.0, 1.0, 2.0)),
    (StudentT(3.0), stats.t(3.0)),
    (StudentT(2.5, 1.0, 3.0), stats.t(2.5, 1.0, 3.0)),
    (Trapezoidal(1.0, 2.0, 4.0, 9.0), stats.trapezoid(1 / 8, 3 / 8, 1.0, 8.0)),
    (Weibull(1.5, 100.0), stats.weibull_min(1.5, scale=100.0)),
    (Integers(-2, 9), stats.randint(-2, 10)),
    (LogUniform(0.1, 30.0), stats.loguniform(0.1, 30.0)),
    (Lognormal(100.0, 0.98), stats.lognorm(0.98, scale=100.0)),
    (Normal(3.0, 2.0), stats.norm(3.0, 2.0)),
    (Pert(80.0, 100.0, 250.0), stats.beta(1 + 4 * 20 / 170, 1 + 4 * 150 / 170, 80.0, 170.0)),
    (Poisson(7.3), stats.poisson(7.3)),
    (Triangular(1.0, 2.0, 5.0), stats.triang(0.25, 1.0, 4.0)),
    (Truncated(Exponential(5.0), 0.0, 8.0), stats.truncexpon(1.6, scale=5.0)),
    (Truncated(Normal(0.02, 0.03), -0.1, 0.15), stats.truncnorm(-4.0, 0.13 / 0.03, 0.02, 0.03)),
    (Uniform(0.9, 2.5), stats.uniform(0.9, 1.6)),
]


@pytest.mark.parametrize(("d", "oracle"), PAIRS, ids=[str(d) for d, _ in PAIRS])
def test_agrees_with_scipy(d: Distribution, oracle: stats.rv_frozen) -> None:
    x = d.ppf(U)
    assert np.allclose(x, oracle.ppf(U), rtol=1e-9, atol=1e-12)
    assert np.allclose(d.isf(U), oracle.isf(U), rtol=1e-9, atol=1e-12)
    assert np.allclose(d.cdf(x), oracle.cdf(x), rtol=1e-10)
    assert np.allclose(d.sf(x), oracle.sf(x), rtol=1e-10)
    density = oracle.pmf if d.discrete else oracle.pdf
    assert np.allclose(d.pdf(x), density(x), rtol=1e-10)
    assert d.mean == pytest.approx(float(oracle.mean()), rel=1e-9)
    assert d.sd == pytest.approx(float(oracle.std()), rel=1e-7)
