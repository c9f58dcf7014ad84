"""Cases: from a YAML file to a checked value that the engine compiles.

The modules of this folder combine its packages; no case is simulated here.
"""

from __future__ import annotations

from payback.simulator.case.case import Case
from payback.simulator.case.load import load, loads

__all__ = ["Case", "load", "loads"]
