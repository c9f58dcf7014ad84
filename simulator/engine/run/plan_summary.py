"""The summary of a plan: its draws, its steps, and what was folded, shared or left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from payback.distributions import Distribution, inverter
from payback.simulator.case.expressions.tree import Expression, Number
from payback.simulator.case.expressions.tree import names as names_in
from payback.simulator.case.language.measures import MEASURES
from payback.simulator.engine.numpy_engine.blocks import Block
from payback.simulator.engine.numpy_engine.input_values import Given
from payback.simulator.engine.plan.graph import Kind, Node
from payback.simulator.engine.plan.lowering import lower, named_nodes
from payback.simulator.engine.plan.schedule import FOLDS, Plan, needed
from payback.simulator.engine.run.finite_checks import checked_plan, drawn
from payback.simulator.model import Draw, Formula, Model

Floats = NDArray[np.float64]

_SIDES = {"upfront": ("upfront", "net_0"), "monthly": ("net", "inflow", "outflow")}
"""Measures that read the lines of one section alone; the others read the whole ledger."""


@dataclass(frozen=True)
class DrawnInput:
    """An input that the plan draws.

    Parameters
    ----------
    draw : Draw
    kind : {"closed", "table", "steps", "exact"}
        How its quantiles are computed, see `payback.distributions.inversion.inverter`; where parameters differ by
        trial, that of the base case.
    """

    draw: Draw
    kind: str


@dataclass(frozen=True)
class Summary:
    """The summary of a plan.

    Parameters
    ----------
    plan : Plan
    drawn : tuple of DrawnInput
        In reading order.
    once, monthly : mapping of str to int
        Number of steps of each operation, once a trial and in each month, without draws.
    shared : int
        Number of results that are computed once and read by several steps.
    folded : mapping of str to float or tuple of float
        The inputs, calculations and lines that do not depend on the trial: one number, or one a month.
    unread : tuple of str
        Inputs, calculations and lines that no output reads.
    """

    plan: Plan
    drawn: tuple[DrawnInput, ...]
    once: Mapping[str, int]
    monthly: Mapping[str, int]
    shared: int
    folded: Mapping[str, float | tuple[float, ...]]
    unread: tuple[str, ...]

    @property
    def steps(self) -> int:
        """Number of steps a trial, draws included."""
        months = self.plan.months
        draws = sum(months if drawn.draw.monthly else 1 for drawn in self.drawn)
        return sum(self.once.values()) + months * sum(self.monthly.values()) + draws

    @property
    def numbers(self) -> int:
        """Number of values that the workspace holds for each trial of a block."""
        return self.plan.floats + self.plan.series * self.plan.months


def summarise(model: Model, outputs: Mapping[str, Expression]) -> Summary:
    """Return the summary of the plan that computes `outputs`, plain scalar expressions, over `model`."""
    lowered = lower(model, outputs)
    plan = checked_plan(lowered)
    nodes = needed(lowered.graph, [*lowered.outputs.values(), *lowered.checks.values()])
    names = named_nodes(model)
    reached = _reached(model, outputs.values())
    readers = Counter(arg for node in nodes for arg in dict.fromkeys(node.args))
    worked = [node for node in nodes if node.kind > Kind.CALENDAR and node.op != "draw"]
    every_month = [node for node in worked if _monthly(node)]
    constant = {name: node.data for name, node in names.items() if name in reached and node.kind <= Kind.CALENDAR}
    return Summary(
        plan=plan,
        drawn=_drawn(model, plan),
        once=Counter(node.op for node in worked if not _monthly(node)),
        monthly=Counter(node.op for node in every_month),
        shared=sum(readers[node] > 1 for node in worked),
        folded=constant,
        unread=tuple(name for name in names if name not in reached),
    )


def _reached(model: Model, outputs: Iterable[Expression]) -> set[str]:
    """Return the inputs, calculations and lines that `outputs` read, directly or through others."""
    lines = {f"{line.section}.{line.label}": line.expression for line in model.lines}
    reads: dict[str, set[str]] = {name: names_in(expression) for name, expression in lines.items()}
    for definition in model.definitions:
        expressions = (
            [definition.expression]
            if isinstance(definition, Formula)
            else [*definition.parameters, definition.change or Number(0)]
        )
        reads[definition.name] = set().union(*map(names_in, expressions)) - {definition.name}
    sections = {section: {name for name in lines if name.startswith(section)} for section in ("upfront", "monthly")}
    sides = {name: sections[side] for side, names in _SIDES.items() for name in names}
    ledger = {*lines, *names_in(model.discount_rate)}
    reached: set[str] = set()
    stack = [name for expression in outputs for name in names_in(expression)]
    while stack:
        name = stack.pop()
        if name not in reached:
            reached.add(name)
            stack.extend(reads.get(name, sides.get(name, ledger) if name in MEASURES else ()))
    return reached


def _constant(distribution: Distribution) -> Distribution:
    """Return `distribution` with numbers in place of arrays of one trial."""

    def plain(value: Any) -> Any:
        if isinstance(value, Distribution):
            return _constant(value)
        if isinstance(value, tuple):
            return tuple(map(plain, value))
        return float(value) if isinstance(value, np.ndarray) and value.size == 1 else value

    return replace(
        distribution, **{f.name: plain(getattr(distribution, f.name)) for f in fields(distribution) if f.init}
    )


def _monthly(node: Node) -> bool:
    return node.kind == Kind.MONTHLY or node.op in FOLDS


def _drawn(model: Model, plan: Plan) -> tuple[DrawnInput, ...]:
    parameters: dict[str, list[float]] = {}
    medians = Given(model, {}, {})

    def source(name: str, month: int, given: tuple[Any, ...], out: Floats) -> None:
        parameters.setdefault(name, [float(np.ravel(value)[0]) for value in given])
        medians(name, month, given, out)

    block = Block(plan, 1, source)
    block.run()
    block.release()
    return tuple(DrawnInput(draw, _kind(draw, parameters[draw.name])) for draw in drawn(model, plan))


def _kind(draw: Draw, parameters: Sequence[float]) -> str:
    distribution = draw.distribution
    if distribution is None and draw.build is not None:
        try:
            distribution = _constant(draw.build(*parameters))
        except ValueError:  # medians of parameters that make no distribution together, as trials of them do
            return "exact"
    return "exact" if distribution is None else inverter(distribution).kind
