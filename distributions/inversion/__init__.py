"""Fast sampling by inversion: closed forms, cubic tables, steps.

It knows distributions by their quantile functions alone.
"""

from __future__ import annotations
