"""The values of inputs in a block: drawn from a cube, or given."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from payback.distributions import inverter
from payback.distributions.inversion.stated_percentiles import percentile
from payback.simulator.engine.numpy_engine.cube_protocol import CubeLike
from payback.simulator.engine.numpy_engine.shared_draws import SharedDraws
from payback.simulator.engine.numpy_engine.shared_inputs import Column
from payback.simulator.model import Draw, Model
from payback.simulator.stage_times import Stage

Floats = NDArray[np.float64]


class Sampled:
    """Inputs drawn from a cube, block by block, through their fast quantile functions.

    Parameters
    ----------
    draws : sequence of Draw
        The inputs that the plan reads.
    cube : CubeLike
    shared : SharedDraws, optional
        Values that runs on the same trials share.
    """

    @Stage("tables")
    def __init__(self, draws: Sequence[Draw], cube: CubeLike, shared: SharedDraws | None = None) -> None:
        self._cube = cube
        self._draws = {d.name: d for d in draws}
        drawn = {d.axis for d in draws}
        groups = [[axis for axis in group.axes if axis in drawn] for group in cube.dependence]
        self._coupled = {axis: tuple(group) for group in groups if len(group) > 1 for axis in group}
        self._local = threading.local()
        self._invert: dict[str, Callable[..., Any]] = {
            d.name: inverter(d.distribution) for d in draws if d.distribution is not None
        }
        self._columns: dict[str, tuple[Column | None, ...]] = {}
        if shared is not None:
            self._columns = {d.name: shared.columns(d, cube) for d in draws}

    def holds(self, name: str) -> bool:
        """Return whether all values of an input were drawn by an earlier run, and are only read."""
        columns = self._columns.get(name, ())
        return bool(columns) and all(column is not None and column.complete for column in columns)

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
            columns = self._columns.get(name)
            column = columns[month] if columns else None
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
        np.copyto(out, percentile(distribution, self._coordinates.get(name, np.float64(0.5))))


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
