"""Rare events: parts of inputs whose probability is known exactly, and is too small for the trials of a run.

Whether a run has seen an event of 0.01 % is no question for statistics of its trials: where it did not, nothing in them
shows that anything is missing. The probability of the event stands in the case, so how many trials hold it is known
before the first one is drawn.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from payback.simulator.case.expressions.tree import Expression
from payback.simulator.engine import inputs_read
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
    banded = _banded(frame)
    rarest = {
        draw.name: frame.rare_shares[draw.name]
        for draw in frame.case.model.draws
        if frame.rare_shares.get(draw.name, math.inf) * trials < ENOUGH and draw.axis not in banded
    }
    if not rarest:
        return ()
    read = inputs_read(frame.case.model, formula)
    return tuple(RareEvent(draw.process or draw.name, rarest[draw.name]) for draw in read if draw.name in rarest)


def _banded(frame: Frame) -> set[str]:
    """Return the axes that a stress restricts, and those that depend on them."""
    banded = {axis.partition("[")[0] for axis, _ in (*frame.cube.conditions, *frame.cube.interventions)}
    coupled = (group.axes for group in frame.case.model.dependence if banded.intersection(group.axes))
    return banded.union(*coupled)
