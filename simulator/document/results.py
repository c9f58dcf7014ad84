"""Records of a run: the case, how to repeat the run, the verdict, measures, the base case and the ladder."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from payback.simulator.document.core.estimate import Estimate
from payback.simulator.document.core.record import LEFT_OUT_WHEN_EMPTY, Record
from payback.simulator.document.precision import Precision
from payback.simulator.document.questions.tornado import Held


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

    @property
    def leading(self) -> str:
        """The measure by which the case is judged first: npv, or gain where money is not discounted."""
        return "gain" if self.discount_rate == 0 else "npv"


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
    """The headline in one sentence, and a few sentences that follow from the numbers."""

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

    `answers` maps each question of the ladder, the same at every step, to its estimate. The questions follow from the
    claims and hurdles of the case.
    """

    name: str
    text: str
    answers: dict[str, Estimate]


@dataclass(frozen=True, kw_only=True)
class WhyUndefined(Record):
    """A reason why a measure is undefined, and the `share` of all trials to which it applies."""

    why: str
    share: float


@dataclass(frozen=True, kw_only=True)
class MeasureResult(Record):
    """One measure over all trials.

    `unit` is the currency, "month", "1/year" or ""; `better` is "high", "low" or "". `percentiles`
    has the keys P5 P10 P25 P50 P75 P80 P90 P95. `worst5` is the mean of the worst 5 % of trials
    (by `better`). `never` and `undefined` are shares of all trials, and `reasons` say why they are
    undefined. `top_share` is the share of the mean that the largest 1 % of trials carry. What is not
    defined (the mean of a payback that some trials never reach) is None. `unfunded` is the share of
    trials with a payback of 0: cumulative net is never below 0, no funding is needed. Reports show a
    `main` measure in full and the others in one row each.
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
    reasons: tuple[WhyUndefined, ...] = field(default=(), metadata=LEFT_OUT_WHEN_EMPTY)
    unfunded: float = 0.0
    top_share: float | None = None
    main: bool = True
