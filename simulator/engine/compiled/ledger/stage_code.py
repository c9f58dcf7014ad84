"""The code of a stage: all its steps on one vector of trials, kept in registers from month to month.

The code depends only on the steps. Numbers of the case, the horizon and rows are arguments, so that
a case with other numbers runs the same code.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from payback.simulator.engine.compiled.ledger.operations import OPERATIONS, crossed, elementwise, number, truth
from payback.simulator.engine.compiled.ledger.stages import CodeStage, Phase
from payback.simulator.engine.compiled.llvm.builder import POINTER, WHOLE, Local, Module, Value
from payback.simulator.engine.plan.schedule import Instruction, Register, Row

NUMBERS = ("start", "trials", "strip", "stride", "months", "steps")
ADDRESSES = ("fill", "program", "work", "carried", "scratch", "series", "constants", "calendar")
"""The words that a stage is called with: `NUMBERS`, then `ADDRESSES`."""

_LITERALS = (0.0, 1.0, -1.0)


@dataclass
class StageCode:
    """The text of a stage's code, ``stage(words)``, and the numbers and inputs that it reads.

    Parameters
    ----------
    text : str
    constants : list of float
    calendar : list of tuple of float
        Numbers by month.
    draws : list of (str, bool)
        Inputs in the order of their rows, and whether they have a row for each month.
    """

    text: str = ""
    constants: list[float] = field(default_factory=list)
    calendar: list[tuple[float, ...]] = field(default_factory=list)
    draws: list[tuple[str, bool]] = field(default_factory=list)


class StageWriter:
    """Writes the code of a stage.

    Parameters
    ----------
    stage : CodeStage
    months : int
    carried : mapping of Register to int
        Rows of the block in which registers lie between stages.
    lanes : int
        Trials in a vector.
    """

    def __init__(self, stage: CodeStage, months: int, carried: Mapping[Register, int], lanes: int) -> None:
        self.months = months
        self._stage, self._rows = stage, carried
        self._code = StageCode()
        module = Module(lanes)
        self.f = module.function("stage", [(POINTER, "words")], public=True)
        words = self.f.parameters["words"]
        self._given = {
            name: self.f.load(self.f.at(words, k), WHOLE if name in NUMBERS else POINTER)
            for k, name in enumerate((*NUMBERS, *ADDRESSES))
        }
        self._registers: dict[Register, Local] = {}
        self._crossings: dict[Register | None, tuple[Local, ...]] = {}
        self.month = self.f.constant(0, WHOLE)

    def write(self) -> StageCode:
        """Return the code of the stage."""
        f, trials, most = self.f, self._given["trials"], self._given["strip"]
        with f.loop(trials, step=most) as self._first:
            left = trials - self._first
            strip = left.compare("slt", most).choose(left, most)
            names = ("program", "steps", "start", "work", "strip")
            program, steps, start, work, stride = (self._given[name] for name in names)
            f.call_at(self._given["fill"], program, steps, start + self._first, strip, self._first, work, stride)
            with f.loop(strip, step=f.module.lanes) as self._lane:
                self._trials()
        f.ret()
        self._code.text = f.module.text()
        return self._code

    def _trials(self) -> None:
        f = self.f
        for register in self._stage.reads:
            self._set(register, f.load(self._carried(register), f.module.floats))
        for phase in self._stage.phases:
            if phase.monthly:
                self._each_month(phase)
            else:
                self._once(phase)
        for register in self._stage.writes:
            f.store(number(self.get(register)), self._carried(register))

    def _each_month(self, phase: Phase) -> None:
        with self.f.loop(self._given["months"]) as self.month:
            self._once(phase)
        for instruction in phase.instructions:
            if instruction.op == "crossing":
                self._set(instruction.out, crossed(self, instruction))

    def _once(self, phase: Phase) -> None:
        for instruction in phase.instructions:
            make = OPERATIONS.get(instruction.op)
            value = make(self, instruction) if make else self._elementwise(instruction)
            if value is not None:
                self._set(instruction.out, value)

    def _elementwise(self, instruction: Instruction) -> Value:
        value = elementwise(self.f, instruction.op, *map(self.operand, instruction.args))
        if value is None:
            raise NotImplementedError(instruction.op)
        return value

    def _carried(self, register: Register) -> Value:
        row = self._given["stride"] * self._rows[register] + self._first + self._lane
        return self.f.at(self._given["carried"], row)

    def get(self, register: Register | None) -> Value:
        """Return the current value of a register."""
        if register is None:
            raise TypeError("a step without a register has no value")
        return self._registers[register].get()

    def _set(self, register: Register | None, value: Value) -> None:
        if register is None:
            raise TypeError("a step without a register can keep no value")
        if register not in self._registers:
            module = self.f.module
            self._registers[register] = self.f.local(module.truths if register.boolean else module.floats)
        self._registers[register].set(truth(value) if register.boolean else number(value))

    def operand(self, operand: Any) -> Value:
        """Return the current value of an operand as numbers or truth values."""
        if isinstance(operand, Register):
            return self.get(operand)
        if isinstance(operand, Row):
            return self.f.load(self.series_address(operand.series, self.month), self.f.module.floats)
        if isinstance(operand, tuple):
            return self.calendar(operand, self.month).splat(self.f.module.lanes)
        if operand in _LITERALS or not math.isfinite(operand):
            return self.f.constant(operand, self.f.module.floats)
        return self.argument(operand).splat(self.f.module.lanes)

    def argument(self, value: float) -> Value:
        """Return a number of the case, the same in all trials and months."""
        known = self._code.constants
        known.append(float(value))
        return self.f.load(self.f.at(self._given["constants"], len(known) - 1), fixed=True)

    def calendar(self, values: tuple[float, ...], month: Value) -> Value:
        """Return the number of the case in `month`, counted from 0, out of `values` by month."""
        known = self._code.calendar
        if values not in known:
            known.append(values)
        index = self._given["months"] * known.index(values) + month
        return self.f.load(self.f.at(self._given["calendar"], index), fixed=True)

    def draw(self, name: str, *, monthly: bool) -> Value:
        """Return the values of an input, those of the current month if it is monthly."""
        before = [each for _, each in self._code.draws]
        row = self._given["months"] * sum(before) + (len(before) - sum(before))
        self._code.draws.append((name, monthly))
        index = (row + self.month if monthly else row) * self._given["strip"] + self._lane
        return self.f.load(self.f.at(self._given["work"], index), self.f.module.floats)

    def series_address(self, series: int, month: Value) -> Value:
        """Return the address of the values of a kept series in a month."""
        f, row = self.f, self._given["months"] * series + month
        if series in self._stage.shared:
            return f.at(self._given["series"], row * self._given["stride"] + self._first + self._lane)
        return f.at(self._given["scratch"], row * f.module.lanes)

    def crossing(self, instruction: Instruction) -> tuple[Local, ...]:
        """Return the variables of a crossing: never below, now below, its month, what is due in it, what is spread."""
        if instruction.out not in self._crossings:
            module = self.f.module
            kinds = (module.truths, module.truths, module.floats, module.floats, module.floats)
            self._crossings[instruction.out] = tuple(self.f.local(kind) for kind in kinds)
        return self._crossings[instruction.out]
