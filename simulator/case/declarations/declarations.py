"""The sections of a case file as values, before they are checked against each other."""

from __future__ import annotations

from dataclasses import dataclass, field

from payback.simulator.case.expressions.tree import Expression
from payback.simulator.case.source.source_text import Source

GRADES = ("measured", "quoted", "expert", "guess")


@dataclass(frozen=True)
class Input:
    """An input: a distribution or a certain value, its unit and its provenance.

    `change` is an override, in which the name of the input is its drawn value; `replaces` is the
    input of the base case that this one stands for, in whose unit it is.
    """

    name: str
    expression: Expression
    unit: str = ""
    monthly: bool = False
    grade: str = ""
    why: str = ""
    reference: str = ""
    source: Source = Source()
    change: Expression | None = None
    replaces: Input | None = None


@dataclass(frozen=True)
class Calculation:
    """A named formula, scalar or monthly; `replaces` names the one whose unit it must have."""

    name: str
    expression: Expression
    source: Source = Source()
    replaces: str = ""


@dataclass(frozen=True)
class LedgerLine:
    """A line of the cash flows; `section` is "upfront" or "monthly"."""

    section: str
    label: str
    expression: Expression
    investment: bool = False
    why: str = ""
    source: Source = Source()


@dataclass(frozen=True)
class Correlation:
    """A target of dependence between every pair of `axes`.

    `kind` is "spearman", "kendall", "pearson" or "parameter".
    """

    axes: tuple[str, ...]
    kind: str
    value: float
    why: str = ""
    source: Source = Source()


@dataclass(frozen=True)
class Driver:
    """A cause that is no input, and its target of dependence with each of several inputs.

    `kind` is "spearman", "kendall" or "parameter".
    """

    name: str
    kind: str
    strengths: tuple[tuple[str, float], ...]
    why: str = ""
    source: Source = Source()


@dataclass(frozen=True)
class Change:
    """One override: `target` is an input, a calculation, ``horizon``, ``discount_rate``, or
    ``upfront.LABEL`` / ``monthly.LABEL``; in `expression` the name itself is its base value.
    """

    target: str
    expression: Expression
    source: Source = Source()


@dataclass(frozen=True)
class WhatIf:
    """A named set of interventions: other inputs keep their draws."""

    name: str
    changes: tuple[Change, ...]
    source: Source = Source()


@dataclass(frozen=True)
class Band:
    """A condition on an input: its share of the distribution lies in [low, high]; equal ends pin it.

    `alone` makes it an intervention: the inputs that depend on it stay as they are.
    """

    target: str
    low: float
    high: float
    source: Source = Source()
    alone: bool = False


@dataclass(frozen=True)
class Stress:
    """A named set of conditions: other inputs follow the dependence."""

    name: str
    bands: tuple[Band, ...]
    source: Source = Source()


@dataclass(frozen=True)
class Claim:
    """What somebody said, and the condition or statistic that checks it."""

    says: str
    check: str
    reference: str = ""
    source: Source = Source()


@dataclass(frozen=True)
class Hurdles:
    """Limits (measure, text) that the case must meet, each with the stated confidence."""

    limits: tuple[tuple[str, str], ...] = ()
    confidence: float = 0.8
    sources: dict[str, Source] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Declarations:
    """A case file, read but not yet checked.

    `degrees` are those of a t copula, None for the Gaussian one; `repair` is whether targets that
    cannot hold together are replaced by the nearest that can. `broken` holds the names (and
    ``upfront.LABEL``, ``monthly.LABEL``) that could not be read. Their problems were reported:
    what reads such a name is neither checked nor complained of.
    """

    name: str = ""
    reference: str = ""
    currency: str = "USD"
    horizon: int = 12
    discount_rate: Expression | None = None
    inputs: tuple[Input, ...] = ()
    calculations: tuple[Calculation, ...] = ()
    lines: tuple[LedgerLine, ...] = ()
    dependence: tuple[Correlation, ...] = ()
    drivers: tuple[Driver, ...] = ()
    degrees: float | None = None
    repair: bool = False
    hold: tuple[tuple[str, float], ...] = ()
    claims: tuple[Claim, ...] = ()
    what_if: tuple[WhatIf, ...] = ()
    stress: tuple[Stress, ...] = ()
    hurdles: Hurdles = Hurdles()
    ladder: tuple[str, ...] = ()
    broken: frozenset[str] = frozenset()
    file: str = ""
    digest: str = ""
    source: dict[str, Source] = field(default_factory=dict, compare=False)
