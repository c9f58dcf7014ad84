"""Samplers: how the trials of an axis are spread over the unit interval.

A sampler is a value without state. It fills a range of trials of one axis; any split of the trials
gives the same bits.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from payback.simulator.cube import latin_hypercube, sobol, streams
from payback.simulator.cube.streams import Stream

LEAST_SOBOL_TRIALS = 16 * 64
"""Below it, 16 replicates hold too few points each for an error estimate, and Monte Carlo is the default."""


@dataclass(frozen=True)
class Sampler(ABC):
    """A method of spreading the trials of one axis over the open unit interval.

    Attributes
    ----------
    name : str
        As written in files and on the command line.
    replicates : int or None
        Trial i belongs to the independent replicate i % replicates; None when all trials are independent.
    dimensions : int or None
        How many axes are spread evenly; the axes after them get keyed draws. None: all axes are alike.
    note : str
        A caution about its trials that is printed; empty if there is none.
    nested : bool
        Whether trial i of a run is trial i of every longer one.
    """

    name: ClassVar[str]
    replicates: ClassVar[int | None]
    dimensions: ClassVar[int | None]
    note: ClassVar[str] = ""
    nested: ClassVar[bool] = True

    @abstractmethod
    def trials(self, requested: int) -> int:
        """Return the number of trials of a run for which `requested` are asked."""

    @abstractmethod
    def fill(self, stream: Stream, start: int, out: NDArray[np.float64], trials: int) -> None:
        """Write the coordinates of an axis into `out`, from trial `start` on.

        Parameters
        ----------
        stream : Stream
            The identity of the axis.
        start : int
            The first trial.
        out : ndarray of float, shape (n,), contiguous
            Where to write.
        trials : int
            Number of trials of the cube.
        """


@dataclass(frozen=True)
class MonteCarlo(Sampler):
    """Independent trials: coordinate = f(seed, name, trial).

    Adding, removing or reordering axes leaves every other axis untouched, and trial i of 1,000 is trial i
    of a billion.
    """

    name = "monte_carlo"
    replicates = None
    dimensions = None

    def trials(self, requested: int) -> int:
        """Return `requested`."""
        return requested

    def fill(self, stream: Stream, start: int, out: NDArray[np.float64], trials: int) -> None:
        """See `Sampler.fill`."""
        streams.fill(stream, start, out)


@dataclass(frozen=True)
class Sobol(Sampler):
    """Scrambled Sobol' points in 16 interleaved replicates, see `payback.simulator.cube.sobol`.

    An axis depends on its name and on its position, so axes added at the end leave the others untouched.
    Trial i of 1,000 is trial i of a billion.
    """

    name = "sobol"
    replicates = sobol.REPLICATES
    dimensions = sobol.DIMENSIONS

    def trials(self, requested: int) -> int:
        """Return `requested`, rounded up to a whole number of trials a replicate."""
        return _even(requested)

    def fill(self, stream: Stream, start: int, out: NDArray[np.float64], trials: int) -> None:
        """See `Sampler.fill`; a stream without a dimension gets keyed draws."""
        if stream.dimension is None:
            streams.fill(stream, start, out)
        else:
            sobol.fill(stream.key("scramble"), stream.dimension, start, out)


@dataclass(frozen=True)
class LatinHypercube(Sampler):
    """Latin hypercube points in 16 independent, interleaved replicates, see `payback.simulator.cube.latin_hypercube`.

    In each replicate every axis has one point in each of as many equal strata as the replicate has points. So a
    trial belongs to a run of one length: trial i of 1,000 is *not* trial i of a billion. At one length an axis
    depends on its name alone, whichever others there are. The spread within a replicate tells nothing of the
    error: intervals come from the replicates.
    """

    name = "latin_hypercube"
    replicates = sobol.REPLICATES
    dimensions = None
    nested = False
    note = "the points of a Latin hypercube belong to one number of trials: a longer run shares no trial with this one"

    def trials(self, requested: int) -> int:
        """Return `requested`, rounded up to a whole number of trials a replicate.

        Raises
        ------
        ValueError
            If it is more than `latin.MOST_TRIALS`.
        """
        if requested > latin_hypercube.MOST_TRIALS:
            raise ValueError(
                f"a Latin hypercube has at most {latin_hypercube.MOST_TRIALS:,} trials, got {requested:,}: take Sobol'"
            )
        return _even(requested)

    def fill(self, stream: Stream, start: int, out: NDArray[np.float64], trials: int) -> None:
        """See `Sampler.fill`; a stream without a dimension, which is a month, gets keyed draws."""
        if stream.dimension is None:
            streams.fill(stream, start, out)
        else:
            latin_hypercube.fill(stream.key("strata"), stream.key(), trials // sobol.REPLICATES, start, out)


def _even(requested: int) -> int:
    return -(-requested // sobol.REPLICATES) * sobol.REPLICATES


SAMPLERS: Mapping[str, Sampler] = MappingProxyType(
    {sampler.name: sampler for sampler in (Sobol(), MonteCarlo(), LatinHypercube())}
)
"""Every sampler by name."""


def default_sampler(trials: int) -> Sampler:
    """Return the default sampler: Sobol', or Monte Carlo for fewer than `LEAST_SOBOL_TRIALS` trials."""
    return Sobol() if trials >= LEAST_SOBOL_TRIALS else MonteCarlo()
