"""The compound distribution: the sum of a random number of independent draws."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any, ClassVar

import numpy as np

from payback.distributions.compound.fourier import WORST, Generating, Grid, transform
from payback.distributions.compound.known_sums import has_sum
from payback.distributions.compound.series import Series
from payback.distributions.continuous.certain import Certain
from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.finite_support import Atoms, Listed
from payback.distributions.core.inverse_sampling import Inverter
from payback.distributions.core.parameters import rare, refuse
from payback.distributions.core.piecewise_linear import Line
from payback.distributions.discrete.binomial import Binomial
from payback.distributions.discrete.geometric import Geometric
from payback.distributions.discrete.negative_binomial import NegativeBinomial
from payback.distributions.discrete.poisson import Poisson
from payback.distributions.elicited.polyline import Polyline
from payback.distributions.inversion.inverter import inverter
from payback.distributions.wrappers.shifted_scaled import Scaled
from payback.distributions.wrappers.truncated import Truncated
from payback.distributions.wrappers.zero_inflated import ZeroInflated

_MOST_TERMS, _MOST_NUMBER, _MOST_EXPECTED, _MOST_STEPS = 1_000, 5_000, 8_000.0, 1 << 20
_BEYOND = 1e-30


@dataclass(frozen=True)
class Compound(Distribution):
    """The sum of a random number of independent draws: how much all claims, orders or failures of a period cost.

    Distribution function, with N the number of draws and F^(*n) the n-fold convolution of the severity's F::

        F_sum(x) = P(N = 0) [x >= 0] + sum over n >= 1 of P(N = n) F^(*n)(x)

    One axis, inverted through that function. Where sums of draws are of a known family (gamma, exponential, normal,
    inverse Gaussian), it is a series over the number, to rounding; where draws lie on equal steps, a convolution; else
    a discrete Fourier transform whose `error` is stated.

    Parameters
    ----------
    frequency : Distribution
        Of the number of draws: whole numbers from 0.
    severity : Distribution
        Of each draw, in the unit of the input.

    Raises
    ------
    ValueError
        If the number is not whole and at least 0; if draws may be negative and their sums are of no known
        family; if a parameter varies by trial; if more draws are expected than the transform holds, or
        its error exceeds 1e-4.

    References
    ----------
    .. [1] Panjer (1981), "Recursive evaluation of a family of compound distributions", ASTIN Bulletin 12(1),
       doi:10.1017/S0515036100006796.

    Examples
    --------
    >>> from payback.distributions import Lognormal
    >>> float(Compound(Poisson(3), Lognormal(100, 0.8)).ppf(0.9))
    842.9703
    """

    frequency: Distribution
    severity: Distribution

    name: ClassVar[str] = "compound"

    def __post_init__(self, checked: bool) -> None:
        for parameter in ("frequency", "severity"):
            given = getattr(self, parameter)
            if np.ndim(given.allowed):
                raise refuse("Compound", parameter, "must have constant parameters", given)
        values = self.frequency.atoms() if self.frequency.discrete else np.array([0.5])
        if self.frequency.support[0] < 0.0 or (values is not None and np.any(values != np.floor(values))):
            raise refuse("Compound", "frequency", "must be a whole number, at least 0", self.frequency)
        by_family = has_sum(self.severity) and (self.severity.continuous or isinstance(self.severity, Certain))
        if self.severity.support[0] < 0.0 and not by_family:
            raise refuse("Compound", "severity", "must be at least 0, or of a family with known sums", self.severity)
        separate = None if self.severity.continuous or self.severity.discrete else self.severity.atoms()
        if separate is not None and np.any(separate != 0.0):
            text = "must have no value with a probability of its own beside a density, but for 0"
            raise refuse("Compound", "severity", text, self.severity)
        if not math.isfinite(self.frequency.mean):
            raise refuse("Compound", "frequency", "must have a finite mean", self.frequency)
        if self.severity.discrete:
            self.law  # noqa: B018  raises where values are on no equal steps
        elif self._grid and not self.error <= WORST:
            text = f"gives sums known to {self.error:.2g} alone, not to {WORST:g}: it is too narrow or too steep"
            raise refuse("Compound", "severity", text, self.severity)

    @property
    def allowed(self) -> bool | BoolArray:
        """True: parameters that are not allowed are refused."""
        return True

    @property
    def error(self) -> float:
        """An estimate of the largest error of the distribution function."""
        return self._grid.error if self._grid else 1e-12

    def _moments(self) -> tuple[float, float]:
        n, x = self.frequency, self.severity
        with np.errstate(all="ignore"):
            return n.mean * x.mean, float(np.sqrt(n.mean * np.square(x.sd) + np.square(n.sd * x.mean)))

    def rare_parts(self) -> tuple[float, ...]:
        """Return the probability of all numbers of draws but the likeliest, and of a draw from a part of the severity.

        With `n` draws expected, a part of weight `w` of the severity counts as ``1 - exp(-n w)``, as for a Poisson
        number.
        """
        n = self.frequency.mean
        severe = (-math.expm1(-n * weight) for weight in self.severity.rare_parts())
        return rare(*self.frequency.rare_parts(), *severe)

    @cached_property
    def _range(self) -> tuple[int, int]:
        """The lowest number of draws, at least 1, and the highest; beyond them the probability is below 1e-30."""
        low, high = (float(self.frequency.quantile(np.array(_BEYOND), np.array(up))) for up in (False, True))
        return max(int(low), 1), max(int(high), 1)

    @cached_property
    def _by_series(self) -> bool:
        d = self.severity
        return d.continuous and has_sum(d) and self._range[1] - self._range[0] < _MOST_TERMS

    @cached_property
    def _grid(self) -> Grid | None:
        if self._by_series or self.severity.discrete or self.frequency.mean == 0.0:
            return None
        if self.frequency.mean > _MOST_EXPECTED:
            raise refuse("Compound", "frequency", f"must have a mean of at most {_MOST_EXPECTED}", self.frequency)
        if self.severity.support[0] < 0.0:
            text = f"must spread over at most {_MOST_TERMS:,} numbers where draws may be negative"
            raise refuse("Compound", "frequency", text, self.frequency)
        return _transformed(self.frequency, self.severity)

    @cached_property
    def law(self) -> Distribution:
        """The distribution of the sum, as a series, a list of values or a table by Fourier transform."""
        if self.frequency.mean == 0.0:
            return Certain(0.0)
        if isinstance(self.severity, Certain):
            zero = self.severity.value == 0.0
            return Certain(0.0) if zero else Scaled(self.frequency, self.severity.value)
        if self._grid:
            return _OnGrid(self._grid.line)
        if self.severity.discrete:
            return _OnSteps(_convolved(self.frequency, self.severity))
        first, last = self._range
        p, rest = float(self.frequency.pdf(0.0)), self.frequency.pdf(np.arange(first, last + 1.0))
        series = Series(self.severity, first, tuple((rest / math.fsum(rest)).tolist()))
        return ZeroInflated(p, series) if p > _BEYOND else series

    @property
    def discrete(self) -> bool:
        """Whether the distribution of the sum is discrete."""
        return self.law.discrete

    @property
    def continuous(self) -> bool:
        """Whether the distribution of the sum is continuous."""
        return self.law.continuous

    @property
    def knots(self) -> tuple[float, ...]:
        """The knots of the distribution of the sum."""
        return self.law.knots

    def _support(self) -> tuple[float, float]:
        return self.law.support

    def _atoms(self) -> FloatArray | None:
        return self.law.atoms()

    def _around(self, x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        return self.law.around(x)

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        return self.law.quantile(v, up)

    def _reach(self, v: FloatArray, up: BoolArray) -> FloatArray:
        return self.law.reach(v, up)

    def _cdf(self, x: FloatArray) -> FloatArray:
        return self.law.cdf(x)

    def _sf(self, x: FloatArray) -> FloatArray:
        return self.law.sf(x)

    def _pdf(self, x: FloatArray) -> FloatArray:
        return self.law.pdf(x)

    def _thin_mass(self, a: FloatArray, width: FloatArray) -> FloatArray:
        return self.law.thin_mass(a, width)

    def own_inverter(self) -> Inverter:
        """Return the inverter of the distribution of the sum."""
        return inverter(self.law)

    def truncated_inverter(self, whole: Distribution, low: float, high: float, mass: float) -> Inverter:
        """Return the inverter of the distribution of the sum, truncated."""
        return inverter(Truncated(self.law, low, high))


@dataclass(frozen=True)
class _OnGrid(Polyline):
    corners: Line

    def __post_init__(self, checked: bool) -> None:
        """Nothing to validate."""

    def _corners(self) -> Line:
        return self.corners


@dataclass(frozen=True)
class _OnSteps(Listed):
    atoms_: Atoms

    def __post_init__(self, checked: bool) -> None:
        """Nothing to validate."""

    def _listed(self) -> Atoms:
        return self.atoms_


def _generating(frequency: Distribution) -> Generating:
    """Return the probability generating function of the number."""
    match frequency:
        case Poisson(mean=mean):
            return lambda z: np.exp(mean * (z - 1.0))
        case NegativeBinomial(n=n, p=p):
            return lambda z: (p / (1.0 - (1.0 - p) * z)) ** n
        case Geometric(p=p):
            return lambda z: p * z / (1.0 - (1.0 - p) * z)
        case Binomial(trials=trials, p=p):
            return lambda z: (1.0 - p + p * z) ** trials
    last = float(frequency.isf(_BEYOND))
    if last > _MOST_NUMBER:
        raise refuse("Compound", "frequency", f"must hardly ever exceed {_MOST_NUMBER:,}", frequency)
    masses = frequency.pdf(np.arange(last + 1.0))

    def horner(z: Any) -> Any:
        total = np.zeros_like(z)
        for mass in masses[::-1].tolist():
            total = total * z + mass
        return total

    return horner


@lru_cache(maxsize=32)
def _transformed(frequency: Distribution, severity: Distribution) -> Grid:
    return transform(_generating(frequency), frequency.mean, severity)


@lru_cache(maxsize=32)
def _convolved(frequency: Distribution, severity: Distribution) -> Atoms:
    """Return the distribution of sums of draws on equal steps, by a Fourier transform long enough for all sums."""
    values = severity.atoms()
    if values is None:
        raise refuse("Compound", "severity", "must have at most 65,536 values", severity)
    step = _common_step(values, severity)
    index = np.rint(values / step).astype(np.intp)
    most = int(index[-1]) * int(frequency.isf(_BEYOND))
    if most >= _MOST_STEPS:
        raise refuse("Compound", "severity", f"must give sums of at most {_MOST_STEPS:,} steps of {step:g}", severity)
    size = 1 << max(most, 1).bit_length()
    f = np.zeros(size)
    f[index] = severity.pdf(values)
    g: FloatArray = np.maximum(np.fft.irfft(_generating(frequency)(np.fft.rfft(f)), size)[: most + 1], 0.0)
    kept = np.flatnonzero(g > 1e-17)
    return Atoms.of(step * kept.astype(np.float64), g[kept] / math.fsum(g[kept]))


def _common_step(values: FloatArray, severity: Distribution) -> float:
    """Return the largest step of which all values are multiples."""
    exact = [Fraction(value).limit_denominator(1_000_000) for value in values.tolist()]
    whole = math.lcm(*(x.denominator for x in exact))
    step = math.gcd(*(int(x * whole) for x in exact)) / whole
    if not step or np.max(np.abs(values - step * np.rint(values / step))) > 1e-9 * np.abs(values).max():
        raise refuse("Compound", "severity", "must have values on equal steps", severity)
    return step
