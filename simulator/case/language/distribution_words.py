"""The distribution words: for each word the shape of its call, the roles of its arguments, and what it builds.

How a call of each shape is read stands in `payback.simulator.case.inputs.call_shapes`. A new wrapper is one row here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf
from typing import Literal, TypeAlias

from payback.distributions import (
    FAMILIES,
    Compound,
    Discrete,
    Distribution,
    Form,
    Highest,
    Histogram,
    Lowest,
    Metalog,
    Mixture,
    Parameter,
    Quantiles,
    Rounded,
    Scaled,
    Shifted,
    Truncated,
    ZeroInflated,
    empirical,
)
from payback.distributions.core.parameters import Role
from payback.simulator.case.expressions.keywords import LATER
from payback.simulator.case.expressions.tree import Call, Expression, Range, walk

Shape: TypeAlias = Literal[
    "family", "wrapper", "column", "weighted values", "bins", "quantiles", "mixture", "several", "compound", "metalog"
]
ArgumentRole: TypeAlias = Role | Literal["distribution", "number of draws", "constant", "plain constant"]
"""What an argument is: a parameter in one of the roles of families, which may be a formula of earlier names; a
distribution; how many draws are added; or a constant, in the unit of the line or plain."""


@dataclass(frozen=True)
class DistributionWord:
    """A word that begins a distribution.

    Parameters
    ----------
    name : str
        As written in a case.
    shape : str
        The shape of its call, by which its arguments are matched to roles.
    build : callable
        Makes the distribution of its parameters; of a family, by its first form.
    roles : tuple of str
        The roles of the arguments, for shapes that repeat one argument, or a pair of them.
    forms : tuple of Form
        The sets of parameters by which a family or a wrapper is given.
    position : int
        Where the distribution stands among the arguments of a wrapper.
    """

    name: str
    shape: Shape
    build: Callable[..., Distribution]
    roles: tuple[ArgumentRole, ...] = ()
    forms: tuple[Form, ...] = ()
    position: int = 0


def wrapper(
    name: str, build: Callable[..., Distribution], *parameters: Parameter, position: int = 0
) -> DistributionWord:
    """Return the row of a wrapper, ``build(distribution, *parameters, checked=...)``."""
    return DistributionWord(name, "wrapper", build, forms=(Form(parameters, build),), position=position)


def _zero_inflated(distribution: Distribution, p: float, *, checked: bool = True) -> ZeroInflated:
    return ZeroInflated(p, distribution, checked=checked)


_TABLE = (
    *(
        DistributionWord(family.name, "family", family.forms[0].build, forms=family.forms)
        for family in FAMILIES.values()
    ),
    DistributionWord("discrete", "weighted values", Discrete, ("constant", "plain constant")),
    DistributionWord("empirical", "column", empirical),
    DistributionWord("histogram", "bins", Histogram, ("constant", "plain constant")),
    DistributionWord("quantiles", "quantiles", Quantiles, ("plain constant", "constant")),
    wrapper("truncated", Truncated, Parameter("low", "value", -inf), Parameter("high", "value", inf)),
    wrapper("shifted", Shifted, Parameter("by", "value")),
    wrapper("scaled", Scaled, Parameter("factor", "shape")),
    wrapper("rounded", Rounded),
    wrapper("zero_inflated", _zero_inflated, Parameter("p", "probability"), position=1),
    DistributionWord("mixture", "mixture", Mixture, ("probability", "distribution")),
    DistributionWord("lowest_of", "several", Lowest, ("distribution",)),
    DistributionWord("highest_of", "several", Highest, ("distribution",)),
    DistributionWord("compound", "compound", Compound, ("number of draws", "distribution")),
    DistributionWord("metalog", "metalog", Metalog.through, ("value", "plain constant")),
)

DISTRIBUTION_WORDS: Mapping[str, DistributionWord] = {word.name: word for word in _TABLE}
"""Every word that begins a distribution, by name, in the order in which messages list them."""


def draws(function: str) -> bool:
    """Return whether `function` belongs to distribution lines, in this version or a later one."""
    return function in DISTRIBUTION_WORDS or function in LATER


def is_random(tree: Expression) -> bool:
    """Return whether `tree` holds a distribution."""
    return any(isinstance(node, Range) or (isinstance(node, Call) and draws(node.function)) for node in walk(tree))
