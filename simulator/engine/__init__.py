"""The engine: a model becomes a plan, and the plan is computed block by block over trials."""

from __future__ import annotations

import importlib
import typing

if typing.TYPE_CHECKING:
    from payback.simulator.engine.run.at_points import evaluate
    from payback.simulator.engine.run.count_trials import accumulate
    from payback.simulator.engine.run.inputs_read import inputs_read
    from payback.simulator.engine.run.keep_trials import Trials, cost, engine_for, simulate
    from payback.simulator.engine.run.pick_freeze import pick_freeze

_HOMES = {
    "Trials": "keep_trials",
    "accumulate": "count_trials",
    "cost": "keep_trials",
    "engine_for": "keep_trials",
    "evaluate": "at_points",
    "inputs_read": "inputs_read",
    "pick_freeze": "pick_freeze",
    "simulate": "keep_trials",
}
"""Where each name lives in `run`: it is imported when it is first used, as a check needs a few points and no trials."""

__all__ = ["Trials", "accumulate", "cost", "engine_for", "evaluate", "inputs_read", "pick_freeze", "simulate"]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'payback.simulator.engine' has no attribute {name!r}")
    return getattr(importlib.import_module(f"payback.simulator.engine.run.{_HOMES[name]}"), name)
