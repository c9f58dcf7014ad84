"""Checking formulas with every function of the table."""

from __future__ import annotations

from collections.abc import Mapping

from payback.simulator.case.expressions.tree import Call
from payback.simulator.case.formulas import elementwise, monthly, reductions
from payback.simulator.case.formulas.arguments import bind
from payback.simulator.case.formulas.elementwise import Rule
from payback.simulator.case.formulas.formula_checker import Formulas
from payback.simulator.case.formulas.messages import unknown_function
from payback.simulator.case.formulas.scope import Typed
from payback.simulator.case.language.functions import FUNCTIONS
from payback.simulator.case.processes import history, price_processes, renewals

_RULES: Mapping[str, Rule] = {
    name: rule
    for module in (elementwise, history, monthly, price_processes, reductions, renewals)
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
