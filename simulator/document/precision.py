"""The record of the precision of a number: the half-width that it needed, and the one it has."""

from __future__ import annotations

from dataclasses import dataclass

from payback.simulator.document.core.record import Record


@dataclass(frozen=True, kw_only=True)
class Precision(Record):
    """How well a statistic was to be known, and is: half-widths of 95 % intervals, in its unit.

    `half_width` is None where an end of the interval is not known. `trials` are those of the last look.
    """

    target: str
    asked: float
    half_width: float | None
    reached: bool
    trials: int
    looks: int
    text: str
