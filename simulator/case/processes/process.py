"""Processes as parts of a model: hidden draws and formulas, under names that no formula of a case can spell.

A process of the calculation NAME is called NAME.gbm and the like, after its leading draw, whose axes are
NAME.gbm[1], NAME.gbm[2], ... The engine, and its slow twin, know only draws and formulas.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from payback.distributions import Normal, Poisson
from payback.distributions.compound.known_sums import Total
from payback.simulator.case.expressions.keywords import BASE
from payback.simulator.case.expressions.parser import parse
from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.expressions.tree import Call, Expression, Name, substitute, walk
from payback.simulator.case.formulas.formula_checker import FormulaChecker
from payback.simulator.case.formulas.scope import Typed
from payback.simulator.case.inputs.composed import summable
from payback.simulator.case.inputs.distribution_line import LineReader
from payback.simulator.case.inputs.recipe import Recipe, constant_or_formula, make
from payback.simulator.case.language.units import PLAIN, RATE, Unit
from payback.simulator.model import Draw, Formula


class Process:
    """The draws and formulas that one call of a process adds to the model, under names that no formula can spell.

    It is made once the arguments of the call are checked, which may hold processes of their own.

    Parameters
    ----------
    formulas : FormulaChecker
        Collects the hidden draws and states.
    node : Call

    Raises
    ------
    ExpressionError
        Where nothing can be drawn anew each month, or the process reads the month before of its owner.
    """

    def __init__(self, formulas: FormulaChecker, node: Call) -> None:
        self.formulas, self.at, self.function = formulas, node.at, node.function
        if not formulas.owner:
            raise self.misplaced()
        for inner in walk(node):
            if isinstance(inner, Call) and inner.function == "previous":
                raise ExpressionError(
                    f"`{node.function}` reads the month before of `{formulas.owner.split(BASE)[0]}`",
                    "names of calculations above", at=inner.at,
                )  # fmt: skip
        kind = f"{formulas.owner}.{node.function}"
        leading = [draw.name for draw in formulas.hidden if isinstance(draw, Draw) and draw.axis == draw.process]
        number = 1 + sum(name == kind or name.startswith(f"{kind}.") for name in leading)
        self.name = kind if number == 1 else f"{kind}.{number}"
        self.axis = formulas.owner.split(BASE)[0] + self.name.removeprefix(formulas.owner)

    def misplaced(self) -> ExpressionError:
        """Return the error of a process outside a calculation, where nothing can be drawn anew each month."""
        advice = "a calculation of its own, before the ledger"
        return ExpressionError(f"`{self.function}` draws anew each month", advice, at=self.at)

    def draw(self, recipe: Recipe, suffix: str = "", *, monthly: bool = True, unit: Unit = PLAIN) -> Typed:
        """Add a draw; the one without a `suffix` is the leading one, after which the process is called."""
        drawn = recipe.draw(self.name + suffix, self.axis + suffix, monthly=monthly, unit=self._displayed(unit))
        self.formulas.hidden.append(replace(drawn, process=self.axis))
        return Typed(Name(drawn.name, self.at), unit, monthly)

    def shock(self) -> Typed:
        """Add a standard normal draw."""
        return self.draw(Recipe(Normal, (0.0, 1.0)))

    def count(self, mean: Typed) -> Typed:
        """Add a Poisson number of events per month."""
        if mean.after:
            raise self.misplaced()
        return self.draw(make(Poisson, (constant_or_formula(mean.tree),), self.at), unit=RATE)

    def total(self, law: Recipe, unit: Unit, node: Expression, count: Typed) -> Typed:
        """Add the sum of `count` draws of `law` a month; `node` is how the law is written.

        Raises
        ------
        ExpressionError
            When such sums are of no known family.
        """
        return self.draw(Recipe(Total, (summable(law, node), count.tree)), ".size", unit=unit)

    def formula(self, text: str, parts: Mapping[str, Typed], unit: Unit, suffix: str = ".path") -> Typed:
        """Add a monthly formula: `text`, in which ``own`` is the formula itself and other names are `parts`.

        Raises
        ------
        ExpressionError
            When one of `parts` reads a measure.
        """
        if any(typed.after for typed in parts.values()):
            raise self.misplaced()
        name = Name(self.name + suffix, self.at)
        tree = substitute(parse(text), {key: typed.tree for key, typed in parts.items()}, {"own": name})
        self.formulas.hidden.append(Formula(name.id, tree, monthly=True, unit=self._displayed(unit)))
        return Typed(name, unit, monthly=True)

    def _displayed(self, unit: Unit) -> str:
        return str(unit) if self.formulas.scope.united else ""


def read_law(checker: FormulaChecker, node: Expression, unit: str | Unit = "") -> tuple[Recipe, LineReader]:
    """Return the distribution that is written as an argument of a process, and the reader with its unit.

    Raises
    ------
    ExpressionError
        The first thing that does not fit.
    AlreadyReported
        A parameter reads a name that could not be read.
    """
    marginals = LineReader(FormulaChecker(checker.scope, checker.rules))
    law = marginals.read(node, unit)
    checker.notes += marginals.notes
    return law, marginals
