"""A trial is a point in the unit cube.

Every uncertain input is a named axis of a cube (0, 1)^d, and every feature a small transformation:
simulate reads blocks of it, stress restricts an axis to a band, a tornado pins one, variance shares
mix two cubes axis by axis, and a what-if keeps the cube and changes the case.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from simulator.cube.samplers import MonteCarlo, Sampler
from simulator.cube.streams import Stream, require_seed


@dataclass(frozen=True)
class Cube:
    """Named axes, each with one coordinate a trial, in the open unit interval.

    Parameters
    ----------
    axes : tuple of str
        Scalar axes in declaration order.
    trials : int
        Rounded up to what the sampler can do.
    seed : int
        Any whole number from 0.
    sampler : Sampler
        How coordinates are spread.

    Raises
    ------
    TypeError
        If the seed is no whole number.
    ValueError
        If an axis occurs twice, or `trials` or `seed` is out of range.
    """

    axes: tuple[str, ...]
    trials: int
    seed: int = 1
    sampler: Sampler = field(default_factory=MonteCarlo)

    def __post_init__(self) -> None:
        if len(set(self.axes)) < len(self.axes):
            raise ValueError(f"an axis occurs twice in {self.axes}")
        if self.trials < 1:
            raise ValueError(f"trials must be 1 or more, got {self.trials}")
        object.__setattr__(self, "trials", self.sampler.trials(self.trials))
        object.__setattr__(self, "seed", require_seed(self.seed))

    @property
    def replicates(self) -> int | None:
        """Number of independent replicates, trial i in replicate i % replicates; None for independent trials."""
        return self.sampler.replicates

    def block(self, start: int, stop: int, axes: Iterable[str] | None = None) -> NDArray[np.float64]:
        """Return the coordinates of trials `start` to `stop`.

        Parameters
        ----------
        start, stop : int
            0 <= start <= stop <= trials.
        axes : iterable of str, optional
            Default: the axes of the cube. Month m of a monthly input is ``name[m]``; it need not be listed in
            `axes` of the cube.

        Returns
        -------
        ndarray of float, shape (stop - start, len(axes)), column-major
            In the open unit interval.
        """
        names = self.axes if axes is None else tuple(axes)
        if not 0 <= start <= stop <= self.trials:
            raise ValueError(f"a block must lie in trials 0 to {self.trials}, got {start} to {stop}")
        out = np.empty((stop - start, len(names)), order="F")
        for column, axis in enumerate(names):
            self.sampler.fill(Stream(self.seed, axis), start, stop, out[:, column])
        return out

    def with_axes(self, extra: Iterable[str]) -> Cube:
        """Return the cube with the axes `extra` appended: coordinates of the others stay as they are."""
        return replace(self, axes=(*self.axes, *extra))
