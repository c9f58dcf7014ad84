"""Signatures of families, wrappers and metalog distributions: arguments matched with parameters."""

from __future__ import annotations

from payback.distributions import (
    Form,
    Parameter,
    metalog_form,
    percentile_form,
    percentile_share,
    percentile_ways,
)
from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.expressions.tree import Call, Expression, Number
from payback.simulator.case.inputs.bound_call import Argument
from payback.simulator.case.language.distribution_words import DistributionWord, is_random
from payback.simulator.case.source.spelling import nearest

_METALOG_KEYWORDS = ("low", "high", "terms")


def family_arguments(node: Call, word: DistributionWord) -> tuple[Form, tuple[Argument, ...]]:
    """Return the form of a family that a call gives, and its arguments in the order of the form.

    Raises
    ------
    ExpressionError
        When the names that are given make no form.
    """
    if node.arguments or not node.keywords:
        return word.forms[0], _bound(node, word.forms[0], node.arguments)
    given = [name for name, _ in node.keywords]
    fitting = percentile_form(node.function, given) or next((form for form in word.forms if _fits(form, given)), None)
    if fitting is not None:
        return fitting, _bound(node, fitting, ())
    names = {parameter.name for form in word.forms for parameter in form.parameters}
    stated = percentile_ways(node.function)
    ways = " or ".join([*(_signature(node.function, form) for form in word.forms), *stated])
    for name, value in node.keywords:
        if name not in names and not (stated and (percentile_share(name) or name == "mode")):
            raise ExpressionError(f"`{name}=` in {node.function}(...)", ways, nearest(name, names), value.at)
    raise ExpressionError(f"`{node.function}` by {', '.join(given)}", f"one set: {ways}", at=node.at)


def wrapper_arguments(node: Call, word: DistributionWord) -> tuple[Argument, ...]:
    """Return the distribution that a wrapper holds, then its parameters.

    Raises
    ------
    ExpressionError
        When there is no distribution, or nothing is done to it.
    """
    form, position = word.forms[0], word.position
    signature = _signature(node.function, form, position)
    if len(node.arguments) <= position or not is_random(node.arguments[position]):
        raise ExpressionError(f"`{node.function}` of no distribution", signature, at=node.at)
    if len(node.arguments) == 1 and not node.keywords and form.parameters:
        raise ExpressionError(f"`{node.function}` with nothing to do", signature, at=node.at)
    others = (*node.arguments[:position], *node.arguments[position + 1 :])
    return Argument(node.arguments[position], "distribution"), *_bound(node, form, others, position)


def metalog_arguments(node: Call, word: DistributionWord) -> tuple[Form, tuple[Argument, ...]]:
    """Return the form that the percentiles of a metalog distribution make, and its arguments as they are written.

    The number of terms, where it is given, is the argument called ``terms``.

    Raises
    ------
    ExpressionError
        When the names are no percentiles and bounds.
    """
    names = [name for name, _ in node.keywords if name != "terms"]
    form = metalog_form(names)
    if form is None or node.arguments:
        ways = "`metalog(p10=, p50=, p90=)`: two or more percentiles, `low=`, `high=`, `terms=`"
        wrong = next((name for name in names if name not in _METALOG_KEYWORDS and percentile_share(name) is None), None)
        given = f"`{wrong}=` in metalog(...)" if wrong else f"`metalog` by {', '.join(names) or 'no percentiles'}"
        raise ExpressionError(given, ways, nearest(wrong, _METALOG_KEYWORDS) if wrong else "", node.at)
    quantile, terms = word.roles
    return form, tuple(Argument(value, terms if name == "terms" else quantile, name) for name, value in node.keywords)


def _fits(form: Form, given: list[str]) -> bool:
    names = {parameter.name for parameter in form.parameters}
    needed = {parameter.name for parameter in form.parameters if parameter.default is None}
    return needed <= set(given) <= names


def _bound(
    node: Call, form: Form, arguments: tuple[Expression, ...], position: int | None = None
) -> tuple[Argument, ...]:
    """Return the arguments of `form` in its order, defaults filled in; a wrapper's distribution has a `position`."""
    names = [parameter.name for parameter in form.parameters]
    signature = _signature(node.function, form, position)
    if len(arguments) > len(names):
        raise ExpressionError(f"`{node.function}` with {len(node.arguments)} arguments", signature, at=node.at)
    given = dict(zip(names, arguments, strict=False))
    for name, value in node.keywords:
        if name not in names or name in given:
            twice = " for the second time" if name in given else ""
            near = "" if twice else nearest(name, names)
            raise ExpressionError(f"`{name}=` in {node.function}(...){twice}", signature, near, value.at)
        given[name] = value
    for parameter in form.parameters:
        if parameter.name not in given and parameter.default is None:
            raise ExpressionError(f"`{node.function}` without `{parameter.name}`", signature, at=node.at)
    return tuple(Argument(given.get(p.name, _default(p, node.at)), p.role, p.name) for p in form.parameters)


def _default(parameter: Parameter, at: int) -> Number:
    return Number(0.0 if parameter.default is None else parameter.default, at)


def _signature(function: str, form: Form, position: int | None = None) -> str:
    parts = [p.name if p.default is None else f"{p.name}=" for p in form.parameters]
    if position is not None:
        parts.insert(position, "d")
    return f"`{function}({', '.join(parts)})`"
