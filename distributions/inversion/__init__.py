"""Fast sampling by inversion: closed forms, quantile tables, and thresholds of discrete distributions.

This room knows the contract in `core` and no family or wrapper: each of these says itself which closed form it has.
"""

from __future__ import annotations
