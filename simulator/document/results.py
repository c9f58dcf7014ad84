"""Records of the result document: what a run found (see `payback.simulator.document.document`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from payback.simulator.document.exhibits import Held, Record

Verdict = Literal["supported", "refuted", "inconclusive", ""]


@dataclass(frozen=True, kw_only=True)
class Estimate(Record):
    """A statistic with its simulation error.

    `value` is None when it lies beyond the horizon or is not defined, `low` or `high` when that end
    does; then `never` and `undefined` are the shares of trials that say why, and `text` says it in
    words ("not within 36 months"). An exact value (a certain case) has low = high = value.
    `text` holds value and error with honest digits; `warning` is a full sentence or empty.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    level: float = 0.95
    never: float | None = None
    undefined: float | None = None
    text: str = ""
    warning: str = ""
    method: str = ""


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
class CaseFacts(Record):
    """What was simulated. `file` is a file name without its folder; `notes` are the loader's remarks.

    `discount_rate` is None when it is uncertain; `discount_text` always says it ("10 %/year").
    """

    name: str
    currency: str
    horizon: int
    discount_rate: float | None
    discount_text: str = ""
    source: str = ""
    file: str = ""
    digest: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Precision(Record):
    """How well a statistic was to be known, and is: half-widths of 95 % intervals, in its unit.

    `half_width` is None where an end of the interval is not known. `trials` are those of the last look.
    """

    target: str
    asked: float
    half_width: float | None
    reached: bool
    trials: int
    looks: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Provenance(Record):
    """What it takes to get the same numbers again. `replicates` is None for Monte Carlo.

    `precision` is what the number of trials follows from, empty if it was given. `command` is the command line that
    repeats the run. `date` is ISO 8601 and empty unless the caller was told one (SOURCE_DATE_EPOCH): two runs give
    the same bytes.
    """

    seed: int
    sampler: str
    trials: int
    replicates: int | None
    level: float = 0.95
    versions: dict[str, str] = field(default_factory=dict)
    command: str = ""
    date: str = ""
    precision: tuple[Precision, ...] = ()


@dataclass(frozen=True, kw_only=True)
class VerdictText(Record):
    """The headline in one sentence, and up to six sentences that follow from the numbers."""

    text: str
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class BaseValue(Record):
    """A measure at the base case; `percentile` is the share of trials at or below it."""

    value: float | None
    text: str = ""
    percentile: float | None = None


@dataclass(frozen=True, kw_only=True)
class BaseCase(Record):
    """All inputs at their medians, `held` ones at the value that `hold:` gives."""

    measures: dict[str, BaseValue] = field(default_factory=dict)
    held: tuple[Held, ...] = ()
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class LadderStep(Record):
    """One step of the ladder from the claim's own frame to the base case.

    The estimates answer ``P(roi < 0)``, ``P(roi >= 10)``, ``P(payback <= 12 months)``, ``P50(gain)``.
    """

    name: str
    text: str
    p_loss: Estimate
    p_10x: Estimate
    p_payback_12: Estimate
    median_gain: Estimate


@dataclass(frozen=True, kw_only=True)
class MeasureResult(Record):
    """One measure over all trials.

    `unit` is the currency, "month", "1/year" or ""; `better` is "high", "low" or "". `percentiles`
    has the keys P5 P10 P25 P50 P75 P80 P90 P95. `worst5` is the mean of the worst 5 % of trials
    (by `better`). `never` and `undefined` are shares of all trials. `top_share` is the share of the
    mean that the largest 1 % of trials carry. What is not defined (the mean of a payback that some
    trials never reach) is None. Reports show a `main` measure in full and the others in one row each.
    """

    unit: str
    better: Literal["high", "low", ""]
    text: str
    percentiles: dict[str, Estimate]
    mean: Estimate | None = None
    sd: Estimate | None = None
    worst5: Estimate | None = None
    never: float = 0.0
    undefined: float = 0.0
    top_share: float | None = None
    main: bool = True


@dataclass(frozen=True, kw_only=True)
class Answer(Estimate):
    """An estimate and the question, in the grammar of `ask`, that it answers."""

    question: str


@dataclass(frozen=True, kw_only=True)
class ClaimResult(Answer):
    """A claim: `says` in its own words, `check` as written, the probability that it holds (or the
    statistic asked), `verdict`, and the share of trials below the claimed figure if there is one.

    `required` is the share of trials that supports a claim about each trial, and whose contrary refutes it;
    None for a claim with a limit of its own.
    """

    says: str
    check: str
    source: str = ""
    verdict: Verdict = ""
    required: float | None = None
    percentile_of_claim: float | None = None


@dataclass(frozen=True, kw_only=True)
class HurdleResult(Answer):
    """A limit that the case declares; `required` is the probability it must be met with."""

    name: str
    required: float
    verdict: Verdict = ""


@dataclass(frozen=True, kw_only=True)
class Paired(Record):
    """A statistic before and after a change, and the difference paired trial by trial."""

    unit: str = ""
    before: Estimate
    after: Estimate
    difference: Estimate


@dataclass(frozen=True, kw_only=True)
class Comparison(Record):
    """A what-if (an intervention) or a stress (a condition) against the case as it is.

    `changes` are printed one a line ("traffic = traffic * 0.5", "traffic below 10 %"); `reading` says
    what happens to the other inputs; `answers` maps a question ("P(gain < 0)") to its pair.
    `effective_trials` is how many trials of equal weight a stress is worth whose trials have weights, and `note`
    says so.
    """

    name: str
    changes: tuple[str, ...]
    reading: str
    answers: dict[str, Paired]
    effective_trials: float | None = None
    note: str = ""
