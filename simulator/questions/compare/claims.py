"""Claims and hurdles of a case: how often each holds among the trials, and its verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from payback.simulator import number_text, statistics
from payback.simulator.case import Case
from payback.simulator.case.checker import check_formula
from payback.simulator.case.declarations.declarations import Claim
from payback.simulator.case.expressions.parser import COMPARISONS
from payback.simulator.case.expressions.tree import Binary, Expression, names
from payback.simulator.case.language.measures import MEASURES
from payback.simulator.case.source.source_text import Source
from payback.simulator.document.claims import ClaimResult, ClaimVerdict, HurdleResult, Verdict
from payback.simulator.errors import CaseError, Problem
from payback.simulator.questions.ask.answers import Answer, answer
from payback.simulator.questions.ask.records import question_result
from payback.simulator.questions.ask.verdicts import claim_verdict
from payback.simulator.questions.grammar import Question, parse_question
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame, frames_of
from payback.simulator.questions.trials.run_cache import NO_CACHE, RunCache
from payback.simulator.questions.trials.samples import samples


@dataclass(frozen=True)
class _Figure:
    """A claimed figure: `formula` is the condition that a trial is below it."""

    where: str
    formula: Expression


def claim_questions(case: Case) -> tuple[Question, ...]:
    """Return the question of every claim of `case`.

    Raises
    ------
    CaseError
        With every claim that cannot be read as a question.
    """
    return _parsed([(claim.check, claim.source) for claim in case.claims])


def hurdle_questions(case: Case) -> tuple[Question, ...]:
    """Return the question of every hurdle of `case`: ``P(payback <= 12 months) >= 80 %``.

    Raises
    ------
    CaseError
        With every hurdle that does not limit a measure.
    """
    share = number_text.number(100 * case.hurdles.confidence)
    texts = []
    for name, limit in case.hurdles.limits:
        sign = "<=" if MEASURES[name].better == "low" else ">="
        source = case.hurdles.sources.get(name, Source(f"hurdles.{name}"))
        texts.append((f"P({name} {sign} {limit}) >= {share} %", source))
    return _parsed(texts)


def claims(base: Frame, execution: Execution, cache: RunCache = NO_CACHE) -> tuple[ClaimResult, ...]:
    """Return for each claim of the case how often it holds, where its figure lies, and the verdict.

    A claim that states a limit (``P(payback <= 12 months) >= 80 %``) is judged by it. A claim about each trial
    (``roi >= 10``) is judged by how often it holds, with the confidence that the hurdles of the case ask for (80 % if
    they say nothing): see `claim_verdict`.

    Parameters
    ----------
    base : Frame
        The case as it is.
    execution : Execution
    cache : RunCache
        Samples and input values of earlier runs of the case.

    Raises
    ------
    CaseError
        With every claim that makes no sense in the case.
    """
    return claims_of(answer(claim_questions(base.case), base, execution, cache), base, execution, cache)


def claims_of(
    answers: Sequence[Answer], base: Frame, execution: Execution, cache: RunCache = NO_CACHE
) -> tuple[ClaimResult, ...]:
    """Return the claims of the case, given the `answers` to their questions in order; otherwise as `claims`."""
    questions = claim_questions(base.case)
    shares = _figure_shares(questions, base, execution, cache)
    confidence = base.case.hurdles.confidence
    return tuple(
        _claim(claim, question, result, share, confidence)
        for claim, question, result, share in zip(base.case.claims, questions, answers, shares, strict=True)
    )


def hurdles(base: Frame, execution: Execution, cache: RunCache = NO_CACHE) -> tuple[HurdleResult, ...]:
    """Return for each hurdle of the case whether its limit is met with the confidence asked for.

    Parameters
    ----------
    base : Frame
        The case as it is.
    execution : Execution
    cache : RunCache
        Samples and input values of earlier runs of the case.
    """
    return hurdles_of(answer(hurdle_questions(base.case), base, execution, cache), base.case)


def hurdles_of(answers: Sequence[Answer], case: Case) -> tuple[HurdleResult, ...]:
    """Return the hurdles of `case`, given the `answers` to their questions in order; otherwise as `hurdles`."""
    return tuple(
        question_result(
            result,
            HurdleResult,
            name=question.text.removeprefix("P(").rpartition(")")[0],
            required=case.hurdles.confidence,
            verdict=cast("Verdict", result.verdict),
        )
        for question, result in zip(hurdle_questions(case), answers, strict=True)
    )


def _parsed(texts: Sequence[tuple[str, Source]]) -> tuple[Question, ...]:
    questions: list[Question] = []
    problems: list[Problem] = []
    for text, source in texts:
        try:
            questions.append(parse_question(text, source))
        except CaseError as error:
            problems += error.problems
    if problems:
        raise CaseError(problems)
    return tuple(questions)


def is_about_each_trial(question: Question) -> bool:
    """Return whether a claim says something of each trial (``roi >= 10``), without a limit on a statistic."""
    return question.limit is None and question.single is not None and question.single.kind == "P"


def _claim(claim: Claim, question: Question, result: Answer, share: float | None, confidence: float) -> ClaimResult:
    each_trial = is_about_each_trial(question)
    decided = claim_verdict(result.estimate, confidence) if each_trial else result.verdict
    return question_result(
        result,
        ClaimResult,
        says=claim.says,
        check=question.text,
        source=claim.reference,
        verdict=cast("ClaimVerdict", decided),
        required=confidence if each_trial else None,
        percentile_of_claim=share,
    )


def _figure_shares(
    questions: Sequence[Question], base: Frame, execution: Execution, cache: RunCache
) -> list[float | None]:
    """Return the share of trials below the figure of each claim, None where a claim has no figure."""
    frames = frames_of(questions, base)
    figures = [_figure(question, frames[question.where]) for question in questions]
    shares: dict[_Figure, float] = {}
    for where, frame in frames.items():
        here = [figure for figure in figures if figure is not None and figure.where == where]
        for formula, sample in samples(frame, [figure.formula for figure in here], execution, cache).items():
            shares[_Figure(where, formula)] = statistics.probability(sample).value or 0.0
    return [None if figure is None else shares[figure] for figure in figures]


def _figure(question: Question, frame: Frame) -> _Figure | None:
    single = question.single
    if single is None or single.kind != "P" or question.limit is not None:
        return None
    condition = single.formula
    if not isinstance(condition, Binary) or condition.operator not in COMPARISONS:
        return None
    if names(condition.right) or any(name.startswith("#") for name in names(condition.left)):
        return None
    checked = check_formula(frame.case.checked.scope, Binary("<", condition.left, condition.right))
    return _Figure(question.where, checked.expression)
