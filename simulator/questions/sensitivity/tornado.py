"""The tornado: each input alone at its P10 and its P90, or at the values that it takes, all others at their medians."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from payback.distributions import Certain, Distribution
from payback.simulator import number_text
from payback.simulator.case import Case
from payback.simulator.case.expressions.tree import Expression, Name
from payback.simulator.case.source.spelling import listed
from payback.simulator.document.questions.tornado import Bar, Held, Tornado
from payback.simulator.engine import evaluate, inputs_read
from payback.simulator.model import Draw
from payback.simulator.questions.sensitivity.swung_values import Stop, extremes, stops
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame
from payback.simulator.questions.trials.rare_shares import laws

LOW, HIGH = 0.1, 0.9
MEASURE = "npv"

MOST_STILL = 12
"""Inputs without a swing, and values of other inputs, that are tried together at most."""


def tornado(case: Case, measure: str = MEASURE, low: float = LOW, high: float = HIGH) -> Tornado:
    """Return the tornado of `measure`: how far each input alone moves it.

    Parameters
    ----------
    case : Case
        Inputs under ``hold:`` stand at the value given there, and are not swung.
    measure : str
        A scalar formula: ``npv``, ``at(cumulative_net, 12)``.
    low, high : float
        The two positions in the distribution of an input, in (0, 1), taken by the exact ``ppf``. An input with few
        values, or with one value at both positions, is put at the values that it takes instead, and the bar reaches
        between the smallest and the largest result (`payback.simulator.questions.sensitivity.swung_values`).

    Returns
    -------
    Tornado
        The bars, longest first, ties by name. Dependence is ignored: every other input stays at its
        median. Its note names what such bars cannot show.

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
    distributions = laws(case.model, case.hold)
    places = {draw.name: stops(distributions[draw.name], low, high) for draw in swung}
    outputs = {"": formula.expression, **{draw.name: Name(draw.name) for draw in swung}}
    evaluated = _at_stops(case, outputs, [{name: stop.u} for name in places for stop in places[name]])
    values, bars, row = evaluated[""], [], 1
    for draw in swung:
        here = places[draw.name]
        first, second = (row + position for position in extremes(values[row : row + len(here)].tolist()))
        bars.append(_bar(draw, evaluated, (first, here[first - row]), (second, here[second - row])))
        row += len(here)
    return Tornado(
        measure=measure,
        unit=formula.unit,
        base=_known(values[0]),
        held=held(case),
        bars=tuple(sorted(bars, key=_longest_first)),
        note=_note(case, formula.expression, bars, distributions, low, high),
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


def _at_stops(
    case: Case, outputs: Mapping[str, Expression], rows: Sequence[Mapping[str, float]]
) -> dict[str, NDArray[np.float64]]:
    """Return every output in the base case and then with the coordinates of each of `rows`, shape (rows + 1,)."""
    coordinates = {name: np.full(len(rows) + 1, 0.5) for row in rows for name in row}
    for index, row in enumerate(rows):
        for name, u in row.items():
            coordinates[name][index + 1] = u
    evaluated = evaluate(case.model, case.hold, outputs, coordinates)
    return {name: np.broadcast_to(values, (len(rows) + 1,)) for name, values in evaluated.items()}


def _bar(
    draw: Draw, evaluated: Mapping[str, NDArray[np.float64]], low: tuple[int, Stop], high: tuple[int, Stop]
) -> Bar:
    """Return the bar of an input between two stops, each with its row among the values that were evaluated."""
    at_low, at_high = (_known(evaluated[""][row]) for row, _ in (low, high))
    low_value, high_value = (float(evaluated[draw.name][row]) for row, _ in (low, high))
    return Bar(
        input=draw.name,
        unit=draw.unit,
        low_u=low[1].u,
        high_u=high[1].u,
        low_value=low_value,
        high_value=high_value,
        low=at_low,
        high=at_high,
        swing=None if at_low is None or at_high is None else abs(at_high - at_low),
        low_share=low[1].share,
        high_share=high[1].share,
    )


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _longest_first(bar: Bar) -> tuple[float, str]:
    """Return the sort key of a bar: first those with one end never, then by length, last those never at both ends."""
    if bar.swing is None:
        return (math.inf if bar.low is None and bar.high is None else -math.inf), bar.input
    return -float(f"{bar.swing:.12g}"), bar.input


def _note(
    case: Case,
    measure: Expression,
    bars: Sequence[Bar],
    distributions: Mapping[str, Distribution],
    low: float,
    high: float,
) -> str:
    """Return what was done to each input, and what the bars cannot show."""
    ends = f"P{100 * low:g} and P{100 * high:g}"
    sentences = [f"Each input alone at its {ends}, all others at their medians"]
    by_value = [bar.input for bar in bars if bar.low_share is not None]
    if by_value:
        stand = "At values that they take, with the probability of the value or of its side of the distribution"
        sentences.append(f"{stand}: {listed(by_value)}")
    if case.hold:
        sentences.append("Held: " + listed(f"{name} = {value:g}" for name, value in case.hold.items()))
    monthly = dict.fromkeys(draw.process or draw.name for draw in case.model.draws if draw.monthly or draw.process)
    if monthly:
        sentences.append(f"Not swung, for they are drawn anew each month, each draw at its median: {listed(monthly)}")
    if case.model.dependence:
        sentences.append("Dependence is not followed")
    read = {draw.name for draw in inputs_read(case.model, measure)}
    hidden = [bar.input for bar in bars if bar.low_share is None and bar.swing and bar.input in read]
    mixed = [name for name in hidden if not distributions[name].discrete]
    rare = {name: [w for w in distributions[name].rare_parts() if w < low] for name in mixed}
    if any(rare.values()):
        parts = (f"{name} ({_shares(weights)})" for name, weights in rare.items() if weights)
        sentences.append(f"Rare parts that {ends} do not show: {listed(parts)}")
    still = [bar.input for bar in bars if bar.swing == 0.0 and bar.input in read]
    if still:
        opened = _opened(case, measure, bars, still)
        names = [f"{name} (it has one where {opened[name]})" if name in opened else name for name in still]
        sentences.append(f"No swing while the others stay at these values: {listed(names, len(names))}")
    return "".join(f"{sentence}. " for sentence in sentences).rstrip()


def _opened(case: Case, measure: Expression, bars: Sequence[Bar], still: Sequence[str]) -> dict[str, str]:
    """Return, for each input of `still` that moves `measure` when another is put at a value that it takes, which."""
    ends = {bar.input: (bar.low_u, bar.high_u) for bar in bars}
    gates = [
        (bar.input, u, value)
        for bar in bars
        if bar.low_share is not None
        for u, value in ((bar.low_u, bar.low_value), (bar.high_u, bar.high_value))
    ]
    pairs = [(name, gate) for name in still[:MOST_STILL] for gate in gates[:MOST_STILL] if gate[0] != name]
    rows = [{name: u, gate[0]: gate[1]} for name, gate in pairs for u in ends[name]]
    if not rows:
        return {}
    values = _at_stops(case, {"": measure}, rows)[""][1:].reshape(-1, 2)
    opened: dict[str, str] = {}
    for (name, (gate, _, value)), (low, high) in zip(pairs, values, strict=True):
        if low != high and not math.isnan(low + high):
            opened.setdefault(name, f"{gate} is {number_text.bare(value)}")
    return opened


def _shares(weights: Sequence[float]) -> str:
    return number_text.series([number_text.percent(weight) for weight in sorted(set(weights), reverse=True)[:3]])
