"""The inputs that a formula depends on."""

from __future__ import annotations

from payback.simulator.case.expressions.tree import Expression
from payback.simulator.engine.plan.lowering import lower
from payback.simulator.engine.plan.schedule import schedule
from payback.simulator.engine.run.finite_checks import drawn
from payback.simulator.model import Draw, Model


def inputs_read(model: Model, output: Expression) -> tuple[Draw, ...]:
    """Return the inputs that `output` reads at any depth, in reading order.

    Those that only give the parameters of others count too.

    Parameters
    ----------
    model : Model
    output : Expression
        A plain expression, as `Case.formula` gives it.
    """
    lowered = lower(model, {"": output})
    return tuple(drawn(model, schedule(lowered.graph, lowered.outputs)))
