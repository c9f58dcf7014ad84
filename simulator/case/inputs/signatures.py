"""Which form of a family, or which wrapper, a call in a distribution line means."""

from __future__ import annotations

from payback.distributions import (
    FAMILIES,
    Distribution,
    Form,
    Parameter,
    Rounded,
    Scaled,
    Shifted,
    Truncated,
    ZeroInflated,
    metalog_form,
    percentile_form,
    percentile_share,
    percentile_ways,
)
from payback.simulator.case.expressions.keywords import LATER
from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.expressions.tree import Call, Expression, Number, Range, walk
from payback.simulator.case.source.spelling import nearest

_INFINITE = float("inf")
_BOUNDS = ("low", "high", "terms")


def _zero_inflated(d: Distribution, p: float, *, checked: bool = True) -> ZeroInflated:
    return ZeroInflated(p, d, checked=checked)


WRAPPERS = {
    "truncated": Form((Parameter("low", "value", -_INFINITE), Parameter("high", "value", _INFINITE)), Truncated),
    "shifted": Form((Parameter("by", "value"),), Shifted),
    "scaled": Form((Parameter("factor", "shape"),), Scaled),
    "rounded": Form((), Rounded),
    "zero_inflated": Form((Parameter("p", "probability"),), _zero_inflated),
}
"""Functions that hold a distribution, by name."""

PLACES = {"zero_inflated": 1}
"""Where that distribution stands among the arguments, unless it is the first."""

DISCRETE = "discrete"
EMPIRICAL = "empirical"
HISTOGRAM = "histogram"
QUANTILES = "quantiles"
MIXTURE, COMPOUND, METALOG = "mixture", "compound", "metalog"
EXTREMES = ("lowest_of", "highest_of")
COMPOSED = (MIXTURE, *EXTREMES, COMPOUND, METALOG)
"""Functions that hold several distributions, or several quantiles."""

WORDS = (*FAMILIES, DISCRETE, EMPIRICAL, HISTOGRAM, QUANTILES, *WRAPPERS, *COMPOSED)
"""The words that may begin a distribution."""


def is_random(tree: Expression) -> bool:
    """Return whether `tree` holds a distribution."""
    return any(isinstance(part, Range) or (isinstance(part, Call) and draws(part.function)) for part in walk(tree))


def draws(function: str) -> bool:
    """Return whether `function` belongs to distribution lines."""
    return function in WORDS or function in LATER


def wrapper_arguments(node: Call) -> tuple[Expression, Form, list[Expression]]:
    """Return (distribution, form, parameters) of a wrapper.

    Raises
    ------
    ExpressionError
    """
    form, place = WRAPPERS[node.function], PLACES.get(node.function, 0)
    signature = _signature(node.function, form, place)
    if len(node.arguments) <= place or not is_random(node.arguments[place]):
        raise ExpressionError(f"`{node.function}` of no distribution", signature, at=node.at)
    if len(node.arguments) == 1 and not node.keywords and form.parameters:
        raise ExpressionError(f"`{node.function}` with nothing to do", signature, at=node.at)
    others = (*node.arguments[:place], *node.arguments[place + 1 :])
    return node.arguments[place], form, _bound(node, form, others, place)


def family_arguments(node: Call) -> tuple[Form, list[Expression]]:
    """Return (form, parameters in its order) of a family.

    Raises
    ------
    ExpressionError
    """
    forms = FAMILIES[node.function].forms
    if node.arguments or not node.keywords:
        return forms[0], _bound(node, forms[0], node.arguments)
    given = [name for name, _ in node.keywords]
    fitting = percentile_form(node.function, given) or next((form for form in forms if _fits(form, given)), None)
    if fitting is not None:
        return fitting, _bound(node, fitting, ())
    names = {parameter.name for form in forms for parameter in form.parameters}
    stated = percentile_ways(node.function)
    ways = " or ".join([*(_signature(node.function, form) for form in forms), *stated])
    for name, value in node.keywords:
        if name not in names and not (stated and (percentile_share(name) or name == "mode")):
            raise ExpressionError(f"`{name}=` in {node.function}(...)", ways, nearest(name, names), value.at)
    raise ExpressionError(f"`{node.function}` by {', '.join(given)}", f"one set: {ways}", at=node.at)


def metalog_arguments(node: Call) -> tuple[Form, list[Expression], Expression | None]:
    """Return (form, values in its order, number of terms if given) of a metalog distribution.

    Raises
    ------
    ExpressionError
    """
    names = [name for name, _ in node.keywords if name != "terms"]
    form = metalog_form(names)
    if form is None or node.arguments:
        ways = "`metalog(p10=, p50=, p90=)`: two or more percentiles, `low=`, `high=`, `terms=`"
        wrong = next((name for name in names if name not in _BOUNDS and percentile_share(name) is None), None)
        given = f"`{wrong}=` in metalog(...)" if wrong else f"`metalog` by {', '.join(names) or 'no percentiles'}"
        raise ExpressionError(given, ways, nearest(wrong, _BOUNDS) if wrong else "", node.at)
    plain = Call(node.function, (), tuple((name, value) for name, value in node.keywords if name != "terms"), node.at)
    return form, _bound(plain, form, ()), dict(node.keywords).get("terms")


def _fits(form: Form, given: list[str]) -> bool:
    names = {parameter.name for parameter in form.parameters}
    needed = {parameter.name for parameter in form.parameters if parameter.default is None}
    return needed <= set(given) <= names


def _bound(node: Call, form: Form, arguments: tuple[Expression, ...], place: int | None = None) -> list[Expression]:
    """Return the arguments of `form` in its order, defaults filled in; a wrapper's distribution has a `place`."""
    names = [parameter.name for parameter in form.parameters]
    signature = _signature(node.function, form, place)
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
    return [given.get(p.name, Number(p.default if p.default is not None else 0.0, node.at)) for p in form.parameters]


def _signature(function: str, form: Form, place: int | None = None) -> str:
    parts = [p.name if p.default is None else f"{p.name}=" for p in form.parameters]
    if place is not None:
        parts.insert(place, "d")
    return f"`{function}({', '.join(parts)})`"
