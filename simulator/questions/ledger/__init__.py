"""What a ledger does before any trial: lines that take no money out, and what is dated after the horizon.

No statistic is computed here: a few points of the case show it.
"""

from __future__ import annotations
