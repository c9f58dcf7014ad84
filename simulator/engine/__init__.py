"""Case -> plan -> blocks -> trials."""

from __future__ import annotations

from simulator.engine.counting import accumulate
from simulator.engine.pick_freeze import pick_freeze
from simulator.engine.points import evaluate
from simulator.engine.run import Trials, cost, simulate

__all__ = ["Trials", "accumulate", "cost", "evaluate", "pick_freeze", "simulate"]
