"""The recipe of a distribution: a family or a wrapper over constants, formulas and other recipes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from payback.distributions import Certain, Distribution, Scaled, Shifted
from payback.simulator.case.expressions.folding import fold
from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.expressions.tree import Expression, Number
from payback.simulator.model import Draw
from payback.simulator.number_range import SIZES, computable


@dataclass(frozen=True)
class Recipe:
    """How a distribution is made, once for all trials or anew in each.

    Parameters
    ----------
    make : callable
        ``make(*parts, checked=...)``, a form of a family or a wrapper.
    parts : tuple of Recipe, float or Expression
        An expression stands for a parameter that differs by trial.
    """

    make: Callable[..., Distribution]
    parts: tuple[Part, ...]

    @property
    def parameters(self) -> tuple[Expression, ...]:
        """The formulas of the parameters that differ by trial, in the order that a call takes them."""
        formulas: list[Expression] = []
        for argument in self.parts:
            if isinstance(argument, Recipe):
                formulas.extend(argument.parameters)
            elif not isinstance(argument, float):
                formulas.append(argument)
        return tuple(formulas)

    def __call__(self, *values: object) -> Distribution:
        """Build from the values of `parameters`, arrays of shape (trials,) or numbers."""
        return self.built(iter(values))

    def draw(self, name: str, axis: str, *, monthly: bool = False, unit: str = "") -> Draw:
        """Return the uncertain input that this distribution makes."""
        parameters = self.parameters
        if parameters:
            return Draw(name, axis, build=self, parameters=parameters, monthly=monthly, unit=unit)
        return Draw(name, axis, self(), monthly=monthly, unit=unit)

    def built(self, values: Iterator[object]) -> Distribution:
        """Build from the next of `values`, as many as `parameters`."""
        checked = not self.parameters
        arguments: list[object] = []
        for argument in self.parts:
            if isinstance(argument, Recipe):
                arguments.append(argument.built(values))
            elif isinstance(argument, float):
                arguments.append(argument)
            else:
                arguments.append(next(values))
        return self.make(*arguments, checked=checked)


@dataclass(frozen=True)
class Grouped:
    """Builds a distribution whose parameters are tuples from one sequence of parts.

    Parameters
    ----------
    build : callable
        ``build(*tuples, *single_parts, checked=...)``.
    sizes : tuple of int
        How many parts each tuple takes, in order; the parts behind them are single ones.
    """

    build: Callable[..., Distribution]
    sizes: tuple[int, ...]

    def __call__(self, *parts: object, checked: bool) -> Distribution:
        """Build from parts in the order of a recipe."""
        tuples: list[tuple[object, ...]] = []
        start = 0
        for size in self.sizes:
            tuples.append(parts[start : start + size])
            start += size
        return self.build(*tuples, *parts[start:], checked=checked)


def typical(law: Recipe) -> Distribution:
    """Return the distribution of a recipe, with NaN for parameters that differ by trial."""
    return law(*(float("nan") for _ in law.parameters))


def scaled(recipe: Recipe, by: float, at: int) -> Recipe:
    """Return the recipe of a distribution times the constant `by`, which is written at the offset `at`.

    Raises
    ------
    ExpressionError
        When the constant, or the certain value, is too large or too small to be computed with.
    """
    require_size(by, at)
    if by == 1:
        return recipe
    if recipe.make is Certain and isinstance(recipe.parts[0], float):
        require_size(recipe.parts[0] * by, at)
        return Recipe(Certain, (recipe.parts[0] * by,))
    return Recipe(Scaled, (recipe, by))


def shifted(recipe: Recipe, by: float, at: int) -> Recipe:
    """Return the recipe of a distribution plus the constant `by`, which is written at the offset `at`.

    Raises
    ------
    ExpressionError
        When the constant is too large or too small to be computed with.
    """
    require_size(by, at)
    return Recipe(Shifted, (recipe, by))


def require_size(value: float, at: int) -> None:
    """Raise ExpressionError if a constant is too large or too small to be computed with."""
    if math.isfinite(value) and not computable(value):  # an end that is left out is infinite
        raise ExpressionError(f"{value:.3g} is too {'large' if abs(value) > 1 else 'small'}", SIZES, at=at)


Part: TypeAlias = Recipe | float | Expression


def constant_or_formula(tree: Expression) -> float | Expression:
    """Return the value of a plain tree of constants, or the tree itself."""
    value = tree.value if isinstance(tree, Number) else fold(tree)
    return tree if value is None else value


def make(build: Callable[..., Distribution], parts: tuple[Part, ...], at: int) -> Recipe:
    """Return the recipe of a call; if all its parameters are constants it is built once, as a check.

    Parameters
    ----------
    build : callable
        ``build(*parts, checked=...)``.
    parts : tuple of Recipe, float or Expression
    at : int
        Offset of the call, for messages.

    Raises
    ------
    ExpressionError
        When the distribution does not allow its parameters.
    """
    recipe = Recipe(build, parts)
    if not recipe.parameters:
        try:
            recipe()
        except ValueError as error:
            raise ExpressionError(str(error), at=at) from None
        except ArithmeticError:
            raise ExpressionError("parameters whose law no number can hold", "less extreme ones", at=at) from None
    return recipe
