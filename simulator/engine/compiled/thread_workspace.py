"""The memory in which one thread runs compiled code, and the calls of that code."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from payback.simulator.engine.compiled.ledger import irr_code
from payback.simulator.engine.compiled.ledger.plan_code import PlanCode
from payback.simulator.engine.compiled.ledger.stage_code import ADDRESSES, NUMBERS
from payback.simulator.engine.compiled.ledger.stages import CodeStage, NumpyStep
from payback.simulator.engine.compiled.llvm.target import Code
from payback.simulator.engine.compiled.sampling.input_program import InputProgram
from payback.simulator.engine.irr.irr import irr
from payback.simulator.engine.numpy_engine.blocks import Floats, Source
from payback.simulator.engine.numpy_engine.cube_protocol import CubeLike
from payback.simulator.engine.numpy_engine.input_values import Sampled
from payback.simulator.engine.plan.schedule import SOLVERS, Instruction, Register, Row

STRIP_BYTES = 2**18
"""Bytes of input rows that are filled before the ledger reads them, so that they stay in the cache."""

ROUND = 16
"""Blocks begin and end at multiples of this number of trials: one Sobol' point in every replicate."""

STRIPS = 256, 1_024, 8_192
"""Trials of a strip: the fewest for which a table stays in the cache, the usual most, and the number for cases with
many inputs, of which not even the fewest trials fit."""

ROWS_PER_TABLE = 8
"""Rows of an input, one a month, from which on its table is read often enough in the fewest trials of a strip."""

_WORD_INDEX = {name: index for index, name in enumerate((*NUMBERS, *ADDRESSES))}


@dataclass(frozen=True)
class CompiledStage:
    """A stage with its code and all that it reads beside the block.

    Parameters
    ----------
    stage : CodeStage
    code : Code
    input_rows : mapping of str to slice
        The rows of each input, one a month for monthly ones.
    inputs : InputProgram
    constants : ndarray of float
        Numbers of the case.
    calendar : ndarray of float, shape (calendars, months)
        Numbers of the case by month.
    """

    stage: CodeStage
    code: Code
    input_rows: Mapping[str, slice]
    inputs: InputProgram
    constants: Floats
    calendar: Floats


class ThreadWorkspace:
    """The rows in which one thread computes blocks of up to `most` trials.

    Parameters
    ----------
    plan_code : PlanCode
    stages : sequence of CompiledStage or NumpyStep
        In the order of their execution.
    fill : int
        The address of the code that fills rows of inputs.
    most : int
        Trials.
    """

    def __init__(self, plan_code: PlanCode, stages: Sequence[CompiledStage | NumpyStep], fill: int, most: int) -> None:
        self.most = most
        self._plan, self._stages, self._rows = plan_code.plan, stages, plan_code.rows
        plan = plan_code.plan
        self.stride = rounded(most) + ROUND
        self._carried = np.zeros((len(plan_code.rows), self.stride))
        self._series = np.zeros((plan_code.series, plan.months, self.stride))
        self._scratch = np.zeros(plan.series * plan.months * plan_code.lanes)
        self.calls = [StageCall(s, plan.months, self.stride, fill) for s in stages if isinstance(s, CompiledStage)]
        for call in self.calls:
            call.set_addresses(carried=self._carried, scratch=self._scratch, series=self._series)

    def feed(self, cube: CubeLike, source: Sampled, start: int, stop: int) -> None:
        """Write the inputs that numpy draws, in trials `start` to `stop`."""
        first = start // ROUND * ROUND
        for call in self.calls:
            call.inputs.fill(cube, source, start, stop, call.filled[:, start - first : stop - first])

    def run(self, draw: Source, start: int, stop: int) -> Mapping[str, Floats]:
        """Return every output in trials `start` to `stop`, shape (stop - start,); `draw` gives inputs to numpy."""
        first = start // ROUND * ROUND
        here = slice(start - first, stop - first)
        solved: dict[Any, tuple[Floats, Floats]] = {}
        calls = iter(self.calls)
        for stage in self._stages:
            if isinstance(stage, NumpyStep):
                self._numpy_step(stage.instruction, draw, here, solved)
            else:
                next(calls).run(first, rounded(stop - first))
        return {name: self._read(operand, here) for name, operand in self._plan.outputs.items()}

    def _read(self, operand: Any, here: slice, month: int = 0) -> Floats:
        if isinstance(operand, Register):
            return self._carried[self._rows[operand], here]
        if isinstance(operand, Row):
            return self._series[operand.series, month, here]
        operand = operand[month] if isinstance(operand, tuple) else operand
        return np.broadcast_to(np.float64(operand), (here.stop - here.start,))

    def _numpy_step(self, i: Instruction, draw: Source, here: slice, solved: dict[Any, Any]) -> None:
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
        """Return rates of return and their counts; what compiled code leaves unsolved is solved by numpy."""
        start, net = i.args
        begin = self._wide(start)[0]
        flows = self._series[i.data] if i.data is not None else self._wide(net)
        rate, count = irr_code.solve(begin, flows)
        several = here.start + np.flatnonzero(count[here] == irr_code.UNSOLVED)
        if several.size:
            rate[several], count[several] = irr(np.concatenate([begin[None, several], flows[:, several]]))
        return rate[here], count[here]

    def _wide(self, operand: Any) -> Floats:
        """Return the values of an operand in every month and trial, shape (months, trials)."""
        values = self._carried[self._rows[operand]] if isinstance(operand, Register) else np.array(operand, dtype=float)
        if isinstance(operand, tuple):
            values = values[:, None]
        return np.ascontiguousarray(np.broadcast_to(values, (self._plan.months, self.stride)))


