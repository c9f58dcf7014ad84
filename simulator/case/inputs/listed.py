"""Distributions whose constants are listed pair by pair: weighted values, bins with counts, shares with quantiles."""

from __future__ import annotations

import math

from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.expressions.tree import USUAL, Call, Range
from payback.simulator.case.formulas.messages import shown
from payback.simulator.case.inputs.bound_call import (
    Argument,
    BoundCall,
    CallShape,
    Surroundings,
    constants,
    plain_recipe,
)
from payback.simulator.case.inputs.recipe import Grouped, Part, Recipe, make
from payback.simulator.case.language.distribution_words import DistributionWord
from payback.simulator.case.source.spelling import nearest

ENDS = ("low", "high")

_TABLE = "shares with the values below which they lie: `quantiles({5 %: 10, 50 %: 20, 95 %: 60}, low=0)`"
_BINS = "bins with their shares or counts: `histogram({0 to 10: 25, 10 to 50: 5})`"


def pair_arguments(node: Call, word: DistributionWord) -> tuple[Argument, ...]:
    """Return the first of each pair of a call in order, then the second of each."""
    first, second = word.roles
    return (
        *(Argument(given, first) for given in node.arguments[::2]),
        *(Argument(given, second) for given in node.arguments[1::2]),
    )


def _weighted_values(node: Call, word: DistributionWord) -> BoundCall:
    arguments = pair_arguments(node, word)
    half = len(arguments) // 2
    return BoundCall(node, Grouped(word.build, (half, half)), arguments)


def _quantiles(node: Call, word: DistributionWord) -> BoundCall:
    for name, given in node.keywords:
        if name not in ENDS:
            raise ExpressionError(f"`{name}=` in {word.name}(...)", _TABLE, nearest(name, ENDS), given.at)
    if len(node.arguments) < 4:
        raise ExpressionError(f"{shown(node)} of fewer than 2 values", _TABLE, at=node.at)
    half = len(node.arguments) // 2
    ends = tuple(Argument(given, "constant", name) for name, given in node.keywords)
    pairs = pair_arguments(node, word)
    return BoundCall(node, Grouped(word.build, (half, half)), (*ends, *pairs), settling=(*pairs[half:], *ends))


def _quantiles_recipe(bound: BoundCall, parts: tuple[Part, ...], _: Surroundings) -> Recipe:
    keywords = bound.call.keywords
    ends = {name: end for (name, _), end in zip(keywords, parts, strict=False)}
    low, high = ends.get("low", -math.inf), ends.get("high", math.inf)
    return make(bound.build, (*parts[len(keywords) :], low, high), bound.call.at)


def _bins(node: Call, word: DistributionWord) -> BoundCall:
    edge, count = word.roles
    bins = node.arguments[::2]
    edges: list[Argument] = []
    for given in bins:
        if not isinstance(given, Range) or given.share != USUAL:
            raise ExpressionError(f"{shown(given)} is no bin", _BINS, at=given.at)
        edges += [Argument(given.low, edge), Argument(given.high, edge)]
    if not bins:
        raise ExpressionError("a histogram without bins", _BINS, at=node.at)
    counts = (Argument(given, count) for given in node.arguments[1::2])
    return BoundCall(node, Grouped(word.build, (len(bins) + 1, len(bins))), (*edges, *counts))


def _bins_recipe(bound: BoundCall, parts: tuple[Part, ...], _: Surroundings) -> Recipe:
    bins = bound.call.arguments[::2]
    numbers = constants(parts)
    edges, counts = numbers[: 2 * len(bins)], numbers[2 * len(bins) :]
    lows, highs = edges[::2], edges[1::2]
    for node, end, start in zip(bins[1:], highs, lows[1:], strict=False):
        if start != end:
            raise ExpressionError(f"a bin from {start:g} after one to {end:g}", "bins that meet", at=node.at)
    return make(bound.build, (lows[0], *highs, *counts), bound.call.at)


WEIGHTED_VALUES = CallShape(_weighted_values, plain_recipe)
QUANTILES = CallShape(_quantiles, _quantiles_recipe)
BINS = CallShape(_bins, _bins_recipe)
