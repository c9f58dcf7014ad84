"""Parameters as data: their roles, and the rules they obey."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np

Role: TypeAlias = Literal["value", "spread", "shape", "probability", "count"]


@dataclass(frozen=True)
class Parameter:
    """A parameter of a form: its name, its role, and its default if it may be left out.

    The role says in what unit it is measured: "value" in the unit of the input, "spread" in the same unit
    (a width, to which no offset applies), "shape", "probability" and "count" in none.
    """

    name: str
    role: Role
    default: float | None = None


@dataclass(frozen=True)
class Rule:
    """A condition on the parameter `name`; `text` says it in words, and may quote parameters as ``{low}``."""

    name: str
    holds: Callable[[Any], Any]
    text: str


DISTINCT = Rule("high", lambda d: d.low != d.high, "must differ from low = {low} (or use a certain value)")
SWAPPED = Rule("high", lambda d: d.low < d.high, "must be greater than low = {low} (are they swapped?)")
MODE_ORDER = Rule("high", lambda d: d.low < d.high, "must keep low <= mode <= high, with low = {low}, mode = {mode}")
MODE = Rule("mode", lambda d: (d.low <= d.mode) & (d.mode <= d.high), "must lie in [low, high] = [{low}, {high}]")


POSITIVE = "must be greater than 0"


def above_zero(name: str) -> Rule:
    """Return the rule that the parameter `name` is greater than 0."""
    return Rule(name, lambda d: getattr(d, name) > 0, POSITIVE)


def refuse(owner: str, name: str, text: str, value: object) -> ValueError:
    """Return the error of a parameter: its field, the rule, and the value given."""
    return ValueError(f"`{owner}({name}=...)` {text}, got {value!r}")


def number(owner: str, name: str, value: object, infinite: bool = False) -> float:
    """Return a parameter as a float, or raise ValueError if it is not a finite number."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.integer | np.floating):
        raise refuse(owner, name, "must be a number", value)
    try:
        result = float(value)
    except OverflowError:
        raise refuse(owner, name, "must be a finite number", np.inf) from None
    if np.isnan(result) or (np.isinf(result) and not infinite):
        raise refuse(owner, name, "must be a finite number", result)
    return result


def shares(owner: str, weights: Sequence[float]) -> tuple[float, ...]:
    """Return weights as probabilities, or raise ValueError if one is negative or they do not sum to 1 (to 1e-9)."""
    values = [number(owner, f"weights[{i}]", weight) for i, weight in enumerate(weights)]
    for i, value in enumerate(values):
        if value < 0:
            raise refuse(owner, f"weights[{i}]", "must be at least 0", value)
    total = math.fsum(values)
    if abs(total - 1.0) > 1e-9:
        raise ValueError(f"`{owner}(weights=...)` must sum to 1 (divide each by the sum), got {total!r}")
    return tuple(value / total for value in values)


def rare(*weights: float) -> tuple[float, ...]:
    """Return those of `weights` that are the probabilities of rare parts of a distribution: above 0, at most 1/2."""
    return tuple(float(weight) for weight in weights if 0.0 < weight <= 0.5)


MOMENTS = (Parameter("mean", "value"), Parameter("sd", "spread"))


def positive_values(family: type, checked: bool, **values: float) -> tuple[Any, ...]:
    """Return values that must be positive, such as a mean: NaN where one is not, or ValueError if `checked`."""
    if checked:
        for name, value in values.items():
            if not number(family.__name__, name, value) > 0:
                raise refuse(family.__name__, name, POSITIVE, float(value))
        return tuple(float(value) for value in values.values())
    return tuple(np.where(np.asarray(x, float) > 0, x, np.nan) for x in values.values())
