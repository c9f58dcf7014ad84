"""The risk appendix of a run as one document: every question that a run answers without being asked."""

from __future__ import annotations

import math
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from payback.simulator import number_text
from payback.simulator.case import Case
from payback.simulator.case.declarations.declarations import WhatIf
from payback.simulator.case.expressions.tree import Number
from payback.simulator.cube import Cube
from payback.simulator.document.claims import ClaimResult, HurdleResult, QuestionResult
from payback.simulator.document.comparisons import Comparison
from payback.simulator.document.document import Document
from payback.simulator.document.exhibits import Curves
from payback.simulator.document.precision import Precision
from payback.simulator.document.registered_questions import QUESTIONS, at
from payback.simulator.document.results import BaseCase, BaseValue, CaseFacts, LadderStep, MeasureResult, Provenance
from payback.simulator.engine.workers.versions import PACKAGES, installed
from payback.simulator.questions.appendix import assumptions, curves
from payback.simulator.questions.appendix.caveats import limits
from payback.simulator.questions.appendix.verdict_text import headline
from payback.simulator.questions.ask.answers import answer
from payback.simulator.questions.ask.measure_results import Measured, measure_result, measured, plain_text
from payback.simulator.questions.ask.records import question_result
from payback.simulator.questions.ask.undefined_reasons import RATES
from payback.simulator.questions.compare.claims import claim_questions, claims_of, hurdle_questions, hurdles_of
from payback.simulator.questions.compare.comparison import compare
from payback.simulator.questions.compare.default_questions import ladder_questions, run_questions, usual_questions
from payback.simulator.questions.grammar import parse_question
from payback.simulator.questions.ledger.ledger_notes import frame_notes
from payback.simulator.questions.sensitivity.tornado import base_values, held
from payback.simulator.questions.size.compared_trials import compared_trials
from payback.simulator.questions.size.run_size import shortfall
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.formula_traits import is_certain, leading_measure
from payback.simulator.questions.trials.frames import Frame, stress, what_if
from payback.simulator.questions.trials.run_cache import NO_CACHE, RunCache
from payback.simulator.questions.trials.samples import Interrupted, samples
from payback.simulator.questions.trials.sampling import TRIALS, Sampling
from payback.simulator.questions.trials.total_progress import with_total_progress
from payback.simulator.source_date import source_date
from payback.simulator.stage_times import Stage
from payback.simulator.statistics import Sample

LOSSES = ("P(gain < 0)", "P(npv < 0)", "P(roi < 0)")
LATE, LATE_DISCOUNTED = "P(never(payback))", "P(never(discounted_payback))"
LASTING = "P(stays_paid_back)"


@dataclass(frozen=True)
class Appendix:
    """A result document, and the trials behind it.

    Parameters
    ----------
    document : Document
    trials : mapping of str to Sample
        By measure.
    notes : tuple of str
        Remarks on the trials, such as that their number was rounded.
    warnings : tuple of str
        What the limits of the document say of the ledger: no money out, what is dated after the horizon.
    """

    document: Document
    trials: Mapping[str, Sample]
    notes: tuple[str, ...]
    warnings: tuple[str, ...] = ()


