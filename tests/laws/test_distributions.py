from __future__ import annotations

import threading
from itertools import pairwise

import numpy as np
import pytest

from payback.distributions import FAMILIES, Distribution, Scaled, Shifted, inverter
from payback.distributions.core.array_types import FloatArray
from tests.laws.members import CONTINUOUS, DISCRETE, MEMBERS, MIXED

EDGES = np.array([1e-300, 1e-30, 2.0**-60, 2.0**-53, 2.0**-52, 1e-12, 1e-6, 1e-3])
# Tail masses from 2^-53 to 1/2, with cell borders of the tables and their neighbours.
TAIL = np.unique(
    np.concatenate(
        [
            np.exp2(-np.linspace(1.0, 53.0, 4_001)),
            np.linspace(1e-4, 0.5, 2_001),
            np.nextafter(np.ldexp(1.0 + np.arange(64) / 64, -3), 0.0),
            np.ldexp(1.0 + np.arange(64) / 64, -3),
        ]
    )
)
INSIDE = np.array([0.01, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 0.99])


def label(d: Distribution) -> str:
    """What a distribution is called in the list of tests."""
    return f"{str(d)[:100]}..." if len(str(d)) > 103 else str(d)


every = pytest.mark.parametrize("d", MEMBERS, ids=label)
continuous = pytest.mark.parametrize("d", CONTINUOUS, ids=label)
mixed = pytest.mark.parametrize("d", MIXED, ids=label)
discrete = pytest.mark.parametrize("d", DISCRETE, ids=label)


def rounding(d: Distribution, x: FloatArray) -> FloatArray:
    """The mass between `x` and the doubles around it: no quantile can be closer."""
    below, above = np.nextafter(x, -np.inf), np.nextafter(x, np.inf)
    below, above = np.nextafter(below, -np.inf), np.nextafter(above, np.inf)
    return np.maximum(d.cdf(above) - d.cdf(below), d.sf(below) - d.sf(above))


def stated(d: Distribution) -> float:
    """The error of a compound distribution within; 0 if there is none."""
    inner = getattr(d, "distribution", None)
    return stated(inner) if isinstance(inner, Distribution) else float(getattr(d, "error", 0.0))


def test_every_family_of_the_language_has_a_row() -> None:
    assert set(FAMILIES) <= {d.name for d in MEMBERS}


@continuous
def test_cdf_of_ppf_is_the_coordinate(d: Distribution) -> None:
    v = np.concatenate([EDGES, INSIDE])
    x, y = d.ppf(v), d.isf(v)
    # A quantile nearer to an end than any double is the end itself.
    assert np.all((np.abs(d.cdf(x) - v) <= 3e-11 * v + rounding(d, x)) | (x == d.support[0]))
    assert np.all((np.abs(d.sf(y) - v) <= 3e-11 * v + rounding(d, y)) | (y == d.support[1]))


@every
def test_ppf_never_falls(d: Distribution) -> None:
    u = np.sort(np.concatenate([TAIL[::4], 1.0 - TAIL[::4], EDGES]))
    x = d.ppf(u)
    # scipy's quantile of a gamma distribution with shape 0.1 is good to 1e-13.
    assert np.all(np.diff(x) >= -1e-13 * np.abs(x[1:]))


@every
def test_values_lie_in_the_support(d: Distribution) -> None:
    low, high = d.support
    u = np.array([0.0, 5e-324, *EDGES, 0.5, *(1.0 - EDGES), 1.0])
    x = d.ppf(u)
    assert np.all((x >= low) & (x <= high))
    assert d.cdf(high) == 1.0
    assert d.sf(high) == 0.0
    assert d.cdf(np.nextafter(low, -np.inf)) == 0.0
    if not d.discrete:
        assert x[0] == low
        assert x[-1] == high


@every
def test_isf_mirrors_ppf(d: Distribution) -> None:
    u = np.array([0.5, 0.75, 0.875, 1.0 - 2.0**-20, 1.0 - 2.0**-53, 0.25, 2.0**-10])
    assert np.array_equal(d.isf(1.0 - u), d.ppf(u))


@every
def test_cdf_and_sf_sum_to_one(d: Distribution) -> None:
    x = d.ppf(np.concatenate([EDGES, INSIDE]))
    assert np.all(np.abs(d.cdf(x) + d.sf(x) - 1.0) <= 1e-13 + rounding(d, x))


@continuous
def test_density_is_the_slope_of_the_distribution_function(d: Distribution) -> None:
    u = INSIDE[np.all(np.abs(np.subtract.outer(INSIDE, (*d.breaks, 2.0))) > 1e-3, axis=1)]
    x = d.ppf(u)
    step = 3e-4 * np.minimum(d.ppf(1.01 * u) - x, x - d.ppf(0.99 * u))
    slope = (d.cdf(x + step) - d.cdf(x - step)) / (2.0 * step)
    assert np.all(np.abs(d.pdf(x) - slope) <= 1e-6 * slope + rounding(d, x) / step + 1e-12 / d.sd)


