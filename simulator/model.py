"""The model of a case that the engine compiles: plain floats, in reading order.

A `Model` holds no units, no files and no text positions. Everything in it was checked, every
conversion factor is folded into the trees, and every value of an input is in the unit that the
case gives it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from payback.distributions import Distribution

if TYPE_CHECKING:
    from payback.simulator.case.expressions.tree import Expression


@dataclass(frozen=True)
class Draw:
    """An uncertain input: one axis of the cube, or one axis per month.

    Parameters
    ----------
    name : str
        The name that formulas read.
    axis : str
        The axis of the cube; month `m` of a monthly draw is the axis ``f"{axis}[{m}]"``.
    distribution : Distribution or None
        Given when every parameter is a constant (a certain input holds `Certain`).
    build : callable or None
        Given when parameters depend on earlier names: maps the values of `parameters`,
        arrays of shape (trials,), to a distribution whose `ppf` takes one value per trial.
    parameters : tuple of Expression
        What `build` is called with, in order.
    monthly : bool
        Whether the input is drawn anew each month.
    change : Expression or None
        An override in which the name itself means the drawn value: ``traffic * 0.5``.
    unit : str
        As displayed; empty for a plain number.
    process : str
        The leading axis of the process that the draw belongs to, empty for an input: all draws of one process
        are one group in sensitivities, and no tornado swings them.
    """

    name: str
    axis: str
    distribution: Distribution | None = None
    build: Callable[..., Distribution] | None = None
    parameters: tuple[Expression, ...] = ()
    monthly: bool = False
    change: Expression | None = None
    unit: str = ""
    process: str = ""


@dataclass(frozen=True)
class Formula:
    """A calculation: one value per trial, or one per month.

    Parameters
    ----------
    name : str
        The name that formulas read.
    expression : Expression
        A plain tree; ``previous(x, start)`` inside it is the value of the same formula in the month before.
    monthly : bool
        Whether it has one value per month.
    after_ledger : bool
        Whether it reads a measure (``npv``, ``net``, ...), so that no line of the ledger may read it.
    unit : str
        As displayed; empty for a plain number.
    """

    name: str
    expression: Expression
    monthly: bool = False
    after_ledger: bool = False
    unit: str = ""


@dataclass(frozen=True)
class Line:
    """A line of the ledger: + is money in, - is money out.

    Parameters
    ----------
    section : {"upfront", "monthly"}
    label : str
    expression : Expression
        A plain tree, in the currency (a month).
    investment : bool
        Whether it counts as money invested.
    """

    section: str
    label: str
    expression: Expression
    investment: bool = False


@dataclass(frozen=True)
class Group:
    """Axes that move together.

    Parameters
    ----------
    axes : tuple of str
        Names of inputs, in declaration order.
    correlation : tuple of tuple of float
        The parameter matrix of the copula, positive semidefinite, unit diagonal.
    degrees : float or None
        The degrees of freedom of a t copula; None is the Gaussian copula.
    repaired : bool
        Whether the targets could not hold together, and `correlation` is the nearest that can.
    """

    axes: tuple[str, ...]
    correlation: tuple[tuple[float, ...], ...]
    degrees: float | None = None
    repaired: bool = False


Definition: TypeAlias = Draw | Formula


@dataclass(frozen=True)
class Model:
    """A case ready for the engine.

    Parameters
    ----------
    definitions : tuple of Draw or Formula
        In reading order: each reads only names before it.
    lines : tuple of Line
        The ledger, `section` being "upfront" or "monthly".
    horizon : int
        Months.
    discount_rate : Expression
        Per year, effective; scalar.
    dependence : tuple of Group
        Copulas over disjoint sets of inputs.
    """

    definitions: tuple[Definition, ...]
    lines: tuple[Line, ...]
    horizon: int
    discount_rate: Expression
    dependence: tuple[Group, ...] = ()

    @property
    def draws(self) -> tuple[Draw, ...]:
        """Every input, in reading order."""
        return tuple(d for d in self.definitions if isinstance(d, Draw))
