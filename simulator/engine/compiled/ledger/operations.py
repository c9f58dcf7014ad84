"""The code of each operation of a plan, on a vector of trials."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from payback.simulator.engine.compiled.llvm import exp_log_pow
from payback.simulator.engine.compiled.llvm.builder import DOUBLE, WHOLE, Function, Value
from payback.simulator.engine.plan.ledger_measures import MONTH_END
from payback.simulator.engine.plan.schedule import Instruction, Register

_ARITHMETIC: Mapping[str, Callable[[Value, Value], Value]] = {
    "add": Value.__add__,
    "subtract": Value.__sub__,
    "multiply": Value.__mul__,
    "divide": Value.__truediv__,
}
_RELATIONS = {
    "less": "olt",
    "less_equal": "ole",
    "greater": "ogt",
    "greater_equal": "oge",
    "equal": "oeq",
    "not_equal": "une",
}
_LOGICAL: Mapping[str, Callable[[Value, Value], Value]] = {"logical_and": Value.__and__, "logical_or": Value.__or__}
_INTRINSIC = {"absolute": "fabs", "sqrt": "sqrt", "ceil": "ceil", "floor": "floor", "rint": "rint"}
_ELEMENTARY: Mapping[str, Callable[..., Value]] = {
    "exp": exp_log_pow.exp,
    "log": exp_log_pow.log,
    "power": exp_log_pow.power,
}
_BOUNDS = {"minimum": "olt", "maximum": "ogt"}
_STARTS = {"total": 0.0, "at": 0.0, "at_own": math.nan, "first_month": math.inf}


class Context(Protocol):
    """The stage that an operation is written into."""

    f: Function
    month: Value
    months: int

    def operand(self, operand: Any) -> Value:
        """Return the current value of an operand as numbers or truth values."""

    def get(self, register: Register | None) -> Value:
        """Return the current value of a register."""

    def argument(self, value: float) -> Value:
        """Return a number of the case, the same in all trials and months."""

    def calendar(self, values: tuple[float, ...], month: Value) -> Value:
        """Return the number of the case in `month`, counted from 0, out of `values` by month."""

    def draw(self, name: str, *, monthly: bool) -> Value:
        """Return the values of an input, those of the current month if it is monthly."""

    def series_address(self, series: int, month: Value) -> Value:
        """Return the address of the values of a kept series in a month."""

    def crossing(self, instruction: Instruction) -> tuple[Any, ...]:
        """Return the variables of a crossing: never below, now below, its month, what is due in it, what is spread."""


def elementwise(f: Function, op: str, *args: Value) -> Value | None:
    """Return the result of an elementwise operation of `engine.plan.graph`, None if `op` is not elementwise."""
    if op in _ARITHMETIC:
        return _ARITHMETIC[op](*map(number, args))
    if op in _RELATIONS:
        return number(args[0]).compare(_RELATIONS[op], number(args[1]))
    if op in _LOGICAL:
        return _LOGICAL[op](*map(truth, args))
    if op in _INTRINSIC:
        return f.intrinsic(_INTRINSIC[op], f.module.floats, *map(number, args))
    if op in _ELEMENTARY:
        return _ELEMENTARY[op](f, *map(number, args))
    if op in _BOUNDS:
        return _bound(op, *map(number, args))
    match op:
        case "negative":
            return -number(args[0])
        case "logical_not":
            return truth(args[0]) ^ 1
        case "isnan":
            return number(args[0]).compare("uno", 0.0)
        case "isinf":
            return f.intrinsic("fabs", f.module.floats, number(args[0])).compare("oeq", math.inf)
    return None


def number(value: Value) -> Value:
    """Return `value` as a number: a truth value becomes 1 or 0."""
    floats = value.function.module.floats
    return value if value.kind == floats else value.cast("uitofp", floats)


def truth(value: Value) -> Value:
    """Return `value` as a truth value: a number holds if it is not 0."""
    return value.compare("une", 0.0) if value.kind == value.function.module.floats else value


def _bound(op: str, a: Value, b: Value) -> Value:
    """Return the lower or the higher of two numbers, NaN if either is NaN."""
    return a.compare("uno", a).choose(a, a.compare(_BOUNDS[op], b).choose(a, b))


def _copy(c: Context, i: Instruction) -> Value:
    return number(c.operand(i.args[0]))


def _where(c: Context, i: Instruction) -> Value:
    condition, yes, no = map(c.operand, i.args)
    return truth(condition).choose(number(yes), number(no))


def _start(c: Context, i: Instruction) -> Value:
    return c.f.constant(_STARTS[i.op.removeprefix("begin_")], c.f.module.floats)


def _now(c: Context) -> Value:
    """Return the month, counted from 1, as a number."""
    return (c.month + 1).cast("sitofp", DOUBLE)


def _total(c: Context, i: Instruction) -> Value:
    first, last = i.data
    before = c.get(i.out)
    after = before + number(c.operand(i.args[0]))
    if (first, last) == (1, c.months):
        return after
    now = _now(c)
    inside = now.compare("oge", c.argument(first)) & now.compare("ole", c.argument(last))
    return inside.choose(after, before)


def _at(c: Context, i: Instruction) -> Value:
    return _now(c).compare("oeq", c.argument(i.data)).choose(number(c.operand(i.args[0])), c.get(i.out))


def _at_own(c: Context, i: Instruction) -> Value:
    value, month = (number(c.operand(a)) for a in i.args)
    wanted = c.f.intrinsic("rint", month.kind, month)
    return wanted.compare("oeq", _now(c).splat(c.f.module.lanes)).choose(value, c.get(i.out))


def _begin_extreme(c: Context, i: Instruction) -> Value:
    return c.f.constant(math.inf if i.data == "minimum" else -math.inf, c.f.module.floats)


def _extreme(c: Context, i: Instruction) -> Value:
    return _bound(i.data, c.get(i.out), number(c.operand(i.args[0])))


def _first_month(c: Context, i: Instruction) -> Value:
    month = c.get(i.out)
    new = month.compare("oeq", math.inf) & truth(c.operand(i.args[0]))
    return new.choose(_now(c).splat(c.f.module.lanes), month)


def _begin_crossing(c: Context, i: Instruction) -> Value:
    fresh, below, *rest = c.crossing(i)
    low = number(c.operand(i.args[0])).compare("olt", 0.0)
    below.set(low)
    fresh.set(low ^ 1)
    for variable in rest:
        variable.set(0.0)
    return c.f.constant(0.0, c.f.module.floats)


def _crossing(c: Context, i: Instruction) -> None:
    fresh, below, *kept = c.crossing(i)
    flow, spread, balance, least = (number(c.operand(a)) for a in i.args[1:])
    low = balance.compare("olt", least)
    hit = below.get() & (low ^ 1)
    now = c.month.cast("sitofp", DOUBLE).splat(c.f.module.lanes)
    for variable, value in zip(kept, (now, flow - balance, spread), strict=True):
        variable.set(hit.choose(value, variable.get()))
    below.set(low & (below.get() | fresh.get()))
    fresh.set(fresh.get() & (low ^ 1))


def crossed(c: Context, i: Instruction) -> Value:
    """Return the month of a crossing, interpolated, after the last month: one division for all months."""
    fresh, below, *kept = c.crossing(i)
    month, due, spread = (number(variable.get()) for variable in kept)
    share = due / spread
    within = share.compare("ogt", 0.0) & share.compare("olt", MONTH_END)
    crossing = below.get().choose(c.f.constant(math.inf, c.f.module.floats), month + within.choose(share, 1.0))
    return truth(fresh.get()).choose(c.f.constant(0.0, c.f.module.floats), crossing)


def _keep(c: Context, i: Instruction) -> None:
    c.f.store(number(c.operand(i.args[0])), c.series_address(i.data, c.month))


def _draw(c: Context, i: Instruction) -> Value:
    name, monthly = i.data
    return c.draw(name, monthly=monthly)


def _given(c: Context, i: Instruction) -> Value:
    return c.f.load(c.series_address(i.data, c.month), c.f.module.floats)


def _by_month(c: Context, i: Instruction) -> Value:
    chosen = c.calendar(tuple(map(float, i.data)), c.month)
    result = c.f.constant(0.0, c.f.module.floats)
    for index, value in enumerate(i.args):
        result = chosen.compare("oeq", float(index)).choose(number(c.operand(value)), result)
    return result


def _lag(c: Context, i: Instruction) -> Value:
    f, floats = c.f, c.f.module.floats
    late, before = (number(c.operand(a)) for a in i.args[1:])
    now = c.month.cast("sitofp", DOUBLE).splat(f.module.lanes)
    at = now - f.intrinsic("rint", floats, late)
    early = at.compare("olt", 0.0)
    known = (early ^ 1) & at.compare("ole", now)
    month = known.choose(at, 0.0).cast("fptosi", f.module.wholes)
    if isinstance(i.args[1], Register):
        value = _each_lane(f, month, lambda m, lane: _earlier(c, i, m, lane))
    else:
        value = _earlier(c, i, month.lane(0), None)
    return known.choose(value, early.choose(before, math.nan))


def _earlier(c: Context, i: Instruction, month: Value, lane: int | None) -> Value:
    """Return the lagged operand in `month`, in one lane or in all."""
    f = c.f
    if i.data is not None:
        address = c.series_address(i.data, month)
        return f.load(address, f.module.floats) if lane is None else f.load(f.at(address, lane))
    x = i.args[0]
    if isinstance(x, tuple):
        value = c.calendar(x, month)
        return value.splat(f.module.lanes) if lane is None else value
    value = number(c.operand(x))
    return value if lane is None else value.lane(lane)


def _each_lane(f: Function, months: Value, value: Callable[[Value, int], Value]) -> Value:
    vector = Value(f, "poison", f.module.floats)
    for lane in range(f.module.lanes):
        element = value(months.lane(lane), lane)
        vector = f.value(
            f"insertelement {vector.kind} {vector.text}, double {element.text}, {WHOLE} {lane}", vector.kind
        )
    return vector


OPERATIONS: Mapping[str, Callable[[Context, Instruction], Value | None]] = {
    "copy": _copy,
    "as_float": _copy,
    "begin_state": _copy,
    "begin_recurrence": _copy,
    "where": _where,
    "begin_total": _start,
    "total": _total,
    "begin_at": _start,
    "at": _at,
    "begin_at_own": _start,
    "at_own": _at_own,
    "begin_extreme": _begin_extreme,
    "extreme": _extreme,
    "begin_first_month": _start,
    "first_month": _first_month,
    "begin_crossing": _begin_crossing,
    "crossing": _crossing,
    "keep": _keep,
    "draw": _draw,
    "given": _given,
    "by_month": _by_month,
    "lag": _lag,
}
"""Every operation that is not elementwise, by name. The value that one returns is written to its register."""
