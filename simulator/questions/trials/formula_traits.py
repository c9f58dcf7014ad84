"""Traits of a model and its formulas, known before any trial: never, undefined, certain, discounted."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from payback.distributions import Certain
from payback.simulator.case.expressions.tree import Call, Expression, Name, Number, walk
from payback.simulator.case.language.measures import MEASURES
from payback.simulator.model import Formula, Model


def is_certain(model: Model) -> bool:
    """Return whether nothing in `model` is uncertain."""
    return all(isinstance(draw.distribution, Certain) for draw in model.draws)


def leading_measure(model: Model) -> str:
    """Return the measure by which a case is judged first: npv, or gain where money is not discounted."""
    return "gain" if isinstance(model.discount_rate, Number) and model.discount_rate.value == 0 else "npv"


def may_be_never(model: Model, formula: Expression) -> bool:
    """Return whether `formula` may be "never within the horizon" in a trial."""
    return _reaches(model, formula, lambda node: isinstance(node, Call) and node.function == "first_month", "never")


def may_be_undefined(model: Model, formula: Expression) -> bool:
    """Return whether `formula` may be undefined in a trial."""
    return _reaches(model, formula, lambda node: isinstance(node, Call) and node.function == "pick", "undefined")


def _reaches(model: Model, formula: Expression, matches: Callable[[Expression], bool], trait: str) -> bool:
    """Return whether `formula` reads, at any depth, a node that `matches` or a measure that has `trait`."""
    formulas: Mapping[str, Expression] = {d.name: d.expression for d in model.definitions if isinstance(d, Formula)}
    seen: set[str] = set()
    stack = [formula]
    while stack:
        for node in walk(stack.pop()):
            if matches(node):
                return True
            if not isinstance(node, Name) or node.id in seen:
                continue
            seen.add(node.id)
            if node.id in formulas:
                stack.append(formulas[node.id])
            elif node.id in MEASURES and getattr(MEASURES[node.id], trait):
                return True
    return False
