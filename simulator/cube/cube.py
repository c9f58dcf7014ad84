"""A trial is a point in the unit cube.

Every uncertain input is a named axis of a cube (0, 1)^d, and every feature a small transformation:

===================  =========================================================
simulate             ``cube.block(start, stop)``, block by block
correlation          groups of `dependence`, coupled before ``ppf``
stress               ``cube.restrict(axis, low, high)``
tornado              ``cube.pin(axis, u)`` at two percentiles
variance shares      ``cube.mix(cube.twin(), axes)`` (pick-freeze)
what-if              the same cube, another case
one more input       ``cube.with_axes(["name"])``
===================  =========================================================
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from distributions.copulas import Band, GaussianCopula
from simulator.cube.samplers import Sampler, Sobol
from simulator.cube.streams import Stream, require_seed


class Dependence(Protocol):
    """Axes that move together, with the parameter matrix of their Gaussian copula, in declaration order."""

    @property
    def axes(self) -> tuple[str, ...]:
        """Scalar axes of the cube, or monthly inputs, which are coupled month by month."""

    @property
    def correlation(self) -> tuple[tuple[float, ...], ...]:
        """Symmetric, unit diagonal, positive semidefinite."""


_copula = lru_cache(maxsize=64)(GaussianCopula)


@dataclass(frozen=True)
class Cube:
    """Named axes, each with one coordinate a trial, in the open unit interval.

    Parameters
    ----------
    axes : tuple of str
        Scalar axes in declaration order, which is the order of Sobol' dimensions.
    trials : int
        Rounded up by the sampler: Sobol' runs a multiple of 16.
    seed : int
        Any whole number from 0.
    sampler : Sampler
        How coordinates are spread.
    dependence : tuple of Dependence
        Disjoint groups of axes.
    conditions : tuple of (str, Band)
        Made by `pin` and `restrict`.
    borrowed : tuple of (str, Stream)
        Axes that take their coordinates from another cube; made by `mix`.
    first, mark : int, str
        Sobol' dimension of the first axis, and what is added to the names that key the streams; see `twin`.

    Raises
    ------
    TypeError
        If the seed is no whole number.
    ValueError
        If an axis occurs twice, a group is not wholly scalar or wholly monthly, its correlations cannot hold
        together, or `trials` or `seed` is out of range.

    Examples
    --------
    >>> cube = Cube(("traffic", "price"), trials=1_000)
    >>> cube.trials, cube.replicates
    (1008, 16)
    >>> cube.block(0, 1_008, ["price", "shock[3]"]).shape
    (1008, 2)
    """

    axes: tuple[str, ...]
    trials: int
    seed: int = 1
    sampler: Sampler = field(default_factory=Sobol)
    dependence: tuple[Dependence, ...] = ()
    conditions: tuple[tuple[str, Band], ...] = ()
    borrowed: tuple[tuple[str, Stream], ...] = ()
    first: int = 0
    mark: str = ""

    def __post_init__(self) -> None:
        if len(self._positions) < len(self.axes):
            raise ValueError(f"an axis occurs twice in {self.axes}")
        if self.trials < 1:
            raise ValueError(f"`trials` must be 1 or more, got {self.trials}")
        members = [axis for group in self.dependence for axis in group.axes]
        if len(set(members)) < len(members):
            raise ValueError(f"an axis belongs to two groups of the dependence: {members}")
        for group in self.dependence:
            if len(_copula(group.correlation).correlation) != len(group.axes):
                raise ValueError(f"the matrix of the group {group.axes} must be of its size")
            if len(set(group.axes) & set(self.axes)) not in {0, len(group.axes)}:
                raise ValueError(f"the group {group.axes} must hold axes of the cube alone, or monthly inputs alone")
        object.__setattr__(self, "trials", self.sampler.trials(self.trials))
        object.__setattr__(self, "seed", require_seed(self.seed))

    @property
    def replicates(self) -> int | None:
        """How many independent replicates hold the trials, trial i in i % replicates; None: trials are independent."""
        return self.sampler.replicates

    @property
    def keyed(self) -> tuple[str, ...]:
        """The axes that came too late for the sampler's dimensions and get keyed draws."""
        return () if self.sampler.dimensions is None else self.axes[max(self.sampler.dimensions - self.first, 0) :]

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {axis: position for position, axis in enumerate(self.axes)}

    @cached_property
    def _members(self) -> dict[str, tuple[int, int]]:
        """Group and place in it of every coupled axis or monthly input."""
        return {axis: (g, place) for g, group in enumerate(self.dependence) for place, axis in enumerate(group.axes)}

    @cached_property
    def _bands(self) -> dict[str, Band]:
        return dict(self.conditions)

    @cached_property
    def _borrowed(self) -> dict[str, Stream]:
        return dict(self.borrowed)

    def stream(self, axis: str) -> Stream:
        """Return where the coordinates of `axis` come from, before any coupling.

        Raises
        ------
        ValueError
            If the cube has no such axis and it names no month.
        """
        if axis in self._borrowed:
            return self._borrowed[axis]
        name = axis + self.mark
        if _month(axis)[1]:
            return Stream(self.seed, name)
        if axis not in self._positions:
            raise ValueError(f"the cube has no axis {axis!r}; it has {', '.join(self.axes) or 'none'}")
        dimension = self.first + self._positions[axis]
        limit = self.sampler.dimensions
        return Stream(self.seed, name, dimension if limit is None or dimension < limit else None)

    def block(self, start: int, stop: int, axes: Iterable[str] | None = None) -> NDArray[np.float64]:
        """Return the coordinates of trials `start` to `stop`.

        Parameters
        ----------
        start, stop : int
            0 <= start <= stop <= trials.
        axes : iterable of str, optional
            Default: `axes` of the cube. Month m of a monthly input is ``name[m]``, always from keyed draws; it need
            not be among them.

        Returns
        -------
        ndarray of float, shape (stop - start, len(axes)), column-major
            The same bits however trials are split into blocks and whichever axes are asked for together.

        Raises
        ------
        ValueError
            If the trials or an axis are not of this cube.
        """
        names = self.axes if axes is None else tuple(axes)
        if not 0 <= start <= stop <= self.trials:
            raise ValueError(f"a block must lie within trials 0 to {self.trials}, got {start} to {stop}")
        out = np.empty((stop - start, len(names)), order="F")
        coupled: dict[tuple[int, str], dict[int, int]] = {}
        for column, axis in enumerate(names):
            name, month = _month(axis)
            if name in self._members:
                group, place = self._members[name]
                coupled.setdefault((group, month), {})[column] = place
                continue
            self.sampler.fill(self.stream(axis), start, out[:, column], self.trials)
            if axis in self._bands:
                self._bands[axis].squeeze(out[:, column])
        for (group, month), places in coupled.items():
            columns = self._coupled(self.dependence[group], month, start, stop, max(places.values()))
            for column, place in places.items():
                out[:, column] = columns[:, place]
        return out

    def _coupled(self, group: Dependence, month: str, start: int, stop: int, last: int) -> NDArray[np.float64]:
        """Return the coordinates of axes 0 to `last` of a group (or more), column-major."""
        names = [axis + month for axis in group.axes]
        bands = {place: self._bands[axis] for place, axis in enumerate(names) if axis in self._bands}
        size = 1 + max([last, *bands])
        u = np.empty((stop - start, size), order="F")
        for column, axis in enumerate(names[:size]):
            self.sampler.fill(self.stream(axis), start, u[:, column], self.trials)
        return _copula(group.correlation).couple(u, bands)

    def pin(self, axis: str, u: float) -> Cube:
        """Return the cube in which `axis` is `u` in every trial, the others following the dependence.

        Parameters
        ----------
        axis : str
            An axis of the cube, or a month of a monthly input.
        u : float
            In the open unit interval.

        Raises
        ------
        ValueError
            If the axis is unknown or has a condition already, `u` is out of range, or other pins determine the axis.
        """
        return self.restrict(axis, u, u)

    def restrict(self, axis: str, low: float, high: float) -> Cube:
        """Return the cube in which `axis` lies between `low` and `high`, the others following the dependence.

        Every trial keeps its rank within the band, so it stays paired with the same trial of this cube. Any number
        of independent axes may be restricted; of a group, one.

        Parameters
        ----------
        axis : str
            An axis of the cube, or a month of a monthly input.
        low, high : float
            Shares of the axis's distribution: 0 <= low < high <= 1; equal ends inside pin it.

        Raises
        ------
        ValueError
            As `pin`, and if another axis of its group is restricted to a band.
        """
        self.stream(axis)
        if axis in self._bands:
            raise ValueError(f"{axis!r} has a condition already; take a cube without it")
        if (low, high) == (0.0, 1.0):
            return self
        changed = replace(self, conditions=(*self.conditions, (axis, Band(float(low), float(high)))))
        changed.block(0, 0, [axis])
        return changed

    def mix(self, other: Cube, axes: Iterable[str]) -> Cube:
        """Return the cube whose coordinates come from `other` for `axes`, before any coupling (pick-freeze).

        With no axis it is this cube, with all axes it is `other`.

        Raises
        ------
        ValueError
            If the two differ in anything but where coordinates come from, or an axis is unknown.
        """
        if replace(other, seed=self.seed, borrowed=self.borrowed, first=self.first, mark=self.mark) != self:
            raise ValueError("only cubes of the same axes, trials, sampler, dependence and conditions can be mixed")
        return replace(self, borrowed=tuple({**self._borrowed, **{axis: other.stream(axis) for axis in axes}}.items()))

    def twin(self) -> Cube:
        """Return an independent cube of the same axes, to mix with this one.

        Its Sobol' dimensions are those after this cube's. Another seed on the *same* dimensions would be no
        substitute: two scrambles of one dimension fill the plane badly, and pick-freeze estimates lose their accuracy.
        """
        return replace(self, first=self.first + len(self.axes), mark=f"{self.mark}'")

    def with_axes(self, extra: Iterable[str]) -> Cube:
        """Return the cube with the axes `extra` at the end: the others keep their coordinates."""
        return replace(self, axes=(*self.axes, *extra))


def _month(axis: str) -> tuple[str, str]:
    """Split ``name[3]`` into ``name`` and ``[3]``; a scalar axis has no month."""
    name, bracket, month = axis.partition("[")
    return name, bracket + month
