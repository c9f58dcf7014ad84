"""The check of formulas: names, units, months and functions.

Distribution lines are checked in `payback.simulator.case.inputs`.
"""

from __future__ import annotations
