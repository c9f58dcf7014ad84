"""A call that begins a distribution with its arguments matched to roles, whatever the shape of the call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from payback.distributions import Distribution, Form
from payback.simulator.case.expressions.tree import Call, Expression
from payback.simulator.case.formulas.scope import Scope
from payback.simulator.case.inputs.recipe import Part, Recipe, make
from payback.simulator.case.language.distribution_words import ArgumentRole, DistributionWord


@dataclass(frozen=True)
class Argument:
    """An argument of a call that begins a distribution.

    Parameters
    ----------
    node : Expression
        As written, or the default of the parameter.
    role : str
        The role of the argument, which decides how it is read.
    name : str
        Name of the parameter, for messages.
    """

    node: Expression
    role: ArgumentRole
    name: str = ""


@dataclass(frozen=True)
class BoundCall:
    """A call whose arguments are matched to roles.

    Parameters
    ----------
    call : Call
    build : callable
        ``build(*parts, checked=...)``, which makes the distribution.
    arguments : tuple of Argument
        In the order in which they are read.
    form : Form or None
        The form of the family that the arguments give.
    note : str
        A remark on the call for the reader of the case; may be empty.
    settling : tuple of Argument
        The arguments whose first quantity settles the unit of the line, where they are not read in order.
    """

    call: Call
    build: Callable[..., Distribution]
    arguments: tuple[Argument, ...] = ()
    form: Form | None = None
    note: str = ""
    settling: tuple[Argument, ...] = ()


@dataclass(frozen=True)
class Surroundings:
    """The case around a distribution line.

    Parameters
    ----------
    scope : Scope
        The names that formulas may read, and the data read so far.
    notes : list of str
        Remarks for the reader of the case; grows while the line is read.
    """

    scope: Scope
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class CallShape:
    """How calls of one shape are read.

    Parameters
    ----------
    bind : callable
        Matches the arguments of a call of a word to roles; raises ExpressionError.
    recipe : callable
        Makes the recipe of a bound call from its arguments as they were read; raises ExpressionError.
    """

    bind: Callable[[Call, DistributionWord], BoundCall]
    recipe: Callable[[BoundCall, tuple[Part, ...], Surroundings], Recipe]


def distributions(parts: tuple[Part, ...]) -> tuple[Recipe, ...]:
    """Return the arguments of a call that are distributions, in order."""
    return tuple(read for read in parts if isinstance(read, Recipe))


def constants(parts: tuple[Part, ...]) -> tuple[float, ...]:
    """Return the arguments of a call that are constants, in order."""
    return tuple(read for read in parts if isinstance(read, float))


def plain_recipe(bound: BoundCall, parts: tuple[Part, ...], _: Surroundings) -> Recipe:
    """Return the recipe of a call that builds from its arguments as they were read.

    Raises
    ------
    ExpressionError
        When the distribution does not allow its parameters.
    """
    return make(bound.build, parts, bound.call.at)
