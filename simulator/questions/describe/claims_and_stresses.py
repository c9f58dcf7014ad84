"""The claims and stresses of a case, and what decides between its options, checked without a simulation."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from payback.simulator.case import Case
from payback.simulator.case.declarations.declarations import Claim
from payback.simulator.errors import CaseError, Problem
from payback.simulator.questions.ask.question_check import check_questions
from payback.simulator.questions.grammar import parse_question
from payback.simulator.questions.options.criterion import criterion_of
from payback.simulator.questions.trials.frames import Frame, frames_of, stress
from payback.simulator.questions.trials.sampling import Sampling


def check_claims_and_stresses(case: Case) -> None:
    """Check that the claims of `case` are questions that it can answer, that its stresses can happen, and `decide_by:`.

    The loader does not check this: it knows no statistics.

    Raises
    ------
    CaseError
        With every problem, in the order of the file.
    """
    base = Frame(case, Sampling(trials=1, sampler="monte_carlo").cube(case))
    problems: list[Problem] = []
    checks: list[Callable[[], object]] = [partial(stress, base, condition) for condition in case.stress]
    checks += [partial(_claim, claim, base) for claim in case.claims]
    if case.decide_by:
        checks.append(partial(criterion_of, [case, *(case.option(option.name) for option in case.options)]))
    for check in checks:
        try:
            check()
        except CaseError as error:
            problems += error.problems
    if problems:
        raise CaseError(sorted(problems, key=lambda problem: (problem.at.line, problem.at.column)))


def _claim(claim: Claim, base: Frame) -> None:
    question = parse_question(claim.check, claim.source)
    check_questions([question], frames_of([question], base))
