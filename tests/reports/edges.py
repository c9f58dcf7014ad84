"""Edge cases, made from the sample."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any

from payback.simulator import number_text
from payback.simulator.document.core.estimate import Estimate
from payback.simulator.document.document import Document
from payback.simulator.document.exhibits import CumulativeCurve, Curves, Fan, Histogram, PaybackCurve
from payback.simulator.document.questions.tornado import Tornado
from payback.simulator.document.results import MeasureResult, VerdictText
from tests.reports.sample import sample
from tests.reports.synthetic import HORIZON, SHOWN, TRIALS

FAN = ("P5", "P10", "P25", "P50", "P75", "P90", "P95")


def rewritten(record: Any, change: Callable[[str], str]) -> Any:
    """Return `record` with `change` applied to every free text in it (keys and literals stay)."""
    if is_dataclass(record) and not isinstance(record, type):
        fixed = {"schema", "better", "section", "verdict", "unit", "measure_better", "first", "second", "efficient"}
        return replace(
            record,
            **{
                f.name: rewritten(getattr(record, f.name), change)
                for f in fields(record)
                if f.name not in fixed or not isinstance(getattr(record, f.name), str)
            },
        )
    if isinstance(record, str):
        return change(record)
    if isinstance(record, tuple) and record and not isinstance(record[0], float):
        return tuple(rewritten(item, change) for item in record)
    if isinstance(record, dict):
        return {key: rewritten(value, change) for key, value in record.items()}
    return record


@cache
def hostile(payload: str) -> Document:
    """Return the sample with `payload` in every free text, units of inputs, and names of measures too."""
    document = rewritten(sample(), lambda _: payload)
    document = replace(document, measures={f"{name}{payload}": m for name, m in document.measures.items()})
    swung = tuple(replace(bar, unit=payload) for bar in document.tornado.bars)
    return replace(
        document,
        tornado=replace(document.tornado, bars=swung, unit=payload, measure=payload),
        assumptions=tuple(replace(a, unit=payload) for a in document.assumptions),
    )


def never_pays() -> Document:
    """Nothing ever pays back, and roi is undefined in every trial."""
    document = sample()
    nothing = Estimate(value=None, never=1.0, text=number_text.not_within(HORIZON))
    undefined = Estimate(value=None, undefined=1.0, text="undefined in every trial")
    keys = [f"P{q}" for q in SHOWN]
    measures = document.measures | {
        "payback": MeasureResult(
            unit="month", better="low", text="", percentiles=dict.fromkeys(keys, nothing), never=1.0
        ),
        "roi": MeasureResult(
            unit="", better="high", text="", percentiles=dict.fromkeys(keys, undefined), undefined=1.0
        ),
    }
    months = tuple(float(m) for m in range(HORIZON + 1))
    zero = (0.0,) * len(months)
    curve = PaybackCurve(months=months, share=zero, low=zero, high=(2.2e-4,) * len(months), never=1.0)
    return replace(document, measures=measures, curves=replace(document.curves, payback_s_curve=curve))


def certain() -> Document:
    """A case without uncertain inputs: exact values, one bin, no tornado."""
    document = sample()
    exact = Estimate(value=-2000.0, low=-2000.0, high=-2000.0, text="-2,000 USD")
    keys = [f"P{q}" for q in SHOWN]
    months = tuple(float(m) for m in range(HORIZON + 1))
    path = tuple(-21_200 + 1_600.0 * m for m in months)
    share = tuple(0.0 for _ in months)
    return replace(
        document,
        measures={
            "npv": MeasureResult(unit="USD", better="high", text="", percentiles=dict.fromkeys(keys, exact), mean=exact,
                                 sd=Estimate(value=0.0, low=0.0, high=0.0, text="0 USD"), worst5=exact),
        },
        ladder=(), claims=(), hurdles=(), what_if=(), stress=(),
        tornado=Tornado(measure="npv", unit="USD", base=-2000.0), variance=None, options=None,
        curves=Curves(
            payback_s_curve=PaybackCurve(months=months, share=share, low=share, high=share, never=1.0),
            npv_histogram=Histogram(measure="npv", unit="USD", edges=(-2000.5, -1999.5), counts=(TRIALS,)),
            npv_cdf=CumulativeCurve(measure="npv", unit="USD", values=(-2000.0,), share=(1.0,)),
            cumulative_fan=Fan(months=months, percentiles=dict.fromkeys(FAN, path), trials=TRIALS),
        ),
        assumptions=document.assumptions[-1:], dependence=(),
    )  # fmt: skip


def crowded() -> Document:
    """Sixty inputs with long names, in EUR, over 120 months."""
    document = sample()
    first = document.assumptions[0]
    named = [f"input_with_a_very_long_descriptive_name_{k:02d}" for k in range(60)]
    assert document.tornado is not None
    bars = tuple(
        replace(
            document.tornado.bars[1],
            input=name,
            low=-11_000.0 - 90 * k,
            high=-10_000.0 + 90 * k,
            swing=1_000.0 + 180 * k,
        )
        for k, name in reversed(list(enumerate(named)))
    )
    assert document.variance is not None
    top = document.variance.shares[0]
    shares = tuple(
        replace(top, inputs=(name,), total=replace(top.total, value=value, low=None, high=None))
        for name, value in zip(named, (0.9**k for k in range(60)), strict=True)
    )
    assert document.options is not None
    first_option, *_, last = document.options.options
    many = (first_option, *(replace(last, name=name.replace("input", "option"), tied=True) for name in named[:15]))
    months = tuple(float(m) for m in range(121))
    share = tuple(0.6 * (1 - math.exp(-m / 40)) for m in months)
    bands = {f"P{q}": tuple(-9000.0 + (q - 30) * 6.0 * m for m in months) for q in (5, 10, 25, 50, 75, 90, 95)}
    return replace(
        document,
        case=replace(document.case, currency="EUR", horizon=120),
        assumptions=tuple(replace(first, name=name) for name in named),
        tornado=replace(document.tornado, bars=bars, unit="EUR"),
        variance=replace(document.variance, shares=shares),
        options=replace(document.options, options=many),
        curves=replace(
            document.curves,
            payback_s_curve=PaybackCurve(months=months, share=share, low=share, high=share, never=1 - share[-1]),
            cumulative_fan=Fan(months=months, percentiles=bands, trials=TRIALS),
        ),
    )


def scaled(factor: float) -> Document:
    """The sample with money in other sizes: 1e-6 and 1e12 are what the tests ask for."""
    document = sample()

    def times(estimate: Estimate | None) -> Estimate | None:
        if estimate is None or estimate.value is None or estimate.low is None or estimate.high is None:
            return estimate
        value, low, high = (factor * v for v in (estimate.value, estimate.low, estimate.high))
        return replace(estimate, value=value, low=low, high=high, text=number_text.with_error(value, low, high, "USD"))

    npv = document.measures["npv"]
    npv = replace(
        npv,
        percentiles={k: times(v) for k, v in npv.percentiles.items()},
        mean=times(npv.mean), sd=times(npv.sd), worst5=times(npv.worst5),
    )  # fmt: skip
    histogram, fan, cdf = document.curves.npv_histogram, document.curves.cumulative_fan, document.curves.npv_cdf
    assert histogram
    assert fan
    assert cdf
    assert document.tornado
    return replace(
        document,
        measures=document.measures | {"npv": npv},
        base_case=None,
        curves=replace(
            document.curves,
            npv_histogram=replace(histogram, edges=tuple(factor * e for e in histogram.edges)),
            npv_cdf=replace(cdf, values=tuple(factor * v for v in cdf.values)),
            cumulative_fan=replace(
                fan, percentiles={k: tuple(factor * x for x in v) for k, v in fan.percentiles.items()}
            ),
        ),
        tornado=replace(
            document.tornado,
            base=factor * (document.tornado.base or 0),
            bars=tuple(
                replace(b, low=factor * (b.low or 0), high=factor * (b.high or 0), swing=factor * (b.swing or 0))
                for b in document.tornado.bars
            ),
        ),
    )


EDGES = {
    "sample": sample,
    "never": never_pays,
    "certain": certain,
    "crowded": crowded,
    "tiny": lambda: scaled(1e-6),
    "huge": lambda: scaled(1e12 / 1e4),
    "bare": lambda: Document(
        case=sample().case, provenance=sample().provenance, verdict=VerdictText(text="Nothing was asked.")
    ),
}
"""Documents that every renderer must handle, by name."""
