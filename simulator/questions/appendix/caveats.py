"""Caveats of a run: what its numbers do not say, in plain words."""

from __future__ import annotations

from payback.simulator import number_text
from payback.simulator.case import Case
from payback.simulator.document.comparisons import Comparison
from payback.simulator.document.results import MeasureResult


def limits(
    case: Case, measures: dict[str, MeasureResult], stresses: tuple[Comparison, ...], *, shares: bool
) -> tuple[str, ...]:
    """Return the limits of a run as sentences.

    Parameters
    ----------
    case : Case
    measures : dict of str to MeasureResult
        By name.
    stresses : tuple of Comparison
    shares : bool
        Whether the run has shares of variance.
    """
    sentences = [
        "The intervals show simulation error alone: they shrink with more trials, and say nothing about wrong inputs.",
        *_grades(case),
        f"Nothing after month {case.horizon} is counted.",
    ]
    if measures["payback"].never:
        sentences.append(
            "Trials that never pay back rank last in percentiles of payback; a mean of payback is not given."
        )
    sentences += _undefined(measures)
    if case.model.dependence:
        sentences.append(_coupling(case.declarations.degrees))
    elif len(case.model.draws) > 1:
        but = " but where the distribution of one reads another" if any(d.parameters for d in case.model.draws) else ""
        sentences.append(f"All inputs are independent of one another{but}: the case states no dependence.")
    if stresses and case.model.dependence:
        sentences.append("A stress is a condition, a what-if an intervention: where inputs are dependent, they differ.")
    together = "; the shares of variance do" if shares else ""
    sentences.append(f"The tornado moves one input at a time and does not show what inputs do together{together}.")
    return tuple(sentences)


def _coupling(degrees: float | None) -> str:
    if degrees is None:
        return "Inputs are coupled by a Gaussian copula, which makes joint extremes rare in the far tails."
    return (
        f"Inputs are coupled by a t copula with {number_text.number(degrees)} degrees of freedom: extremes come "
        "together, also of inputs in one group that no target pairs."
    )


def _grades(case: Case) -> list[str]:
    uncertain = [facts for facts in case.assumptions if not facts.certain]
    guesses = [facts.name for facts in uncertain if facts.grade == "guess"]
    silent = [facts.name for facts in uncertain if not facts.grade]
    sentences = []
    if guesses:
        sentences.append(
            f"{len(guesses)} of {len(uncertain)} uncertain inputs are guesses: the result is no better than they are."
        )
    if silent:
        sentences.append(
            f"The case does not say how well {len(silent)} of {len(uncertain)} uncertain inputs are known."
        )
    return sentences


def _undefined(measures: dict[str, MeasureResult]) -> list[str]:
    """Return a sentence for the measures that are undefined in the same trials, with the reasons."""
    groups: dict[tuple[float, str], list[str]] = {}
    for name, measure in measures.items():
        if measure.undefined:
            why = number_text.reasons((reason.why, reason.share) for reason in measure.reasons)
            groups.setdefault((measure.undefined, why), []).append(name)
    sentences = []
    for (share, why), names in groups.items():
        which, because = number_text.series(names), f": {why}" if why else ""
        if share == 1:
            sentences.append(f"{which} {'is' if len(names) == 1 else 'are'} undefined in every trial{because}.")
        else:
            defined = number_text.percent(1 - share)
            sentences.append(f"Percentiles of {which} are among the {defined} of trials with a value{because}.")
    return sentences
