"""A trial is a point in the unit cube.

Every uncertain input is a named axis of a cube (0, 1)^d, and every feature a small transformation:

===================  =========================================================
simulate             ``cube.block(start, stop)``, block by block
correlation          groups of `dependence`, coupled before ``ppf``
stress               ``cube.restrict(axis, low, high)``
stress, others stay  ``cube.restrict(axis, low, high, follow=False)``
tornado              ``cube.pin(axis, u)`` at two percentiles
variance shares      ``cube.mix(cube.twin(), axes)`` (pick-freeze)
what-if              the same cube, another case
one more input       ``cube.with_axes(["name"])``
===================  =========================================================
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from payback.distributions.copulas.conditioning import Band
from payback.simulator.cube.dependence import Conditioned, Dependence, require_groups
from payback.simulator.cube.samplers import Sampler, Sobol
from payback.simulator.cube.streams import Stream, require_seed

PROCESS = "."
"""What the name of an axis of a process holds, and that of an input does not."""


@dataclass(frozen=True)
class Cube:
    """Named axes, each with one coordinate a trial, in the open unit interval.

    Parameters
    ----------
    axes : tuple of str
        Scalar axes in declaration order, which is the order of Sobol' dimensions. Those with a dot in their name
        belong to processes: they take no dimension and get keyed draws, so that an input that is added at the end
        moves none of them.
    trials : int
        Rounded up by the sampler: Sobol' runs a multiple of 16.
    seed : int
        Any whole number from 0.
    sampler : Sampler
        The method by which coordinates are spread.
    dependence : tuple of Dependence
        Disjoint groups of axes.
    conditions, interventions : tuple of (str, Band)
        Made by `pin` and `restrict`: those that other axes follow, and those that they do not.
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
        together, no trial can meet the conditions, or `trials` or `seed` is out of range.

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
    interventions: tuple[tuple[str, Band], ...] = ()
    borrowed: tuple[tuple[str, Stream], ...] = ()
    first: int = 0
    mark: str = ""

    def __post_init__(self) -> None:
        if len(self._positions) < len(self.axes):
            raise ValueError(f"an axis occurs twice in {self.axes}")
        if self.trials < 1:
            raise ValueError(f"`trials` must be 1 or more, got {self.trials}")
        require_groups(self.dependence, self.axes)
        object.__setattr__(self, "trials", self.sampler.trials(self.trials))
        object.__setattr__(self, "seed", require_seed(self.seed))
        for group in self._conditioned_groups:
            group.require_possible()

    @property
    def replicates(self) -> int | None:
        """Number of independent replicates, trial i being in replicate i % replicates; None: trials are independent."""
        return self.sampler.replicates

    @property
    def keyed(self) -> tuple[str, ...]:
        """The axes beyond the dimensions of the sampler, whose coordinates are keyed draws."""
        return tuple(axis for axis in self.axes if self._dimension(axis) is None)

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {axis: position for position, axis in enumerate(self.axes)}

    @cached_property
    def _spread(self) -> dict[str, int]:
        """The axes of inputs, and their places among these."""
        return {axis: position for position, axis in enumerate(axis for axis in self.axes if PROCESS not in axis)}

    @cached_property
    def _members(self) -> dict[str, tuple[int, int]]:
        """The group of every coupled axis or monthly input, and its position there."""
        return {
            axis: (g, position) for g, group in enumerate(self.dependence) for position, axis in enumerate(group.axes)
        }

    @cached_property
    def _bands(self) -> dict[str, Band]:
        return dict(self.conditions)

    @cached_property
    def _borrowed(self) -> dict[str, Stream]:
        return dict(self.borrowed)

    def stream(self, axis: str) -> Stream:
        """Return the stream of the coordinates of `axis`, before any coupling.

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
        return Stream(self.seed, name, self._dimension(axis))

    def _dimension(self, axis: str) -> int | None:
        """Return the dimension of an axis; None for one that gets keyed draws."""
        limit = self.sampler.dimensions
        if limit is None:
            return self.first + self._positions[axis]
        if axis not in self._spread:
            return None
        dimension = self.first + self._spread[axis]
        return dimension if dimension < limit else None

    def block(
        self, start: int, stop: int, axes: Iterable[str] | None = None, out: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """Return the coordinates of trials `start` to `stop`.

        Parameters
        ----------
        start, stop : int
            0 <= start <= stop <= trials.
        axes : iterable of str, optional
            Default: `axes` of the cube. Month m of a monthly input is ``name[m]``, always from keyed draws; it need
            not be among them.
        out : ndarray of float, shape (stop - start, len(axes)), column-major, optional
            Where to write.

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
        self._require_trials(start, stop)
        if out is None:
            out = np.empty((stop - start, len(names)), order="F")
        coupled: dict[tuple[int, str], dict[int, int]] = {}
        for column, axis in enumerate(names):
            name, month = _month(axis)
            if name in self._members:
                group, position = self._members[name]
                coupled.setdefault((group, month), {})[column] = position
                continue
            self._fill(start, axis, out[:, column])
            if axis in self._bands:
                self._bands[axis].squeeze(out[:, column])
        for (group, month), positions in coupled.items():
            fill = partial(self._fill, start)
            columns = self._conditioned(group, month).couple(fill, stop - start, max(positions.values()))
            for column, position in positions.items():
                out[:, column] = columns[:, position]
        for axis, band in self.interventions:
            for column in (column for column, name in enumerate(names) if name == axis):
                band.squeeze(out[:, column])
        return out

    def weights(self, start: int, stop: int) -> NDArray[np.float64] | None:
        """Return the weights of trials `start` to `stop`; None unless conditions make some trials likelier than others.

        With bands on several axes of a group, ``block`` draws trials that meet them all, but not as often as they
        occur: weighted with these numbers, a statistic is that of the conditional law.

        Returns
        -------
        ndarray of float, shape (stop - start,), or None
            From 0 to 1; their mean is the probability that the bands of such groups are met, given the pins. None
            if all trials are equally likely. A trial of weight 0 may lie outside a band.

        Raises
        ------
        ValueError
            If the trials are not of this cube.
        """
        self._require_trials(start, stop)
        groups = [group for group in self._conditioned_groups if group.weighted]
        parts = [group.weights(partial(self._fill, start), stop - start) for group in groups]
        return np.asarray(np.prod(parts, axis=0)) if parts else None

    @property
    def weighted(self) -> bool:
        """Whether conditions give trials unequal weights, see `weights`."""
        return any(group.weighted for group in self._conditioned_groups)

    @cached_property
    def _conditioned_groups(self) -> tuple[Conditioned, ...]:
        conditioned = {
            (self._members[name][0], month) for name, month in map(_month, self._bands) if name in self._members
        }
        return tuple(self._conditioned(group, month) for group, month in sorted(conditioned))

    def _conditioned(self, group: int, month: str) -> Conditioned:
        names = [axis + month for axis in self.dependence[group].axes]
        bands = {position: self._bands[name] for position, name in enumerate(names) if name in self._bands}
        return Conditioned(self.dependence[group], month, bands)

    def _fill(self, start: int, axis: str, out: NDArray[np.float64]) -> None:
        """Write coordinates of `axis` before any coupling, from trial `start` on."""
        self.sampler.fill(self.stream(axis), start, out, self.trials)

    def pin(self, axis: str, u: float, *, follow: bool = True) -> Cube:
        """Return the cube in which `axis` has the coordinate `u` in every trial.

        Parameters
        ----------
        axis : str
            An axis of the cube, or a month of a monthly input.
        u : float
            In the open unit interval.
        follow : bool
            Whether dependent axes follow, see `restrict`.

        Raises
        ------
        ValueError
            As `restrict`.
        """
        return self.restrict(axis, u, u, follow=follow)

    def restrict(self, axis: str | Iterable[str], low: float, high: float, *, follow: bool = True) -> Cube:
        """Return the cube in which `axis` lies between `low` and `high`.

        Every trial keeps its rank within the band, so it stays paired with the same trial of this cube. Bands on
        several axes that depend on one another make some trials likelier than others: see `weights`.

        Parameters
        ----------
        axis : str, or iterable of str
            An axis of the cube, a month of a monthly input, or several of them.
        low, high : float
            Shares of the axis's distribution: 0 <= low < high <= 1; equal ends inside pin it.
        follow : bool
            Whether this is a condition, "among trials with such a draw", which dependent axes follow, or an
            intervention, "as if set from outside", at which others stay.

        Raises
        ------
        ValueError
            If the axis is unknown or has a condition already, the band is none, or no trial can meet all conditions.
        """
        axes = (axis,) if isinstance(axis, str) else tuple(axis)
        for name in axes:
            self.stream(name)
            if name in dict((*self.conditions, *self.interventions)):
                raise ValueError(f"{name!r} has a condition already; take a cube without it")
        if (low, high) == (0.0, 1.0):
            return self
        entries = tuple((name, Band(float(low), float(high))) for name in axes)
        key = "conditions" if follow else "interventions"
        return replace(self, **{key: getattr(self, key) + entries})

    def _require_trials(self, start: int, stop: int) -> None:
        if not 0 <= start <= stop <= self.trials:
            raise ValueError(f"a block must lie within trials 0 to {self.trials}, got {start} to {stop}")

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
        return replace(self, first=self.first + len(self._spread), mark=f"{self.mark}'")

    def with_axes(self, extra: Iterable[str]) -> Cube:
        """Return the cube with the axes `extra` at the end: the others keep their coordinates."""
        return replace(self, axes=(*self.axes, *extra))


def _month(axis: str) -> tuple[str, str]:
    """Split ``name[3]`` into ``name`` and ``[3]``; a scalar axis has no month."""
    name, bracket, month = axis.partition("[")
    return name, bracket + month
