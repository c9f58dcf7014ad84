"""A small synthetic model and what a run would find in it, without the simulator."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from payback.simulator import number_text
from payback.simulator.document.claims import QuestionResult
from payback.simulator.document.comparisons import Comparison, Paired
from payback.simulator.document.core.estimate import Estimate
from payback.simulator.document.exhibits import CumulativeCurve, Curves, Fan, Histogram, PaybackCurve, Picture
from payback.simulator.document.results import LadderStep, MeasureResult

Floats = NDArray[np.float64]

TRIALS = 16_384
HORIZON = 12
SHOWN = (5, 10, 25, 50, 75, 80, 90, 95)


def coordinates(axes: int, trials: int = TRIALS) -> Floats:
    """Return a Kronecker sequence, shape (trials, axes): even, and the same for ever."""
    steps = np.sqrt(np.array([2.0, 3, 5, 7, 11, 13, 17, 19, 23, 29])[:axes]) % 1
    return (np.arange(1, trials + 1)[:, None] * steps) % 1


def cumulative(labour: float = 1.0, traffic: float = 1.0, gates: float = 0.27, upkeep: float = 40) -> Floats:
    """Return cumulative net, shape (trials, months + 1), of an API that has to find its customers."""
    u = coordinates(6)
    upfront = 233 * np.exp(0.25 * ndtri(u[:, 0])) + labour * 9_200 * np.exp(0.62 * ndtri(u[:, 1]))
    demand = traffic * (u[:, 5] < gates) * 100_000 * np.exp(1.6 * ndtri(u[:, 2])) * (0.001 + 0.009 * u[:, 3])
    months = np.arange(1, HORIZON + 1)
    ramp = 1 / (1 + 81 ** ((6 + 4 * u[:, 4:5] - months) / 5))
    net = 0.55 * demand[:, None] * ramp - upkeep - labour * 300 * u[:, 3:4]
    return np.concatenate([-upfront[:, None], net], axis=1).cumsum(axis=1)


def payback_of(path: Floats) -> Floats:
    """Return the first month at which `path` is not negative, inf if never."""
    paid = path >= 0
    return np.where(paid.any(axis=1), paid.argmax(axis=1).astype(float), np.inf)


def probability(hits: NDArray[np.bool_]) -> Estimate:
    """Return the share of `hits` with a plain interval."""
    p, n = float(hits.mean()), len(hits)
    half = 1.96 * math.sqrt(max(p * (1 - p), 1 / n) / n)
    low, high = max(p - half, 0.0), min(p + half, 1.0)
    return Estimate(value=p, low=low, high=high, text=number_text.percent(p, low, high))


def share(value: float, half: float) -> Estimate:
    """Return a share of variance with its interval."""
    low, high = value - half, value + half
    shown = (min(max(x, 0.0), 1.0) for x in (value, low, high))
    return Estimate(value=value, low=low, high=high, text=number_text.percent(*shown))


def answer(hits: NDArray[np.bool_], question: str) -> QuestionResult:
    """Return the share of `hits` as the answer to `question`."""
    share = probability(hits)
    return QuestionResult(question=question, value=share.value, low=share.low, high=share.high, text=share.text)


def percentile(x: Floats, q: float, unit: str) -> Estimate:
    ordered = np.sort(x)
    n = len(x)
    width = 1.96 * math.sqrt(n * q / 100 * (1 - q / 100))
    ranks = [int(min(max(n * q / 100 + w, 0), n - 1)) for w in (0, -width, width)]
    value, low, high = (float(v) if math.isfinite(v := ordered[k]) else None for k in ranks)
    never = float(np.isinf(x).mean()) if unit == "month" else None
    return Estimate(
        value=value, low=low, high=high, never=never, text=number_text.censored(value, low, high, unit, HORIZON)
    )


def moment(value: float, error: float, unit: str) -> Estimate:
    low, high = value - 1.96 * error, value + 1.96 * error
    return Estimate(value=value, low=low, high=high, text=number_text.with_error(value, low, high, unit))


def measure(x: Floats, unit: str, better: str, text: str, heavy: bool = False) -> MeasureResult:
    estimates = {f"P{q}": percentile(x, q, unit) for q in SHOWN}
    never = float(np.isinf(x).mean())
    if never:
        return MeasureResult(unit=unit, better=better, text=text, percentiles=estimates, never=never)  # type: ignore[arg-type]  # literal
    error = float(x.std() / math.sqrt(len(x)))
    mean = moment(float(x.mean()), error, unit)
    if heavy:
        mean = replace(mean, warning="The largest 1 % of trials carry 46 % of the mean: read the percentiles instead.")
    tail = np.sort(x)[: len(x) // 20] if better == "high" else np.sort(x)[-len(x) // 20 :]
    return MeasureResult(
        unit=unit,
        better=better,  # type: ignore[arg-type]  # literal
        text=text,
        percentiles=estimates,
        mean=mean,
        sd=moment(float(x.std()), 0.01 * float(x.std()), unit),
        worst5=moment(float(tail.mean()), float(tail.std() / math.sqrt(len(tail))), unit),
        top_share=0.46 if heavy else 0.03,
    )


def step(name: str, text: str, path: Floats) -> LadderStep:
    gain, payback = path[:, -1], payback_of(path)
    roi = gain / -path[:, 0]
    answers = {
        "P(npv < 0)": probability(gain < 0),
        "P(roi >= 10)": probability(roi >= 10),
        "P(payback <= 12 months)": probability(payback <= 12),
        "P50(npv)": percentile(gain, 50, "USD"),
    }
    return LadderStep(name=name, text=text, answers=answers)


def comparison(name: str, change: str, before: Floats, after: Floats, reading: str) -> Comparison:
    answers = {}
    for question, hit in {
        "P(roi < 0)": lambda p: p[:, -1] < 0,
        "P(payback <= 12 months)": lambda p: payback_of(p) <= 12,
    }.items():
        a, b = hit(before), hit(after)
        d = b.astype(float) - a
        half = 1.96 * d.std() / math.sqrt(len(d))
        value = float(d.mean())
        text = number_text.difference(value, value - half, value + half, "share")
        answers[question] = Paired(
            unit="share",
            before=probability(a),
            after=probability(b),
            difference=Estimate(value=value, low=value - half, high=value + half, text=text),
        )
    d = after[:, -1] - before[:, -1]
    half, value = 1.96 * float(d.std()) / math.sqrt(len(d)), float(d.mean())
    answers["P50(gain)"] = Paired(
        unit="USD",
        before=percentile(before[:, -1], 50, "USD"),
        after=percentile(after[:, -1], 50, "USD"),
        difference=Estimate(
            value=value,
            low=value - half,
            high=value + half,
            text=number_text.difference(value, value - half, value + half, "USD"),
        ),
    )
    return Comparison(name=name, changes=(change,), reading=reading, answers=answers)


def curves(path: Floats) -> Curves:
    payback, gain = payback_of(path), path[:, -1]
    months = tuple(float(m) for m in range(HORIZON + 1))
    share = np.array([(payback <= m).mean() for m in months])
    half = 1.96 * np.sqrt(share * (1 - share) / len(payback)) + 0.001
    low, high = np.quantile(gain, [0.01, 0.99])
    counts, edges = np.histogram(gain, bins=60, range=(low, high))
    at = np.linspace(0.01, 0.99, 99)
    bands = {f"P{q}": tuple(np.quantile(path, q / 100, axis=0).tolist()) for q in (5, 10, 25, 50, 75, 90, 95)}
    return Curves(
        payback_s_curve=PaybackCurve(
            months=months,
            share=tuple(share.tolist()),
            low=tuple(np.maximum(share - half, 0).tolist()),
            high=tuple((share + half).tolist()),
            never=float(np.isinf(payback).mean()),
        ),
        npv_histogram=Histogram(
            measure="npv",
            unit="USD",
            edges=tuple(edges.tolist()),
            counts=tuple(counts.tolist()),
            below=float((gain < low).mean()),
            above=float((gain > high).mean()),
        ),
        npv_cdf=CumulativeCurve(
            measure="npv", unit="USD", values=tuple(np.quantile(gain, at).tolist()), share=tuple(at.tolist())
        ),
        cumulative_fan=Fan(months=months, percentiles=bands, trials=len(path)),
    )


def bell(middle: float, width: float) -> Picture:
    x = np.linspace(-2.6, 2.6, 41)
    return Picture(x=tuple((middle + width * x).tolist()), density=tuple(np.exp(-x * x / 2).tolist()))