class StageCall:
    """The call of a stage's code by one thread: the words that it is called with, and the memory behind them.

    Parameters
    ----------
    stage : CompiledStage
    months : int
    stride : int
        Trials of the rows of the block.
    fill : int
        The address of the code that fills rows of inputs.
    """

    def __init__(self, stage: CompiledStage, months: int, stride: int, fill: int) -> None:
        self.inputs, self._stride = stage.inputs, stride
        rows = max(1, self.inputs.rows)
        strip = strip_of(rows, len(stage.input_rows), stride)
        self.filled = np.full((len(self.inputs.filled), stride), 0.5)
        self._program = self.inputs.program(self.filled)
        self._words = np.zeros(len(NUMBERS) + len(ADDRESSES), dtype=np.int64)
        self._kept: list[Any] = [stage]
        self._set_words(strip=strip, stride=stride, months=months, steps=len(self.inputs.steps))
        self.set_addresses(fill=fill, program=self._program, work=np.zeros(rows * strip))
        self.set_addresses(constants=stage.constants, calendar=stage.calendar)
        self._call = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(stage.code.address("stage"))
        whole, address = ctypes.c_int64, ctypes.c_void_p
        self._fill = ctypes.CFUNCTYPE(None, address, whole, whole, whole, whole, address, whole)(fill)

    def fill(self, start: int, trials: int, rows: Floats) -> None:
        """Write the inputs of `trials` trials from `start` on into `rows`, shape (rows, stride)."""
        program, steps = self._program.ctypes.data, len(self.inputs.steps)
        self._fill(program, steps, start, trials, 0, rows.ctypes.data, self._stride)

    def read(self, rows: Floats) -> None:
        """Read inputs from `rows`, shape (rows, stride), from now on, and fill none."""
        self._set_words(strip=self._stride, steps=0)
        self.set_addresses(work=rows)

    def set_addresses(self, **arrays: Any) -> None:
        """Set the addresses called `ADDRESSES`, each an array, which is kept alive, or a number."""
        self._kept.append(arrays)
        self._set_words(**{name: a if isinstance(a, int) else a.ctypes.data for name, a in arrays.items()})

    def run(self, start: int, trials: int) -> None:
        """Run the code of the stage on `trials` trials from `start` on."""
        self._set_words(start=start, trials=trials)
        self._call(self._words.ctypes.data)

    def _set_words(self, **words: int) -> None:
        for name, value in words.items():
            self._words[_WORD_INDEX[name]] = value


def strip_of(rows: int, inputs: int, most: int) -> int:
    """Return the number of trials of a strip of `rows` rows, those of `inputs` inputs, at most `most`.

    It is an odd number of rounds: rows that lie a power of two apart would share few lines of the cache. Where not even
    short strips fit, they are still better for the months of few inputs; of many inputs each strip would read all
    tables anew.
    """
    least, usual, long = STRIPS
    fitting = STRIP_BYTES // (8 * rows)
    unfit = least if rows >= ROWS_PER_TABLE * inputs else long
    trials = min(fitting, usual) if fitting >= least else unfit
    rounds = max(1, min(trials, most) // ROUND)
    return (rounds if rounds % 2 else rounds - 1) * ROUND


def rounded(trials: int) -> int:
    """Return `trials`, rounded up to a multiple of `ROUND`."""
    return -(-trials // ROUND) * ROUND
