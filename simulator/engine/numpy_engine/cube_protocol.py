"""The protocol of cubes: what the engine reads of the coordinates of trials."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from payback.distributions.copulas.conditioning import Band
from payback.simulator.cube import Sampler
from payback.simulator.cube.dependence import Dependence

Floats = NDArray[np.float64]


class CubeLike(Protocol):
    """The protocol of cubes: the attributes and methods that the engine uses."""

    @property
    def trials(self) -> int:
        """Number of trials."""

    @property
    def replicates(self) -> int | None:
        """Number of interleaved replicates; None if all trials are independent."""

    @property
    def dependence(self) -> Sequence[Dependence]:
        """Groups of axes that depend on one another."""

    @property
    def weighted(self) -> bool:
        """Whether some trials are likelier than others."""

    def block(self, start: int, stop: int, axes: Sequence[str] | None = None, out: Floats | None = None) -> Floats:
        """Return coordinates in (0, 1), shape (stop - start, axes), written to `out` if it is given."""

    def weights(self, start: int, stop: int) -> Floats | None:
        """Return the weights of trials, shape (stop - start,); None if all count alike."""

    @property
    def sampler(self) -> Sampler:
        """The method by which the trials of an axis are spread."""

    @property
    def conditions(self) -> Sequence[tuple[str, Band]]:
        """Bands of axes that the axes of their group follow."""

    @property
    def interventions(self) -> Sequence[tuple[str, Band]]:
        """Bands of axes that no other axis follows."""

    def stream(self, axis: str) -> Hashable:
        """Return the identity of the coordinates of `axis`, before any coupling."""
