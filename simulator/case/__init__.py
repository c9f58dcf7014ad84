"""Cases: YAML to a checked value that the engine compiles."""

from __future__ import annotations

from simulator.case.case import Case
from simulator.case.load import load, loads

__all__ = ["Case", "load", "loads"]