def appendix(
    case: Case,
    sampling: Sampling,
    execution: Execution,
    command: str = "",
    *,
    precision: tuple[Precision, ...] = (),
    chosen: bool = False,
    cache: RunCache = NO_CACHE,
) -> Appendix:
    """Return the appendix of `case`: everything that ``payback run`` reports.

    Parameters
    ----------
    case : Case
    sampling : Sampling
    execution : Execution
    command : str
        The command line that repeats the run; made up from `sampling` when empty.
    precision : tuple of Precision
        The precision that decided the number of trials; empty if the number was given.
    chosen : bool
        Whether the run chose its number of trials: if so, its comparisons stay within its budget of work.
    cache : RunCache
        Samples and input values of earlier runs of the case.

    Raises
    ------
    CaseError
        A claim, hurdle, what-if or stress that makes no sense in the case.
    Interrupted
        When the interrupt of `execution` stops the run; it carries the measures of the trials that were done.
    """
    base = Frame(case, sampling.cube(case))
    what_ifs = [what_if(base, declared.name) for declared in case.what_if]
    stresses = [stress(base, declared) for declared in case.stress]
    runs = 4 + len(what_ifs) + len(stresses) + bool(case.claims)
    execution, cache = with_total_progress(execution, runs), cache.for_runs(runs)
    specs = measured(case)
    with Stage("measures"):
        by_formula = samples(base, [measure.formula for measure in specs.values()], execution, cache)
        trials = {name: by_formula[spec.formula] for name, spec in specs.items() if spec.formula in by_formula}
        rates = trials.get(RATES.id)
        measures = {name: measure_result(specs[name], sample, base, rates) for name, sample in trials.items()}
    done = min((sample.trials for sample in trials.values()), default=0)
    if done < base.cube.trials:
        raise Interrupted(measures, done, base.cube.trials)
    try:
        later = replace(execution, interrupt=None)
        repeat = command or " ".join(["payback run", case.file, *repeated(base.cube, chosen=chosen)])
        changed = [*what_ifs, *stresses]
        document = _document(base, changed, len(what_ifs), trials, measures, later, repeat, chosen=chosen, cache=cache)
    except KeyboardInterrupt:
        raise Interrupted(measures, done, done) from None
    document = replace(document, provenance=replace(document.provenance, precision=precision))
    if chosen and (short := shortfall(precision)):
        document = replace(document, limits=(*document.limits, f"{short}."))
    warnings = frame_notes(case, changed)
    document = replace(document, limits=(*(f"{warning}." for warning in warnings), *document.limits))
    return Appendix(document, trials, sampling.notes(base.cube), warnings)


def _document(
    base: Frame,
    changed: Sequence[Frame],
    split: int,
    trials: Mapping[str, Sample],
    measures: Mapping[str, MeasureResult],
    execution: Execution,
    command: str,
    *,
    chosen: bool,
    cache: RunCache,
) -> Document:
    """Return the document; the first `split` of the frames `changed` are what-ifs, the others stresses."""
    case, specs = base.case, measured(base.case)
    with Stage("probabilities, claims, hurdles"):
        probabilities, claim_results, hurdle_results = _judged(base, execution, cache)
    with Stage("what-ifs and stresses"):
        compared, shorter = _compared(base, changed, execution, chosen=chosen, cache=cache)
    records = {}
    for question in QUESTIONS:
        with Stage(question.name):
            records[question.name] = at(question.in_run)(base, execution)
    shown = tuple(_usual(comparison, case) for comparison in compared)
    return Document(
        case=_facts(case),
        provenance=_provenance(base, command),
        verdict=headline(case, measures, probabilities, claim_results, hurdle_results, records["tornado"]),
        base_case=_base_case(case, specs, trials),
        ladder=_ladder(case, compared[:split]),
        measures=dict(measures),
        probabilities=tuple(probabilities.values()),
        claims=claim_results,
        hurdles=hurdle_results,
        what_if=shown[:split],
        stress=shown[split:],
        **records,
        curves=_curves(base, specs["npv"].unit, trials, execution, cache),
        assumptions=assumptions.pictured_assumptions(case),
        dependence=assumptions.dependence(case),
        formulas=assumptions.formulas(case),
        limits=(*limits(case, dict(measures), shown[split:], shares=records["variance"] is not None), *shorter),
        definitions=assumptions.definitions(),
    )


def _compared(
    base: Frame, changed: Sequence[Frame], execution: Execution, *, chosen: bool, cache: RunCache
) -> tuple[tuple[Comparison, ...], tuple[str, ...]]:
    """Return the comparisons of the frames `changed` with `base`, and a remark when they are of fewer trials."""
    trials = base.cube.trials
    most = compared_trials(base.case, trials) if chosen else trials
    comparisons = compare(base, changed, run_questions(base.case), execution, cache, most)
    if most == trials or not comparisons:
        return comparisons, ()
    return comparisons, (
        f"What-ifs, stresses and the ladder are of the first {most:,} trials, the headline is of {trials:,}.",
    )


@Stage("curves")
def _curves(base: Frame, unit: str, trials: Mapping[str, Sample], execution: Execution, cache: RunCache) -> Curves:
    case = base.case
    return Curves(
        payback_s_curve=curves.payback_curve(trials["payback"], case.horizon, certain=is_certain(case.model)),
        npv_histogram=curves.histogram(trials["npv"], "npv", unit),
        npv_cdf=curves.cumulative_curve(trials["npv"], "npv", unit),
        cumulative_fan=curves.cash_fan(base, execution, cache),
    )


