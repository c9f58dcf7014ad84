"""How often 95 % intervals hold the truth."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri
from scipy.stats import binom, t

from payback.simulator.cube.cube import Cube
from payback.simulator.cube.samplers import SAMPLERS
from payback.simulator.cube.streams import uniforms
from payback.simulator.statistics import Estimate, KeptSample, Sample, cvar, mean, percentile, probability, sd
from payback.simulator.statistics.estimators.percentiles import order_ranks
from payback.simulator.statistics.estimators.probabilities import wilson

Floats = NDArray[np.float64]
Z = 1.959963984540054
SIGMA = 0.5


def covers(estimate: Estimate, truth: float) -> bool:
    low = -math.inf if estimate.low is None else estimate.low
    return low <= truth <= (math.inf if estimate.high is None else estimate.high)


def order_statistics(trials: int, p: float) -> float:
    """Exact coverage: the number of trials below the percentile is binomial."""
    first, last = order_ranks(trials, p)
    return float(binom.cdf(last - 1, trials, p) - binom.cdf(first - 1, trials, p))


def wilson_interval(trials: int, p: float) -> float:
    """Exact coverage: the probability of the numbers of hits whose interval holds `p`."""
    hits = np.arange(trials + 1)
    low, high = wilson(hits / trials, np.full(trials + 1, float(trials)), Z)
    return float(binom.pmf(hits, trials, p)[(low <= p) & (p <= high)].sum())


def test_a50_monte_carlo_covers_as_its_theory_says() -> None:
    # 1,000 seeds know a coverage of .95 to .0069; four statistics, 4 standard errors each
    seeds, trials, c = 1_000, 400, 0.84
    hits = np.zeros(4)
    for seed in range(seeds):
        z: Floats = ndtri(uniforms(seed, "x", 0, trials))
        sample = KeptSample(z)
        hits += [
            covers(percentile(sample, 50), 0.0),
            covers(percentile(sample, 90), float(ndtri(0.9))),
            covers(probability(z > c), float(ndtr(-c))),
            covers(mean(sample), 0.0),
        ]
    exact = [
        order_statistics(trials, 0.5),
        order_statistics(trials, 0.9),
        wilson_interval(trials, float(ndtr(-c))),
        1 - 2 * float(t.sf(Z, trials - 1)),
    ]
    assert hits / seeds == pytest.approx(exact, abs=4 * 0.0069)


def lognormals(sampler: str, seeds: int) -> Iterator[tuple[Floats, int | None]]:
    """Products of three lognormals, sigma 0.5 in all, at 16 x 128 points."""
    for seed in range(seeds):
        cube = Cube(("a", "b", "c"), 2_048, seed, SAMPLERS[sampler])
        z: Floats = ndtri(cube.block(0, 2_048))
        yield np.exp(SIGMA * (0.8 * z[:, 0] + 0.48 * z[:, 1] + 0.36 * z[:, 2])), cube.replicates


STATISTICS: dict[str, tuple[Callable[[Sample], Estimate], float]] = {
    "P10": (lambda x: percentile(x, 10), math.exp(SIGMA * float(ndtri(0.1)))),
    "P50": (lambda x: percentile(x, 50), 1.0),
    "P90": (lambda x: percentile(x, 90), math.exp(SIGMA * float(ndtri(0.9)))),
    "mean": (mean, math.exp(SIGMA**2 / 2)),
    "sd": (sd, math.sqrt(math.expm1(SIGMA**2) * math.exp(SIGMA**2))),
    "CVaR5": (lambda x: cvar(x, 5), math.exp(SIGMA**2 / 2) * float(ndtr(ndtri(0.05) - SIGMA)) / 0.05),
    "CVaR95": (lambda x: cvar(x, 95), math.exp(SIGMA**2 / 2) * float(ndtr(SIGMA - ndtri(0.95))) / 0.05),
}


@pytest.mark.parametrize("sampler", ["monte_carlo", "sobol"])
def test_both_samplers_cover(sampler: str) -> None:
    seeds = 400
    hits = dict.fromkeys([*STATISTICS, "P(x > 1.5)"], 0)
    beyond = float(ndtr(-math.log(1.5) / SIGMA))
    for values, replicates in lognormals(sampler, seeds):
        sample = KeptSample(values, replicates)
        for name, (statistic, truth) in STATISTICS.items():
            hits[name] += covers(statistic(sample), truth)
        hits["P(x > 1.5)"] += covers(probability(values > 1.5, replicates), beyond)
    # 95 % less 4.5 standard errors of 400 seeds; squares and tail means are skewed, so theirs fall short by more
    for name, count in hits.items():
        assert count / seeds > (0.95 if name not in {"sd", "CVaR95"} else 0.92) - 4.5 * 0.011, name


@pytest.mark.parametrize("sampler", ["monte_carlo", "sobol"])
def test_atoms_and_the_never_share_are_covered(sampler: str) -> None:
    seeds, hits = 300, np.zeros(3)
    for values, replicates in lognormals(sampler, seeds):
        steps = np.ceil(2 * values)
        late = np.where(values > 1.2, np.inf, values)
        hits += [
            covers(percentile(steps, 50, replicates), 2.0),
            covers(percentile(late, 50, replicates), 1.0),
            covers(probability(np.isinf(late), replicates), float(ndtr(-math.log(1.2) / SIGMA))),
        ]
    assert (hits / seeds > 0.95 - 4.5 * 0.0126).all()


def test_one_even_axis_is_covered_too() -> None:
    # a replicate of 128 points holds 6 or 7 below P5, as 6.4 says: many show 6 alone
    seeds, hits = 300, np.zeros(3)
    for seed in range(seeds):
        u = Cube(("x",), 2_048, seed, SAMPLERS["sobol"]).block(0, 2_048)[:, 0]
        sample = KeptSample(u, 16)
        hits += [
            covers(percentile(sample, 5), 0.05),
            covers(percentile(sample, 90), 0.9),
            covers(probability(u < 0.003, 16), 0.003),
        ]
    assert (hits / seeds > 0.95 - 4.5 * 0.0126).all()
