"""The achieved correlations of inputs with atoms beside a density, against drawn pairs of random margins."""

from __future__ import annotations

import random

import numpy as np
import pytest
from scipy.special import ndtr, ndtri
from scipy.stats import kendalltau, rankdata

from payback.distributions import (
    Bernoulli,
    Certain,
    Distribution,
    Exponential,
    Gamma,
    Lognormal,
    Mixture,
    Normal,
    Shifted,
    Truncated,
    ZeroInflated,
)
from payback.distributions.copulas.calibration import achieved, parameter_for
from payback.simulator.cube.streams import uniforms

PAIRS, FEW = 200_000, 10_000


def margins(draw: random.Random) -> list[Distribution]:
    p, q, sd = (draw.uniform(0.1, 0.8) for _ in range(3))
    return [
        ZeroInflated(p, Lognormal(1.0, sd)),
        ZeroInflated(q, Normal(0.3, sd)),
        Mixture((Certain(2.0 * p), Normal(0.0, 1.0)), (q, 1.0 - q)),
        Truncated(ZeroInflated(p, Normal(0.0, 1.0)), -1.0, 2.0),
        Shifted(ZeroInflated(q, Exponential(1.0)), 3.0),
        Normal(0.0, 1.0),
        Gamma(2.0, 1.0),
        Bernoulli(p),
    ]


def scores(seed: int, rho: float) -> np.ndarray:
    x, y = (ndtri(uniforms(seed, name, 0, PAIRS)) for name in ("first", "second"))
    return np.stack([x, rho * x + np.sqrt(1.0 - rho * rho) * y])


@pytest.mark.parametrize("seed", range(12))
def test_the_achieved_correlation_is_that_of_drawn_pairs(seed: int) -> None:
    """Bounds: 5 standard errors of at most 1 / sqrt(n) for ranks, 1.5 / sqrt(n) for values; slices add 0.004 to tau."""
    draw = random.Random(seed)
    laws = margins(draw)
    first, second = laws[seed % 5], draw.choice(laws)
    rho = draw.uniform(-0.95, 0.95)
    z = scores(seed, rho)
    x, y = first.ppf(ndtr(z[0])), second.ppf(ndtr(z[1]))
    drawn = {
        "spearman": (np.corrcoef(rankdata(x), rankdata(y))[0, 1], 5.0 / np.sqrt(PAIRS)),
        "kendall": (kendalltau(x[:FEW], y[:FEW])[0], 5.0 / np.sqrt(FEW) + 0.004),
        "pearson": (np.corrcoef(x, y)[0, 1], 7.5 / np.sqrt(PAIRS)),
    }
    for kind, (value, bound) in drawn.items():
        assert achieved(kind, rho, first, second).value == pytest.approx(value, abs=bound), (kind, first, second, rho)


def test_zeros_take_from_a_rank_correlation_what_is_printed() -> None:
    inflated = ZeroInflated(0.9, Lognormal(1.0, 1.0))
    parameter = parameter_for("spearman", 0.8)
    printed = achieved("spearman", parameter, inflated, Normal(0.0, 1.0)).value
    assert achieved("spearman", parameter, Gamma(2.0, 1.0), Normal(0.0, 1.0)).value == pytest.approx(0.8, abs=1e-12)
    z = scores(5, parameter)
    drawn = np.corrcoef(rankdata(inflated.ppf(ndtr(z[0]))), rankdata(z[1]))[0, 1]
    assert printed == pytest.approx(drawn, abs=5.0 / np.sqrt(PAIRS))
    assert printed < 0.5


@pytest.mark.parametrize("kind", ["spearman", "kendall", "parameter"])
@pytest.mark.parametrize("degrees", [None, 4.0])
def test_a_rank_correlation_of_1_is_the_parameter_1(kind: str, degrees: float | None) -> None:
    assert parameter_for(kind, 1.0, degrees=degrees) == 1.0
    assert parameter_for(kind, -1.0, degrees=degrees) == -1.0
