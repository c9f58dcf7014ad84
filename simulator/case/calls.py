"""Checking formulas with every function of the table."""

from __future__ import annotations

from collections.abc import Mapping

from payback.simulator.case import elementwise, histories, months, processes, reductions, renewals
from payback.simulator.case.advice import unknown_function
from payback.simulator.case.binding import bind
from payback.simulator.case.elementwise import Rule
from payback.simulator.case.formulas import Formulas
from payback.simulator.case.functions import FUNCTIONS
from payback.simulator.case.nodes import Call
from payback.simulator.case.scope import Typed

_RULES: Mapping[str, Rule] = {
    name: rule
    for module in (elementwise, histories, months, processes, reductions, renewals)
    for name, rule in module.RULES.items()
}


class Checker(Formulas):
    """Checks formulas of a case."""

    def call(self, node: Call) -> Typed:
        """Check a function by its own rule.

        Raises
        ------
        ExpressionError, Untold
        """
        function = FUNCTIONS.get(node.function)
        if function is None:
            raise unknown_function(node.function, node.at)
        arguments, keywords = bind(node, function)
        return _RULES[node.function](self, node, arguments, keywords)
