"""Trials of one measure: kept, weighted or counted, in order and in sums.

What is estimated from them stands in `estimators`.
"""

from __future__ import annotations
