"""What a checked case asks of itself: do its what-ifs, claims and hurdles make sense in it?"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.case.checker import Checked, check, check_formula, is_condition
from simulator.case.declarations import Claim, Declarations, Source, WhatIf
from simulator.case.functions import meaning
from simulator.case.measures import MEASURES
from simulator.case.nodes import Binary, Call, Expression, Name, walk
from simulator.case.overrides import change
from simulator.case.parser import parse
from simulator.case.reading import shown
from simulator.case.tokens import ExpressionError
from simulator.errors import CaseError, Problem


def review(declarations: Declarations, checked: Checked | None) -> list[Problem]:
    """Return the problems of what-ifs, claims and hurdles.

    Parameters
    ----------
    declarations : Declarations
    checked : Checked or None
        What the check made of them; None when it found problems, so that only targets can be looked at.

    Returns
    -------
    list of Problem
        A claim with a statistic, such as ``P90(payback) <= 12 months``, is left to whoever answers it.
    """
    found: list[Problem] = []
    for what_if in declarations.what_if:
        found += _what_if(declarations, what_if, checked is not None)
    if checked is None:
        return found
    for claim in declarations.claims:
        found += _claim(checked, claim)
    for measure, limit in declarations.hurdles.limits:
        found += _formula(checked, hurdle(measure, limit), declarations.hurdles.sources[measure])
    return found


def hurdle(measure: str, limit: str) -> Binary:
    """Return the condition that a hurdle sets: at most the limit where low is better, else at least."""
    return Binary("<=" if MEASURES[measure].better == "low" else ">=", Name(measure), parse(limit))


def _what_if(declarations: Declarations, what_if: WhatIf, whole: bool) -> tuple[Problem, ...]:
    readable = tuple(one for one in what_if.changes if one.target not in declarations.broken)
    try:
        changed = change(declarations, readable)
        if whole:
            check(changed)
    except CaseError as error:
        return error.problems
    return ()


def _claim(checked: Checked, claim: Claim) -> Iterator[Problem]:
    try:
        tree = parse(claim.check)
    except ExpressionError as error:
        if " in " not in claim.check:
            yield error.problem(claim.source)
        return
    if any(isinstance(part, Call) and meaning(part.function) == "a statistic" for part in walk(tree)):
        return
    problems = list(_formula(checked, tree, claim.source))
    yield from problems
    if not problems and not is_condition(tree):
        given = f"{shown(claim.check)} is neither true nor false"
        allowed = "a condition, `roi >= 10`, or a statistic with a limit, `P(payback <= 12 months) >= 80 %`"
        yield Problem(given, allowed, claim.source.path, at=claim.source.at)


def _formula(checked: Checked, tree: Expression, source: Source) -> Iterator[Problem]:
    try:
        check_formula(checked.scope, tree, source)
    except CaseError as error:
        yield from error.problems
