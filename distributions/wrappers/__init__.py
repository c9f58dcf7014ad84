"""Distributions made of other distributions: truncated, shifted, scaled, rounded, mixed, lowest and highest of several.

There is no family in this room. A sum of a random number of draws is in `compound`.
"""

from __future__ import annotations
