"""The program steps that couple a group of axes, as `Copula.couple` does without conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from payback.distributions import Distribution, inverter
from payback.distributions.copulas.elliptical import Copula
from payback.distributions.copulas.scores import StudentScores
from payback.distributions.inversion.cdf_table import ShareTable
from payback.simulator.cube import Cube
from payback.simulator.cube.dependence import copula_of
from payback.simulator.engine.compiled.sampling.step_encoding import Words, aligned, coordinates, lookup, squeezes
from payback.simulator.engine.numpy_engine.cube_protocol import CubeLike


class Coupling:
    """A group of dependent axes in one month, or drawn once.

    Parameters
    ----------
    cube : Cube
    group : int
        Its index in the dependence of the cube.
    month : str
        The suffix of the month in the names of axes; empty for scalar axes.
    rows : mapping of str to int
        The rows in which coupled coordinates are wanted, by axis.
    free : int
        The first free row; the group uses `spare` of them while it is coupled.
    """

    def __init__(self, cube: CubeLike, group: int, month: str, rows: Mapping[str, int], free: int) -> None:
        self._cube, self._month, self._rows, self._free = cube, month, rows, free
        self._axes = cube.dependence[group].axes[: 1 + max(cube.dependence[group].axes.index(axis) for axis in rows)]
        self._copula: Copula = copula_of(cube.dependence[group])
        self.spare = 2 * len(self._axes) + 1

    def steps(self) -> list[Words] | None:
        """Return the steps, each with its row behind its name; None if numpy has to couple the group."""
        cube = self._cube
        if not isinstance(cube, Cube) or any(name in self._names for name, _ in cube.conditions):
            return None
        innovations = [coordinates(cube, name) for name in self._names]
        if any(steps is None for steps in innovations):
            return None
        scores = self._scores()
        if scores is None:
            return None
        drawn = [
            (name, self._axis(position), *words)
            for position, steps in enumerate(innovations)
            for name, *words in steps or ()
        ]
        return [*drawn, *scores, *self._shares(), *self._squeezed(cube)]

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(axis + self._month for axis in self._axes)

    def _axis(self, position: int) -> int:
        """Return the row of the coordinates of an axis."""
        return self._rows.get(self._axes[position], self._free + position)

    def _score(self, position: int) -> int:
        return self._free + len(self._axes) + position

    def _scores(self) -> list[Words] | None:
        """Return the steps from innovations to whitened scores, each in a row of its own."""
        scores, squares = self._copula.scores, self._free + 2 * len(self._axes)
        encoded: list[Words] = [("constant", squares, 0.0)] if scores.common_spread else []
        known, tables = 0, dict[Distribution, list[Words] | None]()
        for position in range(len(self._axes)):
            if not self._copula.factor[position, position]:
                continue
            row = self._score(position)
            law = scores.law(known)
            if law not in tables:
                tables[law] = lookup(inverter(law))
            steps = tables[law]
            if steps is None:
                return None
            encoded += [("again", row, self._axis(position) - row), *((name, row, *words) for name, *words in steps)]
            if isinstance(scores, StudentScores):
                encoded.append(("spread", row, squares - row, scores.degrees, scores.degrees + known))
            known += 1
        return encoded

    def _shares(self) -> Iterator[Words]:
        """Yield the steps from whitened scores to coordinates."""
        copula, table = self._copula, _table(self._copula.scores.shares)
        for position, factors in enumerate(copula.factor[: len(self._axes)]):
            row, twin = self._axis(position), copula.twins[position]
            if copula.keeps(position):
                continue
            if twin is not None:
                name = "again" if copula.correlation[position][twin] > 0 else "mirrored"
                yield name, row, self._axis(twin) - row
                continue
            # the axis itself first, as the copula adds
            positions = [p for p in (position, *range(position)) if factors[p]]
            distances = np.array([self._score(p) - row for p in positions], dtype=np.int64)
            yield "weighted", row, len(positions), distances, factors[positions]
            yield "share", row, *table

    def _squeezed(self, cube: Cube) -> Iterator[Words]:
        for axis, row in self._rows.items():
            for name, *words in squeezes(cube.interventions, axis + self._month):
                yield name, row, *words


def _table(table: ShareTable) -> Words:
    coefficients = aligned(table.coefficients)
    return coefficients, table.bits, len(coefficients) // 2, table.offset, table.last, table.first
