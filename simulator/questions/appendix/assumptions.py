"""The register of what the case assumes: inputs with what they imply, dependence, formulas, definitions."""

from __future__ import annotations

import math

import numpy as np

from payback.distributions import Distribution
from payback.simulator.case import Case
from payback.simulator.case.language.measures import MEASURES
from payback.simulator.document.exhibits import Assumption, Definition, Dependence, FormulaText, Picture

POINTS = 61
BINS = 40

CONVENTIONS = (
    ("t", "months count from 1; upfront lines fall at t = 0, not discounted; the net of a month falls at its end"),
    ("month", "730 hours, a twelfth of a year"),
    ("P90", "the 90th percentile: nine in ten trials are at or below it (the inverse of the share of trials)"),
    ("never", "not within the horizon: such trials rank last in percentiles of payback and are never averaged"),
    ("verdict", "supported or refuted when the whole 95 % interval is on one side of the limit, else inconclusive"),
    (
        "claim",
        "about each trial: it, or its contrary, must hold with the confidence of the hurdles (80 % if none)",
    ),
    ("interval", "95 % interval of the simulation error alone: it says nothing about whether the inputs are right"),
)


def assumptions(case: Case) -> tuple[Assumption, ...]:
    """Return one record an input, in the order of the case."""
    draws = {draw.name: draw for draw in case.model.draws}
    return tuple(
        Assumption(
            name=one.name,
            distribution=one.distribution,
            unit=one.unit,
            mean=one.mean,
            sd=one.sd,
            p1=one.p1,
            p5=one.p5,
            p50=one.p50,
            p95=one.p95,
            p99=one.p99,
            below_zero=one.below_zero,
            doubts=one.doubts,
            grade=one.grade,
            why=one.why,
            source=one.reference,
            certain=one.certain,
            picture=picture(draws[one.name].distribution) if not one.certain else None,
        )
        for one in case.assumptions
    )


def picture(distribution: Distribution | None) -> Picture | None:
    """Return the density between the first and the last half percent; None when there is none to draw.

    Where some values have a probability of their own, that of each value, or of `BINS` bins if there are more.
    """
    if distribution is None:
        return None
    low, high = (float(x) for x in distribution.ppf(np.array([0.005, 0.995])))
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        return None
    if not distribution.continuous:
        return _bars(distribution, low, high)
    x = np.linspace(low, high, POINTS)
    density = np.asarray(distribution.pdf(x), dtype=float)
    inside = np.isfinite(density)
    density = np.where(inside, density, density[inside].max(initial=0.0))
    return Picture(x=tuple(x.tolist()), density=tuple(density.tolist()))


def _bars(distribution: Distribution, low: float, high: float) -> Picture:
    values = distribution.atoms() if distribution.discrete else None
    if values is not None:
        values = values[(values >= low) & (values <= high)]
        if values.size <= BINS:
            return Picture(x=tuple(values.tolist()), density=tuple(distribution.pdf(values).tolist()), discrete=True)
    edges = np.linspace(low, high, BINS + 1)
    if values is not None and np.array_equal(values, np.rint(values)):  # as many whole numbers in each bin
        width = math.ceil((high - low + 1.0) / BINS)
        edges = np.arange(low - 0.5, high + width, width)
    edges[0] = np.nextafter(edges[0], -np.inf)
    masses = np.diff(np.asarray(distribution.cdf(edges), dtype=float))
    return Picture(x=tuple((0.5 * (edges[1:] + edges[:-1])).tolist()), density=tuple(masses.tolist()), discrete=True)


def dependence(case: Case) -> tuple[Dependence, ...]:
    """Return what the case couples, pair by pair: what it asks for, and what it gets."""
    return tuple(
        Dependence(
            between=one.between,
            kind=one.kind,
            value=one.asked,
            why=one.why,
            achieved=one.achieved,
            method=one.method,
        )
        for one in case.agreements
    )


def formulas(case: Case) -> tuple[FormulaText, ...]:
    """Return calculations and ledger lines as the case writes them."""
    units = case.units
    calculations = tuple(
        FormulaText(section="calculation", name=one.name, formula=one.source.text.strip(), unit=units.get(one.name, ""))
        for one in case.declarations.calculations
    )
    lines = tuple(
        FormulaText(
            section="upfront" if one.section == "upfront" else "monthly",
            name=one.label,
            formula=one.source.text.strip(),
            unit=units.get(f"{one.section}.{one.label}", ""),
        )
        for one in case.declarations.lines
    )
    return calculations + lines


def definitions() -> tuple[Definition, ...]:
    """Return the measures and the conventions in words."""
    measures = tuple(Definition(name=one.name, text=one.text) for one in MEASURES.values())
    return measures + tuple(Definition(name=name, text=text) for name, text in CONVENTIONS)
