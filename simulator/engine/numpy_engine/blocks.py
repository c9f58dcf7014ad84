"""The numpy back end: a plan bound to buffers, run block after block.

Months are a loop over block vectors; every step writes into a row of one workspace.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from payback.simulator.engine.plan.graph import COMPARISONS, ELEMENTWISE
from payback.simulator.engine.plan.ledger_measures import MONTH_END
from payback.simulator.engine.plan.schedule import SOLVERS, Instruction, Plan, Register, Row

Floats = NDArray[np.float64]
Step = Callable[[int], Any]
Source = Callable[[str, int, tuple[Any, ...], Floats], None]


class Block:
    """A plan bound to buffers for `size` trials.

    Parameters
    ----------
    plan : Plan
    size : int
        Trials.
    source : callable
        ``source(input, month, parameters, out)`` writes the values of an input into `out`,
        shape (size,); `month` counts from 0 and is -1 for one drawn once a trial.
    """

    def __init__(self, plan: Plan, size: int, source: Source) -> None:
        self.plan = plan
        self.size = size
        self.source = source
        self._floats = np.empty((plan.floats, size))
        self._flags = np.empty((plan.booleans, size), dtype=bool)
        self._series = np.empty((plan.series, plan.months, size))
        self._scratch = np.empty(size)
        self._solved: dict[Any, tuple[Floats, Floats]] = {}
        self._crossings: dict[Register | None, NDArray[np.bool_]] = {}
        self._regions = [
            tuple([self._bind(i) for i in instructions] for instructions in (r.begin, r.body + r.end, r.after))
            for r in plan.regions
        ]

    def run(self) -> None:
        """Compute every output of the plan from the inputs that `source` gives."""
        self._solved.clear()
        with np.errstate(all="ignore"):
            for begin, body, after in self._regions:
                for step in begin:
                    step(0)
                if body:
                    for month in range(self.plan.months):
                        for step in body:
                            step(month)
                for step in after:
                    step(0)

    def release(self) -> None:
        """Free the buffers at once: steps and block refer to one another, so that they would wait for the collector."""
        self._regions.clear()

    def outputs(self) -> Mapping[str, Floats]:
        """Return every output, shape (size,); the arrays are overwritten by the next run."""
        outputs = {}
        for name, operand in self.plan.outputs.items():
            outputs[name] = np.broadcast_to(np.asarray(self._reader(operand)(0), dtype=float), (self.size,))
        return outputs

    def _reader(self, operand: Any) -> Callable[[int], Any]:
        if isinstance(operand, tuple):
            months = np.asarray(operand)
            return lambda month: months[month]
        if isinstance(operand, Row):
            series = self._series[operand.series]
            return lambda month: series[month]
        value = self._row(operand) if isinstance(operand, Register) else operand
        return lambda month: value

    def _row(self, register: Register) -> NDArray[Any]:
        row: NDArray[Any] = (self._flags if register.boolean else self._floats)[register.index]
        return row

    def _bind(self, instruction: Instruction) -> Step:
        op = instruction.op
        function = ELEMENTWISE.get(op) or COMPARISONS.get(op)
        out = self._row(instruction.out) if instruction.out else None
        if function is not None:
            return self._elementwise(function, instruction.args, out)
        readers = [self._reader(a) for a in instruction.args]
        if op in SOLVERS:
            return self._solver(instruction, readers, out)
        make = getattr(self, "_" + op)
        step: Step = make(instruction, readers, out)
        return step

    def _elementwise(self, function: Callable[..., Any], args: tuple[Any, ...], out: Any) -> Step:
        if not any(isinstance(a, tuple | Row) for a in args):
            fixed = tuple(self._reader(a)(0) for a in args)
            return lambda month: function(*fixed, out=out)
        readers = [self._reader(a) for a in args]
        return lambda month: function(*[r(month) for r in readers], out=out)

    def _where(self, _: Instruction, readers: list[Any], out: Any) -> Step:
        condition, yes, no = readers

        def step(month: int) -> None:
            np.copyto(out, no(month))
            np.copyto(out, yes(month), where=condition(month) != 0)

        return step

    def _copy(self, _: Instruction, readers: list[Any], out: Any) -> Step:
        return lambda month: np.copyto(out, readers[0](month))

    _as_float = _begin_state = _begin_recurrence = _copy

    def _keep(self, instruction: Instruction, readers: list[Any], out: Any) -> Step:
        series = self._series[instruction.data]
        return lambda month: np.copyto(series[month], readers[0](month))

    def _draw(self, instruction: Instruction, readers: list[Any], out: Any) -> Step:
        name, monthly = instruction.data
        if monthly:
            return lambda month: self.source(name, month, tuple(r(month) for r in readers), out)
        return lambda month: self.source(name, -1, tuple(r(month) for r in readers), out)

    def _by_month(self, instruction: Instruction, readers: list[Any], out: Any) -> Step:
        chosen = instruction.data
        return lambda month: np.copyto(out, readers[chosen[month]](month) if chosen[month] >= 0 else 0.0)

    def _lag(self, instruction: Instruction, readers: list[Any], out: Any) -> Step:
        x, late, before = readers
        trials = np.arange(self.size)
        whole = np.empty((self.plan.months, self.size)) if instruction.data is None else self._series[instruction.data]

        def step(month: int) -> None:
            if instruction.data is None:
                whole[month] = x(month)
            at = month - np.rint(late(month))
            if np.ndim(at) == 0:
                np.copyto(out, whole[int(at)] if 0 <= at <= month else (before(month) if at < 0 else np.nan))
                return
            known = (at >= 0) & (at <= month)
            values = whole[np.where(known, at, 0).astype(np.intp), trials]
            np.copyto(out, np.where(known, values, np.where(at < 0, before(month), np.nan)))

        return step

    def _begin_total(self, _: Instruction, readers: list[Any], out: Any) -> Step:
        return lambda month: out.fill(0.0)

    def _total(self, instruction: Instruction, readers: list[Any], out: Any) -> Step:
        first, last = instruction.data

        def step(month: int) -> None:
            if first <= month + 1 <= last:
                np.add(out, readers[0](month), out=out)

        return step

    _begin_at = _begin_total

    def _at(self, instruction: Instruction, readers: list[Any], out: Any) -> Step:
        wanted = instruction.data - 1
        return lambda month: np.copyto(out, readers[0](month)) if month == wanted else None

    def _begin_at_own(self, _: Instruction, readers: list[Any], out: Any) -> Step:
        return lambda month: out.fill(np.nan)

    def _at_own(self, _: Instruction, readers: list[Any], out: Any) -> Step:
        return lambda month: np.copyto(out, readers[0](month), where=np.rint(readers[1](month)) == month + 1)

    def _begin_extreme(self, instruction: Instruction, readers: list[Any], out: Any) -> Step:
        return lambda month: out.fill(np.inf if instruction.data == "minimum" else -np.inf)

    def _extreme(self, instruction: Instruction, readers: list[Any], out: Any) -> Step:
        function = ELEMENTWISE[instruction.data]
        return lambda month: function(out, readers[0](month), out=out)

    def _begin_first_month(self, _: Instruction, readers: list[Any], out: Any) -> Step:
        return lambda month: out.fill(np.inf)

    def _first_month(self, _: Instruction, readers: list[Any], out: Any) -> Step:
        def step(month: int) -> None:
            np.copyto(out, month + 1.0, where=np.isinf(out) & (readers[0](month) != 0))

        return step

    def _begin_crossing(self, instruction: Instruction, readers: list[Any], out: Any) -> Step:
        fresh, below = self._crossings.setdefault(instruction.out, np.empty((2, self.size), dtype=bool))

        def step(month: int) -> None:
            np.less(readers[0](month), 0.0, out=below)
            np.logical_not(below, out=fresh)
            np.copyto(out, np.inf)
            np.copyto(out, 0.0, where=fresh)

        return step

    def _crossing(self, instruction: Instruction, readers: list[Any], out: Any) -> Step:
        fresh, below = self._crossings.setdefault(instruction.out, np.empty((2, self.size), dtype=bool))
        _, flow, spread, balance, least = readers
        low, hit = np.empty((2, self.size), dtype=bool)

        def step(month: int) -> None:
            np.less(balance(month), least(month), out=low)
            np.greater(below, low, out=hit)
            np.logical_and(below, low, out=below)
            if fresh.any():
                new = np.logical_and(fresh, low)
                out[new] = np.inf
                np.logical_or(below, new, out=below)
                np.greater(fresh, low, out=fresh)
            crossed = hit.nonzero()[0]
            if crossed.size:
                paid, even, after = (
                    x[crossed] if np.ndim(x) else np.float64(x) for x in (r(month) for r in (flow, spread, balance))
                )
                share = (paid - after) / even
                out[crossed] = month + np.where((share > 0.0) & (share < MONTH_END), share, 1.0)

        return step

    def _solver(self, instruction: Instruction, readers: list[Any], out: Any) -> Step:
        from payback.simulator.engine.irr.irr import irr

        flows = np.empty((self.plan.months + 1, self.size))
        key = (instruction.data, instruction.args[0])
        which = SOLVERS.index(instruction.op)

        def step(month: int) -> None:
            if key not in self._solved:
                flows[0] = readers[0](0)
                if instruction.data is not None:
                    flows[1:] = self._series[instruction.data]
                else:
                    for m in range(self.plan.months):
                        flows[m + 1] = readers[1](m)
                self._solved[key] = irr(flows)
            np.copyto(out, self._solved[key][which])

        return step
