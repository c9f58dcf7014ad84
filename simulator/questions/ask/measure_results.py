"""The measures of a case over all trials: percentiles, mean, standard deviation and tail of each."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

from payback.simulator import digits, number_text, statistics
from payback.simulator.case import Case
from payback.simulator.case.expressions.tree import Expression, Name
from payback.simulator.case.expressions.tree import names as names_in
from payback.simulator.case.language.measures import HEADLINE, MEASURES, displayed_unit
from payback.simulator.document.core.estimate import Estimate
from payback.simulator.document.results import MeasureResult, WhyUndefined
from payback.simulator.model import Formula
from payback.simulator.questions.ask.estimates import PAYBACKS, exact, text_of, unfunded
from payback.simulator.questions.ask.known_facts import Known
from payback.simulator.questions.ask.records import estimate_record
from payback.simulator.questions.ask.undefined_reasons import reasons
from payback.simulator.questions.trials.formula_traits import is_certain, may_be_never
from payback.simulator.questions.trials.frames import Frame
from payback.simulator.questions.trials.rare_events import unseen
from payback.simulator.questions.trials.unseen_events import cautioned
from payback.simulator.stage_times import Stage
from payback.simulator.statistics import Estimate as SampleEstimate
from payback.simulator.statistics import Sample

PERCENTILES = (5, 10, 25, 50, 75, 80, 90, 95)


@dataclass(frozen=True)
class Measured:
    """A measure of a case: one of the standard ones, or a scalar calculation."""

    name: str
    formula: Expression
    unit: str
    text: str
    better: Literal["high", "low", ""]
    never: bool
    undefined: bool = False


def measured(case: Case) -> dict[str, Measured]:
    """Return the measures of `case` by name: the headline, the other standard ones, and calculations.

    Only calculations with one value for each trial that no other formula reads are measures.
    """
    names = [*HEADLINE, *(name for name, measure in MEASURES.items() if name not in HEADLINE and not measure.monthly)]
    measures = {}
    for name in names:
        measure = MEASURES[name]
        unit = displayed_unit(measure, case.currency)
        measures[name] = Measured(
            name, Name(name), unit, measure.text, measure.better, measure.never, measure.undefined
        )
    texts = {calculation.name: calculation.source.text.strip() for calculation in case.declarations.calculations}
    for definition in _unread(case):
        if not definition.monthly and definition.name in texts:
            never = may_be_never(case.model, definition.expression)
            measures[definition.name] = Measured(
                definition.name, Name(definition.name), definition.unit, texts[definition.name], "", never
            )
    return measures


def _unread(case: Case) -> list[Formula]:
    formulas = [definition for definition in case.model.definitions if isinstance(definition, Formula)]
    read: set[str] = set()
    for expression in (*(formula.expression for formula in formulas), *(line.expression for line in case.model.lines)):
        read |= names_in(expression)
    for draw in case.model.draws:
        for expression in draw.parameters:
            read |= names_in(expression)
    return [formula for formula in formulas if formula.name not in read]


@Stage("statistics")
def measure_result(measure: Measured, sample: Sample, frame: Frame, rates: Sample | None = None) -> MeasureResult:
    """Return the percentiles, mean, standard deviation and worst tail of a measure, each with its error.

    Parameters
    ----------
    measure : Measured
    sample : Sample
        The values of the measure, shape (trials,).
    frame : Frame
        The case and the cube that the trials are of.
    rates : Sample, optional
        The number of rates of return in these trials, which tells why one is undefined.
    """
    case, why = frame.case, reasons(measure.name, sample.undefined, rates)
    known = Known(measure.unit, case.horizon, measure.never, is_certain(case.model))
    plain = replace(known, never=False)
    events, free = unseen(frame, measure.formula, sample.trials), unfunded(measure.formula, sample)

    def stated(estimate: SampleEstimate, kind: str, q: float = 0.0) -> SampleEstimate:
        plainly = exact(estimate) if known.certain else cautioned(estimate, kind, q, events)
        return replace(plainly, reasons=why)

    def record(estimate: SampleEstimate, kind: str) -> Estimate:
        estimate = stated(estimate, kind)
        return estimate_record(estimate, plain, text_of(estimate, plain, free))

    ranked = [stated(statistics.percentile(sample, q), "percentile", q) for q in PERCENTILES]
    places = digits.ordered_places([(estimate.value, estimate.low, estimate.high) for estimate in ranked])
    percentiles = {
        f"P{q}": estimate_record(estimate, known, text_of(estimate, known, free, decimals))
        for q, estimate, decimals in zip(PERCENTILES, ranked, places, strict=True)
    }
    countable = not sample.never and not sample.undefined
    worst = {"high": 5.0, "low": 95.0}.get(measure.better)
    return MeasureResult(
        unit=measure.unit,
        better=measure.better,
        text=measure.text,
        percentiles=percentiles,
        mean=record(statistics.mean(sample), "mean") if countable else None,
        sd=record(statistics.sd(sample), "sd") if countable else None,
        worst5=record(statistics.cvar(sample, worst), "CVaR") if countable and worst else None,
        never=sample.never,
        undefined=sample.undefined,
        reasons=tuple(WhyUndefined(why=words, share=share) for words, share in why),
        unfunded=free,
        top_share=statistics.top_share(sample).value if countable else None,
        main=measure.name in HEADLINE,
    )


def plain_text(value: float, measure: Measured, horizon: int) -> str:
    """Return a value without simulation error as text; "never" and "undefined" in words.

    Parameters
    ----------
    value : float
        In the unit of the measure; +inf is "never", NaN is undefined.
    measure : Measured
    horizon : int
        Months.
    """
    if math.isnan(value):
        return "not defined"
    if math.isinf(value):
        return number_text.not_within(horizon) if value > 0 else "not a finite number"
    if value == 0 and measure.name in PAYBACKS:
        return "0 months (no funding is needed)"
    return number_text.quantity(value, measure.unit, digits.bare_places(value))
