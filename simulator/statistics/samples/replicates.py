"""Replicates and interleaved groups of trials: how many there are, and when they are too few for an interval."""

from __future__ import annotations

GROUPS = 16
"""Interleaved groups that Monte Carlo trials are sorted in; independent, so they also serve as batches."""

POINTS_PER_REPLICATE = 64
"""Below this many points a replicate, replicates give no interval."""

FEWEST = 30
"""Below this many trials a mean has no interval, and what never varied may yet vary."""

FEW_EFFECTIVE = 400
"""Below this many effective trials, intervals may fall short."""

TOO_FEW = "too few trials for an interval"


def groups_of(trials: int, replicates: int | None) -> int:
    """Return the number of interleaved groups: the replicates, or `GROUPS` of independent trials; at most `trials`."""
    return min(replicates or GROUPS, trials)


def too_short(trials: int, replicates: int | None) -> bool:
    """Return whether replicates hold too few points each to give an interval; independent trials never do."""
    return replicates is not None and trials < POINTS_PER_REPLICATE * replicates
