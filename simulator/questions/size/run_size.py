"""The size of a run: its number of trials, and how well its numbers are known with them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from payback.simulator.document.precision import Precision
from payback.simulator.questions.trials.run_cache import NO_CACHE, RunCache
from payback.simulator.questions.trials.sampling import Sampling

Result = TypeVar("Result")


@dataclass(frozen=True)
class RunSize(Generic[Result]):
    """The size of a run, and the results computed to find it.

    Parameters
    ----------
    sampling : Sampling
        The sampling with that number of trials.
    precision : tuple of Precision
        How well each number is known; numbers without a value are left out.
    results : tuple
        Answers or comparisons on those trials; empty where none were computed.
    chosen : bool
        Whether the run chose the number itself: the user gave neither a number of trials nor a precision.
    cache : RunCache
        The samples of those trials, where they are kept.
    """

    sampling: Sampling
    precision: tuple[Precision, ...] = ()
    results: tuple[Result, ...] = ()
    chosen: bool = False
    cache: RunCache = NO_CACHE

    @property
    def shortfall(self) -> str:
        """The line of `shortfall` if the run chose its size; empty otherwise, or if nothing falls short."""
        return shortfall(self.precision) if self.chosen else ""


def shortfall(precision: Sequence[Precision]) -> str:
    """Return a line on the number furthest from its precision, and the trials it needs; empty if none falls short."""
    short = [number for number in precision if not number.reached]
    if not short:
        return ""
    worst = max(
        short, key=lambda number: number.half_width / number.asked if number.half_width and number.asked else math.inf
    )
    rest = len(short) - 1
    also = f" (and {rest} other number{'' if rest == 1 else 's'})" if rest else ""
    return f"{worst.target}{also}: {worst.text}"
