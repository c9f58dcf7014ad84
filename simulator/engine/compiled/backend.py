"""The compiled back end: a plan as machine code that draws inputs and computes the ledger on vectors of trials.

It gives the bits of the numpy back end, except for exponentials, logarithms and powers, which round
differently in the last place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from payback.simulator.engine.compiled.ledger.plan_code import PlanCode
from payback.simulator.engine.compiled.ledger.stage_code import StageCode
from payback.simulator.engine.compiled.ledger.stages import CodeStage, NumpyStep
from payback.simulator.engine.compiled.llvm.code_cache import code
from payback.simulator.engine.compiled.sampling.input_program import input_program
from payback.simulator.engine.compiled.thread_workspace import ROUND, CompiledStage, ThreadWorkspace
from payback.simulator.engine.numpy_engine.cube_protocol import CubeLike
from payback.simulator.engine.numpy_engine.input_values import Sampled
from payback.simulator.engine.numpy_engine.numpy_backend import Worker
from payback.simulator.engine.numpy_engine.shared_draws import SharedDraws
from payback.simulator.engine.plan.schedule import SOLVERS
from payback.simulator.model import Draw

Floats = NDArray[np.float64]

BLOCK = 65_536
"""Trials a block: few enough that what reads the outputs, such as counting, finds its tables in the cache."""

BLOCK_BYTES = 2**22
"""Bytes of the rows of a block: blocks shrink when a case needs whole series, or numpy fills many rows."""

NUMPY_BYTES = 2**24
"""Bytes of the rows of a block where numpy draws inputs between the stages: its short calls would cost more than
reading beyond the cache, and threads wait for one another at the interpreter between them."""

LONG_BLOCK, LONG_BYTES = 2**18, 2**25
"""Trials a block, and most bytes of its rows, where rows are written once and each output is counted: a block finds the
counts of one output at a time in the cache."""


class CompiledBackend:
    """The back end that computes a plan in compiled code.

    Parameters
    ----------
    plan_code : PlanCode
    draws : sequence of Draw
        The inputs that the plan reads.
    cube : CubeLike
    shared : SharedDraws, optional
        Values of inputs drawn by numpy that runs on the same trials share.

    Raises
    ------
    ImportError
        Without llvmlite.
    """

    name = "compiled"

    def __init__(
        self, plan_code: PlanCode, draws: Sequence[Draw], cube: CubeLike, shared: SharedDraws | None = None
    ) -> None:
        self._plan_code, self.cube = plan_code, cube
        self._library = code(plan_code.library)
        by_name = {d.name: d for d in draws}
        self.stages = [s if isinstance(s, NumpyStep) else self._with_inputs(*s, by_name) for s in plan_code.stages]
        filled = [f for s in self.stages if isinstance(s, CompiledStage) for f in s.inputs.filled]
        exact = [draw for draw, _, values in filled if values]
        self.source = Sampled([*exact, *(d for d in draws if d.distribution is None)], cube, shared)
        self.rows = len(plan_code.rows) + plan_code.series * plan_code.plan.months + 2 * len(filled)
        steps = [s.instruction for s in self.stages if isinstance(s, NumpyStep)]
        draws_between = any(i.op not in SOLVERS and not self.source.holds(i.data[0]) for i in steps)
        self.block = self._fitting(BLOCK, NUMPY_BYTES if draws_between else BLOCK_BYTES)
        once = len(self.stages) == 1 and not plan_code.series and not filled
        self.long_block = max(self.block, self._fitting(LONG_BLOCK, LONG_BYTES)) if once else self.block

    def _fitting(self, most: int, most_bytes: int) -> int:
        """Return how many trials have rows of `most_bytes` bytes, at most `most`."""
        return max(256, min(most, most_bytes // (8 * max(1, self.rows)) // ROUND * ROUND))

    def _with_inputs(self, stage: CodeStage, stage_code: StageCode, draws: Mapping[str, Draw]) -> CompiledStage:
        months = self._plan_code.plan.months
        inputs = input_program([draws[name] for name, _ in stage_code.draws], months, self.cube)
        ends = [0, *accumulate(months if monthly else 1 for _, monthly in stage_code.draws)]
        input_rows = {name: slice(*ends[k : k + 2]) for k, (name, _) in enumerate(stage_code.draws)}
        numbers = np.array(stage_code.constants), np.array(stage_code.calendar)
        return CompiledStage(stage, code(stage_code.text), input_rows, inputs, *numbers)

    def worker(self) -> Worker:
        """See `Backend.worker`."""
        held: ThreadWorkspace | None = None

        def work(start: int, stop: int) -> Mapping[str, Floats]:
            nonlocal held
            if held is None or held.most < stop - start:
                held = self.workspace(stop - start)
            held.feed(self.cube, self.source, start, stop)
            return held.run(self.source.block(start, stop), start, stop)

        return work

    def workspace(self, most: int) -> ThreadWorkspace:
        """Return the workspace of one thread for blocks of up to `most` trials."""
        return ThreadWorkspace(self._plan_code, self.stages, self._library.address("fill"), most)

    def release(self) -> None:
        """See `Backend.release`; buffers are freed with their workers."""
