"""Cases: YAML to a checked value that the engine compiles."""

from __future__ import annotations

from payback.simulator.case.case import Case
from payback.simulator.case.load import load, loads

__all__ = ["Case", "load", "loads"]
