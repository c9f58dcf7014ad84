"""A choice in words: which option leads, by how much, how surely, and where another criterion would choose another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from payback.simulator import number_text
from payback.simulator.document.core.estimate import Estimate
from payback.simulator.document.questions.options import Dominance, OptionResult
from payback.simulator.questions.options.criterion import HIGH, Criterion

NAMED = 3
"""Options that tie of which it is said how often each is best, at most."""

FIRST = "whoever prefers {more} to {less} prefers it"
SECOND = "whoever also shuns risk prefers it"


def sentences(options: Sequence[OptionResult], dominance: Sequence[Dominance], criterion: Criterion) -> tuple[str, ...]:
    """Return the sentences on a choice.

    Parameters
    ----------
    options : sequence of OptionResult
        Best first.
    dominance : sequence of Dominance
    criterion : Criterion
    """
    return (
        *_lead(options, criterion),
        *(_sureness(option, criterion) for option in [options[0], *(o for o in options if o.tied)][:NAMED]),
        *_elsewhere(options, criterion),
        *_dominated(options[0], dominance, criterion),
    )


def _lead(options: Sequence[OptionResult], criterion: Criterion) -> Iterator[str]:
    leader, second = options[0], options[1]
    tied = [option.name for option in options[1:] if option.tied]
    if tied:
        names = number_text.series([_quoted(name) for name in (leader.name, *tied)])
        yield f"By {criterion.text}, {names} tie: {_why_tied([option.behind for option in options if option.tied])}."
    else:
        yield f"{_quoted(leader.name)} leads by {criterion.text}: {leader.decides.with_interval}."
        yield f"{_quoted(second.name)} is second, {_distance(second, criterion)}."
    if not criterion.stated:
        yield f"No `decide_by` is given, so {criterion.text} decides: half of the trials do better, half worse."
    loses = leader.decides.high is not None and leader.decides.high < 0 and criterion.better == HIGH
    if loses and criterion.measure in ("npv", "gain"):
        yield f"Even its {criterion.text} is below 0: to do nothing would be better, unless that costs money too."


def _why_tied(behind: Sequence[Estimate | None]) -> str:
    """Return why options tie, from how far they are behind the leading one."""
    known = [estimate for estimate in behind if estimate is not None and estimate.value is not None]
    if any(estimate.low is None or estimate.high is None for estimate in known):
        return "too few trials tell them apart"
    if all(estimate.low == estimate.high == 0 for estimate in known):
        return "it is the same"
    return "they differ by no more than the simulation error, and more trials may tell"


def _sureness(option: OptionResult, criterion: Criterion) -> str:
    best = f"{_quoted(option.name)} is best in {option.best.with_interval} of trials"
    if option.regret.low is None or option.regret.high is None:
        return f"{best}."
    return (
        f"{best}; on average it ends {option.regret.with_interval} of {criterion.measure} behind the option that turns "
        "out best."
    )


def _elsewhere(options: Sequence[OptionResult], criterion: Criterion) -> Iterator[str]:
    """Yield a sentence on the criteria by which another option is known to lead, or what parts options that tie."""
    shared_lead = any(option.tied for option in options)
    by_option: dict[str, list[str]] = {}
    sign = 1.0 if criterion.measure_better == HIGH else -1.0
    columns = (
        (f"mean({criterion.measure})", [option.mean for option in options], sign),
        (criterion.shortfall, [option.shortfall for option in options], sign),
        (criterion.loss, [option.loss for option in options], -1.0),
        ("the probability of being best", [option.best for option in options], 1.0),
    )
    for name, estimates, side in columns:
        best = _surely_best(estimates, side)
        if name != criterion.text and best is not None and (best or shared_lead):
            by_option.setdefault(options[best].name, []).append(name)
    for option, names in by_option.items():
        yield f"{_quoted(option)} leads by {number_text.series(names)}."


def _surely_best(estimates: Sequence[Estimate], side: float) -> int | None:
    """Return the position of the estimate whose interval lies on the better side of all others; None if there is none.

    Intervals of single options are wider than those of paired differences, so what is named is sure.
    """
    for k, estimate in enumerate(estimates):
        ends = [end for end in (estimate.low, estimate.high) if end is not None]
        others = [(other.low, other.high) for j, other in enumerate(estimates) if j != k]
        if len(ends) == 2 and all(low is not None and high is not None for low, high in others):
            worst = min(side * end for end in ends)
            if all(worst > max(side * (low or 0.0), side * (high or 0.0)) for low, high in others):
                return k
    return None


def _dominated(leader: OptionResult, dominance: Sequence[Dominance], criterion: Criterion) -> Iterator[str]:
    """Yield which options the leading one dominates, and which dominate it."""
    more, less = ("more", "less") if criterion.measure_better == HIGH else ("less", "more")
    both = {(row.option, row.over): row for row in dominance}
    for order, reason in (("first", FIRST.format(more=more, less=less)), ("second", SECOND)):
        over = [
            row.over
            for row in dominance
            if row.option == leader.name
            and getattr(row, order) == "yes"
            and getattr(both[row.over, leader.name], order) != "yes"
            and (order == "first" or row.first != "yes")
        ]
        if over:
            names = number_text.series([_quoted(name) for name in over])
            yield f"{_quoted(leader.name)} dominates {names} to the {order} order: {reason}."
    by = [row for row in dominance if row.over == leader.name and row.second == "yes"]
    by = [row for row in by if both[leader.name, row.option].second != "yes"]
    if by:
        names = number_text.series([_quoted(row.option) for row in by])
        yield f"{names} dominate{'s' if len(by) == 1 else ''} {_quoted(leader.name)} to the second order."


def _quoted(name: str) -> str:
    return f"`{name}`"


def _distance(option: OptionResult, criterion: Criterion) -> str:
    """Return how far an option is behind the leading one: ``3,400 USD (3,300 to 3,500) behind``."""
    behind = option.behind
    if behind is None or behind.value is None:
        return f"with a {criterion.text} of {option.decides.with_interval}"
    ends = sorted(abs(end) for end in (behind.low, behind.high) if end is not None)
    low, high = ends if len(ends) == 2 else (None, None)
    return f"{number_text.difference(abs(behind.value), low, high, criterion.text_unit).replace('+', '')} behind"
