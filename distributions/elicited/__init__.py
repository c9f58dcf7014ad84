"""Distributions that people or data state directly: percentiles, quantile tables, values, observations.

Nothing is estimated here: see `fitting`.
"""

from __future__ import annotations
