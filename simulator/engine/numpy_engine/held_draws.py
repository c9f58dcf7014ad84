"""The values of inputs on two cubes in a block of trials, held for all runs of the block that read them again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from payback.simulator.engine.numpy_engine.blocks import Source

Floats = NDArray[np.float64]
Names = frozenset[str]


class HeldDraws:
    """The inputs of one thread on two cubes, block after block: each is drawn when a run first reads it.

    An input whose parameters follow from others is held where all of these, and the input itself, come from the first
    cube: what a run takes from the second cube, few others take too.

    Parameters
    ----------
    held : collection of str
        The inputs that are held; any other is drawn by each run.
    parameters : mapping of str to frozenset of str
        The inputs from which the parameters of an input follow; see
        `payback.simulator.engine.plan.parameter_inputs.parameter_inputs`.
    """

    def __init__(self, held: Collection[str], parameters: Mapping[str, Names]) -> None:
        self._held = frozenset(held)
        self._parameters = parameters
        self._rows: dict[tuple[bool, str, int], Floats] = {}
        self._written: set[tuple[bool, str, int]] = set()

    def begin(self) -> None:
        """Forget the values of the block before; their memory is used again."""
        self._written.clear()

    def source(self, sides: tuple[Source, Source], names: Names) -> Source:
        """Return the source of inputs of one run.

        Parameters
        ----------
        sides : tuple of Source
            What draws inputs from the first cube and from the second.
        names : frozenset of str
            The inputs taken from the second.
        """

        def source(name: str, month: int, parameters: tuple[Any, ...], out: Floats) -> None:
            second = name in names
            follows = self._parameters.get(name)
            if name not in self._held or (follows is not None and (second or names & follows)):
                sides[second](name, month, parameters, out)
                return
            key = second, name, month
            if key in self._written:
                np.copyto(out, self._rows[key])
                return
            sides[second](name, month, parameters, out)
            row = self._rows.get(key)
            if row is None or row.size != out.size:
                row = self._rows[key] = np.empty(out.size)
            np.copyto(row, out)
            self._written.add(key)

        return source

    def release(self) -> None:
        """Free the memory."""
        self._rows.clear()
        self._written.clear()
