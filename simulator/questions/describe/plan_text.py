"""The plan of a case in words: the draws, steps, constants and shared results of a run, and the parts left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

from payback.simulator import number_text
from payback.simulator.case import Case
from payback.simulator.case.language.measures import HEADLINE
from payback.simulator.case.source.spelling import listed
from payback.simulator.cube import Cube
from payback.simulator.document.descriptions import PlanDocument, PlannedDraw
from payback.simulator.engine.run.backends import Backend, choose
from payback.simulator.engine.run.plan_summary import DrawnInput, Summary, summarise
from payback.simulator.questions.trials.sampling import Sampling

WIDTH = 96

Rows = Sequence[Sequence[str]]

_KINDS = {"closed": "closed form", "table": "table", "steps": "steps", "exact": "exact quantiles (slow)"}
_OWN = {
    "closed": "closed form",
    "steps": "search",
    "table": "exact quantiles (slow)",
    "exact": "exact quantiles (slow)",
}
_OPERATIONS = {
    "total": "running sum",
    "state": "value of the month before",
    "recurrence": "running product in place of a power",
    "crossing": "first crossing of 0",
    "first_month": "first month of a condition",
    "at": "value in a month",
    "at_own": "value in a month of its own",
    "extreme": "lowest or highest so far",
    "where": "choice",
    "as_float": "0 or 1",
    "by_month": "series",
    "irr_rate": "internal rate of return",
    "irr_count": "number of internal rates",
    "rint": "round",
    "not_equal": "is not",
    "isnan": "is undefined",
    "isinf": "is never",
}


@dataclass(frozen=True)
class Planned:
    """The plan of a case for some measures.

    Parameters
    ----------
    case : Case
    measures : tuple of str
    cube : Cube
    summary : Summary
    backend : Backend
        The back end that "auto" chooses.
    """

    case: Case
    measures: tuple[str, ...]
    cube: Cube
    summary: Summary
    backend: Backend

    @property
    def workspace(self) -> int:
        """Bytes that a thread of the numpy back end takes for one block of trials."""
        return 8 * self.summary.numbers * min(self.backend.block, self.cube.trials)

    def record(self) -> PlanDocument:
        """Return the plan as one record."""
        summary = self.summary
        return PlanDocument(
            measures=self.measures,
            months=summary.plan.months,
            trials=self.cube.trials,
            engine=self.backend.name,
            block=self.backend.block,
            workspace_bytes=self.workspace,
            draws=tuple(
                PlannedDraw(
                    input=drawn.draw.name, monthly=drawn.draw.monthly, by=how(drawn), points=self._points(drawn)
                )
                for drawn in summary.drawn
            ),
            steps=summary.steps,
            steps_once=dict(summary.once),
            steps_a_month=dict(summary.monthly),
            shared=summary.shared,
            series_kept=summary.plan.series,
            folded=dict(summary.folded),
            left_out=tuple(summary.unread),
        )

    def sections(self) -> list[tuple[str, Rows]]:
        """Return the plan as titles and tables."""
        summary, months = self.summary, self.summary.plan.months
        once = [drawn for drawn in summary.drawn if not drawn.draw.monthly]
        monthly = [drawn for drawn in summary.drawn if drawn.draw.monthly]
        block = min(self.backend.block, self.cube.trials)
        size = (
            f"{summary.numbers} numbers a trial, {block:,} trials a block: {self.workspace / 2**20:,.1f} MiB a thread"
        )
        steps = len(once) + sum(summary.once.values()), len(monthly) + sum(summary.monthly.values())
        title = f"plan for {listed(self.measures)} over {months} months"
        facts = [
            ("back end", f"{self.backend.name}, chosen for {self.cube.trials:,} trials"),
            ("a trial", f"{summary.steps:,} steps: {steps[0]} once, {steps[1]} in each month"),
            ("workspace", size),
            ("shared", f"{summary.shared} results that several steps read are worked out once"),
        ]  # fmt: skip
        if summary.plan.series:
            facts.append(
                ("kept", f"{summary.plan.series} series are held for all months, for steps that look back or ahead")
            )
        folded = [(name, _value(value)) for name, value in summary.folded.items()]
        parts: list[tuple[str, Rows]] = [
            (title, facts),
            ("drawn once a trial", [self._row(drawn) for drawn in once]),
            ("drawn in each month", [self._row(drawn) for drawn in monthly]),
            ("worked out once a trial", _counts(summary.once)),
            ("worked out in each month", _counts(summary.monthly)),
            ("known before the run", folded),
            ("left out: nothing asked for reads them", [(line,) for line in wrap(", ".join(summary.unread), WIDTH)]),
        ]
        return [(heading, rows) for heading, rows in parts if rows]

    def _row(self, drawn: DrawnInput) -> tuple[str, str, str]:
        return drawn.draw.name, how(drawn), self._points(drawn)

    def _points(self, drawn: DrawnInput) -> str:
        """Return in words where the coordinates of an input come from, and which inputs it is coupled with."""
        axis = drawn.draw.axis
        where = "own stream"
        if not drawn.draw.monthly and (dimension := self.cube.stream(axis).dimension) is not None:
            where = f"dimension {dimension + 1}" if self.cube.sampler.name == "sobol" else "strata"
        others = [
            other for group in self.cube.dependence if axis in group.axes for other in group.axes if other != axis
        ]
        return where + (f", coupled with {listed(others)}" if others else "")


def planned(case: Case, sampling: Sampling, measures: Sequence[str] = ()) -> Planned:
    """Return the plan of `case` for `measures`, by default the headline measures.

    Raises
    ------
    CaseError
        If a measure makes no sense in the case.
    """
    chosen = tuple(measures) or HEADLINE
    outputs = {name: case.formula(name).expression for name in chosen}
    summary = summarise(case.model, outputs)
    cube = sampling.cube(case)
    return Planned(case, chosen, cube, summary, choose("auto", summary.plan, [d.draw for d in summary.drawn], cube))


def how(drawn: DrawnInput) -> str:
    """Return in words how an input is drawn."""
    if drawn.draw.distribution is None:
        return f"{_OWN[drawn.kind]}, parameters of its own in each trial"
    return _KINDS[drawn.kind]


def _counts(operations: Mapping[str, int]) -> Rows:
    by_count = sorted(operations.items(), key=lambda item: (-item[1], item[0]))
    return [(_OPERATIONS.get(name, name.replace("_", " ")), f"{count}") for name, count in by_count]


def _value(value: float | tuple[float, ...]) -> str:
    if isinstance(value, tuple):
        return f"one number a month, {number_text.bare(value[0])} to {number_text.bare(value[-1])}"
    return number_text.bare(value)
