"""Slow twins of `payback.simulator.statistics`: one trial after the other, in Python floats."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

T15 = 2.131449545559323


def quantile(values: Sequence[float], q: float) -> float:
    """The smallest value that at least `q` percent of the values do not exceed."""
    ordered = sorted(values)
    needed = len(ordered) * q / 100 * (1 - 1e-15)
    return next(x for k, x in enumerate(ordered, start=1) if k >= needed)


def share(values: Sequence[float], holds: Callable[[float], bool], replicates: int) -> tuple[float, float]:
    """Share of the defined values that hold, and its standard error as a ratio over replicates.

    To the variance of each replicate's count 1/6 is added, for its rounding to whole trials.
    """
    hits, sizes = [0.0] * replicates, [0.0] * replicates
    for trial, x in enumerate(values):
        hits[trial % replicates] += not math.isnan(x) and holds(x)
        sizes[trial % replicates] += not math.isnan(x)
    pooled = sum(hits) / sum(sizes)
    squares = sum((hit - pooled * size) ** 2 for hit, size in zip(hits, sizes, strict=True))
    return pooled, math.sqrt(squares * replicates / (replicates - 1) + replicates / 6) / sum(sizes)


def percentile_ends(values: Sequence[float], q: float) -> tuple[float, float]:
    """Ends of all `x` whose share of trials is within t standard errors of `q` percent, by trying every value.

    From below the share of trials at or below `x` counts, from above that of trials below it.
    """
    p = q / 100
    candidates = sorted({x for x in values if not math.isnan(x)})
    low = next(x for x in candidates if _at_least(share(values, x.__ge__, 16), p))
    high = next(x for x in reversed(candidates) if _at_most(share(values, x.__gt__, 16), p))
    return low, high


def _at_least(estimate: tuple[float, float], p: float) -> bool:
    return estimate[0] + T15 * estimate[1] >= p


def _at_most(estimate: tuple[float, float], p: float) -> bool:
    return estimate[0] - T15 * estimate[1] <= p


def wilson(p: float, trials: float, z: float) -> tuple[float, float]:
    """Solutions of (p - x)**2 = z**2 x (1 - x) / trials."""
    a, b, c = 1 + z * z / trials, -(2 * p + z * z / trials), p * p
    root = math.sqrt(max(b * b - 4 * a * c, 0.0))
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def tail_mean(values: Sequence[float], q: float) -> float:
    """Mean of the lowest `q` percent, or of the highest ``100 - q``, a trial at the edge counted in part."""
    ordered = sorted(values, reverse=q > 50)
    left = len(ordered) * min(q, 100 - q) / 100
    needed, total = left, 0.0
    for x in ordered:
        counted = min(1.0, left)
        total += counted * x
        left -= counted
        if left <= 0:
            break
    return total / needed


def central(values: Sequence[float], power: int) -> float:
    """Sum of (x - mean)**power."""
    mean = math.fsum(values) / len(values)
    return math.fsum((x - mean) ** power for x in values)


def replicate_error(values: Sequence[float]) -> float:
    """Standard error of the mean from 16 replicates of equal size."""
    means = [math.fsum(values[k::16]) / len(values[k::16]) for k in range(16)]
    middle = math.fsum(means) / 16
    return math.sqrt(math.fsum((m - middle) ** 2 for m in means) / 15 / 16)


def mean_ends(terms: Sequence[float], point: float) -> tuple[float, float]:
    """Return the means that lie at `point` of Student's or of Hall's (1992) statistic, whichever is further off."""
    n, middle = len(terms), math.fsum(terms) / len(terms)
    second = central(terms, 2) / n
    skewness = central(terms, 3) / n / second**1.5
    spread = math.sqrt(central(terms, 2) / (n - 1))

    def statistic(mean: float) -> float:
        w = (middle - mean) / spread
        return math.sqrt(n) * (w + skewness * w**2 / 3 + skewness**2 * w**3 / 27 + skewness / (6 * n))

    def root(target: float) -> float:
        low, high = middle - 50 * spread, middle + 50 * spread
        for _ in range(200):
            half = (low + high) / 2
            low, high = (half, high) if statistic(half) > target else (low, half)
        return low

    half = point * spread / math.sqrt(n)
    return min(middle - half, root(point)), max(middle + half, root(-point))


def tail_reach(deviations: Sequence[float], replicates: int) -> float:
    """1.2 times what the outermost trials of 16 replicates fall short of their expectation in 1 of 40 runs.

    Above the 32nd largest lies a Pareto tail of index `a`; its part that begins at `x` has excesses of scale ``a x``,
    whose mean is ``a x / (1 - a)``. The mean of 16 of them is below ``a x 0.571 exp(0.57 a)`` in 1 of 40 runs. They are
    16 of all trials.
    """
    assert replicates == 16
    ordered = sorted(deviations, reverse=True)
    if len(ordered) < 32 or ordered[31] <= 0:
        return 0.0
    index = min(math.fsum(math.log(x / ordered[31]) for x in ordered[:32]) / 32, 0.7)
    expected, unlucky = 1 / (1 - index), 0.571 * math.exp(0.57 * index)
    return 1.2 * (expected - unlucky) * index * ordered[15] * 16 / len(ordered)


def correlation(x: Sequence[float], y: Sequence[float]) -> float:
    """Pearson's correlation."""
    mx, my = math.fsum(x) / len(x), math.fsum(y) / len(y)
    both = math.fsum((a - mx) * (b - my) for a, b in zip(x, y, strict=True))
    return both / math.sqrt(central(x, 2) * central(y, 2))


def difference_ends(a: tuple[float, float, float], b: tuple[float, float, float], r: float) -> tuple[float, float]:
    """Ends of a - b, each given as value, low and high, whose errors are correlated by `r`.

    A share `r` of their variance is one error that both follow, up or down together; the rest is of each alone. For
    `r` below 0 the one goes up while the other goes down (Zou and Donner 2008).
    """
    below, above = a[0] - a[1], a[2] - a[0]
    beneath, over = b[0] - b[1], b[2] - b[0]
    if r < 0:
        low = below**2 + over**2 - 2 * r * below * over
        high = above**2 + beneath**2 - 2 * r * above * beneath
    else:
        down, up = beneath - below, above - over  # what a - b does when both go down, when both go up
        low = (1 - r) * (below**2 + over**2) + r * max(0.0, -down, -up) ** 2
        high = (1 - r) * (above**2 + beneath**2) + r * max(0.0, down, up) ** 2
    return a[0] - b[0] - math.sqrt(low), a[0] - b[0] + math.sqrt(high)
