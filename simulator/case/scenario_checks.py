"""The check of what-ifs, claims and hurdles against the checked case, and remarks on the case as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from payback.distributions.inversion.stated_percentiles import percentile
from payback.simulator.case.checker import Checked, check, check_formula, is_condition
from payback.simulator.case.declarations.declarations import Claim, Declarations, WhatIf
from payback.simulator.case.expressions.folding import fold
from payback.simulator.case.expressions.parser import parse
from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.expressions.tree import Binary, Call, Expression, Name, Number, names, substitute, walk
from payback.simulator.case.language.functions import meaning
from payback.simulator.case.language.measures import MEASURES
from payback.simulator.case.overrides import change
from payback.simulator.case.source.source_text import Source
from payback.simulator.case.source.spelling import quoted
from payback.simulator.errors import CaseError, Problem
from payback.simulator.model import Model

ChangedCase: TypeAlias = tuple[Declarations, Checked]

_CLAIMS = "`roi >= 10`, `P(payback <= 12 months) >= 80 %`"


def scenario_problems(
    declarations: Declarations, checked: Checked | None
) -> tuple[list[Problem], dict[str, ChangedCase]]:
    """Return the problems of what-ifs, claims and hurdles, and the check of each what-if that has none.

    Parameters
    ----------
    declarations : Declarations
    checked : Checked or None
        The result of their check; None when it failed, so that only the targets of changes can be checked.

    Returns
    -------
    problems : list of Problem
        Claims with a statistic, such as ``P90(payback) <= 12 months``, are not checked here.
    what_ifs : dict of str to (Declarations, Checked)
        The changed declarations and their check, by name; empty without `checked`.
    """
    problems: list[Problem] = []
    what_ifs: dict[str, ChangedCase] = {}
    for what_if in declarations.what_if:
        try:
            changed = _changed(declarations, what_if)
            if checked is not None:
                what_ifs[what_if.name] = changed, check(changed, checked)
        except CaseError as error:
            problems += error.problems
    if checked is None:
        return problems, what_ifs
    for claim in declarations.claims:
        problems += _claim(checked, claim)
    for measure, limit in declarations.hurdles.limits:
        problems += _formula(checked, hurdle(measure, limit), declarations.hurdles.sources[measure])
    return problems, what_ifs


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


def _changed(declarations: Declarations, what_if: WhatIf) -> Declarations:
    """Return `declarations` after the changes of a what-if to what could be read."""
    readable = tuple(override for override in what_if.changes if override.target not in declarations.broken)
    return change(declarations, readable)


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
