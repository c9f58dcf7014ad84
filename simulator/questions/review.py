"""What a case asks about itself, checked without a simulation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator.case import Case
from simulator.errors import CaseError, Problem
from simulator.questions.answers import frames_of
from simulator.questions.checking import check_questions
from simulator.questions.claims import claim_questions, hurdle_questions
from simulator.questions.frames import Frame, stress, what_if
from simulator.questions.settings import Settings


def review(case: Case) -> None:
    """Check what-ifs, stresses, claims and hurdles of `case`.

    Raises
    ------
    CaseError
        With every problem, in the order of the file.
    """
    base = Frame(case, Settings(trials=1, sampler="monte_carlo").cube(case))
    problems: list[Problem] = []

    def tried(check: Callable[[], Any]) -> None:
        try:
            check()
        except CaseError as error:
            problems.extend(error.problems)

    for changed in case.what_if:
        tried(lambda name=changed.name: what_if(base, name))  # type: ignore[misc]  # a default binds the name now
    for condition in case.stress:
        tried(lambda one=condition: stress(base, one))  # type: ignore[misc]  # as above
    for questions in (claim_questions, hurdle_questions):
        tried(lambda ask=questions: check_questions(asked := ask(case), frames_of(asked, base)))  # type: ignore[misc]  # as above
    if problems:
        raise CaseError(sorted(problems, key=lambda problem: (problem.at.line, problem.at.column)))
