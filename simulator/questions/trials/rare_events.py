"""Rare events: parts of inputs whose probability is known exactly, and is too small for the trials of a run.

Whether a run has seen an event of 0.01 % is no question for statistics of its trials: where it did not, nothing in them
shows that anything is missing. The probability of the event stands in the case, so how many trials hold it is known
before the first one is drawn.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from payback.distributions import Certain, Distribution
from payback.simulator.case.expressions.tree import Expression
from payback.simulator.engine import evaluate, inputs_read
from payback.simulator.model import Draw, Model
from payback.simulator.questions.trials.frames import Frame

ENOUGH = 10
"""Trials that must be expected to hold an event before its effect on a mean can be told."""


@dataclass(frozen=True)
class RareEvent:
    """An event of an input that few trials hold.

    Parameters
    ----------
    name : str
        The input, or the process.
    share : float
        The probability that a trial holds it; of a monthly input, in any month.
    """

    name: str
    share: float

    @property
    def needs(self) -> int:
        """The number of trials of which `ENOUGH` are expected to hold it."""
        return math.ceil(ENOUGH / self.share)


def unseen(frame: Frame, formula: Expression, trials: int) -> tuple[RareEvent, ...]:
    """Return the events that `formula` depends on and of which fewer than `ENOUGH` of `trials` trials are expected.

    Events of inputs in the bands of a stress are left out: their probability is not that of the case.

    Parameters
    ----------
    frame : Frame
    formula : Expression
        Plain, as `Case.formula` gives it.
    trials : int

    Returns
    -------
    tuple of RareEvent
        The rarest of each input, in reading order.
    """
    model, banded = frame.case.model, _banded(frame)
    rarest: dict[str, float] = {}
    for draw in model.draws:
        for share in () if draw.axis in banded else shares(model, draw):
            if share * trials < ENOUGH:
                rarest[draw.name] = min(share, rarest.get(draw.name, 1.0))
    if not rarest:
        return ()
    read = inputs_read(model, formula)
    return tuple(RareEvent(draw.process or draw.name, rarest[draw.name]) for draw in read if draw.name in rarest)


def shares(model: Model, draw: Draw) -> tuple[float, ...]:
    """Return the probabilities that a trial holds the rare parts of an input; parameters that vary, as at medians."""
    weights = law(model, draw).rare_parts()
    return tuple(-math.expm1(model.horizon * math.log1p(-w)) for w in weights) if draw.monthly else weights


def law(model: Model, draw: Draw) -> Distribution:
    """Return the distribution of an input, its parameters at their values with all inputs at their medians."""
    if draw.distribution is not None:
        return draw.distribution
    if draw.build is None:
        return Certain(math.nan, checked=False)
    named = {str(k): formula for k, formula in enumerate(draw.parameters)}
    values = evaluate(model, {}, named)
    return draw.build(*(float(values[name].flat[0]) for name in named))


def _banded(frame: Frame) -> set[str]:
    """Return the axes that a stress restricts, and those that depend on them."""
    banded = {axis.partition("[")[0] for axis, _ in (*frame.cube.conditions, *frame.cube.interventions)}
    coupled = (group.axes for group in frame.case.model.dependence if banded.intersection(group.axes))
    return banded.union(*coupled)
