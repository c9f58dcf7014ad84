"""Case -> plan -> blocks -> trials."""

from __future__ import annotations

from payback.simulator.engine.counting import accumulate
from payback.simulator.engine.pick_freeze import pick_freeze
from payback.simulator.engine.points import evaluate
from payback.simulator.engine.run import Trials, cost, simulate

__all__ = ["Trials", "accumulate", "cost", "evaluate", "pick_freeze", "simulate"]
