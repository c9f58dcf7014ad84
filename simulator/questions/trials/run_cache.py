"""The cache of the runs of one case: values of inputs, and whole samples."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace

from payback.simulator.case.expressions.tree import Expression
from payback.simulator.engine import Trials
from payback.simulator.engine.numpy_engine.shared_inputs import SharedInputs
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


class SampleCache:
    """The last run of each frame and its formulas.

    An equal run reuses its samples; a longer one takes its trials as the first ones.
    """

    def __init__(self) -> None:
        self._runs: dict[Hashable, Run] = {}
        self._closed = False

    def get(self, key: Hashable) -> Run | None:
        """Return the run of `key`, None if there is none."""
        return self._runs.get(key)

    def put(self, key: Hashable, run: Run) -> None:
        """Keep the run of `key`, in place of a shorter one."""
        if not self._closed:
            self._runs[key] = run

    def close(self) -> None:
        """Stop adding runs; those in the cache stay."""
        self._closed = True


@dataclass(frozen=True)
class RunCache:
    """Values of inputs and samples that the runs of one case share.

    Parameters
    ----------
    inputs : SharedInputs or None
        Values of inputs, drawn by the first run that reads them.
    samples : SampleCache or None
        Samples of earlier runs.
    """

    inputs: SharedInputs | None = None
    samples: SampleCache | None = None

    def for_runs(self, runs: int) -> RunCache:
        """Return this cache for `runs` runs of the engine; if there are several, it holds inputs too."""
        if runs < 2 or self.inputs is not None:
            return self
        return replace(self, inputs=SharedInputs())


NO_CACHE = RunCache()
"""A run that shares nothing."""
