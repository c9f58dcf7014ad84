"""Records of what-ifs and stresses: every question before and after a change."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from payback.simulator.document.core.estimate import Estimate
from payback.simulator.document.core.record import LEFT_OUT_WHEN_EMPTY, Printed, Record
from payback.simulator.document.precision import Precision


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


@dataclass(frozen=True, kw_only=True)
class ComparisonsDocument(Printed):
    """What ``payback what-if --json`` and ``payback stress --json`` print.

    `precision` is what the number of trials follows from; the key is left out if the number was given.
    """

    schema: Literal["payback-comparisons/1"] = "payback-comparisons/1"
    precision: tuple[Precision, ...] = field(default=(), metadata=LEFT_OUT_WHEN_EMPTY)
    comparisons: tuple[Comparison, ...]
