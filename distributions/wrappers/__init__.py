"""Distributions made of other distributions: truncation, shift and scale, rounding, mixtures, extremes.

No family of its own.
"""

from __future__ import annotations
