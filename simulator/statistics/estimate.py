"""An estimate: a number from trials, with its simulation error."""

from __future__ import annotations

from dataclasses import dataclass

LEVEL = 0.95
"""Coverage that every interval aims at."""

NORMAL = 1.959963984540054
"""The 97.5 % point of the standard normal distribution."""

STUDENT_15 = 2.1314495455597742
"""The 97.5 % point of Student's t with 15 degrees of freedom: of 16 replicates."""


@dataclass(frozen=True)
class Estimate:
    """A statistic of trials and the interval of its simulation error.

    Parameters
    ----------
    value : float or None
        None when it is beyond the horizon or not defined; `warning` says why.
    low, high : float or None
        Ends of the interval. None on a side where it is beyond the horizon, or unknown because
        the trials are too few.
    level : float
        Coverage that the interval aims at.
    never, undefined : float
        Shares of the trials whose value is "never" or undefined.
    method : str
        The method of the interval.
    warning : str
        A caution to be read with the number; empty if there is none.
    trials : int
        Number of trials that it was computed from.
    effective : float or None
        Number of trials of equal weight that would give a mean the same error; None without weights.
    reasons : tuple of (str, float)
        Why trials are undefined, in words, with the share of all trials; empty where that is not known.
    needs : int
        Number of trials that it takes to have an interval at all, where rare events are missed by these; else 0.

    Examples
    --------
    >>> Estimate(0.3, 0.2189, 0.3958, method="Wilson", trials=100).value
    0.3
    """

    value: float | None
    low: float | None
    high: float | None
    level: float = LEVEL
    never: float = 0.0
    undefined: float = 0.0
    method: str = ""
    warning: str = ""
    trials: int = 0
    effective: float | None = None
    reasons: tuple[tuple[str, float], ...] = ()
    needs: int = 0


def critical(replicates: int | None) -> float:
    """Return the two-sided 95 % point: normal, or Student's t with ``replicates - 1`` degrees of freedom.

    Examples
    --------
    >>> round(critical(None), 4), round(critical(16), 4), round(critical(8), 4)
    (1.96, 2.1314, 2.3646)
    """
    if replicates is None:
        return NORMAL
    if replicates == 16:
        return STUDENT_15
    from scipy.special import stdtrit

    return float(stdtrit(replicates - 1, (1.0 + LEVEL) / 2.0))
