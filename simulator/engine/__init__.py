"""The engine: a model becomes a plan, and the plan is computed block by block over trials."""

from __future__ import annotations

from payback.simulator.engine.run.at_points import evaluate
from payback.simulator.engine.run.count_trials import accumulate
from payback.simulator.engine.run.inputs_read import inputs_read
from payback.simulator.engine.run.keep_trials import Trials, cost, engine_for, simulate
from payback.simulator.engine.run.pick_freeze import pick_freeze

__all__ = ["Trials", "accumulate", "cost", "engine_for", "evaluate", "inputs_read", "pick_freeze", "simulate"]
