"""The cache of the runs of one case: values of inputs, and whole samples."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace

from payback.simulator.case.expressions.tree import Expression
from payback.simulator.engine import Trials
from payback.simulator.engine.numpy_engine.shared_inputs import SharedInputs
from payback.simulator.statistics import Sample

MOST_BYTES = 2**28
"""Most bytes of samples that are kept between runs."""


@dataclass(frozen=True)
class Run:
    """One run of the engine: its trials, and the sample of each formula."""

    trials: Trials
    samples: Mapping[Expression, Sample]

    @property
    def done(self) -> int:
        """How many trials it has."""
        return min(map(len, self.trials.values.values()))

    @property
    def bytes(self) -> int:
        """Bytes of its values."""
        return sum(values.nbytes for values in self.trials.values.values())


class SampleCache:
    """The last run of each frame and its formulas; runs that were not read for longest make room for others.

    An equal run reuses its samples; a longer one takes its trials as the first ones.

    Parameters
    ----------
    most : int
        Most bytes of values that are kept.
    """

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._runs: dict[Hashable, Run] = {}
        self._most = most
        self._closed = False

    def get(self, key: Hashable) -> Run | None:
        """Return the run of `key`, None if there is none."""
        run = self._runs.pop(key, None)
        if run is not None:
            self._runs[key] = run
        return run

    def put(self, key: Hashable, run: Run) -> None:
        """Keep the run of `key`, in place of a shorter one."""
        if self._closed:
            return
        self._runs.pop(key, None)
        self._runs[key] = run
        while sum(kept.bytes for kept in self._runs.values()) > self._most:
            del self._runs[next(iter(self._runs))]

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


def shared_runs() -> RunCache:
    """Return an empty cache of inputs and samples."""
    return RunCache(SharedInputs(), SampleCache())


NO_CACHE = RunCache()
"""A run that shares nothing."""
