"""The record of options: how each does, which leads, and how surely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from payback.simulator.document.core.estimate import Estimate
from payback.simulator.document.core.record import Printed, Record

Holds = Literal["yes", "no", "not known"]
"""Whether something holds, as far as the trials tell."""


@dataclass(frozen=True, kw_only=True)
class OptionResult(Record):
    """An option: a set of changes of the case, or the case as it is.

    `decides` is the statistic that ranks options, and `behind` its difference from the leading option, paired trial by
    trial; None for that option. `tied` says that this difference is within its simulation error. `best` is the
    probability of being best, `regret` the mean distance to the best of each trial, `efficient` whether no other option
    is better both in mean and in shortfall.
    """

    name: str
    changes: tuple[str, ...] = ()
    decides: Estimate
    behind: Estimate | None = None
    tied: bool = False
    mean: Estimate
    p5: Estimate
    p50: Estimate
    p95: Estimate
    shortfall: Estimate
    loss: Estimate
    best: Estimate
    regret: Estimate
    efficient: Holds


@dataclass(frozen=True, kw_only=True)
class Dominance(Record):
    """Whether an option dominates another to the first and to the second order, with the largest violation of each.

    The violation of the first order is a share of the trials, that of the second is in the unit of the measure.
    """

    option: str
    over: str
    first: Holds
    second: Holds
    first_violation: Estimate
    second_violation: Estimate


@dataclass(frozen=True, kw_only=True)
class Options(Record):
    """Options on the same trials, best first.

    `decide_by` is the statistic that ranks them, `better` its better side, `stated` whether somebody chose it. All
    figures by trial are of `measure`, whose better side is `measure_better`; `shortfall` and `loss` name the statistics
    of these keys. `several_best` is the share of the trials in which options tie for the best. `sentences` say who
    leads, by how much and how surely; `note` says what the trials are.
    """

    decide_by: str
    better: Literal["high", "low"]
    stated: bool
    measure: str
    measure_better: Literal["high", "low"]
    unit: str
    shortfall: str
    loss: str
    options: tuple[OptionResult, ...]
    dominance: tuple[Dominance, ...]
    several_best: Estimate
    sentences: tuple[str, ...]
    trials: int
    note: str = ""

    @property
    def leading(self) -> OptionResult:
        """The option with the best value of `decide_by`; others may tie with it."""
        return self.options[0]

    @property
    def tied(self) -> tuple[str, ...]:
        """The names of the options that lead together, as far as the trials tell; of one if it leads alone."""
        return tuple(option.name for k, option in enumerate(self.options) if k == 0 or option.tied)


@dataclass(frozen=True, kw_only=True)
class OptionsDocument(Options, Printed):
    """What ``payback options --json`` prints: the options, and the seed and the sampler of their trials."""

    schema: Literal["payback-options/1"] = "payback-options/1"
    seed: int
    sampler: str
