"""Records of the registered questions, and their keys in a result document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from payback.simulator import number_text
from payback.simulator.document.estimate import Estimate
from payback.simulator.document.record import Printed, Record

NAMED = 0.1
"""A sentence on what moves a measure most names no input with less than this part of the longest swing."""

RARE = 0.1
"""Below this probability of a value a reader is told of it."""


@dataclass(frozen=True, kw_only=True)
class Held(Record):
    """An input held at a stated value instead of its median."""

    name: str
    value: float


@dataclass(frozen=True, kw_only=True)
class Bar(Record):
    """One input swung from its `low_u` to its `high_u` quantile, all others at the base case.

    `low` and `high` are the measure at `low_value` and `high_value`, None when it never happens or
    is not defined there; `swing` is abs(high - low), None likewise. `unit` is the input's.
    `low_share` and `high_share` are the probabilities of values that the input takes, where it has few or where
    its usual quantiles are one value; around a value that is drawn nearly always, those of the values on that side.
    """

    input: str
    unit: str = ""
    low_u: float
    high_u: float
    low_value: float
    high_value: float
    low: float | None
    high: float | None
    swing: float | None
    low_share: float | None = None
    high_share: float | None = None

    @property
    def label(self) -> str:
        """The input, with the probability of the rarer of its two values where it is below 10 %."""
        rarer = min(1.0 if share is None else share for share in (self.low_share, self.high_share))
        return f"{self.input} ({number_text.percent(rarer)} of trials)" if rarer < RARE else self.input


@dataclass(frozen=True, kw_only=True)
class Tornado(Record):
    """Bars, longest first, ties by name. `note` says what was held and which inputs were not swung."""

    measure: str
    unit: str
    base: float | None
    held: tuple[Held, ...] = ()
    bars: tuple[Bar, ...] = ()
    note: str = ""

    def movers(self, most: int) -> list[str]:
        """Return the inputs that move the measure most, at most `most`: those with a tenth of the longest swing."""
        longest = max((bar.swing for bar in self.bars if bar.swing is not None), default=0.0)
        names = [bar.label for bar in self.bars if bar.swing is None or 0 < bar.swing >= NAMED * longest]
        return names[:most]


@dataclass(frozen=True, kw_only=True)
class TornadoDocument(Tornado, Printed):
    """What ``payback tornado --json`` prints."""

    schema: Literal["payback-tornado/1"] = "payback-tornado/1"


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


@dataclass(frozen=True, kw_only=True)
class QuestionRecords(Record):
    """The keys of the questions in a result document, by their names in `registered_questions`; None if left out."""

    tornado: Tornado | None = None
    variance: Variance | None = None
