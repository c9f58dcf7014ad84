"""Runs of compiled code on two cubes: the rows of both are filled once, and each run reads a mixture of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from payback.simulator.engine.compiled.backend import CompiledBackend
from payback.simulator.engine.compiled.thread_workspace import CompiledStage, rounded
from payback.simulator.engine.numpy_engine.held_draws import HeldDraws, Names
from payback.simulator.engine.numpy_engine.numpy_exchange import Floats, Run
from payback.simulator.statistics.leaf_moments import LEAF

HELD_BYTES = 2**21
"""Bytes of the rows that are held: beyond the cache, reading them would be slower than drawing anew."""

NUMPY_BYTES, NUMPY_LEAVES = 2**26, 4
"""Bytes of the rows that are held, and most leaves, where numpy draws inputs between the stages: short calls of numpy
cost more than reading beyond the cache, and threads wait for one another at the interpreter between them."""

LEAST = 256
"""Fewest trials that are held: for fewer, calling code would cost more than its work."""


class CompiledExchange:
    """The `payback.simulator.engine.run.exchange.Exchange` of the compiled back end.

    Parameters
    ----------
    first, second : CompiledBackend
        The same plan on two cubes; both may serve any number of exchanges.
    parameters : mapping of str to frozenset of str
        See `HeldDraws`.
    """

    def __init__(self, first: CompiledBackend, second: CompiledBackend, parameters: Mapping[str, Names]) -> None:
        self._sides = first, second
        self._held = HeldDraws(parameters, parameters)
        self.alone = bool(parameters)
        stages = [stage for stage in first.stages if isinstance(stage, CompiledStage)]
        rows = first.rows + 3 * sum(max(1, stage.inputs.rows) for stage in stages)
        room, largest = (NUMPY_BYTES, NUMPY_LEAVES * LEAF) if parameters else (HELD_BYTES, LEAF)
        fitting = max(1, room // (8 * rows))
        power_of_two = 1 << (fitting.bit_length() - 1)
        self.most = min(largest, max(LEAST, power_of_two))
        self._workspaces = tuple(side.workspace(self.most) for side in self._sides)
        self._stages = [_StageInputs(stage, self._workspaces[0].stride) for stage in stages]
        for call, inputs in zip(self._workspaces[0].calls, self._stages, strict=True):
            call.read(inputs.mixed)

    def over(self, start: int, stop: int) -> Run:
        """See `Exchange.over`."""
        for number, (side, workspace) in enumerate(zip(self._sides, self._workspaces, strict=True)):
            workspace.feed(side.cube, side.source, start, stop)
            for call, inputs in zip(workspace.calls, self._stages, strict=True):
                call.fill(start, rounded(stop - start), inputs.rows[number])
        for inputs in self._stages:
            inputs.begin()
        own, twin = (side.source.block(start, stop) for side in self._sides)
        self._held.begin()

        def run(names: Names) -> Mapping[str, Floats]:
            for inputs in self._stages:
                inputs.exchange(names)
            return self._workspaces[0].run(self._held.source((own, twin), names), start, stop)

        return run

    def release(self) -> None:
        """See `Exchange.release`; buffers are freed with the exchange."""


class _StageInputs:
    """The inputs of one stage on both cubes, and the mixture that its code reads."""

    def __init__(self, stage: CompiledStage, stride: int) -> None:
        self._input_rows = stage.input_rows
        self.rows = np.zeros((2, max(1, stage.inputs.rows), stride))
        self.mixed = np.zeros_like(self.rows[0])
        self._exchanged: Names = frozenset()

    def begin(self) -> None:
        """Copy every input from the first cube."""
        np.copyto(self.mixed, self.rows[0])
        self._exchanged = frozenset()

    def exchange(self, names: Names) -> None:
        """Copy the inputs `names` from the second cube, all others from the first."""
        for name in self._exchanged ^ names:
            rows = self._input_rows.get(name, slice(0))
            self.mixed[rows] = self.rows[int(name in names), rows]
        self._exchanged = names
