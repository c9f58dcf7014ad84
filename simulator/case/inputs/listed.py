"""Distributions that are listed pair by pair: values with their weights, and shares with their quantiles."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from payback.distributions import Discrete, Distribution, Quantiles
from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.expressions.tree import Call, Expression
from payback.simulator.case.formulas.messages import shown
from payback.simulator.case.inputs.recipe import Recipe, make
from payback.simulator.case.inputs.signatures import QUANTILES
from payback.simulator.case.source.spelling import nearest

ENDS = ("low", "high")

_TABLE = "shares with the values below which they lie: `quantiles({5 %: 10, 50 %: 20, 95 %: 60}, low=0)`"

Number = Callable[[Expression], float]


def discrete_recipe(node: Call, value: Number, weight: Number) -> Recipe:
    """Return the discrete distribution of a call; `value` and `weight` read constants.

    Raises
    ------
    ExpressionError
    """
    numbers = (*map(value, node.arguments[::2]), *map(weight, node.arguments[1::2]))
    return make(_listed, numbers, node.at)


def quantiles_recipe(node: Call, value: Number, share: Number) -> Recipe:
    """Return the table of quantiles of a call; `value` and `share` read constants.

    Raises
    ------
    ExpressionError
    """
    for name, given in node.keywords:
        if name not in ENDS:
            raise ExpressionError(f"`{name}=` in {QUANTILES}(...)", _TABLE, nearest(name, ENDS), given.at)
    if len(node.arguments) < 4:
        raise ExpressionError(f"{shown(node)} of fewer than 2 values", _TABLE, at=node.at)
    ends: Mapping[str, float] = {name: value(given) for name, given in node.keywords}
    low, high = ends.get("low", -math.inf), ends.get("high", math.inf)
    return make(_table, (*map(share, node.arguments[::2]), *map(value, node.arguments[1::2]), low, high), node.at)


def _listed(*numbers: float, checked: bool) -> Distribution:
    half = len(numbers) // 2
    return Discrete(numbers[:half], numbers[half:], checked=checked)


def _table(*numbers: float, checked: bool) -> Distribution:
    *pairs, low, high = numbers
    half = len(pairs) // 2
    return Quantiles(tuple(pairs[:half]), tuple(pairs[half:]), low, high, checked=checked)
