"""Distributions made of others: mixtures, extremes, and sums of a number of draws; and metalogs, made of quantiles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from payback.distributions import Certain, Compound, Distribution, Highest, Lowest, Mixture, Parameter
from payback.distributions.compound.known_sums import Total, families_with_sums, has_sum
from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.expressions.tree import Call, Expression, Name, children, walk
from payback.simulator.case.formulas.messages import shown
from payback.simulator.case.inputs.recipe import Part, Recipe, make, typical
from payback.simulator.case.inputs.signatures import (
    COMPOUND,
    DISCRETE,
    EXTREMES,
    HISTOGRAM,
    METALOG,
    MIXTURE,
    QUANTILES,
    metalog_arguments,
)

_SAYS = {
    MIXTURE: "each with its weight: `mixture(0.3: normal(1, 2), 0.7: normal(5, 1))`",
    COMPOUND: "a number and what each draw is: `compound(poisson(3), lognormal(100, 1))`",
    **dict.fromkeys(EXTREMES, "two or more: `lowest_of(normal(1, 2), normal(2, 1))`"),
}
_STATED_FROM = 1e-9
_COUNT = Parameter("n", "count")


@dataclass(frozen=True)
class Reader:
    """How the parts of a call are read.

    Parameters
    ----------
    line, number : callable
        A distribution, or a constant, in the unit of the line; and one that counts.
    parameter : callable
        A parameter, which may be a formula of earlier names.
    plain : callable
        A constant without unit.
    note : callable
        Takes what the reader of the case should know.
    """

    line: Callable[[Expression], Recipe]
    number: Callable[[Expression], Recipe | None]
    parameter: Callable[[Expression, Parameter], Part]
    plain: Callable[[Expression], float]
    note: Callable[[str], None]


def in_the_line(node: Call) -> list[Expression]:
    """Return the arguments that are in the unit of the line, of a call that lists pairs or holds several."""
    if node.function == HISTOGRAM:
        return [end for part in node.arguments[::2] for end in children(part)]
    if node.function == DISCRETE:
        return list(node.arguments[::2])
    if node.function == QUANTILES:
        return [*node.arguments[1::2], *(value for _, value in node.keywords)]
    if node.function == METALOG:
        return [value for name, value in node.keywords if name != "terms"]
    if node.function == MIXTURE:
        return list(node.arguments[1::2])
    return list(node.arguments[1:] if node.function == COMPOUND else node.arguments)


def composed_recipe(node: Call, read: Reader) -> Recipe:
    """Return the distribution of a call of one of `forms.COMPOSED`.

    Raises
    ------
    ExpressionError
    """
    if node.function == METALOG:
        return _metalog(node, read)
    size = len(node.arguments) // (2 if node.function == MIXTURE else 1)
    least = 1 if node.function == MIXTURE else 2
    if node.keywords or size < least or (node.function == COMPOUND and size > 2):
        raise ExpressionError(f"`{node.function}` of {size + len(node.keywords)}", _SAYS[node.function], at=node.at)
    if node.function == MIXTURE:
        read.note(f"{shown(node)} pools {size} distributions by their weights (linear pool)")
        weights = [read.parameter(w, Parameter("weight", "probability")) for w in node.arguments[::2]]
        return make(_mixture, (*map(read.line, node.arguments[1::2]), *weights), node.at)
    if node.function == COMPOUND:
        return _compound(node, read)
    return make(_lowest if node.function == EXTREMES[0] else _highest, tuple(map(read.line, node.arguments)), node.at)


def summable(law: Recipe, node: Expression) -> Recipe:
    """Return `law`, written as `node`, if sums of its draws are of a known family, whatever its parameters.

    Raises
    ------
    ExpressionError
    """
    if has_sum(typical(law)):
        return law
    raise ExpressionError(
        f"{shown(node)}: the sum of several such draws is of no known family",
        f"one of {', '.join(families_with_sums())}, or a certain value; plus or times constants", at=node.at,
    )  # fmt: skip


def _compound(node: Call, read: Reader) -> Recipe:
    count, severity = node.arguments
    frequency, law = read.number(count), read.line(severity)
    if frequency is None:
        number = read.parameter(count, _COUNT)
        if not isinstance(number, float) or law.parameters:
            return make(Total, (summable(law, severity), number), node.at)
        frequency = Recipe(Certain, (number,))
    for recipe, part in ((frequency, count), (law, severity)):
        if recipe.parameters:
            name = next((f"`{one.id}`" for one in walk(part) if isinstance(one, Name)), "a parameter")
            advice = "constants; or give the number an input of its own, `n: poisson(rate)`, and sum by compound(n, d)"
            raise ExpressionError(f"{name} in {shown(node)} differs by trial", advice, at=part.at)
    found = make(Compound, (frequency, law), node.at)
    whole = found()
    if isinstance(whole, Compound) and whole.error > _STATED_FROM:
        read.note(f"the distribution function of {shown(node)} is known to {whole.error:.0e}")
    return found


def _metalog(node: Call, read: Reader) -> Recipe:
    form, values, terms = metalog_arguments(node)
    build = form.build if terms is None else partial(form.build, terms=read.plain(terms))
    parts = tuple(read.parameter(value, p) for value, p in zip(values, form.parameters, strict=True))
    return make(build, parts, node.at)


def _mixture(*parts: object, checked: bool) -> Distribution:
    half = len(parts) // 2
    distributions = tuple(part for part in parts[:half] if isinstance(part, Distribution))
    return Mixture(distributions, parts[half:], checked=checked)


def _lowest(*parts: Distribution, checked: bool) -> Distribution:
    return Lowest(parts, checked=checked)


def _highest(*parts: Distribution, checked: bool) -> Distribution:
    return Highest(parts, checked=checked)
