"""Where compiled code works: the rows of one thread, and what its code is handed."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from payback.simulator.engine.compiled.ledger import irr_code
from payback.simulator.engine.compiled.ledger.plan_code import Draft
from payback.simulator.engine.compiled.ledger.stage_code import ADDRESSES, NUMBERS
from payback.simulator.engine.compiled.ledger.stages import Native, Outside
from payback.simulator.engine.compiled.llvm.target import Code
from payback.simulator.engine.compiled.sampling.input_program import Feeds
from payback.simulator.engine.irr.irr import irr
from payback.simulator.engine.numpy_engine.blocks import Floats, Source
from payback.simulator.engine.numpy_engine.input_values import Cube, Sampled
from payback.simulator.engine.plan.schedule import SOLVERS, Instruction, Register, Row

STRIP_BYTES = 2**18
"""Bytes of input rows that are filled before the ledger reads them: they stay in the cache between."""

ROUND = 16
"""Blocks are computed from a multiple of it to a multiple of it: a Sobol' point is so many trials."""

STRIPS = 256, 1_024, 8_192
"""Trials of a strip: fewer than the first meet each table too seldom to keep it near. The many rows of such a case are
filled for as many trials as the last; those of others for at most the second."""

_WORD_INDEX = {name: index for index, name in enumerate((*NUMBERS, *ADDRESSES))}


@dataclass(frozen=True)
class Ready:
    """A stage with its code and all that it reads beside the block; `places` are the rows of its inputs."""

    stage: Native
    code: Code
    places: Mapping[str, slice]
    feeds: Feeds
    constants: Floats
    calendar: Floats


class Bench:
    """Where one thread works: rows for blocks of up to `most` trials.

    Parameters
    ----------
    draft : Draft
    ready : sequence of Ready or Outside
        The stages.
    fill : int
        The address of the code that fills rows.
    most : int
    """

    def __init__(self, draft: Draft, ready: Sequence[Ready | Outside], fill: int, most: int) -> None:
        self.most = most
        self._plan, self._ready, self._rows = draft.plan, ready, draft.rows
        plan = draft.plan
        self.stride = rounded(most) + ROUND
        self._carried = np.zeros((len(draft.rows), self.stride))
        self._series = np.zeros((draft.series, plan.months, self.stride))
        self._scratch = np.zeros(plan.series * plan.months * draft.lanes)
        self.tools = [Tools(s, plan.months, self.stride, fill) for s in ready if isinstance(s, Ready)]
        for tools in self.tools:
            tools.know(carried=self._carried, scratch=self._scratch, series=self._series)

    def feed(self, cube: Cube, source: Sampled, start: int, stop: int) -> None:
        """Fill what numpy fills of the inputs, in trials `start` to `stop`."""
        first = start // ROUND * ROUND
        for tools in self.tools:
            tools.feeds.fill(cube, source, start, stop, tools.filled[:, start - first : stop - first])

    def run(self, draw: Source, start: int, stop: int) -> Mapping[str, Floats]:
        """Return every output in trials `start` to `stop`; `draw` is the source of inputs between stages."""
        first = start // ROUND * ROUND
        here = slice(start - first, stop - first)
        solved: dict[Any, tuple[Floats, Floats]] = {}
        tools = iter(self.tools)
        for stage in self._ready:
            if isinstance(stage, Outside):
                self._outside(stage.instruction, draw, here, solved)
            else:
                next(tools).call(first, rounded(stop - first))
        return {name: self._read(operand, here) for name, operand in self._plan.outputs.items()}

    def _read(self, operand: Any, here: slice, month: int = 0) -> Floats:
        if isinstance(operand, Register):
            return self._carried[self._rows[operand], here]
        if isinstance(operand, Row):
            return self._series[operand.series, month, here]
        operand = operand[month] if isinstance(operand, tuple) else operand
        return np.broadcast_to(np.float64(operand), (here.stop - here.start,))

    def _outside(self, i: Instruction, draw: Source, here: slice, solved: dict[Any, Any]) -> None:
        if i.out is None:
            name, series = i.data
            for month, row in enumerate(self._series[series]):
                draw(name, month, tuple(self._read(a, here, month) for a in i.args), row[here])
            return
        out = self._carried[self._rows[i.out], here]
        if i.op not in SOLVERS:
            draw(i.data[0], -1, tuple(self._read(a, here) for a in i.args), out)
            return
        key = (i.data, i.args[0])
        if key not in solved:
            solved[key] = self._rates(i, here)
        out[:] = solved[key][SOLVERS.index(i.op)]

    def _rates(self, i: Instruction, here: slice) -> tuple[Floats, Floats]:
        """Return rates of return and their counts; flows of more than one change of sign are numpy's."""
        start, net = i.args
        begin = self._wide(start)[0]
        flows = self._series[i.data] if i.data is not None else self._wide(net)
        rate, count = irr_code.solve(begin, flows)
        several = here.start + np.flatnonzero(count[here] == irr_code.UNSOLVED)
        if several.size:
            rate[several], count[several] = irr(np.concatenate([begin[None, several], flows[:, several]]))
        return rate[here], count[here]

    def _wide(self, operand: Any) -> Floats:
        """Return what an operand is in every month and trial, shape (months, trials)."""
        values = self._carried[self._rows[operand]] if isinstance(operand, Register) else np.array(operand, dtype=float)
        if isinstance(operand, tuple):
            values = values[:, None]
        return np.ascontiguousarray(np.broadcast_to(values, (self._plan.months, self.stride)))


