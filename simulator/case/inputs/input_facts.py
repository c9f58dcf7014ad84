"""The facts of an input: the case's statements about it, and what its distribution implies."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from payback.distributions import Certain
from payback.simulator.case.declarations.declarations import Input
from payback.simulator.case.inputs.plausibility import implied
from payback.simulator.model import Draw


@dataclass(frozen=True)
class InputFacts:
    """An input as its case states it, and the exact figures that its distribution implies.

    Parameters
    ----------
    name, distribution, unit : str
        The name, the distribution as written, and the unit of its values.
    grade, why, reference : str
        How well it is known, why, and from where; empty when the case does not say.
    certain, monthly : bool
        Whether it is one value; whether it is drawn anew each month.
    mean, sd, p1, p5, p50, p95, p99 : float or None
        Exact figures of the distribution, in `unit`; None when its parameters depend on other inputs,
        and for a moment that is not finite.
    below_zero : float or None
        The probability of a negative value.
    doubts : tuple of str
        Sentences on implications that are likely not meant.
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
    p1: float | None = None
    p5: float | None = None
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None
    below_zero: float | None = None
    doubts: tuple[str, ...] = ()


def input_facts(declared: Input, draw: Draw) -> InputFacts:
    """Return the facts of an input: the case's statements about it, and what its distribution implies."""
    figures = {}
    if draw.distribution is not None:
        figures = asdict(implied(draw.distribution, declared.name, draw.unit, declared.expression))
    return InputFacts(
        declared.name,
        declared.source.text.strip(),
        draw.unit,
        declared.grade,
        declared.why,
        declared.reference,
        isinstance(draw.distribution, Certain),
        draw.monthly,
        **figures,
    )
