"""The weights of the rare parts of inputs, as probabilities that a trial holds them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from payback.distributions import Distribution
from payback.simulator.case.expressions.tree import Expression, names
from payback.simulator.engine import evaluate
from payback.simulator.model import Formula, Model


def laws(model: Model, given: Mapping[str, float] | None = None) -> dict[str, Distribution]:
    """Return the distribution of each input, its parameters at their values with all inputs at their medians.

    Parameters
    ----------
    model : Model
    given : mapping of str to float, optional
        Values of inputs that stand elsewhere, by name.
    """
    named = {
        f"{draw.name} {k}": formula
        for draw in model.draws
        if draw.distribution is None
        for k, formula in enumerate(draw.parameters)
    }
    values = evaluate(_only(model, named.values()), given or {}, named) if named else {}
    built = {draw.name: draw.distribution for draw in model.draws if draw.distribution is not None}
    for draw in model.draws:
        if draw.name not in built and draw.build is not None:
            parameters = (float(values[f"{draw.name} {k}"].flat[0]) for k in range(len(draw.parameters)))
            built[draw.name] = draw.build(*parameters)
    return built


def _only(model: Model, formulas: Iterable[Expression]) -> Model:
    """Return `model` with only the definitions that `formulas`, which read no measure, depend on."""
    by_name = {definition.name: definition for definition in model.definitions}
    needed: set[str] = set()
    stack = [*formulas, model.discount_rate]
    while stack:
        for name in names(stack.pop()) & by_name.keys() - needed:
            needed.add(name)
            definition = by_name[name]
            if isinstance(definition, Formula):
                stack.append(definition.expression)
            else:
                stack += definition.parameters
                stack += [definition.change] if definition.change is not None else []
    return replace(model, definitions=tuple(d for d in model.definitions if d.name in needed), lines=())


def rarest(model: Model) -> dict[str, float]:
    """Return the probability that a trial holds the rarest part of each input that has one.

    Of a monthly input it is the probability in any month.
    """
    distributions, shares = laws(model), dict[str, float]()
    for draw in model.draws:
        distribution = distributions[draw.name]
        # one that is built from other values, by `laws`, is met once and cannot be a key
        if weights := distribution.rare_parts() if draw.distribution is None else _rare_parts(distribution):
            share = min(weights)
            shares[draw.name] = -math.expm1(model.horizon * math.log1p(-share)) if draw.monthly else share
    return shares


@lru_cache(maxsize=1024)
def _rare_parts(distribution: Distribution) -> tuple[float, ...]:
    return distribution.rare_parts()
