"""What is known of a quantity before it is simulated: its unit, and what its value may be."""

from __future__ import annotations

from dataclasses import dataclass

from payback.simulator.questions.grammar import Statistic
from payback.simulator.questions.statistic_kinds import INDICES


@dataclass(frozen=True)
class Known:
    """What the case says about a quantity before it is simulated.

    Parameters
    ----------
    unit : str
        As displayed; "share" for a probability.
    horizon : int
        Months of the case.
    never : bool
        Whether it is a percentile, or a single value, of a quantity that may be "never within the horizon".
    certain : bool
        Whether nothing in the case is uncertain: then there is no simulation error.
    """

    unit: str
    horizon: int
    never: bool = False
    certain: bool = False


def unit_of(statistic: Statistic, unit: str) -> str:
    """Return the unit of a statistic of something in `unit`."""
    if statistic.kind == "P" or statistic.kind in INDICES:
        return "share"
    return "" if statistic.kind == "skew" else unit
