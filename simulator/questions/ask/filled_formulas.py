"""The formulas of statistics whose conditions hold other statistics: ``P(npv > mean(npv))``.

The statistic inside is simulated first. Its error is one of the statistic around it: so the formula is simulated three
times, with the value of the inner statistic and with both ends of its interval.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from payback.simulator.case.expressions.tree import Expression, names
from payback.simulator.questions.ask.arithmetic import SampledStatistic
from payback.simulator.questions.ask.question_check import Checked, filled
from payback.simulator.questions.grammar import Statistic

ENDS = (0, 1)
"""The low and the high end of an interval."""


@dataclass(frozen=True)
class Filled:
    """A statistic that is simulated next.

    Parameters
    ----------
    statistic : Statistic
    formula : Expression or None
        Without inner statistics; None where one of them has no value.
    shifted : mapping of (int, int) to Expression or None
        The formula with one inner statistic, by its number, at the low (0) or high (1) end of its interval; None where
        that end is not known. Inner statistics without an error are left out.
    """

    statistic: Statistic
    formula: Expression | None
    shifted: Mapping[tuple[int, int], Expression | None]

    @property
    def sampled(self) -> Iterator[Expression]:
        """Yield the formulas to simulate."""
        for formula in (self.formula, *self.shifted.values()):
            if formula is not None:
                yield formula


def next_statistics(checked: Checked, known: Sequence[SampledStatistic]) -> list[Filled]:
    """Return the next statistics of a question: those that read only the `known` ones."""
    ready: list[Filled] = []
    for statistic, formula in list(zip(checked.question.statistics, checked.formulas, strict=True))[len(known) :]:
        inner = sorted({int(name[1:]) for name in names(formula) if name.startswith("#")})
        if any(k >= len(known) for k in inner):
            break
        ready.append(_filled(statistic, formula, inner, known))
    return ready


def _filled(
    statistic: Statistic, formula: Expression, inner: Sequence[int], known: Sequence[SampledStatistic]
) -> Filled:
    values = [known[k].estimate.value for k in inner]
    whole = _with(formula, inner, values)
    if whole is None or not statistic.sampled:
        return Filled(statistic, whole, {})
    sources = {k for k in inner if not known[k].certain} | {source for k in inner for source in known[k].ends}
    shifted = {
        (source, end): _with(formula, inner, [_shifted(known[k], k, source, end) for k in inner])
        for source in sorted(sources)
        for end in ENDS
    }
    return Filled(statistic, whole, shifted)


def _shifted(of: SampledStatistic, number: int, source: int, end: int) -> float | None:
    """Return the value of statistic `number` with the statistic `source` at an end of its interval."""
    if number == source:
        return (of.estimate.low, of.estimate.high)[end]
    return of.ends[source][end] if source in of.ends else of.estimate.value


def _with(formula: Expression, inner: Sequence[int], values: Sequence[float | None]) -> Expression | None:
    known = {k: value for k, value in zip(inner, values, strict=True) if value is not None}
    return filled(formula, known) if len(known) == len(inner) else None
