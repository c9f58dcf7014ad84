"""Distributions that people or data state directly: percentiles, quantile tables, lists of values, observations.

Nothing is estimated in this room; estimation is in `fitting`.
"""

from __future__ import annotations
