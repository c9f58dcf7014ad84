"""The statistics of a sample by their names in the grammar, and an estimate as text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from payback.simulator import number_text, statistics
from payback.simulator.case.expressions.tree import Expression, Name
from payback.simulator.document.core.estimate import Estimate as EstimateRecord
from payback.simulator.engine.workers.threads import cores
from payback.simulator.questions.ask.known_facts import Known
from payback.simulator.questions.grammar import Statistic
from payback.simulator.questions.trials.unseen_events import cautions
from payback.simulator.stage_times import Stage
from payback.simulator.statistics import (
    TOO_FEW,
    Component,
    Estimate,
    Sample,
    component_of_mean,
    component_of_percentile,
    component_of_share,
    component_of_tail,
)
from payback.simulator.statistics.estimators.influence import mean_of, sd_of, skew_of

PAYBACKS = ("payback", "discounted_payback")
"""Measures that are 0 where no funding is needed."""

PARALLEL = 2**16
"""Below this many trials a second thread costs more than it gains."""


def half_width(estimate: Estimate | EstimateRecord) -> float:
    """Return the half-width of an interval, on its longer side; infinite where an end is not known."""
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return math.inf
    return max(estimate.high - estimate.value, estimate.value - estimate.low)


def estimate(kind: str, q: float, sample: Sample) -> Estimate:
    """Return a statistic of `sample` with its simulation error.

    Parameters
    ----------
    kind : {"P", "percentile", "mean", "sd", "CVaR", "skew"}
        The statistic, as `payback.simulator.questions.grammar` names it.
    q : float
        Percent of a percentile or of a CVaR; not used by the others.
    sample : Sample

    Raises
    ------
    ValueError
        For any other kind.
    """
    match kind:
        case "P":
            return statistics.probability(sample)
        case "percentile":
            return statistics.percentile(sample, q)
        case "mean":
            return statistics.mean(sample)
        case "sd":
            return statistics.sd(sample)
        case "CVaR":
            return statistics.cvar(sample, q)
        case "skew":
            return statistics.skew(sample)
    raise ValueError(f"no statistic of kind {kind!r}")


def component_of(kind: str, q: float, sample: Sample, of_sample: Estimate) -> Component:
    """Return a statistic as part of a number that is made of several.

    Parameters
    ----------
    kind, q
        See `estimate`.
    sample : Sample
    of_sample : Estimate
        The statistic of `sample`.
    """
    match kind:
        case "P":
            return component_of_share(of_sample, sample)
        case "percentile":
            return component_of_percentile(of_sample, q, sample)
        case "CVaR":
            return component_of_tail(of_sample, q, sample)
    return component_of_mean(of_sample, {"mean": mean_of, "sd": sd_of, "skew": skew_of}[kind](sample), sample)


@Stage("statistics")
def estimated(pairs: Sequence[tuple[Statistic, Sample]], threads: int | None = None) -> list[Estimate]:
    """Return the estimate of each statistic of its sample, in order, computed on `threads` threads (all cores if None).

    The result does not depend on the threads: the statistics of one sample, which share its sorted order, are one task.

    Parameters
    ----------
    pairs : sequence of (Statistic, Sample)
        Statistics, and the samples of shape (trials,) that they summarise.
    threads : int, optional
        All cores if None.
    """
    samples = {id(sample): sample for _, sample in pairs}
    estimates: dict[int, Estimate] = {}

    def task(key: int) -> None:
        for position, (statistic, sample) in enumerate(pairs):
            if id(sample) == key:
                estimates[position] = estimate(statistic.kind, statistic.q, sample)

    workers = min(threads or cores(), len(samples))
    if workers < 2 or max(sample.trials for sample in samples.values()) < PARALLEL:
        for key in samples:
            task(key)
    else:
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(task, samples))
    return [estimates[position] for position in range(len(pairs))]


def exact(estimate: Estimate) -> Estimate:
    """Return `estimate` without simulation error, for a case in which nothing is uncertain."""
    return replace(estimate, low=estimate.value, high=estimate.value, method="exact", warning="")


def text_of(estimate: Estimate, known: Known, free: float = 0.0, decimals: int | None = None) -> str:
    """Return an estimate as text: value, interval, then the shares of trials that it leaves out.

    `free` is the share of trials that need no funding, of a statistic of payback; `decimals` are the decimal places of
    the value, where they follow from other values too.
    """
    unfunded = [number_text.unfunded(free)] if free else []
    return "; ".join([value_text(estimate, known, decimals), *remarks(estimate, known), *unfunded])


def unfunded(formula: Expression, sample: Sample | None) -> float:
    """Return the share of trials that need no funding, so that payback is 0; 0 of a formula that is no payback.

    Parameters
    ----------
    formula : Expression
    sample : Sample or None
        The values of `formula`, shape (trials,).
    """
    if sample is None or not isinstance(formula, Name) or formula.id not in PAYBACKS:
        return 0.0
    return float(statistics.cumulative(sample, np.zeros(1))[0][0])


def warning_of(estimate: Estimate) -> str:
    """Return a warning about the trials behind a value; empty if there is none.

    That a percentile lies beyond the horizon, or leaves trials out, is part of its text, not a warning.
    """
    heavy = [clause for clause in estimate.warning.split("; ") if "understated" in clause]
    return "; ".join([*heavy, *cautions(estimate)])


def value_text(estimate: Estimate, known: Known, decimals: int | None = None) -> str:
    """Return the value and its interval as text; `decimals` as in `text_of`."""
    value, low, high = estimate.value, estimate.low, estimate.high
    if value is None:
        if estimate.needs:
            return (
                "not known"
                if estimate.high is None
                else f"at most {number_text.number(float(f'{100 * estimate.high:.2g}'))} %"
            )
        beyond = known.never and estimate.undefined < 1
        return number_text.censored(None, low, None, known.unit, known.horizon) if beyond else "not defined"
    if known.unit == "share":
        return number_text.percent(value, low, high)
    open_ended = known.never and high is None and low is not None
    return number_text.with_error(value, low, high, known.unit, known.horizon if open_ended else None, decimals)


def remarks(estimate: Estimate, known: Known) -> list[str]:
    """Return the remarks beside the value: trials left out, their effective number, a missing interval."""
    notes = []
    why = f": {number_text.reasons(estimate.reasons)}" if estimate.reasons else ""
    undefined = number_text.percent(estimate.undefined)
    if known.unit == "share":
        if estimate.undefined:
            notes.append(f"undefined in {undefined} of trials, which count as not satisfying{why}")
    else:
        if estimate.never:
            notes.append(f"never in {number_text.percent(estimate.never)} of trials")
        if 0 < estimate.undefined < 1 and estimate.value is not None:
            defined = number_text.percent(1 - estimate.undefined)
            notes.append(f"among the {defined} of trials where it is defined{why}")
        elif estimate.undefined:
            notes.append(f"undefined in {undefined} of trials{why}")
    if estimate.effective is not None:
        notes.append(f"{estimate.effective:,.0f} effective trials")
    if estimate.value is not None and estimate.low is None and estimate.high is None and not estimate.never:
        notes.append(TOO_FEW)
    return notes