class Tools:
    """What one thread hands to the code of a stage.

    Parameters
    ----------
    ready : Ready
    months : int
    stride : int
        Trials of the rows of the block.
    fill : int
        The address of the code that fills rows.
    """

    def __init__(self, ready: Ready, months: int, stride: int, fill: int) -> None:
        self.feeds, self._stride = ready.feeds, stride
        rows = max(1, self.feeds.rows)
        strip = _strip(rows, stride)
        self.filled = np.full((len(self.feeds.filled), stride), 0.5)
        self._program = self.feeds.program(self.filled)
        self._words = np.zeros(len(NUMBERS) + len(ADDRESSES), dtype=np.int64)
        self._kept: list[Any] = [ready]
        self._put(strip=strip, stride=stride, months=months, steps=len(self.feeds.steps))
        self.know(fill=fill, program=self._program, work=np.zeros(rows * strip))
        self.know(constants=ready.constants, calendar=ready.calendar)
        self._call = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(ready.code.address("stage"))
        whole, address = ctypes.c_int64, ctypes.c_void_p
        self._fill = ctypes.CFUNCTYPE(None, address, whole, whole, whole, whole, address, whole)(fill)

    def fill(self, start: int, trials: int, rows: Floats) -> None:
        """Write the inputs of so many trials into `rows`, shape (rows, stride)."""
        program, steps = self._program.ctypes.data, len(self.feeds.steps)
        self._fill(program, steps, start, trials, 0, rows.ctypes.data, self._stride)

    def read(self, rows: Floats) -> None:
        """From now on take inputs that stand in `rows`, shape (rows, stride), instead of filling any."""
        self._put(strip=self._stride, steps=0)
        self.know(work=rows)

    def know(self, **arrays: Any) -> None:
        """Note arrays, or addresses, by the names of `ADDRESSES`."""
        self._kept.append(arrays)
        self._put(**{name: a if isinstance(a, int) else a.ctypes.data for name, a in arrays.items()})

    def call(self, start: int, trials: int) -> None:
        """Run the code."""
        self._put(start=start, trials=trials)
        self._call(self._words.ctypes.data)

    def _put(self, **words: int) -> None:
        for name, value in words.items():
            self._words[_WORD_INDEX[name]] = value


def _strip(rows: int, most: int) -> int:
    """Return the trials of a strip of so many rows, at most `most`.

    They are an odd number of rounds: rows that lie a power of two apart would share few places in the cache.
    """
    least, usual, long = STRIPS
    fitting = STRIP_BYTES // (8 * rows)
    trials = min(usual if fitting >= usual else fitting if fitting >= least else long, most)
    return (max(1, trials // ROUND) - 1 | 1) * ROUND


def rounded(trials: int) -> int:
    """Return how many trials code computes for so many."""
    return -(-trials // ROUND) * ROUND
