from __future__ import annotations

from payback.simulator.case.formulas import elementwise, monthly, reductions
from payback.simulator.case.function_rules import FUNCTION_RULES
from payback.simulator.case.language.functions import FUNCTIONS
from payback.simulator.case.processes import history, price_processes, renewals


def test_every_function_has_exactly_one_rule() -> None:
    modules = (elementwise, history, monthly, price_processes, reductions, renewals)
    rules = [name for module in modules for name in module.RULES]
    assert sorted(rules) == sorted(FUNCTIONS) == sorted(FUNCTION_RULES)
