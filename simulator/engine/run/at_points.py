"""Values of a model at given points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from payback.simulator.case.expressions.tree import Expression
from payback.simulator.engine.numpy_engine.blocks import Block
from payback.simulator.engine.numpy_engine.input_values import Given
from payback.simulator.engine.plan.lowering import lower
from payback.simulator.engine.run.finite_checks import checked_plan
from payback.simulator.model import Model

Floats = NDArray[np.float64]


def evaluate(
    model: Model,
    inputs: Mapping[str, Any],
    outputs: Mapping[str, Expression],
    coordinates: Mapping[str, Any] | None = None,
) -> dict[str, Floats]:
    """Return every output at given points.

    Parameters
    ----------
    model : Model
    inputs : mapping of str to float or array_like of shape (points,)
        Values of inputs, in their own units.
    outputs : mapping of str to Expression
    coordinates : mapping of str to float or array_like of shape (points,), optional
        Inputs as probabilities in (0, 1), turned into values by exact quantiles; an input in neither mapping is at its
        median.

    Returns
    -------
    dict of str to ndarray of shape (points,)
    """
    given = Given(model, inputs, coordinates or {})
    plan = checked_plan(lower(model, outputs, free=inputs))
    buffers = Block(plan, given.points, given)
    buffers.run()
    values = buffers.outputs()
    return {name: np.array(values[name]) for name in outputs}
