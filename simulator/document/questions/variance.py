"""The record of shares of variance: what makes a measure vary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from payback.simulator.document.core.estimate import Estimate
from payback.simulator.document.core.record import Printed, Record


@dataclass(frozen=True, kw_only=True)
class VarianceShare(Record):
    """Sobol' indices of inputs that move as one: `first`-order, what they make alone, and `total`. Ratios."""

    inputs: tuple[str, ...]
    first: Estimate
    total: Estimate


def _interval(index: Estimate) -> tuple[float, float]:
    """Return the interval of an index; where an end is not known, as far as it can reach."""
    return 0.0 if index.low is None else index.low, 1.0 if index.high is None else index.high


@dataclass(frozen=True, kw_only=True)
class Variance(Record):
    """Shares of the variance of a measure, largest total first.

    `alone` is the sum of the first-order indices and `together` the rest, which inputs make jointly; `trials`
    are the rows of either matrix and `runs` all of them.
    """

    measure: str
    unit: str
    sd: float
    shares: tuple[VarianceShare, ...]
    alone: Estimate
    together: Estimate
    trials: int
    runs: int
    note: str = ""

    def drivers(self, most: int) -> list[VarianceShare]:
        """Return the largest shares, at most `most`, whose intervals of the total lie above those of all others.

        Empty where no such group of shares separates from the rest: then it is not known which leads.
        """
        ends = [_interval(share.total) for share in self.shares]
        for count in range(min(most, len(ends)), 0, -1):
            others = max((high for _, high in ends[count:]), default=0.0)
            if min(low for low, _ in ends[:count]) > others:
                return list(self.shares[:count])
        return []


@dataclass(frozen=True, kw_only=True)
class VarianceDocument(Variance, Printed):
    """What ``payback variance --json`` prints: the shares, and the seed and the sampler of their trials."""

    schema: Literal["payback-variance/1"] = "payback-variance/1"
    seed: int
    sampler: str
