"""The tornado: each input alone at its P10 and its P90, all others at their medians."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from payback.distributions import Certain
from payback.simulator.case import Case
from payback.simulator.case.expressions.tree import Expression, Name
from payback.simulator.document.question_records import Bar, Held, Tornado
from payback.simulator.engine import evaluate
from payback.simulator.model import Draw
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame, listed

LOW, HIGH = 0.1, 0.9
MEASURE = "npv"


def tornado(case: Case, measure: str = MEASURE, low: float = LOW, high: float = HIGH) -> Tornado:
    """Return the tornado of `measure`: how far each input alone moves it.

    Parameters
    ----------
    case : Case
        Inputs under ``hold:`` stand at the value given there, and are not swung.
    measure : str
        A scalar formula: ``npv``, ``at(cumulative_net, 12)``.
    low, high : float
        The two positions in the distribution of an input, in (0, 1), taken by the exact ``ppf``.

    Returns
    -------
    Tornado
        The bars, longest first, ties by name. Dependence is ignored: every other input stays at its
        median.

    Raises
    ------
    CaseError
        If `measure` makes no sense in the case.

    References
    ----------
    .. [1] Howard (1988), Decision analysis: practice and promise, Management Science 34(6),
       doi:10.1287/mnsc.34.6.679
    """
    formula = case.formula(measure)
    swung = swung_inputs(case)
    coordinates = {draw.name: np.full(2 * len(swung) + 1, 0.5) for draw in swung}
    for row, draw in enumerate(swung):
        coordinates[draw.name][2 * row + 1 : 2 * row + 3] = low, high
    outputs = {"": formula.expression, **{draw.name: Name(draw.name) for draw in swung}}
    evaluated = evaluate(case.model, case.hold, outputs, coordinates)
    values = np.broadcast_to(evaluated[""], (2 * len(swung) + 1,))
    bars = []
    for row, draw in enumerate(swung):
        at_low, at_high = (_known(values[2 * row + k]) for k in (1, 2))
        ends = np.broadcast_to(evaluated[draw.name], values.shape)
        swing = None if at_low is None or at_high is None else abs(at_high - at_low)
        low_value, high_value = (float(ends[2 * row + k]) for k in (1, 2))
        bars.append(
            Bar(
                input=draw.name,
                unit=draw.unit,
                low_u=low,
                high_u=high,
                low_value=low_value,
                high_value=high_value,
                low=at_low,
                high=at_high,
                swing=swing,
            )
        )
    return Tornado(
        measure=measure,
        unit=formula.unit,
        base=_known(values[0]),
        held=held(case),
        bars=tuple(sorted(bars, key=_longest_first)),
        note=_note(case, low, high),
    )


def of_frame(frame: Frame, execution: Execution, measure: str = MEASURE) -> Tornado:
    """Return the tornado of the case of `frame`; it draws no trials, so `execution` is not used."""
    return tornado(frame.case, measure)


def swung_inputs(case: Case) -> list[Draw]:
    """Return the inputs that a tornado swings: uncertain, drawn once per trial, and not held.

    An input that is drawn anew each month has an axis for each month, so there is no single quantile to set it to.
    """
    kept = case.hold
    return [
        draw
        for draw in case.model.draws
        if not (draw.monthly or draw.process or draw.name in kept or isinstance(draw.distribution, Certain))
    ]


def held(case: Case) -> tuple[Held, ...]:
    """Return the inputs that ``hold:`` keeps at a value other than their median."""
    return tuple(Held(name=name, value=value) for name, value in case.hold.items())


def base_values(case: Case, formulas: Mapping[str, Expression]) -> dict[str, float]:
    """Return the value of each formula with all inputs at their medians, held ones at the value of ``hold:``.

    ``+inf`` is "never", NaN is "undefined".

    Parameters
    ----------
    case : Case
    formulas : mapping of str to Expression
        Plain scalar formulas, by name.
    """
    return {name: float(values[0]) for name, values in evaluate(case.model, case.hold, formulas).items()}


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _longest_first(bar: Bar) -> tuple[float, str]:
    """Return the sort key of a bar: first those with one end never, then by length, last those never at both ends."""
    if bar.swing is None:
        return (math.inf if bar.low is None and bar.high is None else -math.inf), bar.input
    return -float(f"{bar.swing:.12g}"), bar.input


def _note(case: Case, low: float, high: float) -> str:
    note = f"Each input alone at its P{100 * low:g} and P{100 * high:g}, all others at their medians"
    if case.hold:
        note += "; held: " + listed(f"{name} = {value:g}" for name, value in case.hold.items())
    monthly = dict.fromkeys(draw.process or draw.name for draw in case.model.draws if draw.monthly or draw.process)
    if monthly:
        note += f"; not swung, for they are drawn anew each month, each draw at its median: {listed(monthly)}"
    if case.model.dependence:
        note += "; dependence is not followed"
    return note + "."
