"""Records of what figures and registers show: curves, assumptions, dependence, formulas, definitions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from payback.simulator.document.core.record import Record


@dataclass(frozen=True, kw_only=True)
class PaybackCurve(Record):
    """Share of trials paid back by the end of each month, month 0 first, with its interval."""

    months: tuple[float, ...]
    share: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    never: float


@dataclass(frozen=True, kw_only=True)
class Histogram(Record):
    """`counts` has one entry fewer than `edges`; `below` and `above` are the shares left outside."""

    measure: str
    unit: str
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    below: float = 0.0
    above: float = 0.0


@dataclass(frozen=True, kw_only=True)
class CumulativeCurve(Record):
    """Share of trials at or below `values`, both ascending: the S-curve of a measure."""

    measure: str
    unit: str
    values: tuple[float, ...]
    share: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Fan(Record):
    """Percentiles of cumulative net at the end of each month, month 0 first.

    `percentiles` has the keys P5 P10 P25 P50 P75 P90 P95, each as long as `months`; `trials` is how
    many trials they rest on.
    """

    months: tuple[float, ...]
    percentiles: dict[str, tuple[float, ...]]
    trials: int


@dataclass(frozen=True, kw_only=True)
class Curves(Record):
    """What figures draw. The histogram and its S-curve are of the same measure (npv, or gain)."""

    payback_s_curve: PaybackCurve | None = None
    npv_histogram: Histogram | None = None
    npv_cdf: CumulativeCurve | None = None
    cumulative_fan: Fan | None = None


@dataclass(frozen=True, kw_only=True)
class Picture(Record):
    """The density of an input at `x`; when `discrete`, the probabilities of values or of bins around `x`."""

    x: tuple[float, ...]
    density: tuple[float, ...]
    discrete: bool = False


@dataclass(frozen=True, kw_only=True)
class Assumption(Record):
    """One input as the case states it, with what its distribution implies.

    Moments and quantiles are exact, never averages of trials; None where parameters are uncertain.
    `below_zero` is the probability of a negative value; `doubts` are sentences, without the name of the
    input, on what its distribution implies and is likely not meant.
    `grade` is "measured", "quoted", "expert", "guess" or "" (not stated).
    """

    name: str
    distribution: str
    unit: str = ""
    mean: float | None = None
    sd: float | None = None
    p1: float | None = None
    p5: float | None = None
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None
    below_zero: float | None = None
    doubts: tuple[str, ...] = ()
    grade: str = ""
    why: str = ""
    source: str = ""
    certain: bool = False


@dataclass(frozen=True, kw_only=True)
class PicturedAssumption(Assumption):
    """An assumption with the density of its distribution; None for a certain input, or where there is none to draw."""

    picture: Picture | None = None


@dataclass(frozen=True, kw_only=True)
class Dependence(Record):
    """Inputs that move together: the correlation asked, its kind, the one achieved, and the reason given.

    `achieved` is None where it is not known; `method` says how it was found: "exact" or "quadrature".
    A driver is named where it is paired with an input.
    """

    between: tuple[str, ...]
    kind: str
    value: float
    why: str = ""
    achieved: float | None = None
    method: str = ""


@dataclass(frozen=True, kw_only=True)
class FormulaText(Record):
    """A formula as the case writes it. `section` is "calculation", "upfront" or "monthly"."""

    section: Literal["calculation", "upfront", "monthly"]
    name: str
    formula: str
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class Omission(Record):
    """One entry of the checklist of costs that cases like this one tend to leave out."""

    item: str
    stated: bool
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Definition(Record):
    """A measure or a convention, in words."""

    name: str
    text: str
