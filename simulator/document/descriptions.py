"""Records of a case that is described, not simulated: its check, its explanation, and the plan of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from payback.simulator.document.core.record import Printed, Record
from payback.simulator.document.exhibits import Assumption, Definition, Dependence, FormulaText


@dataclass(frozen=True, kw_only=True)
class CheckDocument(Printed):
    """What ``payback check --json`` prints of a case without a mistake."""

    schema: Literal["payback-check/1"] = "payback-check/1"
    ok: bool
    digest: str
    notes: tuple[str, ...]
    inputs: tuple[Assumption, ...]
    dependence: tuple[Dependence, ...]


@dataclass(frozen=True, kw_only=True)
class ExplanationDocument(Printed):
    """What ``payback explain --json`` prints: `measures` are the measures and the conventions, in words."""

    schema: Literal["payback-explanation/1"] = "payback-explanation/1"
    case: str
    currency: str
    horizon: int
    inputs: tuple[Assumption, ...]
    dependence: tuple[Dependence, ...]
    formulas: tuple[FormulaText, ...]
    measures: tuple[Definition, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PlannedDraw(Record):
    """An input that a run draws: whether anew each month, `by` what method, and from which `points`."""

    input: str
    monthly: bool
    by: str
    points: str


@dataclass(frozen=True, kw_only=True)
class PlanDocument(Printed):
    """What ``payback explain --plan --json`` prints.

    `steps` are those of a trial; `steps_once` and `steps_a_month` count them by operation. `block` is the number of
    trials that the engine works on at a time, `workspace_bytes` the memory of a thread. `folded` holds what does not
    depend on the trial, one number or one a month; `left_out` names what no measure reads.
    """

    schema: Literal["payback-plan/1"] = "payback-plan/1"
    measures: tuple[str, ...]
    months: int
    trials: int
    engine: str
    block: int
    workspace_bytes: int
    draws: tuple[PlannedDraw, ...]
    steps: int
    steps_once: dict[str, int]
    steps_a_month: dict[str, int]
    shared: int
    series_kept: int
    folded: dict[str, float | tuple[float, ...]]
    left_out: tuple[str, ...]
