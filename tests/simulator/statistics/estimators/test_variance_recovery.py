"""Intervals of numbers that are made of several statistics."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtri

from payback.simulator.cube.cube import Cube
from payback.simulator.cube.samplers import SAMPLERS
from payback.simulator.statistics import (
    Component,
    CountedSample,
    Estimate,
    Grid,
    KeptSample,
    Sample,
    Sums,
    Tally,
    WeightedSample,
    component_of_groups,
    component_of_mean,
    component_of_percentile,
    component_of_share,
    component_of_tail,
    cvar,
    ends_of,
    mean,
    percentile,
    percentile_difference,
    probability,
    sd,
)
from payback.simulator.statistics.estimators.influence import mean_of, sd_of
from payback.simulator.statistics.estimators.variance_recovery import Point
from payback.simulator.statistics.samples.conversion import as_sample
from tests.reference_statistics import correlation, difference_ends

Floats = NDArray[np.float64]
Number = Callable[[Sequence[Point]], Sequence[float]]


def pair(sampler: str, seed: int, trials: int = 4_096) -> tuple[Sample, Sample]:
    """A normal, and a lognormal that follows it in part."""
    cube = Cube(("x", "y"), trials, seed, SAMPLERS[sampler])
    z = ndtri(cube.block(0, cube.trials))
    first, second = (KeptSample(v, cube.replicates) for v in (z[:, 0], np.exp(0.6 * z[:, 0] + 0.8 * z[:, 1])))
    return first, second


def of(components: Sequence[Component], number: Number) -> tuple[float, float, float] | None:
    """The ends of a number made of plain components."""
    values = {k: float(c.estimate.value or 0.0) for k, c in enumerate(components)}
    ends = {k: (float(c.estimate.low or 0.0), float(c.estimate.high or 0.0)) for k, c in enumerate(components)}
    moved = {k: ({**values, k: low}, {**values, k: high}) for k, (low, high) in ends.items()}
    return ends_of(dict(enumerate(components)), moved, values, number)


def less(points: Sequence[Point]) -> list[float]:
    return [point[0] - point[1] for point in points]


def three(estimate: Estimate) -> tuple[float, float, float]:
    assert estimate.value is not None
    assert estimate.low is not None
    assert estimate.high is not None
    return estimate.value, estimate.low, estimate.high


@pytest.mark.parametrize("sampler", ["monte_carlo", "sobol"])
@pytest.mark.parametrize("q", [(90, 10), (50, 90), (20, 30)])
def test_two_percentiles_against_the_twin(sampler: str, q: tuple[float, float]) -> None:
    x, y = pair(sampler, 3)
    a, b = percentile(x, q[0]), percentile(y, q[1])
    ends = of([component_of_percentile(a, q[0], x), component_of_percentile(b, q[1], y)], less)
    above = [(s.values > e.value).astype(float) for s, e in ((x, a), (y, b))]
    r = correlation(*above)
    if sampler == "sobol":  # over replicates, with 1/6 for the rounding of each count, as alike as the trials are
        means = [v.reshape(-1, 16).sum(axis=0) for v in above]
        products = [[float(np.sum((u - u.mean()) * (v - v.mean()))) / 15 for u in means] for v in means]
        errors = [math.sqrt(products[k][k] + 1 / 6) for k in (0, 1)]
        r = (products[0][1] + r / 6) / errors[0] / errors[1]
    assert ends is not None
    assert ends[0] == a.value - b.value  # type: ignore[operator]
    # trials at the percentile itself shift the centre of the hits by one trial of 4,096
    assert ends[1:] == pytest.approx(difference_ends(three(a), three(b), r), abs=2e-3 * (ends[2] - ends[1]))


def test_what_cancels_in_means_cancels_exactly() -> None:
    x, _ = pair("sobol", 1)
    shifted = KeptSample(x.values + 5.0, 16)
    ends = of([component_of_mean(mean(s), mean_of(s), s) for s in (shifted, x)], less)
    assert ends == pytest.approx((5.0, 5.0, 5.0), rel=1e-12)


@pytest.mark.parametrize("replicates", [None, 16])
def test_a_ratio_of_moments_has_the_error_of_the_delta_method(replicates: int | None) -> None:
    x = KeptSample(10.0 + pair("monte_carlo", 2)[0].values, replicates)
    of_sd, of_mean = sd(x), mean(x)
    ends = of(
        [component_of_mean(of_sd, sd_of(x), x), component_of_mean(of_mean, mean_of(x), x)],
        lambda points: [point[0] / point[1] for point in points],
    )
    assert ends is not None
    s, m = float(of_sd.value or 0.0), float(of_mean.value or 0.0)
    d = x.values - m
    terms = (d**2 - s**2) / (2 * s) / m - s * d / m**2
    means = terms if replicates is None else terms.reshape(-1, 16).mean(axis=0)
    half = (1.96 if replicates is None else 2.1314) * float(np.std(means, ddof=1)) / math.sqrt(means.size)
    # Hall's correction may reach further, by a skewness of 16 terms
    assert half * 0.999 <= (ends[2] - ends[1]) / 2 <= (1.05 if replicates is None else 1.5) * half


def test_few_hits_and_atoms_give_every_combination_of_ends() -> None:
    hits = np.arange(4_096) < 5
    steps = np.floor(np.arange(4_096.0) % 40 / 10)
    for sample, estimate, component in (
        (as_sample(hits), probability(hits), component_of_share(probability(hits), as_sample(hits))),
        (
            as_sample(steps, 16),
            percentile(steps, 75, 16),
            component_of_percentile(percentile(steps, 75, 16), 75, as_sample(steps, 16)),
        ),
    ):
        assert component.stepped
        other = KeptSample(np.arange(4_096.0) * 619 % 4_096, sample.replicates)
        plain = component_of_mean(mean(other), mean_of(other), other)
        ends = of([component, plain], less)
        value, low, high = three(estimate)
        of_mean = three(mean(other))
        assert ends == pytest.approx((value - of_mean[0], low - of_mean[2], high - of_mean[1]))


def test_a_tail_on_atoms_moves_in_steps() -> None:
    x = KeptSample(np.repeat(np.arange(40.0), 50), None)
    assert component_of_tail(cvar(x, 5), 5, x).stepped
    smooth = KeptSample(np.arange(2_000.0) * 619 % 2_000, None)
    assert not component_of_tail(cvar(smooth, 5), 5, smooth).stepped


def test_a_divisor_that_may_be_0_gives_no_interval() -> None:
    x, y = pair("monte_carlo", 4)
    components = [component_of_mean(mean(s), mean_of(s), s) for s in (y, x)]
    assert of(components, lambda points: [point[0] / point[1] for point in points]) is None


def test_a_number_bent_within_an_interval_spans_its_corners() -> None:
    x = KeptSample(np.tile([1.0, -1.0], 200) + 0.2, None)
    y = KeptSample(np.arange(400.0), None)
    components = [component_of_mean(mean(s), mean_of(s), s) for s in (x, y)]
    value, low, high = three(mean(x))
    larger = of(components, lambda points: [max(point[0], 0.2) + 0.0 * point[1] for point in points])
    assert larger == pytest.approx((value, 0.2, high))
    assert low < 0.2


def test_of_several_alike_the_interval_is_that_of_their_sum() -> None:
    # three independent shares: variances add, whichever of their reaches is the longer
    samples = [
        KeptSample((Cube((name,), 4_096, 5, SAMPLERS["monte_carlo"]).block(0, 4_096)[:, 0] < 0.3) * 1.0)
        for name in "abc"
    ]
    estimates = [probability(s) for s in samples]
    ends = of(
        [component_of_share(e, s) for e, s in zip(estimates, samples, strict=True)],
        lambda points: [point[0] + point[1] + point[2] for point in points],
    )
    assert ends is not None
    halves = [(three(e)[2] - three(e)[1]) / 2 for e in estimates]
    # correlations of independent shares are known to 1 / sqrt(4,096), three pairs of them
    assert (ends[2] - ends[1]) / 2 == pytest.approx(math.hypot(*halves), rel=4.5 * 2 / 3 / 64 * math.sqrt(3))


@pytest.mark.parametrize("replicates", [None, 16])
def test_counted_and_evenly_weighted_trials_give_nearly_the_same(replicates: int | None) -> None:
    x = pair("sobol", 6, 16_384)[1].values
    tally = Tally(Grid.of(x), 16)
    tally.add(0, x)
    counted = CountedSample.of_tally(tally, replicates, Sums())
    widths = []
    for sample in (KeptSample(x, replicates), WeightedSample(x, replicates, weights=np.full(x.size, 3.0)), counted):
        components = [component_of_percentile(percentile(sample, q), q, sample) for q in (90, 10)]
        ends = of(components, less)
        assert ends is not None
        widths.append(ends[2] - ends[1])
    assert widths[1] == pytest.approx(widths[0], rel=0.02)
    # of counted independent trials the correlation comes from 16 groups: it is known to 1 / sqrt(15)
    assert widths[2] == pytest.approx(widths[0], rel=0.15 if replicates else 0.5)


def test_groups_that_do_not_vary_or_are_not_known_have_no_terms() -> None:
    estimate = Estimate(0.5, 0.4, 0.6)
    assert component_of_groups(estimate, None).terms is None
    assert component_of_groups(estimate, np.array([0.4, math.nan])).terms is None
    terms = component_of_groups(estimate, np.array([0.4, 0.6])).terms
    assert terms is not None
    assert terms.tolist() == pytest.approx([-0.1, 0.1])


def test_a_scaled_percentile_differs_by_the_scale() -> None:
    # the same trials decide both percentiles: their difference has a fifth of the reaches of one
    x = np.exp(ndtri(Cube(("x",), 16_384, 8, SAMPLERS["monte_carlo"]).block(0, 16_384)[:, 0]))
    change, alone = three(percentile_difference(1.2 * x, x, 99)), three(percentile(x, 99))
    assert change == pytest.approx(tuple(0.2 * end for end in alone), rel=1e-9)
