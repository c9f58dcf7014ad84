"""The compiled back end: the plan as code on vectors of trials, which draws, inverts and keeps the ledger.

It gives the bits of the numpy back end but for exponentials, logarithms and powers, which round
differently in the last place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from payback.simulator.engine.compiled.ledger.plan_code import Draft
from payback.simulator.engine.compiled.ledger.stage_code import Written
from payback.simulator.engine.compiled.ledger.stages import Native, Outside
from payback.simulator.engine.compiled.llvm.code_cache import code
from payback.simulator.engine.compiled.sampling.input_program import feeds
from payback.simulator.engine.compiled.thread_workspace import ROUND, Bench, Ready
from payback.simulator.engine.numpy_engine.input_values import Cube, Sampled
from payback.simulator.engine.numpy_engine.numpy_backend import Worker
from payback.simulator.model import Draw

Floats = NDArray[np.float64]

BLOCK = 65_536
"""Trials a block: what is done with the outputs, such as counting, meets its tables in the cache more often."""

BLOCK_BYTES = 2**25
"""Bytes of rows of the block; it shrinks when a case needs whole series, or numpy fills many rows."""


class CompiledBackend:
    """A plan in compiled code.

    Parameters
    ----------
    draft : Draft
    draws : sequence of Draw
        The inputs that the plan reads.
    cube : Cube

    Raises
    ------
    ImportError
        Without llvmlite.
    """

    name = "compiled"

    def __init__(self, draft: Draft, draws: Sequence[Draw], cube: Cube) -> None:
        self._draft, self.cube = draft, cube
        self._library = code(draft.library)
        by_name = {d.name: d for d in draws}
        self.stages = [s if isinstance(s, Outside) else self._ready(*s, by_name) for s in draft.stages]
        filled = [f for s in self.stages if isinstance(s, Ready) for f in s.feeds.filled]
        exact = [draw for draw, _, values in filled if values]
        self.source = Sampled([*exact, *(d for d in draws if d.distribution is None)], cube)
        self.rows = len(draft.rows) + draft.series * draft.plan.months + 2 * len(filled)
        self.block = max(256, min(BLOCK, BLOCK_BYTES // (8 * max(1, self.rows)) // ROUND * ROUND))

    def _ready(self, stage: Native, written: Written, draws: Mapping[str, Draw]) -> Ready:
        months = self._draft.plan.months
        fed = feeds([draws[name] for name, _ in written.draws], months, self.cube)
        ends = [0, *accumulate(months if monthly else 1 for _, monthly in written.draws)]
        places = {name: slice(*ends[k : k + 2]) for k, (name, _) in enumerate(written.draws)}
        fixed = np.array(written.constants), np.array(written.calendar)
        return Ready(stage, code(written.text), places, fed, *fixed)

    def worker(self) -> Worker:
        """See `Backend.worker`."""
        held: Bench | None = None

        def work(start: int, stop: int) -> Mapping[str, Floats]:
            nonlocal held
            if held is None or held.most < stop - start:
                held = self.bench(stop - start)
            held.feed(self.cube, self.source, start, stop)
            return held.run(self.source.block(start, stop), start, stop)

        return work

    def bench(self, most: int) -> Bench:
        """Return where one thread works on blocks of up to `most` trials."""
        return Bench(self._draft, self.stages, self._library.address("fill"), most)

    def release(self) -> None:
        """See `Backend.release`: here buffers go with their workers."""
