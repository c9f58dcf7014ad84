"""The slow twin of the language: plain trees in Python floats, one trial, month by month.

Every definition is written as in the language page, without sharing, folding or vectors. Months
count from 1. `evaluate` is what compiled plans are compared with.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from payback.simulator.case.expressions.tree import Binary, Call, Expression, Name, Number, Unary, walk
from payback.simulator.case.language.measures import MEASURES
from payback.simulator.model import Draw, Formula, Model
from tests.reference_floats import (
    COMPARISONS,
    ELEMENTWISE,
    INFINITY,
    OPERATORS,
    UNDEFINED,
    WHOLE,
    ceiling,
    equal,
    larger,
    power,
    quotient,
    rounded,
    smaller,
    total,
    whole,
)  # fmt: skip
from tests.reference_ledger import Ledger

Value = float | list[float]

EQUAL = 2.0**-44
"""Relative error of a number: two that differ by less are equal."""

OF_ALL_MONTHS = ("cumulative", "previous", "total", "at", "lowest", "highest", "average", "first_month", "present")
"""Functions that no lump passes through."""


def evaluate(
    model: Model,
    outputs: Mapping[str, Expression],
    inputs: Mapping[str, float | Sequence[float]] | None = None,
    coordinates: Mapping[str, float] | None = None,
) -> dict[str, float]:
    """Return each scalar output of one trial.

    Parameters
    ----------
    model : Model
    outputs : mapping of str to Expression
        Plain scalar trees.
    inputs : mapping of str to float or sequence of float
        Drawn values by input name, one a month for a monthly input. Others come from `coordinates`.
    coordinates : mapping of str to float
        Coordinates in (0, 1) by axis; month m of a monthly input is ``axis[m]``.
    """
    trial = Trial(model, inputs or {}, coordinates or {})
    return {name: trial.output(tree) for name, tree in outputs.items()}


def functions(tree: Expression) -> set[str]:
    return {node.function for node in walk(tree) if isinstance(node, Call)}


class Trial:
    """One trial of a model; with the trial `whole` beside it, that trial without its lumps."""

    def __init__(
        self,
        model: Model,
        inputs: Mapping[str, float | Sequence[float]],
        coordinates: Mapping[str, float],
        whole: Trial | None = None,
    ) -> None:
        self.model, self.months, self.whole = model, model.horizon, whole
        self.inputs, self.coordinates = inputs, coordinates
        self.names: dict[str, Value] = {}
        self.path: list[float] = []
        self.formulas = {d.name: d.expression for d in model.definitions if not isinstance(d, Draw)}
        self.ledger = Ledger(self)
        for definition in model.definitions:
            if isinstance(definition, Draw):
                self.names[definition.name] = self.draw(definition)
                if definition.change is not None:
                    self.names[definition.name] = self.value(definition.change, definition.monthly)
            elif not definition.after_ledger:
                self.define(definition.name, definition.expression, definition.monthly)
        for definition in model.definitions:
            if not isinstance(definition, Draw) and definition.after_ledger:
                self.define(definition.name, definition.expression, definition.monthly)

    def define(self, name: str, tree: Expression, monthly: bool) -> None:
        if not monthly:
            self.names[name] = self.at(tree, 0)
            return
        if self.whole is not None and "previous" in functions(tree):
            self.names[name] = self.whole.names[name]
            return
        self.path = []
        for month in range(1, self.months + 1):
            self.path.append(self.at(tree, month))
        self.names[name] = self.path

    def draw(self, draw: Draw) -> Value:
        if draw.name in self.inputs:
            given = self.inputs[draw.name]
            return float(given) if isinstance(given, int | float) else [float(x) for x in given]
        if not draw.monthly:
            return self.invert(draw, 0, draw.axis)
        return [self.invert(draw, month, f"{draw.axis}[{month}]") for month in range(1, self.months + 1)]

    def invert(self, draw: Draw, month: int, axis: str) -> float:
        law = draw.distribution
        if law is None:
            assert draw.build is not None
            law = draw.build(*(self.at(p, month) for p in draw.parameters))
        return float(law.ppf(self.coordinates.get(axis, 0.5)))

    def value(self, tree: Expression, monthly: bool) -> Value:
        return [self.at(tree, m) for m in range(1, self.months + 1)] if monthly else self.at(tree, 0)

    def output(self, tree: Expression) -> float:
        """Return an output: without a value where it is infinite and no month that may never come."""
        value = self.scalar(tree)
        return UNDEFINED if math.isinf(value) and not self.is_a_month(tree) else value

    def scalar(self, tree: Expression) -> float:
        return self.at(tree, 0)

    def each_month(self, tree: Expression) -> list[float]:
        return [self.at(tree, month) for month in range(1, self.months + 1)]

    def at(self, tree: Expression, month: int) -> float:
        """Return the value of `tree` in `month`; 0 for what has one value a trial."""
        match tree:
            case Number(value=value):
                return float(value)
            case Name(id="t"):
                return float(month)
            case Name(id=name):
                values = self.names[name] if name in self.names else self.ledger.measure(name)
                return values[month - 1] if isinstance(values, list) else values
            case Unary(operator="-", operand=operand):
                return -self.at(operand, month)
            case Unary(operator="not", operand=operand):
                return float(not self.at(operand, month))
            case Binary(operator=operator, left=left, right=right) if operator in COMPARISONS:
                error = self.error(left, month) + self.error(right, month)
                return float(COMPARISONS[operator](self.at(left, month), self.at(right, month), error))
            case Binary(operator=operator, left=left, right=right):
                return OPERATORS[operator](self.at(left, month), self.at(right, month))
            case Call(function=function) if self.whole is not None and function in OF_ALL_MONTHS:
                return self.whole.at(tree, month)
            case Call(function=function, arguments=(x,)) if function in WHOLE:
                return WHOLE[function](self.at(x, month), self.error(x, month))
            case Call(function=function, arguments=arguments, keywords=keywords):
                own = getattr(self, f"f_{function}", None)
                if own is not None:
                    return own(month, *arguments, **dict(keywords))
                return ELEMENTWISE[function](*(self.at(a, month) for a in arguments))
        raise TypeError(f"not a plain tree: {tree!r}")

    def error(self, tree: Expression, month: int) -> float:
        """Return by how much `tree` may differ from its value on paper: a sum has the errors of its terms."""
        size = abs(self.at(tree, month))
        match tree:
            case Name(id=name) if name in MEASURES:
                return self.ledger.error(name, month)
            case Name(id=name) if name in self.formulas and "previous" not in functions(self.formulas[name]):
                return self.error(self.formulas[name], month)
            case Unary(operator="-", operand=operand):
                return self.error(operand, month)
            case Binary(operator="+" | "-", left=left, right=right):
                return self.error(left, month) + self.error(right, month)
            case Binary(operator="*", left=left, right=right):
                a, b = abs(self.at(left, month)), abs(self.at(right, month))
                return self.error(left, month) * b + a * self.error(right, month)
            case Binary(operator="/", left=left, right=right):
                b = abs(self.at(right, month))
                return quotient(self.error(left, month) + size * self.error(right, month), b)
            case Call(function="min" | "max", arguments=arguments):
                return total([self.error(x, month) for x in arguments])
            case Call(function="cumulative", arguments=(x,)):
                return total([self.error(x, m) for m in range(1, month + 1)])
            case Call(function="total", arguments=(x, *_)):
                return total([self.error(x, m) for m in range(1, self.months + 1)])
        return EQUAL * size if math.isfinite(size) else 0.0

    def f_if(self, month: int, condition: Expression, yes: Expression, no: Expression) -> float:
        holds, a, b = (self.at(branch, month) for branch in (condition, yes, no))
        return UNDEFINED if math.isnan(holds) else a if holds else b

    def f_pick(self, month: int, k: Expression, *choices: Expression) -> float:
        number = self.at(k, month)
        values = {float(n): self.at(choice, month) for n, choice in enumerate(choices, 1)}
        return next((value for n, value in values.items() if abs(number - n) <= 1e-9), UNDEFINED)

    def f_undefined(self, month: int, x: Expression) -> float:
        value = self.at(x, month)
        return float(math.isnan(value) or (math.isinf(value) and not self.is_a_month(x)))

    def f_never(self, month: int, x: Expression) -> float:
        return float(self.is_a_month(x) and math.isinf(self.at(x, month)))

    def is_a_month(self, tree: Expression) -> bool:
        """Return whether an expression reads a month that may never come: an infinity is "never" there alone."""
        formulas = {d.name: d.expression for d in self.model.definitions if isinstance(d, Formula)}
        for node in walk(tree):
            if isinstance(node, Call) and node.function == "first_month":
                return True
            if isinstance(node, Name) and node.id in ("payback", "discounted_payback"):
                return True
            if isinstance(node, Name) and node.id in formulas and self.is_a_month(formulas[node.id]):
                return True
        return False

    def f_step(self, month: int, k: Expression) -> float:
        start = self.at(k, month)
        return float(month > start or equal(month, start, EQUAL * month))

    def f_pulse(self, month: int, k: Expression, every: Expression | None = None) -> float:
        if self.whole is not None:
            return 0.0
        start = self.at(k, month)
        first = whole(ceiling, start, EQUAL * abs(start))
        if every is None or not first <= month:
            return float(month == first)
        return float((month - first) % self.at(every, month) == 0)

    def f_series(
        self, month: int, *values: Expression, first: Expression, every: Expression, lump: Expression | None = None
    ) -> float:
        if self.whole is not None and lump is not None:
            return 0.0
        begin, gap = int(self.at(first, 0)), int(self.at(every, 0))
        index, rest = divmod(month - begin, gap)
        return self.at(values[index], month) if rest == 0 and 0 <= index < len(values) else 0.0

    def f_ramp(self, month: int, start: Expression, end: Expression | None = None) -> float:
        if end is None:
            return smaller(1.0, quotient(month, self.at(start, month)))
        low, high = self.at(start, month), self.at(end, month)
        return smaller(1.0, larger(0.0, quotient(month - low, high - low)))

    def f_s_curve(self, month: int, x: Expression, half: Expression, width: Expression) -> float:
        age, middle, span = (self.at(argument, month) for argument in (x, half, width))
        if math.isnan(age):
            return UNDEFINED
        return 1 / (1 + power(81.0, quotient(middle - age, span))) if age > 0 else 0.0

    def f_index(self, month: int, rate: Expression, months: Expression) -> float:
        return power(1 + self.at(rate, month), (month - 1) / self.at(months, month))

    def f_lag(self, month: int, x: Expression, k: Expression, before: Expression) -> float:
        late = rounded(self.at(k, month))
        if math.isnan(late) or late < 0:
            return UNDEFINED
        return self.at(before, month) if month <= late else self.at(x, month - int(late))

    def f_cumulative(self, month: int, x: Expression) -> float:
        return math.fsum(self.at(x, m) for m in range(1, month + 1))

    def f_previous(self, month: int, name: Expression, start: Expression) -> float:
        return self.path[month - 2] if month > 1 else self.at(start, month)

    def f_total(self, month: int, x: Expression, first: Expression, last: Expression) -> float:
        low, high = self.at(first, month), self.at(last, month)
        low, high = low - EQUAL * abs(low), high + EQUAL * abs(high)
        return total([v for m, v in enumerate(self.each_month(x), 1) if low <= m <= high])

    def f_at(self, month: int, x: Expression, k: Expression) -> float:
        number = rounded(self.at(k, month))
        return self.at(x, int(number)) if 1 <= number <= self.months else UNDEFINED

    def f_lowest(self, month: int, x: Expression) -> float:
        return smaller(*self.each_month(x))

    def f_highest(self, month: int, x: Expression) -> float:
        return larger(*self.each_month(x))

    def f_average(self, month: int, x: Expression) -> float:
        return total(self.each_month(x)) / self.months

    def f_first_month(self, month: int, condition: Expression) -> float:
        return next((float(m) for m, holds in enumerate(self.each_month(condition), 1) if holds), INFINITY)

    def f_present(self, month: int, x: Expression, rate: Expression | None = None) -> float:
        yearly = self.at(rate or self.model.discount_rate, 0)
        return total([v * power(1 + yearly, -m / 12) for m, v in enumerate(self.each_month(x), 1)])
