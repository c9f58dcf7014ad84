"""Why a measure is undefined in some trials: no rate, several, only one that is no return; nothing invested."""

from __future__ import annotations

from dataclasses import replace

from payback.simulator.case.expressions.folding import fold
from payback.simulator.case.expressions.parser import COMPARISONS
from payback.simulator.case.expressions.tree import Binary, Expression, Name
from payback.simulator.case.language.measures import MEASURES
from payback.simulator.statistics import Estimate, Sample

RATES = Name("irr_count")
"""The measure that tells why a rate of return is undefined."""

NO_RATE = "no rate"
SEVERAL = "several rates"
NO_RETURN = "only one at which NPV rises or turns"
NOTHING_INVESTED = "nothing is invested"

Reasons = tuple[tuple[str, float], ...]
"""Words, and the share of all trials to which they apply."""


def read_with(formula: Expression) -> tuple[Expression, ...]:
    """Return the formulas whose trials tell the value of `formula`, and why it is undefined."""
    return (formula, RATES) if _measure(formula) == "irr" else (formula,)


def explained(estimate: Estimate, formula: Expression, rates: Sample | None) -> Estimate:
    """Return the estimate of a statistic of `formula` with the reasons why it is undefined in some trials.

    Parameters
    ----------
    estimate : Estimate
    formula : Expression
        A measure, or a measure compared with a constant; of any other formula no reason is known.
    rates : Sample or None
        The number of rates of return in the same trials.
    """
    measure = _measure(formula)
    return replace(estimate, reasons=reasons(measure, estimate.undefined, rates)) if measure else estimate


def reasons(measure: str, undefined: float, rates: Sample | None) -> Reasons:
    """Return why `measure` is undefined in a share `undefined` of the trials, most frequent first; () if not known.

    Parameters
    ----------
    measure : str
    undefined : float
    rates : Sample or None
        The number of rates of return in the same trials.
    """
    if not undefined:
        return ()
    if measure != "irr":
        return ((NOTHING_INVESTED, undefined),) if measure in ("roi", "multiple") else ()
    if rates is None:
        return ()
    none, several = rates.share(rates.values == 0.0), rates.share(rates.values > 1.0)
    other = undefined - none - several
    if other < -1e-9:
        return ()
    shares = ((NO_RATE, none), (SEVERAL, several), (NO_RETURN, other))
    return tuple(sorted((pair for pair in shares if pair[1] > 1e-9), key=lambda pair: -pair[1]))


def _measure(formula: Expression) -> str:
    """Return the measure that `formula` is, or compares with a constant, if it may be undefined; else ""."""
    match formula:
        case Name(id=name) if name in MEASURES and MEASURES[name].undefined:
            return name
        case Binary(operator=operator, left=left, right=right) if operator in COMPARISONS:
            if fold(left) is None and fold(right) is not None:
                return _measure(left) if isinstance(left, Name) else ""
            if fold(right) is None and fold(left) is not None:
                return _measure(right) if isinstance(right, Name) else ""
    return ""
