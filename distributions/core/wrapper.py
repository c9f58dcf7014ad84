"""The base class of distributions that are made from one other distribution."""

from __future__ import annotations

from payback.distributions.core.array_types import BoolArray
from payback.distributions.core.distribution import Distribution


class Wrapper(Distribution):
    """A distribution made from one other, `distribution`; it is discrete or continuous as that one is."""

    distribution: Distribution

    @property
    def discrete(self) -> bool:
        """Whether the inner distribution is discrete."""
        return self.distribution.discrete

    @property
    def continuous(self) -> bool:
        """Whether the inner distribution is continuous."""
        return self.distribution.continuous

    def rare_parts(self) -> tuple[float, ...]:
        """Return the weights of the parts of the inner distribution that few draws fall in."""
        return self.distribution.rare_parts()

    @property
    def searched(self) -> bool:
        """Whether a quantile of the inner distribution is searched for."""
        return self.distribution.searched

    @property
    def allowed(self) -> bool | BoolArray:
        """Whether the parameters here and in the inner distribution are allowed, by trial where they vary."""
        return super().allowed & self.distribution.allowed
