"""The draws of processes that ``dependence:`` may name, as inputs that are drawn each month."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from payback.simulator.case.declarations.declarations import Declarations, Input
from payback.simulator.case.expressions.keywords import BASE
from payback.simulator.case.expressions.tree import Call, walk

SHOCKED = ("gbm", "ar1", "random_walk", "jumps", "events")
"""Processes whose leading draw is about its month; the gap of a renewal begins in a month by chance."""


def with_shocks(declarations: Declarations) -> Declarations:
    """Return `declarations` with the leading draw of each process, ``price.gbm``, among the inputs.

    A process counts only when it is the only one of its kind in a calculation: several would have no names that a
    reader could tell apart.
    """
    shocks: dict[str, Input] = {}
    for calculation in declarations.calculations:
        calls = [node for node in walk(calculation.expression) if isinstance(node, Call) and node.function in SHOCKED]
        times = Counter(call.function for call in calls)
        for call in calls:
            name = f"{calculation.name.split(BASE)[0]}.{call.function}"
            if times[call.function] == 1:
                shocks.setdefault(name, Input(name, call, monthly=True, source=calculation.source))
    return replace(declarations, inputs=(*declarations.inputs, *shocks.values()))
