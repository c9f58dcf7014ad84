"""Samplers: how the trials of an axis are spread over the unit interval.

A sampler is a value without state. It fills trials `start` to `stop` of one axis; any split of the
trials gives the same bits.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from simulator.cube import streams
from simulator.cube.streams import Stream


@dataclass(frozen=True)
class Sampler(ABC):
    """How the trials of one axis are spread over the open unit interval.

    Attributes
    ----------
    name : str
        As written in files and on the command line.
    replicates : int or None
        Trial i belongs to the independent replicate i % replicates; None when all trials are independent.
    dimensions : int or None
        How many axes are spread by this sampler; later axes get keyed draws. None: no limit.
    """

    name: ClassVar[str]
    replicates: ClassVar[int | None]
    dimensions: ClassVar[int | None]

    @abstractmethod
    def trials(self, asked: int) -> int:
        """Return how many trials are run when `asked` are asked for."""

    @abstractmethod
    def fill(self, stream: Stream, start: int, stop: int, out: NDArray[np.float64]) -> None:
        """Write trials `start` to `stop` of the axis `stream` into `out`, contiguous, shape (stop - start,)."""


@dataclass(frozen=True)
class MonteCarlo(Sampler):
    """Independent trials: coordinate = f(seed, name, trial)."""

    name = "monte_carlo"
    replicates = None
    dimensions = None

    def trials(self, asked: int) -> int:
        """Return `asked`."""
        return asked

    def fill(self, stream: Stream, start: int, stop: int, out: NDArray[np.float64]) -> None:
        """See `Sampler.fill`; the dimension does not matter."""
        out[:] = streams.uniforms(stream.seed, stream.name, start, stop)


SAMPLERS: Mapping[str, Sampler] = MappingProxyType({sampler.name: sampler for sampler in (MonteCarlo(),)})
"""Every sampler by name."""
