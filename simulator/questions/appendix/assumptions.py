"""The register of assumptions: inputs and what their distributions imply, dependence, formulas, definitions."""

from __future__ import annotations

import math

import numpy as np

from payback.distributions import Distribution
from payback.simulator.case import Case
from payback.simulator.case.inputs.input_facts import InputFacts
from payback.simulator.case.language.measures import MEASURES
from payback.simulator.document.exhibits import (
    Assumption,
    Definition,
    Dependence,
    FormulaText,
    Picture,
    PicturedAssumption,
)
from payback.simulator.stage_times import Stage

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
        "of each trial: supported, or refuted, with the confidence of the hurdles (80 % if none); likely from half on",
    ),
    ("interval", "95 % interval of the simulation error alone: it says nothing about whether the inputs are right"),
)


def assumptions(case: Case) -> tuple[Assumption, ...]:
    """Return the assumption behind each input, in the order of the case."""
    return tuple(_assumption(facts) for facts in case.assumptions)


@Stage("assumptions")
def pictured_assumptions(case: Case) -> tuple[PicturedAssumption, ...]:
    """Return the assumption behind each input with the density of its distribution, in the order of the case."""
    draws = {draw.name: draw for draw in case.model.draws}
    return tuple(
        PicturedAssumption(
            **vars(assumption),
            picture=None if assumption.certain else picture(draws[assumption.name].distribution),
        )
        for assumption in assumptions(case)
    )


def _assumption(facts: InputFacts) -> Assumption:
    """Return the register record of an input: its facts without those that a register does not show."""
    shown = {name: value for name, value in vars(facts).items() if name not in ("reference", "monthly")}
    return Assumption(**shown, source=facts.reference)


def picture(distribution: Distribution | None) -> Picture | None:
    """Return the density of a distribution between its 0.5 % and 99.5 % quantiles; None when there is none to draw.

    Where single values have a probability, the picture holds the probability of each value, or of `BINS` bins when
    there are more values than that.
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
    """Return the correlations that the case states, pair by pair, each with the correlation achieved."""
    return tuple(
        Dependence(
            between=agreement.between,
            kind=agreement.kind,
            value=agreement.asked,
            why=agreement.why,
            achieved=agreement.achieved,
            method=agreement.method,
        )
        for agreement in case.agreements
    )


def formulas(case: Case) -> tuple[FormulaText, ...]:
    """Return the calculations and the ledger lines as the case writes them."""
    units = case.units
    calculations = tuple(
        FormulaText(
            section="calculation",
            name=calculation.name,
            formula=calculation.source.text.strip(),
            unit=units.get(calculation.name, ""),
        )
        for calculation in case.declarations.calculations
    )
    lines = tuple(
        FormulaText(
            section="upfront" if line.section == "upfront" else "monthly",
            name=line.label,
            formula=line.source.text.strip(),
            unit=units.get(f"{line.section}.{line.label}", ""),
        )
        for line in case.declarations.lines
    )
    return calculations + lines


def definitions() -> tuple[Definition, ...]:
    """Return the measures and the conventions in words."""
    measures = tuple(Definition(name=measure.name, text=measure.text) for measure in MEASURES.values())
    return measures + tuple(Definition(name=name, text=text) for name, text in CONVENTIONS)
