"""Families given by stated percentiles, or by a most likely value between two percentiles.

Two percentiles fix a start and a width, of the values or of their logarithms, in closed form. Two percentiles of a
family of positive numbers with a shape, or three of a family with a start, a width and a shape, are solved by the
position of the middle point (`payback.distributions.elicited.shape_solver`); so is a mode between two percentiles.
Keefer and Bodily (1983), "Three-point approximations for continuous random variables", Management Science 29,
doi:10.1287/mnsc.29.5.595.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np

from payback.distributions.continuous.beta import Beta
from payback.distributions.continuous.exponential import Exponential
from payback.distributions.continuous.gamma import Gamma
from payback.distributions.continuous.gumbel import Gumbel
from payback.distributions.continuous.half_normal import HalfNormal
from payback.distributions.continuous.inverse_gaussian import InverseGaussian
from payback.distributions.continuous.johnson_su import JohnsonSU
from payback.distributions.continuous.laplace import Laplace
from payback.distributions.continuous.logistic import Logistic
from payback.distributions.continuous.loglogistic import LogLogistic
from payback.distributions.continuous.lognormal import Lognormal
from payback.distributions.continuous.loguniform import LogUniform
from payback.distributions.continuous.lomax import Lomax
from payback.distributions.continuous.normal import Normal
from payback.distributions.continuous.pareto import Pareto
from payback.distributions.continuous.pert import Pert
from payback.distributions.continuous.skew_normal import SkewNormal
from payback.distributions.continuous.student_t import StudentT
from payback.distributions.continuous.triangular import Triangular
from payback.distributions.continuous.uniform import Uniform
from payback.distributions.continuous.weibull import Weibull
from payback.distributions.core.distribution import Distribution, Form
from payback.distributions.core.parameters import POSITIVE, Parameter, refuse
from payback.distributions.elicited.shape_solver import Indistinct, Point, Shapes, Unreachable, beta_shapes, solve
from payback.distributions.wrappers.shifted_scaled import Scaled, Shifted

_NORMAL, _UNIFORM, _LOGISTIC, _EXPONENTIAL = Normal(0.0, 1.0), Uniform(0.0, 1.0), Logistic(0.0, 1.0), Exponential(1.0)


@dataclass(frozen=True)
class _Line:
    """A family whose values, or their logarithms, are ``start + width * x`` for the values x of a standard member."""

    standard: Distribution
    make: Callable[..., Distribution]
    logarithmic: bool = False


_LINES: Mapping[str, _Line] = {
    "normal": _Line(_NORMAL, Normal),
    "logistic": _Line(_LOGISTIC, Logistic),
    "laplace": _Line(Laplace(0.0, 1.0), Laplace),
    "gumbel": _Line(Gumbel(0.0, 1.0), Gumbel),
    "uniform": _Line(_UNIFORM, lambda start, width, checked: Uniform(start, start + width, checked=checked)),
    "lognormal": _Line(_NORMAL, Lognormal, True),
    "loglogistic": _Line(_LOGISTIC, lambda start, width, checked: LogLogistic(start, 1 / width, checked=checked), True),
    "weibull": _Line(
        Scaled(Gumbel(0.0, 1.0), -1.0), lambda start, width, checked: Weibull(1 / width, start, checked=checked), True
    ),
    "loguniform": _Line(
        _UNIFORM, lambda start, width, checked: LogUniform(start, start * np.exp(width), checked=checked), True
    ),
    "pareto": _Line(_EXPONENTIAL, lambda start, width, checked: Pareto(1 / width, start, checked=checked), True),
}

_OF_A_SHAPE: Mapping[str, tuple[type[Distribution], tuple[str, ...]]] = {
    "student_t": (StudentT, ("df",)),
    "skew_normal": (SkewNormal, ("shape",)),
    "johnson_su": (JohnsonSU, ("gamma", "delta")),
}
"""Location-scale families whose shapes are given beside the percentiles."""

_FROM_ZERO: Mapping[str, Shapes] = {
    "gamma": Shapes(lambda s: Gamma(s, 1.0), lambda s, start, width: Gamma(s, width), 5e-3, 1e6),
    "inverse_gaussian": Shapes(
        lambda s: InverseGaussian(1.0, s), lambda s, start, width: InverseGaussian(width, s * width), 1e-4, 1e6
    ),
    "lomax": Shapes(lambda s: Lomax(s, 1.0), lambda s, start, width: Lomax(s, width), 1e-2, 1e6),
}


def _shifted(d: Distribution, start: float) -> Distribution:
    return Shifted(d, start) if start != 0.0 else d


_THREE: Mapping[str, Shapes] = {
    "lognormal": Shapes(
        lambda s: Lognormal(1.0, s), lambda s, start, width: _shifted(Lognormal(width, s), start), 1e-3, 8.0
    ),
    "loglogistic": Shapes(
        lambda s: LogLogistic(1.0, s), lambda s, start, width: _shifted(LogLogistic(width, s), start), 0.1, 1e3
    ),
    "weibull": Shapes(lambda s: Weibull(s, 1.0), lambda s, start, width: _shifted(Weibull(s, width), start), 0.05, 1e3),
    "gamma": Shapes(lambda s: Gamma(s, 1.0), lambda s, start, width: _shifted(Gamma(s, width), start), 5e-3, 1e5),
    "skew_normal": Shapes(SkewNormal, SkewNormal, -30.0, 30.0, False),
    "student_t": Shapes(StudentT, StudentT, 0.2, 1e3),
    "triangular": Shapes(
        lambda c: Triangular(0.0, c, 1.0),
        lambda c, start, width: Triangular(start, start + c * width, start + width), 0.0, 1.0, False,
    ),
}  # fmt: skip

_OF_A_SCALE: Mapping[str, tuple[Distribution, Callable[..., Distribution]]] = {
    "exponential": (_EXPONENTIAL, Exponential),
    "half_normal": (HalfNormal(1.0), HalfNormal),
}

_MODES = ("pert", "triangular")
_POSITIVE = frozenset({*_FROM_ZERO, *_OF_A_SCALE, *(name for name, line in _LINES.items() if line.logarithmic)})


def percentile_share(name: str) -> float | None:
    """Return the share that a percentile keyword names: 0.95 for ``p95``, 0.995 for ``p99_5``."""
    if name == "median":
        return 0.5
    match = re.fullmatch(r"p(\d{1,2})(?:_(\d+))?", name)
    share = float(f"{match[1]}.{match[2] or 0}") / 100.0 if match else 0.0
    return share if 0.0 < share < 1.0 else None


def percentile_ways(family: str) -> tuple[str, ...]:
    """Return in words the percentiles by which a family may be given in place of its parameters."""
    ways = []
    if family in _OF_A_SCALE:
        ways.append(f"`{family}(p90)`, any percentile")
    if family in _LINES or family in _FROM_ZERO or family == "beta":
        ways.append(f"`{family}(p5, p95)`, any two percentiles")
    if family in _OF_A_SHAPE:
        ways.append(f"`{family}({', '.join(_OF_A_SHAPE[family][1])}, p5, p95)`, any two percentiles")
    if family in _THREE or family == "pert":
        ways.append(f"`{family}(p10, p50, p90)`, any three percentiles")
    if family in _MODES:
        ways.append(f"`{family}(p10, mode, p90)`, the mode and any two percentiles")
    return tuple(ways)


def percentile_form(family: str, names: Collection[str]) -> Form | None:
    """Return the form of a family by percentiles, such as ``p10=, p90=``, or by two percentiles and the mode.

    Parameters
    ----------
    family : str
        Its name in the case language.
    names : collection of str
        ``median``, ``p5``, ``p95``, ``p99_5`` (99.5 %) and so on, ``mode``, and shapes or bounds that
        are given beside them.

    Returns
    -------
    Form or None
        Its percentiles in rising order (a mode second), then the others; None if the family or the
        names have no such form.
    """
    shares = {name: share for name in names if (share := percentile_share(name)) is not None}
    if not shares or len(set(shares.values())) < len(shares):
        return None
    stated = sorted(shares, key=lambda name: shares[name])
    solution = _solved(family, [shares[name] for name in stated], {*names} - {*stated})
    if solution is None:
        return None
    build, others, constant = solution
    shown = [*stated[:1], "mode", *stated[1:]] if "mode" in names else stated

    def checked_build(*values: Any, checked: bool = True) -> Distribution:
        if checked:
            _check(family, shown, values)
        try:
            return build(*values, checked=checked)
        except Unreachable as error:
            beside = " and ".join(f"{n} = {v:g}" for n, v in zip(shown, values, strict=False) if n != shown[-2])
            raise refuse(family, shown[-2], f"{error} beside {beside}", values[len(shown) - 2]) from None
        except Indistinct as error:
            raise ValueError(f"`{family}({', '.join(f'{name}=...' for name in shown)})` {error}") from None

    return Form((*(Parameter(name, "value") for name in shown), *others), checked_build, constant)


def _check(family: str, stated: list[str], values: Sequence[Any]) -> None:
    """Raise ValueError if percentiles do not rise, or are not positive in a family that starts at 0."""
    given = [(name, value) for name, value in zip(stated, values, strict=False) if name != "mode"]
    if family in _POSITIVE and len(given) < 3 and not given[0][1] > 0:
        raise refuse(family, given[0][0], POSITIVE, given[0][1])
    for (low, x), (high, y) in pairwise(given):
        if not x < y:
            raise ValueError(f"`{family}({low}=..., {high}=...)` must rise from {low} to {high}, got {x!r} and {y!r}")


_Solved: TypeAlias = tuple[Callable[..., Distribution], tuple[Parameter, ...], bool]


def _solved(family: str, levels: list[float], others: set[str]) -> _Solved | None:
    """Return (build, parameters beside the percentiles, whether all values must be constants), None without a form."""
    shapes = _OF_A_SHAPE.get(family, (None, ()))[1]
    weight = (Parameter("weight", "shape", 4.0),) if family == "pert" else ()
    match len(levels), frozenset(others - {parameter.name for parameter in weight}):
        case 1, names if family in _OF_A_SCALE and not names:
            return partial(_from_one_percentile, family, levels[0]), (), False
        case 2, names if family in _LINES and not names:
            return partial(_line, _LINES[family], levels), (), False
        case 2, names if shapes and names == frozenset(shapes):
            return partial(_of_a_shape, family, levels), tuple(Parameter(name, "shape") for name in shapes), False
        case 2, names if family in _FROM_ZERO and not names:
            return partial(_from_zero, _FROM_ZERO[family], levels), (), True
        case 2, names if family == "beta" and names <= {"low", "high"}:
            return partial(_beta, levels), (Parameter("low", "value", 0.0), Parameter("high", "value", 1.0)), True
        case 2, names if family in _MODES and names == {"mode"}:
            return partial(_by_position, family, (levels[0], "mode", levels[1])), weight, True
        case 3, names if (family in _THREE or weight) and not names:
            return partial(_by_position, family, (levels[0], levels[1], levels[2])), weight, True
    return None


def _from_one_percentile(family: str, share: float, x: Any, *, checked: bool) -> Distribution:
    standard, make = _OF_A_SCALE[family]
    return make(x / float(standard.ppf(share)), checked=checked)


def _line(line: _Line, levels: Sequence[float], x: Any, y: Any, *, checked: bool) -> Distribution:
    p, q = (float(line.standard.ppf(share)) for share in levels)
    with np.errstate(all="ignore"):
        if line.logarithmic:
            width = np.log(y / x) / (q - p)
            return line.make(x * np.exp(-width * p), width, checked=checked)
        width = (y - x) / (q - p)
        return line.make(x - width * p, width, checked=checked)


def _of_a_shape(family: str, levels: Sequence[float], x: Any, y: Any, *shapes: Any, checked: bool) -> Distribution:
    make: Callable[..., Distribution] = _OF_A_SHAPE[family][0]
    standard = make(*shapes, checked=checked)
    p, q = (standard.ppf(share) for share in levels)
    width = (y - x) / (q - p)
    return make(*shapes, x - width * p, width, checked=checked)


def _from_zero(shapes: Shapes, levels: Sequence[float], x: float, y: float, *, checked: bool) -> Distribution:
    return solve(shapes, ("start", levels[0], levels[1]), (0.0, x, y))


def _beta(levels: Sequence[float], x: float, y: float, low: float, high: float, *, checked: bool) -> Distribution:
    if not low < x or not y < high:
        raise ValueError(f"`beta(...)` needs low < percentiles < high, got {low:g}, {x:g}, {y:g} and {high:g}")
    alpha, beta = beta_shapes(levels, [(x - low) / (high - low), (y - low) / (high - low)])
    return Beta(alpha, beta, low, high)


def _by_position(
    family: str, points: tuple[Point, Point, Point], x: float, y: float, z: float, *weight: float, checked: bool
) -> Distribution:
    return solve(_pert(*weight) if weight else _THREE[family], points, (x, y, z))


@lru_cache(maxsize=16)
def _pert(weight: float) -> Shapes:
    def member(c: float, start: float = 0.0, width: float = 1.0) -> Pert:
        return Pert(start, start + c * width, start + width, weight)

    return Shapes(member, member, 0.0, 1.0, False)


def interval(low: float, high: float, share: float = 0.9) -> Distribution:
    """Return the distribution whose middle `share` lies in [low, high]: ``low to high``.

    Lognormal when both ends are positive, else normal.

    Parameters
    ----------
    low, high : float
        Ends of the interval, low < high, in the unit of the input.
    share : float
        Probability of the interval, inside (0, 1); the rest is shared equally between the two tails.

    Raises
    ------
    ValueError
        If `low` is not below `high`, or `share` is not inside (0, 1).
    """
    if not 0.0 < share < 1.0:
        raise ValueError(f"`interval(share=...)` must lie inside (0, 1), got {share!r}")
    if not low < high:
        raise ValueError(f"`{low} to {high}` must rise (are the ends swapped?)")
    tail = 0.5 * (1.0 - share)
    return _line(_LINES["lognormal" if low > 0 else "normal"], (tail, 1.0 - tail), low, high, checked=True)
