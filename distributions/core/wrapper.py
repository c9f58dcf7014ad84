"""What every distribution that holds a distribution shares."""

from __future__ import annotations

from payback.distributions.core.array_types import BoolArray
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
