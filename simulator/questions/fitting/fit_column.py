"""The fit of a column of data: the ranking of families, whether they fit, and the line for a case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from payback.distributions.fitting.fit import Fitted, Ranking, rank, weights
from payback.distributions.fitting.goodness_of_fit import Goodness, goodness
from payback.distributions.fitting.observations import Kind, Observations
from payback.simulator.case.data.columns import Column
from payback.simulator.cube.streams import uniforms
from payback.simulator.document.fit import Fit, FittedFamily, LeftOut, Source
from payback.simulator.errors import UsageError
from payback.simulator.questions.fitting.case_line import distribution_text, input_line
from payback.simulator.questions.fitting.plots import plots
from payback.simulator.questions.fitting.sentences import YES_OR_NO, verdict, warnings

LEADING = 3
"""Families that are tested and drawn."""

PERCENTILES = (0, 5, 25, 50, 75, 95, 100)

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Request:
    """The options of a fit.

    Parameters
    ----------
    seed : int
        Seed of the draws that the test of fit compares with.
    kind : {"amounts", "counts"}, optional
        Decided by the data if not given.
    cap : float, optional
        Values of this size or more are only known to be at least this large.
    bounds : (float, float), optional
        Limits that the quantity cannot pass.
    test : bool
        Whether the leading families are tested.
    unit : str
        Unit of the column, for the line.
    """

    seed: int = 1
    kind: Kind | None = None
    cap: float | None = None
    bounds: tuple[float, float] | None = None
    test: bool = True
    unit: str = ""


def fit_column(
    column: Column, request: Request, censoring: Column | None = None, progress: Progress | None = None
) -> Fit:
    """Return the fit of a column of data: families ranked, and the leading ones tested.

    Parameters
    ----------
    column : Column
    request : Request
    censoring : Column, optional
        1 where the value is a lower bound, 0 elsewhere; rows as in `column`.
    progress : callable, optional
        ``progress(done, of)``: families tested.

    Raises
    ------
    UsageError
        When no family can be fitted to the data, with the reason.
    """
    where = f"{column.file}: column {column.name}"
    values, censored = _values(column, request, censoring, where)
    zeros = _zeros(values, request)
    kept = values != 0.0 if zeros else np.full(values.shape, True)
    try:
        data = Observations(values[kept], censored[kept], request.bounds, request.kind)
    except ValueError as error:
        raise UsageError(f"{where}{' above 0' if zeros else ''}: {error}") from None
    yes_or_no = data.kind == "counts" and data.censored is None and bool(np.all(data.values <= 1.0))
    ranking = rank(data, ("bernoulli",)) if yes_or_no else rank(data)
    if not ranking.fitted:
        reasons = "; ".join(sorted({reason for _, reason in ranking.left_out}))
        cut = data.censored is None and data.commonest[0] == data.values[-1]
        advice = "that value as a cap, if larger ones were cut off" if cut else "`discrete` or `empirical`, as they are"
        raise UsageError(f"{where}: no family applies: {reasons} -> {advice}")
    tested = {} if yes_or_no else _tested(ranking, data, request, progress)
    share = zeros / values.size
    families = _families(ranking, tested, data, share)
    best, fits, words = (families[0], True, YES_OR_NO) if yes_or_no else verdict(families, bool(tested), values.size)
    source = _source(column, values, data, zeros, request)
    return Fit(
        source=source,
        seed=request.seed,
        families=families,
        left_out=tuple(LeftOut(family=family, reason=reason) for family, reason in ranking.left_out),
        line=input_line(source, best, request.unit, fits=fits is not False),
        verdict=words,
        fits=fits,
        warnings=warnings(source, data, values, families, unit=request.unit),
        plots=plots(data, ranking.fitted[:LEADING]),
    )


def _values(
    column: Column, request: Request, censoring: Column | None, where: str
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the values, and which of them are only lower bounds, in the order of the file."""
    given = ~np.isnan(column.rows)
    values = column.rows[given]
    censored = np.full(values.shape, False)
    if censoring is not None:
        flags = censoring.rows[given]
        if not np.all((flags == 0.0) | (flags == 1.0)):
            raise UsageError(f"{where}: the column {censoring.name} marks lower bounds -> 1 for these, 0 for the rest")
        censored = flags == 1.0
    if request.cap is not None:
        if not np.any(values >= request.cap):
            raise UsageError(f"{where}: no value reaches the cap of {request.cap:g} -> a cap that is reached")
        censored |= values >= request.cap
        values = np.minimum(values, request.cap)
    return values, censored


def _zeros(values: NDArray[np.float64], request: Request) -> int:
    """Return how many values are exactly 0 among amounts that are positive otherwise; 0 for counts."""
    zeros = int(np.sum(values == 0.0))
    whole = bool(np.all(values == np.floor(values)))
    counts = request.kind == "counts" or (request.kind is None and whole)
    return 0 if counts or np.any(values < 0.0) or zeros == values.size else zeros


def _tested(
    ranking: Ranking, data: Observations, request: Request, progress: Progress | None
) -> dict[str, Goodness | str]:
    """Return the test of each leading family, or why there is none."""
    tests: dict[str, Goodness | str] = {}
    for done, fitted in enumerate(ranking.fitted[:LEADING] if request.test else ()):
        if progress is not None:
            progress(done, LEADING)
        try:
            tests[fitted.family] = goodness(fitted, data, partial(uniforms, request.seed, f"fit {fitted.family}"))
        except ValueError as error:
            tests[fitted.family] = str(error)
    if progress is not None and tests:
        progress(LEADING, LEADING)
    return tests


def _families(
    ranking: Ranking, tested: dict[str, Goodness | str], data: Observations, zeros: float
) -> tuple[FittedFamily, ...]:
    evidence = weights(ranking)
    best = ranking.fitted[0].aicc
    rows = []
    for fitted, weight in zip(ranking.fitted, evidence, strict=True):
        test = tested.get(fitted.family)
        known = test if isinstance(test, Goodness) else None
        rows.append(
            FittedFamily(
                family=fitted.family,
                distribution=distribution_text(fitted, zeros, data.size),
                chosen=fitted.chosen + (1 if zeros > 0.0 else 0),
                log_likelihood=fitted.log_likelihood,
                aicc=fitted.aicc,
                difference=fitted.aicc - best,
                weight=weight,
                statistic=known.statistic if known else None,
                p=known.p if known else None,
                draws=known.repeats if known else 0,
                untested=test if isinstance(test, str) else "",
                below_zero=_below_zero(fitted, data),
            )
        )
    return tuple(rows)


def _below_zero(fitted: Fitted, data: Observations) -> float:
    return float(fitted.distribution.cdf(np.nextafter(0.0, -1.0))) if data.values[0] >= 0.0 else 0.0


def _source(column: Column, values: NDArray[np.float64], data: Observations, zeros: int, request: Request) -> Source:
    quantiles = np.quantile(values, np.array(PERCENTILES) / 100.0, method="inverted_cdf")
    return Source(
        file=column.file,
        column=column.name,
        digest=column.digest,
        sheet=column.sheet,
        kind=str(data.kind),
        rows=column.rows.size,
        missing=column.missing,
        zeros=zeros,
        censored=data.at_least.size,
        cap=request.cap,
        mean=float(np.mean(values)),
        sd=float(np.std(values, ddof=1)),
        percentiles={f"P{q}": float(x) for q, x in zip(PERCENTILES, quantiles, strict=True)},
    )
