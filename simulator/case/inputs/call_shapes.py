"""The shapes of calls in a distribution line: how the arguments of each are matched, and what they build."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from math import isfinite

from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.expressions.tree import Call
from payback.simulator.case.formulas.messages import shown
from payback.simulator.case.inputs import composed, from_data, listed
from payback.simulator.case.inputs.bound_call import BoundCall, CallShape, Surroundings, plain_recipe
from payback.simulator.case.inputs.recipe import Part, Recipe, make
from payback.simulator.case.inputs.signatures import family_arguments, metalog_arguments, wrapper_arguments
from payback.simulator.case.language.distribution_words import DistributionWord, Shape


def _family(node: Call, word: DistributionWord) -> BoundCall:
    form, arguments = family_arguments(node, word)
    return BoundCall(node, form.build, arguments, form)


def _family_recipe(bound: BoundCall, parts: tuple[Part, ...], surroundings: Surroundings) -> Recipe:
    """Return the recipe of a family; where its parameters were solved for, note where it starts and ends."""
    if bound.form is None or not bound.form.constant:
        return make(bound.build, parts, bound.call.at)
    for argument, value in zip(bound.arguments, parts, strict=True):
        if not isinstance(value, float):
            given = f"{shown(argument.node)} differs by trial"
            raise ExpressionError(given, "constants: these are solved for once, not in each trial", at=argument.node.at)
    recipe = make(bound.build, parts, bound.call.at)
    low, high = recipe().support
    end = f" and ends at {high:.4g}" if isfinite(high) else ""
    start = f"starts at {low:.4g}" if isfinite(low) else "has no lowest value"
    surroundings.notes.append(f"{shown(bound.call)} {start}{end}")
    return recipe


def _wrapper(node: Call, word: DistributionWord) -> BoundCall:
    return BoundCall(node, word.build, wrapper_arguments(node, word))


def _metalog(node: Call, word: DistributionWord) -> BoundCall:
    form, arguments = metalog_arguments(node, word)
    return BoundCall(node, form.build, arguments, form)


def _metalog_recipe(bound: BoundCall, parts: tuple[Part, ...], _: Surroundings) -> Recipe:
    """Return the recipe of a metalog distribution, its arguments in the order of the form."""
    given = {argument.name: value for argument, value in zip(bound.arguments, parts, strict=True)}
    build = partial(bound.build, terms=given.pop("terms")) if "terms" in given else bound.build
    parameters = bound.form.parameters if bound.form else ()
    defaults = {p.name: p.default for p in parameters if p.default is not None}
    return make(build, tuple({**defaults, **given}[p.name] for p in parameters), bound.call.at)


SHAPES: Mapping[Shape, CallShape] = {
    "family": CallShape(_family, _family_recipe),
    "wrapper": CallShape(_wrapper, plain_recipe),
    "column": from_data.COLUMN,
    "weighted values": listed.WEIGHTED_VALUES,
    "bins": listed.BINS,
    "quantiles": listed.QUANTILES,
    "mixture": composed.MIXTURE,
    "several": composed.SEVERAL,
    "compound": composed.COMPOUND,
    "metalog": CallShape(_metalog, _metalog_recipe),
}
"""How the arguments of a call are matched and what they build, by the shape of the call."""
