"""The base class of all distributions: quantiles, tail probabilities, densities and moments, accurate in both tails.

Every family computes its quantile from the mass of a tail, the lower or the upper one. `ppf` and `isf` use the tail
that has at most half of the mass, so neither ever forms ``1 - u`` for a small ``u``, and a quantile at
``u = 1e-300`` is as accurate as the median.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import InitVar, dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.inverse_sampling import Inverter
from payback.distributions.core.moments import Moment, quantile_moments
from payback.distributions.core.parameters import MOMENTS, Parameter, Role, Rule, number, rare, refuse
from payback.distributions.core.quadrature import integral


@dataclass(frozen=True)
class Form:
    """One way to give the parameters of a family, such as by position, or by mean and standard deviation.

    Parameters
    ----------
    parameters : tuple of Parameter
        What is given, in order.
    build : callable
        ``build(*values, checked=True)`` returns the distribution. With ``checked=False`` values may be arrays of
        shape (trials,): nothing is raised, and trials whose parameters are not allowed give NaN.
    constant : bool
        Whether all values must be numbers, not arrays.
    """

    parameters: tuple[Parameter, ...]
    build: Callable[..., Distribution]
    constant: bool = False


@dataclass(frozen=True)
class Distribution(ABC):
    """A univariate probability distribution: an immutable value that is equal to another with the same parameters.

    A family is a frozen dataclass whose fields are its parameters, with the methods `_support`, `_quantile`, `_cdf`,
    `_sf` and `_pdf`; the last three are called with values inside the support only. A family may also give
    `_moments` (mean and standard deviation in closed form), `_reach` (the distance of a quantile from the end of the
    support, where a difference would lose digits), `_atoms` (the values of a discrete family), and `own_inverter`
    and `truncated_inverter` (a faster way to sample than a table).

    Parameters
    ----------
    checked : bool
        True for constants, which are validated. False for parameters that vary by trial: arrays
        of shape (trials,), where a trial with parameters that are not allowed gives NaN.

    Raises
    ------
    ValueError
        When a constant parameter is not allowed; the message names field, rule and value.
    """

    checked: InitVar[bool] = field(default=True, kw_only=True)

    name: ClassVar[str] = ""
    roles: ClassVar[tuple[Role, ...]] = ()
    rules: ClassVar[tuple[Rule, ...]] = ()
    may_be_infinite: ClassVar[tuple[str, ...]] = ()

    if TYPE_CHECKING:

        @property
        def mean(self) -> float:
            """The expected value."""

        @property
        def sd(self) -> float:
            """The standard deviation."""
    else:
        mean = Moment(0)
        sd = Moment(1)

    def __post_init__(self, checked: bool) -> None:
        owner = type(self).__name__
        for name, value in self._parameters().items():
            given = number(owner, name, value, name in self.may_be_infinite) if checked else np.asarray(value, float)
            object.__setattr__(self, name, given)
        if checked:
            for rule in self.rules:
                if not rule.holds(self):
                    values = self._parameters()
                    raise refuse(owner, rule.name, rule.text.format(**values), values[rule.name])

    def _parameters(self) -> dict[str, Any]:
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: value for name, value in values.items() if not isinstance(value, Distribution | tuple)}

    @cached_property
    def allowed(self) -> bool | BoolArray:
        """Whether the parameters are allowed: True for validated constants, else by trial, shape (trials,)."""
        values = self._parameters()
        if all(isinstance(value, float) for value in values.values()):
            return True
        with np.errstate(all="ignore"):
            result = np.array(True)
            for name, value in values.items():
                result = result & (~np.isnan(value) if name in self.may_be_infinite else np.isfinite(value))
            for rule in self.rules:
                result = result & rule.holds(self)
        return result

    @classmethod
    def forms(cls) -> tuple[Form, ...]:
        """Return the forms of the family: by position, then by mean and sd if it has a `from_moments`."""
        parameters = tuple(
            Parameter(f.name, role, f.default if isinstance(f.default, float) else None)
            for f, role in zip(fields(cls), cls.roles, strict=True)
        )
        by_moments = getattr(cls, "from_moments", None)
        return (Form(parameters, cls), *([] if by_moments is None else [Form(MOMENTS, by_moments)]))

    @cached_property
    def moments(self) -> tuple[float, float]:
        """The expected value and the standard deviation, of constant parameters."""
        return self._moments()

    @property
    def discrete(self) -> bool:
        """Whether the distribution has a probability mass function in place of a density."""
        return False

    @property
    def continuous(self) -> bool:
        """Whether no single value has a positive probability, as under a density alone."""
        return not self.discrete

    @property
    def searched(self) -> bool:
        """Whether a quantile is searched for through distributions that this one is made of."""
        return False

    @property
    def knots(self) -> tuple[float, ...]:
        """The values where the distribution function has a kink or a jump, in any order; its ends may be left out."""
        return ()

    @cached_property
    def breaks(self) -> tuple[float, ...]:
        """The coordinates inside (0, 1) where the quantile function is not smooth, in order."""
        beside = self.around(np.array(self.knots))[:2]
        shares = np.unique(np.concatenate([self.coordinates(x) for x in beside]))
        return tuple(float(u) for u in shares if 0.0 < u < 1.0)

    @property
    def support(self) -> tuple[float, float]:
        """The lowest and the highest value."""
        return self._support()

    @abstractmethod
    def _support(self) -> tuple[float, float]: ...

    @abstractmethod
    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray: ...

    @abstractmethod
    def _cdf(self, x: FloatArray) -> FloatArray: ...

    @abstractmethod
    def _sf(self, x: FloatArray) -> FloatArray: ...

    @abstractmethod
    def _pdf(self, x: FloatArray) -> FloatArray: ...

    def _both(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        return self._cdf(x), self._sf(x)

    def _moments(self) -> tuple[float, float]:
        # cuts at even values find several modes
        inside = np.linspace(self.ppf(0.002), self.isf(0.002), 24)
        return quantile_moments(self.quantile, self.breaks, self.cdf(inside).tolist())

    def _atoms(self) -> FloatArray | None:
        raise TypeError(f"{self.name} is continuous: it has no separate values")

    def _around(self, x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        return x, x, x

    def _thin_mass(self, a: FloatArray, width: FloatArray) -> FloatArray:
        return _strip(self, a, width)

    def _reach(self, v: FloatArray, up: BoolArray) -> FloatArray:
        low, high = self.support
        x = self._quantile(v, up)
        return np.where(up, high - x, x - low)

    def quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        """Return the quantile of a tail mass: the value with mass `v` above it where `up` is true, else below it.

        Parameters
        ----------
        v : ndarray
            In [0, 1]; exact however small.
        up : ndarray of bool
            True for the upper tail, False for the lower one.

        Returns
        -------
        ndarray of the broadcast shape
            NaN where `v` or the parameters are not allowed.
        """
        with np.errstate(all="ignore"):
            x = self._quantile(v, up)
        return np.asarray(np.where(self.allowed & (v >= 0.0), x, np.nan))[()]

    def reach(self, v: FloatArray, up: BoolArray) -> FloatArray:
        """Return the distance between `quantile` and the end of the support on that side, without cancellation."""
        with np.errstate(all="ignore"):
            return self._reach(v, up)

    def atoms(self) -> FloatArray | None:
        """Return the values that have a probability of their own (atoms), in ascending order.

        All values of a discrete distribution, but for tails too thin to be drawn; of a mixed one, the atoms beside
        its density.

        Returns
        -------
        ndarray of shape (values,), or None if there are more than 65,536
        """
        return self._atoms()

    def rare_parts(self) -> tuple[float, ...]:
        """Return the weights of the parts of the distribution that few draws fall in, for constant parameters.

        Of a discrete distribution the probability of all values but the likeliest one (of a stated list, that of each
        value but it); of one that is made of others the weight of each component, and the parts of the components.
        However small they are, weights are exact: no sample has to show them.

        Returns
        -------
        tuple of float
            Each in (0, 1/2], in no order; empty where there is a density alone.
        """
        values = None if self.continuous else self.atoms()
        if values is None:
            return ()
        return rare(_all_but_likeliest(self, values))

    def around(self, x: ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the values of a discrete distribution next to `x`: the one below, at `x` (NaN if none) and above.

        A value that differs from `x` by rounding only counts as at `x`. A continuous distribution returns `x` three
        times.
        """
        with np.errstate(all="ignore"):
            return self._around(np.asarray(x, dtype=np.float64))

    @staticmethod
    def beside(x: FloatArray, atom: BoolArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return what `around` gives beside a density: an atom has the doubles next to it as neighbours."""
        return np.where(atom, np.nextafter(x, -np.inf), x), x, np.where(atom, np.nextafter(x, np.inf), x)

    def thin_mass(self, a: ArrayLike, width: ArrayLike) -> FloatArray:
        """Return the probability of a narrow interval from `a` to ``a + width`` under a continuous distribution.

        Four-point Gauss-Legendre quadrature of the density: where the mass is a small share of
        that beyond `a`, this keeps the digits that a difference of two values of `cdf` loses.
        """
        with np.errstate(all="ignore"):
            return self._thin_mass(np.asarray(a, dtype=np.float64), np.asarray(width, dtype=np.float64))

    def ppf(self, u: ArrayLike) -> FloatArray:
        """Return the quantile: the value below which the share `u` of the probability lies.

        Parameters
        ----------
        u : array_like
            In [0, 1]; NaN outside. When parameters vary by trial, shape (trials,).

        Returns
        -------
        ndarray of the broadcast shape
            For a discrete distribution the smallest value whose `cdf` is at least `u`.
        """
        u = np.asarray(u, dtype=np.float64)
        up = u > 0.5
        return self.quantile(np.where(up, 1.0 - u, u), up)

    def isf(self, v: ArrayLike) -> FloatArray:
        """Return the inverse survival function at `v`: ``ppf(1 - v)`` without cancellation."""
        v = np.asarray(v, dtype=np.float64)
        up = v < 0.5
        return self.quantile(np.where(up, v, 1.0 - v), up)

    def coordinates(self, x: ArrayLike) -> FloatArray:
        """Return the coordinates of values, ``cdf(x)``, computed from the upper tail where that is thinner."""
        below, above = self.cdf(x), self.sf(x)
        from_top = 1.0 - above
        from_top = np.where(1.0 - from_top < above, np.nextafter(from_top, 0.0), from_top)
        return np.where(above < 0.5, from_top, below)

    def cdf(self, x: ArrayLike) -> FloatArray:
        """Return P(X <= x)."""
        return self._inside(self._cdf, x, 0.0, 1.0)

    def sf(self, x: ArrayLike) -> FloatArray:
        """Return P(X > x), accurate where it is small."""
        return self._inside(self._sf, x, 1.0, 0.0)

    def tails(self, x: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return `cdf` and `sf` at `x`, computed together: what holds others asks each of them once."""
        return _tails(self, np.asarray(x, dtype=np.float64))

    def pdf(self, x: ArrayLike) -> FloatArray:
        """Return the density at `x`, or the probability of `x` if the distribution is discrete."""
        return self._inside(self._pdf, x, 0.0, 0.0)

    def own_inverter(self) -> Inverter | None:
        """Return a fast quantile function that this distribution has in closed form, for constant parameters.

        Returns
        -------
        Inverter or None
            None, as here, leaves the choice to `payback.distributions.inverter`: steps, or a table.
        """
        return None

    def truncated_inverter(self, whole: Distribution, low: float, high: float, mass: float) -> Inverter | None:
        """Return a fast quantile function of this distribution truncated to [low, high].

        Parameters
        ----------
        whole : Distribution
            The truncated distribution.
        low, high : float
            The ends of its support.
        mass : float
            The probability of [low, high] here.

        Returns
        -------
        Inverter or None
            None, as here, if a table is to be made of `whole`.
        """
        return None

    def _inside(
        self, function: Callable[[FloatArray], FloatArray], x: ArrayLike, below: float, above: float
    ) -> FloatArray:
        # Families see values of their support alone.
        x = np.asarray(x, dtype=np.float64)
        low, high = self.support
        with np.errstate(all="ignore"):
            y = function(np.clip(x, low, high))
        y = np.where(x < low, below, np.where(x > high, above, y))
        return np.asarray(np.where(self.allowed & ~np.isnan(x), y, np.nan))[()]


def _strip(d: Distribution, a: FloatArray, width: FloatArray) -> FloatArray:
    """Return the probability between `a` and ``a + width``, by quadrature of the density."""
    # In parts, on which the density is smooth.
    zero = np.zeros(np.broadcast_shapes(np.shape(a), np.shape(width)))
    inner = [np.clip(np.where(width != 0, (x - a) / width, 0.0), 0.0, 1.0) + zero for x in d.knots]
    edges = np.sort(np.stack([zero, *inner, zero + 1.0]), axis=0)

    def mass(start: FloatArray, step: FloatArray) -> FloatArray:
        return step * integral(lambda share: d.pdf(a + width * (start + step * share)), 4)

    return np.asarray(np.abs(width) * sum(map(mass, edges[:-1], np.diff(edges, axis=0)), zero))


def _all_but_likeliest(d: Distribution, values: FloatArray) -> float:
    """Return the probability of all of the atoms `values` but the likeliest one."""
    before = d.around(values)[0]
    below, above = d.cdf(before), d.sf(values)
    masses = np.where(below < 0.5, d.cdf(values) - below, d.sf(before) - above)
    likeliest = int(np.argmax(masses))
    return float(below[likeliest]) + float(above[likeliest])


def _tails(d: Distribution, x: FloatArray) -> tuple[FloatArray, FloatArray]:
    low, high = d.support
    with np.errstate(all="ignore"):
        below, above = d._both(np.clip(x, low, high))  # noqa: SLF001  # of this module
    below = np.where(x < low, 0.0, np.where(x > high, 1.0, below))
    above = np.where(x < low, 1.0, np.where(x > high, 0.0, above))
    known = d.allowed & ~np.isnan(x)
    return np.where(known, below, np.nan)[()], np.where(known, above, np.nan)[()]
