"""Records of the registered questions, and their keys in a result document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from payback.simulator.document.estimate import Estimate
from payback.simulator.document.record import Printed, Record


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


@dataclass(frozen=True, kw_only=True)
class Tornado(Record):
    """Bars, longest first, ties by name. `note` says what was held and which inputs were not swung."""

    measure: str
    unit: str
    base: float | None
    held: tuple[Held, ...] = ()
    bars: tuple[Bar, ...] = ()
    note: str = ""


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