@pytest.mark.parametrize("d", [*CONTINUOUS, *MIXED], ids=label)
def test_moments_are_integrals_of_the_quantile_function(d: Distribution) -> None:
    """In parts, cut at kinks and jumps, by tanh-sinh quadrature (Takahasi & Mori 1974): their ends may be singular."""
    t = np.linspace(-5.0, 5.0, 401)
    share = 1.0 / (1.0 + np.exp(np.pi * np.sinh(np.abs(t))))
    weight = np.pi * np.cosh(t) * share * (1.0 - share) * (t[1] - t[0])
    parts = []
    even = d.cdf(np.linspace(d.ppf(0.002), d.isf(0.002), 24))
    edges = np.unique([0.0, *d.breaks, *even, 1.0])
    for a, b in pairwise(edges[np.append(True, np.diff(edges) > 1e-12)]):
        low, high = np.where(t < 0, share, 1.0 - share), np.where(t < 0, 1.0 - share, share)
        u, v = a + (b - a) * low, (1.0 - b) + (b - a) * high
        x = np.where(u < 0.5, d.ppf(np.maximum(u, 1e-300)), d.isf(np.maximum(v, 1e-300)))
        parts.append(((b - a) * weight, x - d.ppf(0.5)))
    mass, x = np.concatenate([m for m, _ in parts]), np.concatenate([x for _, x in parts])
    mean = np.sum(mass * x)
    error = max(1e-9, 100.0 * stated(d))
    assert d.mean == pytest.approx(d.ppf(0.5) + mean, rel=error, abs=error * d.sd)
    assert d.sd == pytest.approx(np.sqrt(np.sum(mass * (x - mean) ** 2)), rel=error)


@discrete
def test_moments_are_sums_over_the_values(d: Distribution) -> None:
    values = d.atoms()
    assert values is not None
    p = d.pdf(values)
    assert np.sum(p) == pytest.approx(1.0, abs=1e-11)
    assert d.mean == pytest.approx(np.sum(p * values), rel=1e-11, abs=1e-12)
    assert d.sd == pytest.approx(np.sqrt(np.sum(p * (values - d.mean) ** 2)), rel=1e-9, abs=1e-9)


@mixed
def test_atoms_have_their_probability_and_the_rest_a_density(d: Distribution) -> None:
    values = d.atoms()
    assert values is not None
    before = d.around(values)[0]
    jump = d.cdf(values) - d.cdf(before)
    assert np.all(jump > 1e-9)
    assert np.allclose(d.sf(before) - d.sf(values), jump, rtol=1e-9, atol=1e-14)
    for end in (d.ppf(d.cdf(before) + 1e-9 * jump), d.ppf(d.cdf(values) - 1e-9 * jump)):
        assert np.array_equal(end, values)
    u = np.array([0.011, 0.07, 0.31, 0.52, 0.77, 0.93])
    x = d.ppf(u)
    inside = np.min(np.abs(x[:, None] - np.array([*values, *d.knots])), axis=1, initial=np.inf) > 1e-3 * d.sd
    x = x[inside]
    step = 1e-5 * d.sd
    slope = (d.cdf(x + step) - d.cdf(x - step)) / (2.0 * step)
    assert np.allclose(d.pdf(x), slope, rtol=1e-5)


@mixed
def test_a_coordinate_lies_between_the_masses_before_and_up_to_its_value(d: Distribution) -> None:
    for draw, tail in ((d.ppf, TAIL[::7]), (inverter(d), TAIL)):
        for u in (tail, 1.0 - tail):
            x = draw(u)
            near = np.minimum(u, 1.0 - u)
            slack = 1e-9 * near + rounding(d, x) + 2e-15
            before, lower = d.around(x)[0], u <= 0.5
            assert np.all((d.cdf(before) - slack <= u)[lower] & (u <= d.cdf(x) + slack)[lower])
            assert np.all((d.sf(before) + slack >= 1.0 - u)[~lower] & (1.0 - u >= d.sf(x) - slack)[~lower])


@discrete
def test_probability_is_the_step_of_the_distribution_function(d: Distribution) -> None:
    values = d.atoms()
    assert values is not None
    assert np.allclose(np.diff(d.cdf(values), prepend=0.0), d.pdf(values), rtol=1e-9, atol=1e-14)
    between = 0.5 * (values[1:] + values[:-1])
    assert np.all(d.pdf(between) == 0.0)
    assert np.array_equal(d.cdf(between), d.cdf(values[:-1]))


