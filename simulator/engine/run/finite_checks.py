"""Checks that results are finite, and the message that names the formula at fault and the inputs of an example."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from payback.distributions import Certain
from payback.simulator.case.expressions.tree import Expression
from payback.simulator.engine.numpy_engine.cube_protocol import CubeLike
from payback.simulator.engine.numpy_engine.input_values import Sampled
from payback.simulator.engine.numpy_engine.numpy_backend import NumpyBackend
from payback.simulator.engine.plan.lowering import Lowered, lower
from payback.simulator.engine.plan.schedule import Plan, schedule
from payback.simulator.model import Draw, Model
from payback.simulator.number_range import LARGEST, beyond

Floats = NDArray[np.float64]

_CHECK = "\0check "


def checked_plan(lowered: Lowered) -> Plan:
    """Return the plan of the outputs of `lowered` and of its checks, under the names that `not_finite` looks for."""
    checks = {_CHECK + name: node for name, node in lowered.checks.items()}
    return schedule(lowered.graph, {**lowered.outputs, **checks})


def drawn(model: Model, plan: Plan) -> Sequence[Draw]:
    """Return the inputs of `model` that `plan` reads."""
    steps = (i for r in plan.regions for i in (*r.begin, *r.body, *r.after))
    names = {i.data[0] for i in steps if i.op == "draw"}
    return [d for d in model.draws if d.name in names]


def not_finite(values: Mapping[str, Floats], start: int) -> NDArray[np.intp] | None:
    """Return the trials of a block from `start` on in which a check fails, None if there are none."""
    wrong = None
    columns = (column for name, column in values.items() if name.startswith(_CHECK))
    for column in {(column.ctypes.data, column.strides): column for column in columns}.values():
        here = beyond(column[:1] if column.strides == (0,) else column)  # a constant has the same value in every trial
        if here is not None:
            here = np.broadcast_to(here, column.shape)
            wrong = here if wrong is None else wrong | here
    return None if wrong is None else wrong.nonzero()[0] + start


def blame(model: Model, outputs: Mapping[str, Expression], cube: CubeLike, first: int, count: int) -> str:
    """Return the message that names the formula that is not finite, the number of such trials, and an example.

    Parameters
    ----------
    model : Model
    outputs : mapping of str to Expression
    cube : CubeLike
    first : int
        The first trial in which a check fails.
    count : int
        The number of trials in which a check fails.
    """
    plan = checked_plan(lower(model, outputs, diagnose=True))
    values = NumpyBackend(plan, drawn(model, plan), cube).worker()(first, first + 1)
    at_fault = {
        n.removeprefix(_CHECK): v[0] for n, v in values.items() if n.startswith(_CHECK) and beyond(v) is not None
    }
    results = [v[0] for n, v in values.items() if not n.startswith(_CHECK) and np.isfinite(v[0])]
    outputs_at_fault = ("an output", max(results, key=abs, default=np.nan))
    culprit, value = next(iter(at_fault.items()), outputs_at_fault)
    fault = f"larger than {LARGEST:.0e} in size" if LARGEST < abs(value) < np.inf else "not a finite number"
    return (
        f"{culprit} is {fault} in {count:,} of {cube.trials:,} trials; "
        f"the first is trial {first:,}{_example(model, cube, first)}"
    )


def _example(model: Model, cube: CubeLike, trial: int) -> str:
    scalar = (d for d in model.draws if d.distribution is not None and not d.monthly)
    draws = [d for d in scalar if not isinstance(d.distribution, Certain)]
    source = Sampled(draws, cube).block(trial, trial + 1)
    out = np.empty(1)
    shown = []
    for draw in draws:
        source(draw.name, -1, (), out)
        shown.append(f"{draw.name} = {out[0]:.6g}")
    if not shown:
        return ""
    return f": {', '.join(shown[:8])}" + (", ..." if len(shown) > 8 else "")
