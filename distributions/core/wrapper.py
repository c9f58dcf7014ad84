"""What every distribution that holds a distribution shares."""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution


class Wrapper(Distribution):
    """A distribution that holds one."""

    distribution: Distribution

    @property
    def discrete(self) -> bool:
        """As the distribution it holds."""
        return self.distribution.discrete

    @property
    def continuous(self) -> bool:
        """As the distribution it holds."""
        return self.distribution.continuous

    @property
    def allowed(self) -> bool | BoolArray:
        """Which trials have parameters that are allowed, here and within."""
        return super().allowed & self.distribution.allowed


class Computed(Distribution):
    """A distribution that is found as another one, its `law`; a family gives `_found`."""

    @abstractmethod
    def _found(self) -> Distribution:
        """Return the law."""

    @cached_property
    def law(self) -> Distribution:
        """The distribution that it is, of whatever form its quantiles are found by."""
        return self._found()

    @property
    def discrete(self) -> bool:
        """As its law."""
        return self.law.discrete

    @property
    def continuous(self) -> bool:
        """As its law."""
        return self.law.continuous

    @property
    def knots(self) -> tuple[float, ...]:
        """Those of its law."""
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
