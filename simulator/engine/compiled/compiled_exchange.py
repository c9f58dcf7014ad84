"""Runs of compiled code on two cubes: the rows of both are filled once, and each run reads a mixture of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from payback.simulator.engine.compiled.backend import CompiledBackend
from payback.simulator.engine.compiled.thread_workspace import Ready, rounded
from payback.simulator.engine.numpy_engine.numpy_exchange import Floats, Names, Run
from payback.simulator.statistics.leaf_moments import LEAF

BYTES = 2**21
"""Of held rows: beyond the cache, what is held would be slower to read than to draw."""

LEAST = 256
"""Trials that are held at least: the calls of code for fewer cost more than its work."""


class CompiledExchange:
    """Inputs of compiled code, as `payback.simulator.engine.run.exchange.Exchange` holds them.

    Parameters
    ----------
    first, second : CompiledBackend
        Of the same plan on two cubes; they serve any number of exchanges.
    """

    def __init__(self, first: CompiledBackend, second: CompiledBackend) -> None:
        self._sides = first, second
        ready = [stage for stage in first.stages if isinstance(stage, Ready)]
        rows = first.rows + 3 * sum(max(1, stage.feeds.rows) for stage in ready)
        self.most = min(LEAF, max(LEAST, 1 << (BYTES // (8 * rows)).bit_length() >> 1))
        self._benches = tuple(side.bench(self.most) for side in self._sides)
        self._stages = [_Held(stage, self._benches[0].stride) for stage in ready]
        for tools, stage in zip(self._benches[0].tools, self._stages, strict=True):
            tools.read(stage.mixed)

    def over(self, start: int, stop: int) -> Run:
        """See `Exchange.over`."""
        for number, (side, bench) in enumerate(zip(self._sides, self._benches, strict=True)):
            bench.feed(side.cube, side.source, start, stop)
            for tools, stage in zip(bench.tools, self._stages, strict=True):
                tools.fill(start, rounded(stop - start), stage.rows[number])
        for stage in self._stages:
            stage.begin()
        draws = [side.source.block(start, stop) for side in self._sides]

        def run(names: Names) -> Mapping[str, Floats]:
            def draw(name: str, *rest: Any) -> None:
                draws[name in names](name, *rest)

            for stage in self._stages:
                stage.take(names)
            return self._benches[0].run(draw, start, stop)

        return run

    def release(self) -> None:
        """See `Exchange.release`: here buffers go with the exchange."""


class _Held:
    """The inputs of a stage on two cubes, and a mixture."""

    def __init__(self, ready: Ready, stride: int) -> None:
        self._places = ready.places
        self.rows = np.zeros((2, max(1, ready.feeds.rows), stride))
        self.mixed = np.zeros_like(self.rows[0])
        self._taken: Names = frozenset()

    def begin(self) -> None:
        """Take every input from the first cube."""
        np.copyto(self.mixed, self.rows[0])
        self._taken = frozenset()

    def take(self, names: Names) -> None:
        """Take inputs from the second cube, all others from the first."""
        for name in self._taken ^ names:
            rows = self._places.get(name, slice(0))
            self.mixed[rows] = self.rows[int(name in names), rows]
        self._taken = names
