"""The loop that doubles trials, under rules made up here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from payback.simulator.case import loads
from payback.simulator.questions.size.doubling import Look, doubled
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame
from payback.simulator.questions.trials.run_cache import NO_CACHE, RunCache
from payback.simulator.questions.trials.sampling import Sampling
from tests.simulator.questions.cases import SMALL

CASE = loads(SMALL)


class Stop:
    """An interrupt that comes before the first look ends."""

    code = 130

    def __call__(self) -> bool:
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...


@dataclass(frozen=True)
class Limits:
    """Enough from so many trials on, within the most that are affordable."""

    least: int
    most: int

    def enough(self, look: Look[int]) -> bool:
        return look.result >= self.least

    def affordable(self, look: Look[int]) -> bool:
        return 2 * look.sampling.trials <= self.most


def trials_of(frame: Frame, _: Execution, __: RunCache) -> int:
    return frame.cube.trials


def last(least: int, most: int, execution: Execution | None = None) -> tuple[int, int, bool]:
    rule, first = Limits(least, most), Sampling(1_024)
    look = doubled(CASE, first, execution or Execution(), trials_of, rule, NO_CACHE)
    assert look.trials == look.result == look.sampling.trials
    return look.trials, look.looks, look.stopped


def test_trials_double_until_the_rule_has_enough_or_affords_no_more() -> None:
    assert last(least=1, most=10**6) == (1_024, 1, False)
    assert last(least=4_000, most=10**6) == (4_096, 3, False)
    assert last(least=10**6, most=3_000) == (2_048, 2, False)


def test_an_interrupt_ends_the_loop_after_the_look_that_it_finds() -> None:
    assert last(least=10**6, most=10**6, execution=Execution(interrupt=Stop())) == (1_024, 1, True)