@discrete
def test_steps_are_taken_at_the_right_coordinate(d: Distribution) -> None:
    """At F(k) the value is k, at the next double the value after k; at 1 - S(k) likewise."""
    values = d.atoms()
    assert values is not None
    exact = not isinstance(getattr(d, "distribution", None), Distribution) or d.name == "shifted"
    below, above = d.cdf(values[:-1]), d.sf(values[:-1])
    lower = (below > 0) & (below < 0.5)
    upper = (above > 0) & (above < 0.5)
    if not exact:
        below, above = below * (1 - 1e-12), above * (1 + 1e-12)
    k, after = values[:-1], values[1:]
    nudge = 1.0 if exact else 1.0 + 3e-12
    assert np.array_equal(d.ppf(below)[lower], k[lower])
    assert np.array_equal(d.ppf(np.nextafter(below * nudge, 1.0))[lower], after[lower])
    assert np.array_equal(d.isf(above)[upper], k[upper])
    assert np.array_equal(d.isf(np.nextafter(above / nudge, 0.0))[upper], after[upper])


@discrete
def test_fast_steps_are_exact(d: Distribution) -> None:
    values = d.atoms()
    assert values is not None
    fast = inverter(d)
    u = np.concatenate([TAIL, 1.0 - TAIL, d.cdf(values), 1.0 - d.sf(values)])
    u = np.concatenate([u, np.nextafter(u, 0.0), np.nextafter(u, 1.0)])
    u = u[(u >= 2.0**-53) & (u <= 1.0 - 2.0**-53)]
    wrong = fast(u) != d.ppf(u)
    if d.name in {"truncated", "zero_inflated"}:
        # Its quantile function adds a probability, so it may differ by rounding at a step itself.
        edges = np.concatenate([d.cdf(values), 1.0 - d.sf(values)])
        wrong &= np.min(np.abs(u[:, None] - edges), axis=1) > 1e-15
    assert not np.any(wrong)


@continuous
def test_fast_values_keep_the_stated_error_in_both_tails(d: Distribution) -> None:
    fast = inverter(d)
    assert fast.kind in {"closed", "table"}
    x, y = fast(TAIL), fast(1.0 - TAIL)
    mirrored = 1.0 - (1.0 - TAIL)
    assert np.all(np.abs(d.cdf(x) - TAIL) <= 1e-9 * TAIL + rounding(d, x))
    kept = mirrored > 0
    assert np.all((np.abs(d.sf(y) - mirrored) <= 1e-9 * mirrored + rounding(d, y))[kept])


@every
def test_fast_values_never_fall(d: Distribution) -> None:
    u = np.sort(np.concatenate([TAIL, 1.0 - TAIL]))
    x = inverter(d)(u)
    assert np.all(np.diff(x) >= -1e-12 * (np.abs(x[1:]) + d.sd))
    low, high = d.support
    slack = 4e-16 * np.maximum(np.abs(x), 0.0)
    assert np.all((x >= low - slack) & (x <= high + slack))


@every
def test_the_mirror_image_of_a_distribution_rises_with_its_coordinate(d: Distribution) -> None:
    u = np.array([0.0013, 0.0117, 0.1031, 0.3071, 0.5, 0.7039, 0.9017, 0.9891, 0.9979])
    for factor, shift in ((-2.0, 0.0), (-0.3, 0.0), (-1.0, 5.0)):
        image = Shifted(Scaled(d, factor), shift) if shift else Scaled(d, factor)
        x = inverter(image)(u)
        assert np.all(np.diff(x) >= 0.0)
        assert np.allclose(x, image.ppf(u), rtol=1e-6, atol=1e-6 * abs(factor) * d.sd)


@every
def test_fast_values_depend_on_their_coordinate_alone(d: Distribution) -> None:
    fast = inverter(d)
    u = np.tile(np.concatenate([TAIL, 1.0 - TAIL]), 12)[:100_003]
    u = np.clip(u, 2.0**-53, 1.0 - 2.0**-53)
    whole = fast(u)
    pieces = np.concatenate([fast(u[:1]), fast(u[1:1_000]), fast(u[1_000:70_000]), fast(u[70_000:])])
    assert np.array_equal(whole, pieces)
    assert np.array_equal(fast(u[:100_000].reshape(1_000, 100).T), whole[:100_000].reshape(1_000, 100).T)
    column = np.empty((u.size, 2))
    assert np.array_equal(fast(np.stack([u, u], axis=1)[:, 0], out=column[:, 1]), whole)
    same = u.copy()
    fast(same, out=same)
    assert np.array_equal(same, whole)
    assert fast(np.empty(0)).shape == (0,)


def test_threads_share_an_inverter() -> None:
    fast = inverter(CONTINUOUS[0])
    u = np.linspace(0.001, 0.999, 60_000)
    wanted, draws = fast(u), {}

    def draw(number: int) -> None:
        draws[number] = [fast(u) for _ in range(20)]

    threads = [threading.Thread(target=draw, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(x, wanted) for draws in draws.values() for x in draws)
