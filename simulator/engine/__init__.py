"""Case -> plan -> blocks -> trials."""

from __future__ import annotations

from simulator.engine.points import evaluate
from simulator.engine.run import Trials, simulate

__all__ = ["Trials", "evaluate", "simulate"]
