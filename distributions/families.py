"""The families of the case language, by name, and the ways to give their parameters."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from distributions.base import Distribution
from distributions.parameters import Form, Parameter, refuse
from distributions.positive import Lognormal
from distributions.real import Normal


@dataclass(frozen=True)
class Family:
    """A family: its name in the case language and its forms, the positional one first."""

    name: str
    forms: tuple[Form, ...]


def collect(members: Iterable[object]) -> Mapping[str, Family]:
    """Return the families among `members` by name: those whose parameters are numbers with roles."""
    found = [m for m in members if isinstance(m, type) and issubclass(m, Distribution) and m.roles]
    return MappingProxyType({m.name: Family(m.name, m.forms()) for m in found})


def level(name: str) -> float | None:
    """Return the share that a percentile keyword names: 0.95 for ``p95``, 0.995 for ``p99_5``."""
    if name == "median":
        return 0.5
    match = re.fullmatch(r"p(\d{1,2})(?:_(\d+))?", name)
    share = float(f"{match[1]}.{match[2] or 0}") / 100.0 if match else 0.0
    return share if 0.0 < share < 1.0 else None


def percentile_form(family: str, names: Collection[str]) -> Form | None:
    """Return the form that gives a family by two percentiles, such as ``p10=, p90=``.

    Parameters
    ----------
    family : str
        "normal" or "lognormal"; no other family has such a form.
    names : collection of str
        Two of ``median``, ``p5``, ``p95``, ``p99_5`` (99.5 %) and so on.

    Returns
    -------
    Form or None
        Its parameters in rising order; None if the family or the names have no such form.
    """
    shares = {name: level(name) for name in names}
    if family not in _BY_QUANTILES or len(set(shares.values())) != 2 or None in shares.values() or len(shares) != 2:
        return None
    (low, p), (high, q) = sorted(((name, share) for name, share in shares.items() if share), key=lambda x: x[1])
    make = _BY_QUANTILES[family]

    def build(x: Any, y: Any, *, checked: bool = True) -> Distribution:
        if checked and family == "lognormal" and not x > 0:
            raise refuse(family, low, "must be greater than 0", x)
        if checked and not x < y:
            raise ValueError(f"`{family}({low}=..., {high}=...)` must rise from {low} to {high}, got {x!r} and {y!r}")
        return make(x, y, p, q, checked)

    return Form((Parameter(low, "value"), Parameter(high, "value")), build)


def _z(share: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(share) if share <= 0.5 else -ndtri(1.0 - share))


def _normal(x: Any, y: Any, p: float, q: float, checked: bool) -> Normal:
    sd = (y - x) / (_z(q) - _z(p))
    return Normal(x - sd * _z(p), sd, checked=checked)


def _lognormal(x: Any, y: Any, p: float, q: float, checked: bool) -> Lognormal:
    with np.errstate(all="ignore"):
        sigma = np.log(y / x) / (_z(q) - _z(p))
        return Lognormal(x * np.exp(-sigma * _z(p)), sigma, checked=checked)


_BY_QUANTILES: Mapping[str, Callable[[Any, Any, float, float, bool], Distribution]] = {
    "normal": _normal,
    "lognormal": _lognormal,
}


def interval(low: float, high: float, share: float = 0.9) -> Distribution:
    """Return the distribution whose middle `share` lies in [low, high]: ``low to high``.

    Lognormal when both ends are positive, else normal.

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
    make = _lognormal if low > 0 else _normal
    return make(low, high, tail, 1.0 - tail, True)
