"""The assumption register: what a case says of one input, and what that implies."""

from __future__ import annotations

from dataclasses import dataclass

from distributions import Distribution
from simulator.case.declarations import Input
from simulator.case.literals import is_certain
from simulator.case.model import Draw


@dataclass(frozen=True)
class Assumption:
    """One input of a case.

    Parameters
    ----------
    name, distribution, unit : str
        The name, the distribution as written, and the unit of its values.
    grade, why, reference : str
        How well it is known, why, and from where; empty when the case does not say.
    certain, monthly : bool
        Whether it is one value; whether it is drawn anew each month.
    mean, sd, p5, p50, p95 : float or None
        Exact figures of the distribution, in `unit`; None when its parameters depend on other inputs,
        and for a moment that is not finite.
    """

    name: str
    distribution: str
    unit: str = ""
    grade: str = ""
    why: str = ""
    reference: str = ""
    certain: bool = False
    monthly: bool = False
    mean: float | None = None
    sd: float | None = None
    p5: float | None = None
    p50: float | None = None
    p95: float | None = None


def assumption(declared: Input, draw: Draw) -> Assumption:
    """Return the register line of an input."""
    figures = _figures(draw.distribution) if draw.distribution is not None else (None,) * 5
    return Assumption(
        declared.name,
        declared.source.text.strip(),
        draw.unit,
        declared.grade,
        declared.why,
        declared.reference,
        is_certain(declared.expression),
        draw.monthly,
        *figures,
    )


def _figures(distribution: Distribution) -> tuple[float | None, ...]:
    import numpy as np

    low, middle, high = (float(x) for x in distribution.ppf(np.array([0.05, 0.5, 0.95])))
    moments = (float(distribution.mean), float(distribution.sd))
    return (*(value if np.isfinite(value) else None for value in moments), low, middle, high)
