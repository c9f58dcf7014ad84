"""The statistics of a whole case: each is asked for by names, not by a formula, and answered by a question's module."""

from __future__ import annotations

from typing import NamedTuple


class CaseStatistic(NamedTuple):
    """A statistic of a whole case. What stands at an address, ``module:name``, is imported when it is asked for.

    Parameters
    ----------
    example : str
        How it is written.
    least, most : int
        How many names it takes.
    check : str
        ``check(case, names, source)`` returns its unit, "share" for a probability; a `CaseError` if it makes no sense.
    estimate : str
        ``estimate(frame, names, execution, cache)`` returns its estimate.
    """

    example: str
    least: int
    most: int
    check: str
    estimate: str


CASE_STATISTICS = {
    "best": CaseStatistic(
        'best("do nothing")',
        1,
        1,
        "payback.simulator.questions.options.probability_best:check_option",
        "payback.simulator.questions.options.probability_best:probability_best",
    ),
}
