"""Distributions made of others: mixtures, the lowest and highest of several, and sums of a number of draws."""

from __future__ import annotations

from typing import NoReturn

from payback.distributions import Certain, Compound
from payback.distributions.compound.known_sums import Total, families_with_sums, has_sum
from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.expressions.tree import Call, Expression, Name, walk
from payback.simulator.case.formulas.messages import shown
from payback.simulator.case.inputs.bound_call import (
    Argument,
    BoundCall,
    CallShape,
    Surroundings,
    distributions,
    plain_recipe,
)
from payback.simulator.case.inputs.recipe import Grouped, Part, Recipe, make, typical
from payback.simulator.case.language.distribution_words import DistributionWord

_STATED_FROM = 1e-9
"""An error of a distribution function that is worth a note."""


def _mixture(node: Call, word: DistributionWord) -> BoundCall:
    size = len(node.arguments) // 2
    if size < 1:
        _refuse(node, size, "each with its weight: `mixture(0.3: normal(1, 2), 0.7: normal(5, 1))`")
    weight, distribution = word.roles
    arguments = (
        *(Argument(given, distribution) for given in node.arguments[1::2]),
        *(Argument(given, weight, "weight") for given in node.arguments[::2]),
    )
    note = f"{shown(node)} pools {size} distributions by their weights (linear pool)"
    return BoundCall(node, Grouped(word.build, (size, size)), arguments, note=note)


def _several(node: Call, word: DistributionWord) -> BoundCall:
    size = len(node.arguments)
    if node.keywords or size < 2:
        _refuse(node, size, "two or more: `lowest_of(normal(1, 2), normal(2, 1))`")
    (role,) = word.roles
    return BoundCall(node, Grouped(word.build, (size,)), tuple(Argument(given, role) for given in node.arguments))


def _compound(node: Call, word: DistributionWord) -> BoundCall:
    size = len(node.arguments)
    if node.keywords or size != 2:
        _refuse(node, size, "a number and what each draw is: `compound(poisson(3), lognormal(100, 1))`")
    pairs = zip(node.arguments, word.roles, ("n", ""), strict=True)
    return BoundCall(node, word.build, tuple(Argument(given, role, name) for given, role, name in pairs))


def _refuse(node: Call, size: int, allowed: str) -> NoReturn:
    raise ExpressionError(f"`{node.function}` of {size + len(node.keywords)}", allowed, at=node.at)


def _compound_recipe(bound: BoundCall, parts: tuple[Part, ...], surroundings: Surroundings) -> Recipe:
    node = bound.call
    number, severity = parts[0], distributions(parts)[-1]
    if isinstance(number, Recipe):
        frequency = number
    elif isinstance(number, float) and not severity.parameters:
        frequency = Recipe(Certain, (number,))
    else:
        return make(Total, (summable(severity, node.arguments[1]), number), node.at)
    for recipe, argument in zip((frequency, severity), node.arguments, strict=True):
        if recipe.parameters:
            name = next((f"`{name.id}`" for name in walk(argument) if isinstance(name, Name)), "a parameter")
            advice = "constants; or give the number an input of its own, `n: poisson(rate)`, and sum by compound(n, d)"
            raise ExpressionError(f"{name} in {shown(node)} differs by trial", advice, at=argument.at)
    recipe = make(bound.build, (frequency, severity), node.at)
    total = recipe()
    if isinstance(total, Compound) and total.error > _STATED_FROM:
        surroundings.notes.append(f"the distribution function of {shown(node)} is known to {total.error:.0e}")
    return recipe


def summable(law: Recipe, node: Expression) -> Recipe:
    """Return `law`, written as `node`, if sums of its draws are of a known family, whatever its parameters.

    Raises
    ------
    ExpressionError
        If they are not.
    """
    if has_sum(typical(law)):
        return law
    raise ExpressionError(
        f"{shown(node)}: the sum of several such draws is of no known family",
        f"one of {', '.join(families_with_sums())}, or a certain value; plus or times constants", at=node.at,
    )  # fmt: skip


MIXTURE = CallShape(_mixture, plain_recipe)
SEVERAL = CallShape(_several, plain_recipe)
COMPOUND = CallShape(_compound, _compound_recipe)
