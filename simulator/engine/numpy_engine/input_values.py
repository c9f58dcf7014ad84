"""The values of inputs in a block: drawn from a cube, or given."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from payback.distributions import inverter
from payback.distributions.copulas.conditioning import Band
from payback.simulator.cube import Sampler
from payback.simulator.cube.dependence import Dependence
from payback.simulator.engine.numpy_engine.shared_inputs import Column, SharedInputs
from payback.simulator.model import Draw, Model

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


class Sampled:
    """Inputs drawn from a cube, block by block, through their fast quantile functions.

    Parameters
    ----------
    draws : sequence of Draw
        The inputs that the plan reads.
    cube : CubeLike
    shared : SharedInputs, optional
        Values that runs on the same trials share.
    """

    def __init__(self, draws: Sequence[Draw], cube: CubeLike, shared: SharedInputs | None = None) -> None:
        self._cube = cube
        self._draws = {d.name: d for d in draws}
        drawn = {d.axis for d in draws}
        groups = [[axis for axis in group.axes if axis in drawn] for group in cube.dependence]
        self._coupled = {axis: tuple(group) for group in groups if len(group) > 1 for axis in group}
        self._local = threading.local()
        self._invert: dict[str, Callable[..., Any]] = {
            d.name: inverter(d.distribution) for d in draws if d.distribution is not None
        }
        self._columns: dict[str, Column | None] = {}
        for d in draws:
            if shared is not None and d.distribution is not None and not d.monthly:
                self._columns[d.name] = shared.column((d.distribution, origin(cube, d.axis)), cube.trials)

    def block(self, start: int, stop: int) -> Callable[[str, int, tuple[Any, ...], Floats], None]:
        """Return the function that draws inputs in trials `start` to `stop`, for one thread."""
        held: dict[tuple[str, ...], tuple[int, Floats]] = {}

        def coordinates(axis: str, month: int, out: Floats) -> Floats:
            of = f"[{month + 1}]" if month >= 0 else ""
            group = self._coupled.get(axis)
            if group is None:
                return self._cube.block(start, stop, (axis + of,), out[:, None])[:, 0]
            if held.get(group, (None,))[0] != month:
                axes = [a + of for a in group]
                held[group] = month, self._cube.block(start, stop, axes, self._buffer(group, stop - start))
            return held[group][1][:, group.index(axis)]

        def draw(name: str, month: int, parameters: tuple[Any, ...], out: Floats) -> None:
            column = self._columns.get(name)
            if column is not None and column.complete:
                column.read(start, out)
                return
            u = coordinates(self._draws[name].axis, month, out)
            if name in self._invert:
                self._invert[name](u, out=out)
            else:
                np.copyto(out, built(self._draws[name], parameters).ppf(u))
            if column is not None:
                column.write(start, out)

        return draw

    def _buffer(self, group: tuple[str, ...], size: int) -> Floats:
        """Return the buffer of a thread for the coordinates of a coupled group, kept from block to block."""
        kept: dict[tuple[str, ...], Floats] = self._local.__dict__.setdefault("buffers", {})
        if group not in kept or len(kept[group]) != size:
            kept[group] = np.empty((size, len(group)), order="F")
        return kept[group]


class Given:
    """Inputs at given values; the others are at a given coordinate of their distribution, or at the median.

    Parameters
    ----------
    model : Model
    values : mapping of str to float or array_like
        By input, in its own unit, each a number or of shape (points,).
    coordinates : mapping of str to float or array_like
        By input, in (0, 1).
    """

    def __init__(self, model: Model, values: Mapping[str, Any], coordinates: Mapping[str, Any]) -> None:
        self._draws = {d.name: d for d in model.draws}
        self._values = {name: np.asarray(value, dtype=float) for name, value in values.items()}
        self._coordinates = {name: np.asarray(u, dtype=float) for name, u in coordinates.items()}
        shapes = [v.shape for v in (*self._values.values(), *self._coordinates.values())]
        self.points = int(np.broadcast_shapes((1,), *shapes)[0])

    def __call__(self, name: str, _: int, parameters: tuple[Any, ...], out: Floats) -> None:
        """Write the value of the input `name` at every point into `out`, shape (points,)."""
        if name in self._values:
            np.copyto(out, self._values[name])
            return
        draw = self._draws[name]
        distribution = draw.distribution or built(draw, parameters)
        np.copyto(out, distribution.percentile(self._coordinates.get(name, np.float64(0.5))))


def origin(cube: CubeLike, axis: str) -> Hashable:
    """Return a key of the coordinates of the scalar `axis`: equal keys mean equal coordinates in every trial."""
    group = next((group for group in cube.dependence if axis in group.axes), None)
    axes = group.axes if group else (axis,)
    return (
        axis,
        cube.sampler,
        cube.trials,
        tuple(map(cube.stream, axes)),
        group and (group.correlation, group.degrees),
        tuple((name, band) for name, band in cube.conditions if name in axes),
        tuple((name, band) for name, band in cube.interventions if name == axis),
    )


def built(draw: Draw, parameters: tuple[Any, ...]) -> Any:
    """Return the distribution of `draw`, whose parameters are arrays with one value per trial.

    Raises
    ------
    TypeError
        If the draw has neither a distribution nor parameters.
    """
    if draw.build is None:
        raise TypeError(f"input {draw.name} has neither a distribution nor parameters")
    return draw.build(*parameters)