def probability_questions(case: Case) -> tuple[str, ...]:
    """Return the probabilities that every run of `case` answers, the loss of its leading measure first."""
    leading = leading_measure(case.model)
    losses = sorted(LOSSES, key=lambda question: question != f"P({leading} < 0)")
    return (*losses, LATE, *([LATE_DISCOUNTED] if leading == "npv" else []), LASTING)


def _judged(
    base: Frame, execution: Execution, cache: RunCache
) -> tuple[dict[str, QuestionResult], tuple[ClaimResult, ...], tuple[HurdleResult, ...]]:
    """Return the probabilities that every run answers, by question, the claims, and the hurdles: all of one run."""
    questions = [parse_question(text) for text in probability_questions(base.case)]
    claimed, hurdled = claim_questions(base.case), hurdle_questions(base.case)
    answers = answer([*questions, *claimed, *hurdled], base, execution, cache)
    ends = len(questions), len(questions) + len(claimed)
    probabilities = {result.question: question_result(result, QuestionResult) for result in answers[: ends[0]]}
    claim_results = claims_of(answers[ends[0] : ends[1]], base, execution, cache)
    return probabilities, claim_results, hurdles_of(answers[ends[1] :], base.case)


def _usual(comparison: Comparison, case: Case) -> Comparison:
    """Return a comparison with only the default questions, without those of the ladder."""
    kept = usual_questions(case)
    return replace(
        comparison, answers={question: pair for question, pair in comparison.answers.items() if question in kept}
    )


def _ladder(case: Case, compared: Sequence[Comparison]) -> tuple[LadderStep, ...]:
    """Return the steps of the ladder; the last is the case as it is."""
    by_name = {comparison.name: comparison for comparison in compared}
    rungs = [by_name[name] for name in case.ladder]
    if not rungs:
        return ()
    questions = ladder_questions(case)
    steps = [
        LadderStep(
            name=rung.name,
            text=_added(case, index),
            answers={question: rung.answers[question].after for question in questions},
        )
        for index, rung in enumerate(rungs)
    ]
    last = {question: rungs[0].answers[question].before for question in questions}
    return (*steps, LadderStep(name="the case as it is", text=_added(case, len(rungs)), answers=last))


def _added(case: Case, index: int) -> str:
    """Return in words what step `index` of the ladder takes from the case: the overrides that it drops."""
    named: Mapping[str, WhatIf] = {declared.name: declared for declared in case.what_if}
    targets = [[change.target for change in named[name].changes] for name in case.ladder]
    if index == 0:
        return "differs from the case in " + number_text.series(targets[0])
    now = targets[index] if index < len(targets) else []
    return "now as in the case: " + number_text.series([target for target in targets[index - 1] if target not in now])


def _base_case(case: Case, specs: Mapping[str, Measured], trials: Mapping[str, Sample]) -> BaseCase:
    values = base_values(case, {name: measure.formula for name, measure in specs.items()})
    kept = held(case)
    text = "All inputs at their medians"
    if kept:
        text += "; held: " + ", ".join(f"{held_input.name} = {held_input.value:g}" for held_input in kept)
    return BaseCase(
        measures={
            name: BaseValue(
                value=value if math.isfinite(value) else None,
                text=plain_text(value, specs[name], case.horizon),
                percentile=curves.share_at_or_below(trials[name], value),
            )
            for name, value in values.items()
        },
        held=kept,
        text=f"{text}.",
    )


def _facts(case: Case) -> CaseFacts:
    rate = case.model.discount_rate
    written = case.declarations.source.get("discount_rate")
    return CaseFacts(
        name=case.name,
        currency=case.currency,
        horizon=case.horizon,
        discount_rate=rate.value if isinstance(rate, Number) else None,
        discount_text=written.text.strip() if written and written.text else "0 %/year",
        source=case.reference,
        file=Path(case.file).name,
        digest=case.digest,
        notes=case.notes,
    )


def _provenance(base: Frame, command: str) -> Provenance:
    cube = base.cube
    return Provenance(
        seed=cube.seed,
        sampler=cube.sampler.name,
        trials=cube.trials,
        replicates=cube.replicates,
        versions={"python": platform.python_version()} | {name: installed(name) for name in PACKAGES},
        command=command,
        date=source_date(),
    )


def repeated(cube: Cube, *, chosen: bool) -> list[str]:
    """Return the command-line options that repeat the trials of `cube`; `chosen`: the run chose their number itself."""
    size = [] if chosen and cube.trials > TRIALS else ["--trials", str(cube.trials)]
    return [*size, "--seed", str(cube.seed), "--sampler", cube.sampler.name]
