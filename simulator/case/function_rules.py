"""The rule by which each function of formulas is checked."""

from __future__ import annotations

from collections.abc import Mapping

from payback.simulator.case.formulas import elementwise, monthly, reductions
from payback.simulator.case.formulas.formula_checker import FormulaChecker, Rule
from payback.simulator.case.formulas.scope import Scope
from payback.simulator.case.processes import history, price_processes, renewals

FUNCTION_RULES: Mapping[str, Rule] = {
    **elementwise.RULES,
    **monthly.RULES,
    **reductions.RULES,
    **history.RULES,
    **price_processes.RULES,
    **renewals.RULES,
}
"""Every function of `payback.simulator.case.language.functions.FUNCTIONS` has one."""


def formula_checker(scope: Scope, owner: str = "", *, measures: bool = False) -> FormulaChecker:
    """Return a checker of formulas that hold any function of the language.

    Parameters
    ----------
    scope : Scope
        The names that the formulas may read.
    owner : str
        Name of the calculation or line, which hidden draws and states are named after.
    measures : bool
        Whether measures may be read.
    """
    return FormulaChecker(scope, FUNCTION_RULES, owner, measures=measures)
