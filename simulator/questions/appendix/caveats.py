"""What the numbers of a run do not say, in plain words."""

from __future__ import annotations

from payback.simulator import number_text
from payback.simulator.case import Case
from payback.simulator.document.results import Comparison, MeasureResult


def limits(
    case: Case, measures: dict[str, MeasureResult], stresses: tuple[Comparison, ...], *, shares: bool
) -> tuple[str, ...]:
    """Return the limits of a run as sentences; `shares` says whether it has shares of variance."""
    found = [
        "The intervals show simulation error alone: they shrink with more trials, and say nothing about wrong inputs.",
        *_grades(case),
        f"Nothing after month {case.horizon} is counted.",
    ]
    if measures["payback"].never:
        found.append("Trials that never pay back rank last in percentiles of payback; a mean of payback is not given.")
    undefined = [name for name, one in measures.items() if one.undefined]
    if undefined:
        found.append(f"Percentiles of {number_text.series(undefined)} are among the trials where it is defined.")
    if case.model.dependence:
        found.append(_coupling(case.declarations.degrees))
    elif len(case.model.draws) > 1:
        but = " but where the distribution of one reads another" if any(d.parameters for d in case.model.draws) else ""
        found.append(f"All inputs are independent of one another{but}: the case states no dependence.")
    if stresses and case.model.dependence:
        found.append("A stress is a condition, a what-if an intervention: where inputs are dependent, they differ.")
    together = "; the shares of variance do" if shares else ""
    found.append(f"The tornado moves one input at a time and does not show what inputs do together{together}.")
    return tuple(found)


def _coupling(degrees: float | None) -> str:
    if degrees is None:
        return "Inputs are coupled by a Gaussian copula, which makes joint extremes rare in the far tails."
    return (
        f"Inputs are coupled by a t copula with {number_text.number(degrees)} degrees of freedom: extremes come "
        "together, also of inputs in one group that no target pairs."
    )


def _grades(case: Case) -> list[str]:
    uncertain = [one for one in case.assumptions if not one.certain]
    guesses = [one.name for one in uncertain if one.grade == "guess"]
    silent = [one.name for one in uncertain if not one.grade]
    found = []
    if guesses:
        found.append(
            f"{len(guesses)} of {len(uncertain)} uncertain inputs are guesses: the result is no better than they are."
        )
    if silent:
        found.append(f"The case does not say how well {len(silent)} of {len(uncertain)} uncertain inputs are known.")
    return found
