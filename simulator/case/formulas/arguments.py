"""Arguments of a function call, matched with its parameters."""

from __future__ import annotations

from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.expressions.tree import Call, Expression
from payback.simulator.case.language.functions import Function
from payback.simulator.case.source.spelling import nearest


def bind(node: Call, function: Function) -> tuple[list[Expression], dict[str, Expression]]:
    """Return the arguments of `node` in order, and those that are given by name only.

    Raises
    ------
    ExpressionError
        Too many, too few, twice, out of order, or under a name that the function does not have.
    """
    signature = f"`{function.signature}`"
    arguments, keywords = list(node.arguments), {}
    if len(arguments) > len(function.parameters) and not function.more:
        raise ExpressionError(f"`{node.function}` with {len(arguments)} arguments", signature, at=node.at)
    given = dict(node.keywords)
    for name in function.parameters[len(arguments) :]:
        if name in given:
            arguments.append(given.pop(name))
        elif not given.keys().isdisjoint(function.parameters[len(arguments) :]):
            raise ExpressionError(f"`{node.function}` without `{name}`", signature, at=node.at)
        else:
            break
    for name, value in given.items():
        if name not in function.keywords:
            twice = " for the second time" if name in function.parameters else ""
            near = "" if twice else nearest(name, function.parameters, function.keywords)
            raise ExpressionError(f"`{name}=` in {node.function}(...){twice}", signature, near, value.at)
        keywords[name] = value
    if len(arguments) < function.required or not arguments:
        missing = function.parameters[len(arguments)] if function.parameters else "an element"
        raise ExpressionError(f"`{node.function}` without `{missing}`", signature, at=node.at)
    return arguments, keywords
