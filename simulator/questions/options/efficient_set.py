"""The efficient set by mean and expected shortfall: the options of which none is better in both.

References
----------
.. [1] Markowitz (1952), Portfolio selection, Journal of Finance 7(1), doi:10.1111/j.1540-6261.1952.tb01525.x
.. [2] Rockafellar and Uryasev (2000), Optimization of conditional value-at-risk, Journal of Risk 2(3),
   doi:10.21314/JOR.2000.038. The shortfall in place of the variance.
"""

from __future__ import annotations

from collections.abc import Sequence

from payback.simulator.document.questions.options import Holds
from payback.simulator.statistics import Estimate


def efficient_set(advantages: Sequence[Sequence[tuple[Estimate, ...]]]) -> tuple[Holds, ...]:
    """Return for each option whether it is efficient, as far as the trials tell.

    Parameters
    ----------
    advantages : sequence of sequence of tuple of Estimate
        ``advantages[i][j]`` holds by how much option `j` is better than option `i`, once in mean and once in shortfall,
        each paired trial by trial.

    Returns
    -------
    tuple of {"yes", "no", "not known"}
        "no" where another option is certainly as good in both and better in one, "yes" where each of the others is
        certainly worse in one, or certainly no better in both.

    Examples
    --------
    >>> nothing, more, less = (Estimate(x, x, x) for x in (0.0, 1.0, -1.0))
    >>> efficient_set([[(nothing, nothing), (more, more)], [(less, less), (nothing, nothing)]])
    ('no', 'yes')
    """
    return tuple(_efficient([pair for j, pair in enumerate(others) if j != i]) for i, others in enumerate(advantages))


def _efficient(advantages: Sequence[tuple[Estimate, ...]]) -> Holds:
    if any(_surely_better(pair) for pair in advantages):
        return "no"
    return "yes" if all(_surely_not_better(pair) for pair in advantages) else "not known"


def _surely_better(pair: tuple[Estimate, ...]) -> bool:
    lows = [float("-inf") if estimate.low is None else estimate.low for estimate in pair]
    return min(lows) >= 0.0 and max(lows) > 0.0


def _surely_not_better(pair: tuple[Estimate, ...]) -> bool:
    highs = [float("inf") if estimate.high is None else estimate.high for estimate in pair]
    return min(highs) < 0.0 or max(highs) <= 0.0
