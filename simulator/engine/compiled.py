"""The compiled back end: the plan as code on vectors of trials, which draws, inverts and keeps the ledger.

It gives the bits of the numpy back end but for exponentials, logarithms and powers, which round
differently in the last place.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.case.model import Draw
from simulator.engine.irr import irr
from simulator.engine.kernel import rates
from simulator.engine.kernel.build import code
from simulator.engine.kernel.draft import Draft
from simulator.engine.kernel.feeds import Feeds, feeds
from simulator.engine.kernel.ledger import ADDRESSES, NUMBERS, Written
from simulator.engine.kernel.machine import Code
from simulator.engine.kernel.stages import Native, Outside
from simulator.engine.plan import SOLVERS, Instruction, Register, Row
from simulator.engine.sources import Cube, Sampled

Floats = NDArray[np.float64]
Worker = Callable[[int, int], Mapping[str, Floats]]

BLOCK = 65_536
"""Trials a block: what is done with the outputs, such as counting, meets its tables in the cache more often."""

STRIP_BYTES = 2**18
"""Bytes of input rows that are filled before the ledger reads them."""

ROUND = 16
"""Blocks are computed from a multiple of it to a multiple of it: a Sobol' point is so many trials."""

BLOCK_BYTES = 2**25
"""Bytes of rows of the block; it shrinks when a case needs whole series, or numpy fills many rows."""

LONGEST_STRIP = 1_024


@dataclass(frozen=True)
class Ready:
    """A stage with its code and all that it reads beside the block."""

    stage: Native
    code: Code
    feeds: Feeds
    constants: Floats
    calendar: Floats


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
        self._draft, self._cube = draft, cube
        self._library = code(draft.library)
        by_name = {d.name: d for d in draws}
        self.stages = [s if isinstance(s, Outside) else self._ready(*s, by_name) for s in draft.stages]
        filled = [f for s in self.stages if isinstance(s, Ready) for f in s.feeds.filled]
        exact = [draw for draw, _, values in filled if values]
        self._source = Sampled([*exact, *(d for d in draws if d.distribution is None)], cube)
        rows = len(draft.rows) + draft.series * draft.plan.months + 2 * len(filled)
        self.block = max(256, min(BLOCK, BLOCK_BYTES // (8 * max(1, rows)) // ROUND * ROUND))

    def _ready(self, stage: Native, written: Written, draws: Mapping[str, Draw]) -> Ready:
        fed = feeds([draws[name] for name, _ in written.draws], self._draft.plan.months, self._cube)
        return Ready(stage, code(written.text), fed, np.array(written.constants), np.array(written.calendar))

    def worker(self) -> Worker:
        """See `Backend.worker`."""
        held: _Bench | None = None

        def work(start: int, stop: int) -> Mapping[str, Floats]:
            nonlocal held
            if held is None or held.most < stop - start:
                held = _Bench(self._draft, self.stages, self._library.address("fill"), stop - start)
            return held.run(self._cube, self._source, start, stop)

        return work

    def release(self) -> None:
        """See `Backend.release`: here buffers go with their workers."""


class _Bench:
    """Where one thread works: rows for blocks of up to `most` trials."""

    def __init__(self, draft: Draft, ready: Sequence[Ready | Outside], fill: int, most: int) -> None:
        self.most = most
        self._plan, self._ready, self._rows = draft.plan, ready, draft.rows
        plan = draft.plan
        self._stride = (-(-most // ROUND) + 1) * ROUND
        self._carried = np.zeros((len(draft.rows), self._stride))
        self._series = np.zeros((draft.series, plan.months, self._stride))
        self._scratch = np.zeros(plan.series * plan.months * draft.lanes)
        self._tools = [_Tools(s, plan.months, self._stride) if isinstance(s, Ready) else None for s in ready]
        for tools in self._tools:
            if tools:
                tools.know(fill=fill, carried=self._carried, scratch=self._scratch, series=self._series)

    def run(self, cube: Cube, source: Sampled, start: int, stop: int) -> Mapping[str, Floats]:
        """Return every output in trials `start` to `stop`."""
        first = start // ROUND * ROUND
        here = slice(start - first, stop - first)
        solved: dict[Any, tuple[Floats, Floats]] = {}
        for stage, tools in zip(self._ready, self._tools, strict=True):
            if isinstance(stage, Ready) and tools:
                stage.feeds.fill(cube, source, start, stop, tools.filled[:, here])
                tools.call(first, -(-(stop - first) // ROUND) * ROUND)
            elif isinstance(stage, Outside):
                self._outside(stage.instruction, source.block(start, stop), here, solved)
        return {name: self._read(operand, here) for name, operand in self._plan.outputs.items()}

    def _read(self, operand: Any, here: slice, month: int = 0) -> Floats:
        if isinstance(operand, Register):
            return self._carried[self._rows[operand], here]
        if isinstance(operand, Row):
            return self._series[operand.series, month, here]
        operand = operand[month] if isinstance(operand, tuple) else operand
        return np.broadcast_to(np.float64(operand), (here.stop - here.start,))

    def _outside(self, i: Instruction, draw: Callable[..., None], here: slice, solved: dict[Any, Any]) -> None:
        if i.out is None:
            name, place = i.data
            for month, row in enumerate(self._series[place]):
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
        rate, count = rates.solve(begin, flows)
        several = here.start + np.flatnonzero(count[here] == rates.UNSOLVED)
        if several.size:
            rate[several], count[several] = irr(np.concatenate([begin[None, several], flows[:, several]]))
        return rate[here], count[here]

    def _wide(self, operand: Any) -> Floats:
        """Return what an operand is in every month and trial, shape (months, trials)."""
        values = self._carried[self._rows[operand]] if isinstance(operand, Register) else np.array(operand, dtype=float)
        if isinstance(operand, tuple):
            values = values[:, None]
        return np.ascontiguousarray(np.broadcast_to(values, (self._plan.months, self._stride)))


class _Tools:
    """What one thread hands to the code of a stage."""

    def __init__(self, ready: Ready, months: int, stride: int) -> None:
        rows = max(1, ready.feeds.rows)
        strip = max(ROUND, min(LONGEST_STRIP, STRIP_BYTES // (8 * rows) // ROUND * ROUND))
        self.filled = np.full((len(ready.feeds.filled), stride), 0.5)
        self._program = ready.feeds.program(self.filled)
        self._work = np.zeros(rows * strip)
        self._words = np.zeros(len(NUMBERS) + len(ADDRESSES), dtype=np.int64)
        self._kept: list[Any] = [ready]
        self._put(strip=strip, stride=stride, months=months, steps=len(ready.feeds.steps))
        self.know(program=self._program, work=self._work, constants=ready.constants, calendar=ready.calendar)
        self._call = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(ready.code.address("stage"))

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
            self._words[(*NUMBERS, *ADDRESSES).index(name)] = value
