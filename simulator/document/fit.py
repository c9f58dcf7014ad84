"""Records of a fit: the data, the families fitted to them, and every number that the figures of a fit show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from payback.simulator.document.core.record import Printed, Record

Numbers = tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Source(Record):
    """The data: where they are from, how many there are, and their summary.

    `rows` less `missing` are the values; `zeros` of them are exactly 0 and were set apart (0 when
    they were not), `censored` are lower bounds alone. `digest` is BLAKE2b of the file.
    """

    file: str
    column: str
    digest: str
    sheet: str = ""
    kind: str
    rows: int
    missing: int = 0
    zeros: int = 0
    censored: int = 0
    cap: float | None = None
    mean: float
    sd: float
    percentiles: dict[str, float]


@dataclass(frozen=True, kw_only=True)
class FittedFamily(Record):
    """A family at its parameters of largest likelihood.

    `distribution` is how a case writes it, `chosen` the number of parameters that the data chose,
    `difference` its AICc less the best one, `weight` its share of the evidence. `p` comes from
    `draws` data sets drawn from the fit, None where that was not tested, with the reason in
    `untested`. `below_zero` is the probability below 0 when no value of the data is.
    """

    family: str
    distribution: str
    chosen: int
    log_likelihood: float
    aicc: float
    difference: float
    weight: float
    statistic: float | None = None
    p: float | None = None
    draws: int = 0
    untested: str = ""
    below_zero: float = 0.0


@dataclass(frozen=True, kw_only=True)
class LeftOut(Record):
    """A family that was not fitted, and why."""

    family: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Comparison(Record):
    """One leading family beside the data.

    `expected` are its values at the shares of the quantile plot (between whole numbers too, where
    the data are counts), `density` that on the grid of the density plot, `below` and `above` its tail
    probabilities on the grid of the tail plot, the value itself counted in both.
    """

    family: str
    expected: Numbers
    density: Numbers
    below: Numbers
    above: Numbers


@dataclass(frozen=True, kw_only=True)
class Plots(Record):
    """What the figures of a fit draw.

    `share` and `observed` are points of the data, `below` and `above` their shares in the tails,
    `low` and `high` the band in which nineteen of twenty such points lie, each by itself, if the first
    family holds. `edges` and `heights` are a histogram (probabilities at `edges` when `discrete`),
    per unit of log10 when `logarithmic`.
    """

    discrete: bool
    logarithmic: bool
    share: Numbers
    observed: Numbers
    below: Numbers
    above: Numbers
    low: Numbers
    high: Numbers
    edges: Numbers
    heights: Numbers
    grid: Numbers
    tail_grid: Numbers
    families: tuple[Comparison, ...]


@dataclass(frozen=True, kw_only=True)
class Fit(Printed):
    """Everything that ``payback fit`` says of a column; its ``--json`` prints it, and ``fit.json`` holds it.

    `line` is what to paste under `inputs:` of a case, `verdict` why that family, or that none fits.
    """

    schema: Literal["payback-fit/1"] = "payback-fit/1"
    source: Source
    seed: int
    families: tuple[FittedFamily, ...]
    left_out: tuple[LeftOut, ...]
    line: str
    verdict: str
    fits: bool | None
    warnings: tuple[str, ...]
    plots: Plots
