"""Inputs: from a distribution line to a checked draw, and what the distribution implies.

Formulas of money are not checked here.
"""

from __future__ import annotations
