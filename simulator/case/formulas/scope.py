"""The scope of formulas: the names that they may read, and the result of a check of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from payback.distributions import Distribution
from payback.simulator.case.data.columns import Column
from payback.simulator.case.expressions.tree import Binary, Call, Expression, Name, Number
from payback.simulator.case.language.measures import CURRENCY, CURRENCY_PER_MONTH, MEASURES
from payback.simulator.case.language.units import PLAIN, Unit, factor, shown_unit

HORIZON = "horizon"
"""The name under which formulas read the length of the case, a duration."""


class AlreadyReported(Exception):
    """The error of a formula that reads a name whose problem was reported before; it is not reported again."""


@dataclass(frozen=True)
class Typed:
    """A checked formula.

    Parameters
    ----------
    tree : Expression
        Plain, in `unit`.
    unit : Unit
    monthly : bool
        One value per month.
    zero : bool
        A literal 0, which is in every unit.
    free : bool
        In a unit that is not known yet: the month before of a calculation that starts at 0.
    after : bool
        Reads a measure, so the ledger comes first.
    """

    tree: Expression
    unit: Unit = PLAIN
    monthly: bool = False
    zero: bool = False
    free: bool = False
    after: bool = False

    def scaled(self, by: float, unit: Unit) -> Typed:
        """Return the same quantity in another unit, numbers multiplied by `by`."""
        return Typed(scaled(self.tree, by), unit, self.monthly, self.zero, self.free, self.after)


@dataclass(frozen=True)
class Entry:
    """A name that formulas read.

    Parameters
    ----------
    unit : Unit
    monthly, after : bool
        As in `Typed`.
    distribution : Distribution or None
        Of an input whose parameters are constants.
    change : Expression or None
        The override of that input, in which its name is the drawn value.
    is_input : bool
    """

    unit: Unit = PLAIN
    monthly: bool = False
    after: bool = False
    distribution: Distribution | None = None
    change: Expression | None = None
    is_input: bool = False

    @property
    def kind(self) -> tuple[Unit, bool, bool]:
        """Unit, `monthly` and `after`: the check of a formula that reads the name depends on these alone."""
        return self.unit, self.monthly, self.after


@dataclass
class Scope:
    """The names of a case that formulas may read, and its units.

    Parameters
    ----------
    months : int
        The horizon.
    currency : str
    united : bool
        Whether anything in the case carries a unit; if not, units are not checked.
    names : dict of str to Entry
        In reading order.
    later : dict of str to int
        The line in which a name that is not read yet is defined, 0 if unknown.
    labels : frozenset of str
        Names of ledger lines.
    broken : set of str
        Names whose problem was reported before.
    file : str
        The file of the case; data files lie under its folder.
    columns : dict of (file, column, sheet) to Column
        The data read so far.
    """

    months: int
    currency: str = "USD"
    united: bool = True
    names: dict[str, Entry] = field(default_factory=dict)
    later: Mapping[str, int] = field(default_factory=dict)
    labels: frozenset[str] = frozenset()
    broken: set[str] = field(default_factory=set)
    file: str = ""
    columns: dict[tuple[str, str, str], Column] = field(default_factory=dict)

    def defines(self, name: str) -> bool:
        """Return whether `name` is an input or a calculation that could be read."""
        return (name in self.names or name in self.later) and name not in self.broken

    def measure(self, name: str) -> Entry:
        """Return the measure `name` as an entry; KeyError if there is none."""
        measure = MEASURES[name]
        return Entry(self.written(measure.unit), measure.monthly, after=True)

    def written(self, unit: str) -> Unit:
        """Return the unit of a measure, or of a statistic, as displayed; plain when nothing in the case has a unit."""
        text = {CURRENCY: self.currency, CURRENCY_PER_MONTH: f"{self.currency}/month"}.get(unit, unit)
        return shown_unit(text) if text and self.united else PLAIN

    @property
    def money(self) -> Unit:
        """The unit of money, the currency of the case."""
        return self.written(CURRENCY)

    @property
    def money_per_month(self) -> Unit:
        """The unit of money each month."""
        return self.written(CURRENCY_PER_MONTH)


def scaled(tree: Expression, by: float) -> Expression:
    """Return the tree of `tree` times `by`, folded where it is a number; 1/n is a division by n, which rounds less."""
    if by == 1:
        return tree
    parts = round(1 / by) if 0 < by < 1 else 0
    if parts and by == 1 / parts:
        if isinstance(tree, Number):
            return Number(tree.value / parts, tree.at)
        return Binary("/", tree, Number(float(parts), tree.at), tree.at)
    match tree:
        case Number(value=value, at=at):
            return Number(value * by, at)
        case Binary(operator="*", left=Number(value=value, at=at), right=right) if not isinstance(right, Number):
            return Binary("*", Number(value * by, at), right, tree.at)
    return Binary("*", Number(by, tree.at), tree, tree.at)


def converted(typed: Typed, wanted: Unit) -> Typed | None:
    """Return `typed` in the unit `wanted`, None when no factor leads there."""
    if typed.free or (typed.zero and not typed.unit.same_dimension(wanted)):
        return Typed(typed.tree, wanted, typed.monthly, typed.zero, False, typed.after)
    if not typed.unit.same_dimension(wanted):
        return None
    return typed.scaled(factor(typed.unit, wanted), wanted)


def is_t(tree: Expression) -> bool:
    """Return whether `tree` is the bare month."""
    return isinstance(tree, Name) and tree.id == "t"


def is_horizon(tree: Expression) -> bool:
    """Return whether `tree` is the bare horizon, beside which a plain number counts months."""
    return isinstance(tree, Name) and tree.id == HORIZON


def built(
    node: Call, parts: Sequence[Typed], unit: Unit = PLAIN, *, monthly: bool | None = None, free: bool = False
) -> Typed:
    """Return the call of `node` over checked arguments; monthly as soon as one of them is."""
    tree = Call(node.function, tuple(typed.tree for typed in parts), (), node.at)
    varies = any(typed.monthly for typed in parts) if monthly is None else monthly
    return Typed(tree, unit, varies, free=free, after=any(typed.after for typed in parts))
