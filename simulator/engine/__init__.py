"""Case -> plan -> blocks -> trials."""

from __future__ import annotations

from simulator.engine.run import Trials, evaluate, simulate

__all__ = ["Trials", "evaluate", "simulate"]
