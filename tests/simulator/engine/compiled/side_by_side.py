"""Both back ends side by side on one model."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from payback.simulator.case.expressions.tree import Expression
from payback.simulator.cube import Cube
from payback.simulator.engine.compiled.backend import CompiledBackend
from payback.simulator.engine.compiled.ledger.plan_code import plan_code
from payback.simulator.engine.compiled.thread_workspace import CompiledStage
from payback.simulator.engine.numpy_engine.numpy_backend import NumpyBackend
from payback.simulator.engine.plan.lowering import lower
from payback.simulator.engine.run.backends import Backend
from payback.simulator.engine.run.finite_checks import checked_plan, drawn
from payback.simulator.model import Model

Found = dict[str, NDArray[np.float64]]


def backends(model: Model, outputs: Mapping[str, Expression], cube: Cube) -> tuple[Backend, CompiledBackend]:
    """Return the numpy and the compiled back end of the same plan."""
    plan = checked_plan(lower(model, outputs))
    draws = drawn(model, plan)
    written = plan_code(plan)
    assert written is not None
    return NumpyBackend(plan, draws, cube), CompiledBackend(written, draws, cube)


def both(
    model: Model, outputs: Mapping[str, Expression], cube: Cube, start: int = 0, stop: int | None = None
) -> tuple[Found, Found]:
    """Return what numpy and what compiled code give in trials `start` to `stop`."""
    plain, compiled = (
        {name: np.array(values) for name, values in backend.worker()(start, stop or cube.trials).items()}
        for backend in backends(model, outputs, cube)
    )
    return plain, compiled


def same_bits(left: Found, right: Found) -> list[str]:
    """Return the names of the outputs that differ in any bit; all NaN are alike."""
    return [name for name in left if not np.array_equal(left[name], right[name], equal_nan=True)]


def filled(backend: CompiledBackend) -> list[str]:
    """Return the inputs that numpy draws for compiled code."""
    return [
        draw.name for stage in backend.stages if isinstance(stage, CompiledStage) for draw, _, _ in stage.inputs.filled
    ]
