"""Samples that a later run may use again: the same ones, or their trials as its first ones."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from payback.simulator.case.expressions.tree import Expression
from payback.simulator.engine import Trials
from payback.simulator.statistics import Sample


@dataclass(frozen=True)
class Run:
    """One run of the engine: its trials, and the sample of each formula."""

    trials: Trials
    samples: Mapping[Expression, Sample]

    @property
    def done(self) -> int:
        """How many trials it has."""
        return min(map(len, self.trials.values.values()))


class Taken:
    """Runs by what decides their values, but for the number of trials; the last of each."""

    def __init__(self) -> None:
        self._runs: dict[Hashable, Run] = {}
        self._closed = False

    def get(self, key: Hashable) -> Run | None:
        """Return the run of `key`, None if there is none."""
        return self._runs.get(key)

    def put(self, key: Hashable, run: Run) -> None:
        """Take the run of `key`, in place of a shorter one."""
        if not self._closed:
            self._runs[key] = run

    def close(self) -> None:
        """Take no more runs."""
        self._closed = True
