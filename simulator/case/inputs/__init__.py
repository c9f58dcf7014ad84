"""Inputs: from a distribution line to a checked draw, and the figures that its distribution implies.

Formulas of cash flows are not checked here.
"""

from __future__ import annotations
