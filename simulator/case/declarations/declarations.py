"""The sections of a case file as values, before they are checked against each other."""

from __future__ import annotations

from dataclasses import dataclass, field

from payback.simulator.case.expressions.tree import Expression
from payback.simulator.case.source.source_text import Source

GRADES = ("measured", "quoted", "expert", "guess")


@dataclass(frozen=True)
class Input:
    """An input: a distribution or a certain value, its unit and its provenance.

    Parameters
    ----------
    name : str
    expression : Expression
        The distribution line.
    unit : str
        Given beside the line; may be empty.
    monthly : bool
        Whether it is drawn anew each month.
    grade, why, reference : str
        How well it is known (one of `GRADES`), why, and from where; may be empty.
    source : Source
        Where it is written.
    change : Expression or None
        An override, in which the name of the input is its drawn value.
    replaces : Input or None
        The input of the base case that this one stands for, in whose unit it is.
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
    """A named formula, with one value per trial or one per month.

    Parameters
    ----------
    name : str
    expression : Expression
    source : Source
        Where it is written.
    replaces : str
        Name of the calculation that this one overrides, whose unit it must have; may be empty.
    """

    name: str
    expression: Expression
    source: Source = Source()
    replaces: str = ""


@dataclass(frozen=True)
class LedgerLine:
    """A line of the cash flows: + is money in, - is money out.

    Parameters
    ----------
    section : {"upfront", "monthly"}
    label : str
    expression : Expression
    investment : bool
        Whether a monthly line counts as money invested.
    why : str
        Why the line is there; may be empty.
    source : Source
        Where it is written.
    """

    section: str
    label: str
    expression: Expression
    investment: bool = False
    why: str = ""
    source: Source = Source()


@dataclass(frozen=True)
class Correlation:
    """A target of dependence between every pair of several inputs.

    Parameters
    ----------
    axes : tuple of str
        Names of the inputs.
    kind : {"spearman", "kendall", "pearson", "parameter"}
        The kind of the value: a rank or linear correlation, or the parameter of the copula itself.
    value : float
        In [-1, 1].
    why : str
    source : Source
        Where it is written.
    """

    axes: tuple[str, ...]
    kind: str
    value: float
    why: str = ""
    source: Source = Source()


@dataclass(frozen=True)
class Driver:
    """A common cause of several inputs, not an input itself, with its dependence on each of them.

    Parameters
    ----------
    name : str
    kind : {"spearman", "kendall", "parameter"}
    strengths : tuple of (str, float)
        Inputs, and their dependence on the driver in [-1, 1].
    why : str
    source : Source
        Where it is written.
    """

    name: str
    kind: str
    strengths: tuple[tuple[str, float], ...]
    why: str = ""
    source: Source = Source()


@dataclass(frozen=True)
class Change:
    """An override of a part of a case.

    Parameters
    ----------
    target : str
        An input, a calculation, ``horizon``, ``discount_rate``, ``upfront.LABEL`` or ``monthly.LABEL``.
    expression : Expression
        The new formula; the name of the target in it is the base value.
    source : Source
        Where it is written.
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
class Option(WhatIf):
    """A way to act: a set of interventions, with the inputs that it alone reads."""

    inputs: tuple[Input, ...] = ()


@dataclass(frozen=True)
class Band:
    """A condition on an input: the share of its distribution below its value lies in a band.

    Parameters
    ----------
    target : str
        Name of the input.
    low, high : float
        The ends, in [0, 1]; equal ends hold the input at a quantile.
    source : Source
        Where it is written.
    alone : bool
        Whether it is an intervention: the inputs that depend on this one stay as they are.
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
    """A claim that somebody made, and the condition or statistic that checks it.

    Parameters
    ----------
    says : str
        The claim in words.
    check : str
        A question: a condition, or a statistic with a limit.
    reference : str
        Where it is claimed; may be empty.
    source : Source
        Where it is written.
    """

    says: str
    check: str
    reference: str = ""
    source: Source = Source()


@dataclass(frozen=True)
class Hurdles:
    """Limits that the case must meet.

    Parameters
    ----------
    limits : tuple of (str, str)
        Measures, and the limit of each as written.
    confidence : float
        Probability with which each limit must be met.
    sources : dict of str to Source
        Where each limit is written, by measure.
    """

    limits: tuple[tuple[str, str], ...] = ()
    confidence: float = 0.8
    sources: dict[str, Source] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Declarations:
    """A case file, read but not yet checked.

    Parameters
    ----------
    name, reference, currency : str
        The name of the case, where it comes from, and its currency in three capitals.
    horizon : int
        Months.
    discount_rate : Expression or None
        A year; None where the case gives none.
    inputs, calculations, lines : tuple
        In the order of the file.
    dependence, drivers : tuple
        Targets of dependence.
    degrees : float or None
        Of a t copula; None for the Gaussian copula.
    repair : bool
        Whether targets that cannot hold together are replaced by the nearest that can.
    hold : tuple of (str, float)
        Values at which a tornado holds inputs in place of their medians.
    claims, what_if, options, stress, hurdles, ladder
        Claims, changes and limits that the case declares.
    decide_by : str
        The statistic by which options are ranked; empty where the case gives none.
    broken : frozenset of str
        Names (and ``upfront.LABEL``, ``monthly.LABEL``) that could not be read. Their problems were reported: what
        reads such a name is not checked.
    file, digest : str
        The file as it was named, and the digest of its content.
    source : dict of str to Source
        Where the single keys are written.
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
    options: tuple[Option, ...] = ()
    decide_by: str = ""
    stress: tuple[Stress, ...] = ()
    hurdles: Hurdles = Hurdles()
    ladder: tuple[str, ...] = ()
    broken: frozenset[str] = frozenset()
    file: str = ""
    digest: str = ""
    source: dict[str, Source] = field(default_factory=dict, compare=False)
