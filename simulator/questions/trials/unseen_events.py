"""Statistics that rest on events which too few trials hold: they have a value, a warning, and no interval."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from payback.simulator import number_text
from payback.simulator.document.core.estimate import Estimate as EstimateRecord
from payback.simulator.questions.trials.rare_events import RareEvent
from payback.simulator.statistics import Estimate

SIGN = "rare event"
"""What every warning of an event says."""

CARRIED = "make the spread"
"""What every warning says of a share of variance that few trials carry."""


def cautioned(estimate: Estimate, kind: str, q: float, events: Sequence[RareEvent]) -> Estimate:
    """Return `estimate` as it may be stated when too few trials hold `events`, on which its quantity depends.

    A mean, a standard deviation, a skewness, a tail mean and a share of variance have no interval: nothing in the
    trials tells what they miss. A percentile keeps its interval, which is one of ranks and holds for any distribution,
    with the warning where the tail beyond it is no likelier than an event. A probability has a bound of its own.

    Parameters
    ----------
    estimate : Estimate
    kind, q
        The statistic, see `payback.simulator.questions.ask.estimates.estimate`, or "variance" for a share of it.
    events : sequence of RareEvent
        See `payback.simulator.questions.trials.rare_events.unseen`.
    """
    if kind == "percentile":
        events = [event for event in events if min(q, 100.0 - q) <= 100.0 * event.share]
    if not events or kind == "P" or (estimate.value is None and not estimate.needs):
        return estimate
    text = _warning(min(events, key=lambda event: event.share), len(events) - 1, estimate.trials)
    if kind == "percentile":
        return _warned(estimate, [text])
    return replace(estimate, low=None, high=None, warning=text, needs=max(event.needs for event in events))


def inherited(estimate: Estimate, parts: Iterable[Estimate]) -> Estimate:
    """Return `estimate`, which was computed from `parts`, with their warnings, and no interval where one had to go."""
    warnings = [clause for statistic in parts for clause in cautions(statistic)]
    needs = max((statistic.needs for statistic in parts), default=0)
    warned = _warned(estimate, warnings)
    return replace(warned, low=None, high=None, needs=needs) if needs else warned


def carried(estimate: Estimate) -> str:
    """Return the warning of a share of variance that too few trials carry."""
    return (
        f"not known from these {estimate.trials:,} trials, of which too few {CARRIED} "
        f"(it would take some {count(estimate.needs)})"
    )


def cautions(estimate: Estimate | EstimateRecord) -> list[str]:
    """Return the clauses of a warning that speak of rare events, and of few trials behind a share of variance."""
    return [clause for clause in estimate.warning.split("; ") if SIGN in clause or CARRIED in clause]


def _warned(estimate: Estimate, warnings: Sequence[str]) -> Estimate:
    clauses = [clause for clause in (*estimate.warning.split("; "), *warnings) if clause]
    return replace(estimate, warning="; ".join(dict.fromkeys(clauses)))


def _warning(event: RareEvent, others: int, trials: int) -> str:
    expected = number_text.number(float(f"{event.share * trials:.2g}"))
    rest = f" (and {others} more)" if others else ""
    return (
        f"the {SIGN} of `{event.name}`{rest}, {number_text.percent(event.share)} of trials, falls in about {expected} "
        f"of these {trials:,}: what it does is not known (about {count(event.needs)} trials "
        "would hold ten)"
    )


def count(trials: int) -> str:
    """Return a number of trials, rounded up to its first digit, in words."""
    unit = 10 ** (len(str(trials)) - 1)
    return number_text.number(float(-(-trials // unit) * unit))
