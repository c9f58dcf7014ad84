"""The time that work still takes, told only where the speeds so far agree on it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

WINDOWS = 5
"""The time so far is divided into so many equal windows."""

WITHIN = 2.0
"""The fastest speed may be so many times the slowest."""

LEAST_SHARE = 0.1
"""The share of the work that must be done."""

MOST_POINTS = 1_024


class RemainingTime:
    """The record of how far work had come at what time, and what it says of the rest.

    The time so far is divided into windows of equal length, each with a speed; a line through these, over the share
    done, says to what speed work that slows down or gathers speed comes in the end. Where all those speeds lie within a
    factor of two, so does the average that the estimate is made at, and the estimate is right to within that factor
    unless the rest goes at a speed that nothing so far hints at.
    """

    def __init__(self) -> None:
        self._times: list[float] = []
        self._shares: list[float] = []

    def add(self, seconds: float, share: float) -> None:
        """Record that `share` of the work, in [0, 1], was done at the time `seconds`; neither may fall."""
        if len(self._times) == MOST_POINTS:
            del self._times[1::2], self._shares[1::2]
        self._times.append(seconds)
        self._shares.append(share)

    def seconds(self) -> float | None:
        """Return the seconds that the rest takes; None where these are not known to within a factor of two."""
        if len(self._times) < 2 * WINDOWS or self._shares[-1] < LEAST_SHARE:
            return None
        window = (self._times[-1] - self._times[0]) / WINDOWS
        if window <= 0.0:
            return None
        ends = [self._share_at(self._times[0] + k * window) for k in range(WINDOWS)] + [self._shares[-1]]
        gains = [after - before for before, after in pairwise(ends)]
        if min(gains) <= 0.0:
            return None
        speeds = [*gains, _at_the_end([sum(pair) / 2 for pair in pairwise(ends)], gains)]
        if max(speeds) > WITHIN * min(speeds):
            return None
        return (1.0 - ends[-1]) * WINDOWS * window / (ends[-1] - ends[0])

    def _share_at(self, seconds: float) -> float:
        """Return the share done at a time between the first and the last record, by linear interpolation."""
        after = bisect_left(self._times, seconds)
        if after == 0:
            return self._shares[0]
        (t0, t1), (s0, s1) = self._times[after - 1 : after + 1], self._shares[after - 1 : after + 1]
        return s0 + (s1 - s0) * (seconds - t0) / (t1 - t0) if t1 > t0 else s1


def _at_the_end(shares: Sequence[float], speeds: Sequence[float]) -> float:
    """Return the speed at which the work ends, by the least-squares line through `speeds` over the share done."""
    share, speed = sum(shares) / len(shares), sum(speeds) / len(speeds)
    slope = sum((s - share) * v for s, v in zip(shares, speeds, strict=True)) / sum((s - share) ** 2 for s in shares)
    return speed + slope * (1.0 - share)
