"""The check of what-ifs, options, claims and hurdles against the checked case, and remarks on the case as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from payback.distributions.inversion.stated_percentiles import percentile
from payback.simulator.case.checker import Checked, check, check_formula, is_condition
from payback.simulator.case.declarations.declarations import Claim, Declarations, Option, WhatIf
from payback.simulator.case.expressions.folding import fold
from payback.simulator.case.expressions.parser import parse
from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.expressions.tree import Binary, Call, Expression, Name, Number, names, substitute, walk
from payback.simulator.case.language.functions import meaning
from payback.simulator.case.language.measures import MEASURES
from payback.simulator.case.overrides import TARGETS, change
from payback.simulator.case.source.source_text import Source
from payback.simulator.case.source.spelling import quoted
from payback.simulator.errors import CaseError, Problem
from payback.simulator.model import Model

ChangedCase: TypeAlias = tuple[Declarations, Checked]

_CRITERIA = "P50(npv), mean(npv), P(npv < 0), CVaR5(npv)"
_OF_OPTIONS = (
    "an input, a calculation, upfront.LABEL or monthly.LABEL; a new input stands under `inputs:` of its option"
)
_CLAIMS = "`roi >= 10`, `P(payback <= 12 months) >= 80 %`"


def scenario_problems(
    declarations: Declarations, checked: Checked | None
) -> tuple[list[Problem], dict[str, ChangedCase]]:
    """Return the problems of what-ifs, options, claims and hurdles, and the check of each change that has none.

    Parameters
    ----------
    declarations : Declarations
    checked : Checked or None
        The result of their check; None when it failed, so that only the targets of changes can be checked.

    Returns
    -------
    problems : list of Problem
        Claims with a statistic, such as ``P90(payback) <= 12 months``, are not checked here.
    changed_cases : dict of str to (Declarations, Checked)
        The changed declarations of what-ifs and options and their check, by name; empty without `checked`.
    """
    problems: list[Problem] = []
    changed_cases: dict[str, ChangedCase] = {}
    for scenario in (*declarations.what_if, *declarations.options):
        try:
            changed = with_changes(declarations, scenario)
            if checked is not None:
                changed_cases[scenario.name] = changed, check(changed, checked)
        except CaseError as error:
            problems += error.problems
    problems += _criterion(declarations)
    if checked is None:
        return problems, changed_cases
    for claim in declarations.claims:
        problems += _claim(checked, claim)
    for measure, limit in declarations.hurdles.limits:
        problems += _formula(checked, hurdle(measure, limit), declarations.hurdles.sources[measure])
    return problems, changed_cases


def remarks(declarations: Declarations, model: Model) -> tuple[str, ...]:
    """Return remarks for the reader on the discount rate and on the dependence."""
    notes = []
    if declarations.discount_rate is None:
        notes.append("discount_rate is not given: 0 %/year, so NPV is the plain sum")
    elif (rate := _usual_rate(model)) is not None and rate > 1:
        meant = f"; did you mean {rate:g} % ({rate / 100:g})?" if rate <= 100 else ""
        notes.append(f"discount_rate is {100 * rate:,.0f} % a year{meant}")
    coupled = {name for group in model.dependence for name in group.axes}
    for draw in model.draws:
        if draw.name in coupled and draw.distribution is not None and not draw.distribution.continuous:
            what = "is discrete" if draw.distribution.discrete else "has single values of a probability of their own"
            meant = "what is asked is that of the coordinates behind it; equal values change what is achieved"
            notes.append(f"{draw.name} {what}: {meant}")
    return tuple(notes)


def _usual_rate(model: Model) -> float | None:
    """Return the discount rate at the medians of the inputs that it reads; None where it reads more than inputs."""
    medians = {
        draw.name: Number(float(percentile(draw.distribution, 0.5)))
        for draw in model.draws
        if draw.distribution is not None and draw.name in names(model.discount_rate)
    }
    return fold(substitute(model.discount_rate, medians))


def hurdle(measure: str, limit: str) -> Binary:
    """Return the condition that a hurdle sets: at most `limit` if low values are better, else at least `limit`."""
    return Binary("<=" if MEASURES[measure].better == "low" else ">=", Name(measure), parse(limit))


def with_changes(declarations: Declarations, scenario: WhatIf) -> Declarations:
    """Return `declarations` after the changes of a what-if or an option to what could be read.

    Raises
    ------
    CaseError
        With every change that cannot be made.
    """
    readable = tuple(override for override in scenario.changes if override.target not in declarations.broken)
    if not isinstance(scenario, Option):
        return change(declarations, readable)
    try:
        return change(declarations, readable, scenario.inputs)
    except CaseError as error:
        problems = [
            replace(problem, allowed=_OF_OPTIONS if problem.allowed == TARGETS else problem.allowed)
            for problem in error.problems
        ]
        raise CaseError(problems) from None


def _criterion(declarations: Declarations) -> Iterator[Problem]:
    """Yield the problem of a ``decide_by:`` that is no statistic; what it is about is not checked here."""
    if not (text := declarations.decide_by):
        return
    source = declarations.source["decide_by"]
    try:
        tree = parse(text)
    except ExpressionError as error:
        yield error.problem(source)
        return
    if not isinstance(tree, Call) or meaning(tree.function) != "a statistic":
        yield Problem(f"{quoted(text)} is no statistic", f"one statistic: {_CRITERIA}", source.path, at=source.at)


def _claim(checked: Checked, claim: Claim) -> Iterator[Problem]:
    try:
        tree = parse(claim.check)
    except ExpressionError as error:
        if " in " not in claim.check:
            problem = error.problem(claim.source)
            yield replace(problem, allowed=f"{problem.allowed}; as in {_CLAIMS}")
        return
    if any(isinstance(node, Call) and meaning(node.function) == "a statistic" for node in walk(tree)):
        return
    problems = list(_formula(checked, tree, claim.source))
    yield from problems
    if not problems and not is_condition(tree):
        given = f"{quoted(claim.check)} is neither true nor false"
        yield Problem(
            given, f"a condition, or a statistic with a limit: {_CLAIMS}", claim.source.path, at=claim.source.at
        )


def _formula(checked: Checked, tree: Expression, source: Source) -> Iterator[Problem]:
    try:
        check_formula(checked.scope, tree, source)
    except CaseError as error:
        yield from error.problems
