"""The lowest and the highest of many draws, and of draws that are made of others: right, and without repeated work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from payback.distributions import (
    Distribution,
    Gamma,
    Highest,
    Lowest,
    Mixture,
    Normal,
    Scaled,
    Shifted,
    StudentT,
    Truncated,
    Uniform,
    ZeroInflated,
)

U = np.array([1e-12, 1e-3, 0.1, 0.5, 0.9, 0.999])
DRAWS: dict[str, tuple[Distribution, ...]] = {
    "eight gammas": tuple(Gamma(1.5 + k / 2, 1.0 + k / 5) for k in range(8)),
    "heavy and light tails": (*(StudentT(2.0 + k) for k in range(4)), Normal(0, 1), Uniform(-3, 2)),
    "mixtures inside": (Mixture((Normal(0, 1), Normal(4, 1)), (0.5, 0.5)), Gamma(2, 3)),
    "extremes inside": (Lowest((Normal(0, 1), Gamma(2, 1))), Highest((Normal(1, 1), Uniform(0, 5)))),
    "mixtures that are truncated": (Truncated(Mixture((Normal(0, 1), Uniform(0, 9)), (0.3, 0.7)), -1, 6), Normal(2, 1)),
}


@pytest.mark.parametrize("name", DRAWS)
@pytest.mark.parametrize("extreme", [Lowest, Highest])
def test_quantiles_are_those_of_the_product(name: str, extreme: type[Lowest | Highest]) -> None:
    """The tail of the extreme, multiplied out from the draws in plain floats, is the share that was asked for."""
    draws = DRAWS[name]
    of_extreme = extreme(draws)
    low, high = of_extreme.ppf(U), of_extreme.isf(U)
    every, some = (Distribution.cdf, Distribution.sf) if extreme is Highest else (Distribution.sf, Distribution.cdf)
    joint, single = (low, high) if extreme is Highest else (high, low)
    assert np.prod([every(d, joint) for d in draws], axis=0) == pytest.approx(U, rel=1e-11)
    assert -np.expm1(sum(np.log1p(-some(d, single)) for d in draws)) == pytest.approx(U, rel=1e-9)


@pytest.mark.parametrize("extreme", [Lowest, Highest])
def test_the_density_is_the_slope(extreme: type[Lowest | Highest]) -> None:
    of_extreme = extreme(DRAWS["eight gammas"])
    x, step = of_extreme.ppf(np.linspace(0.05, 0.95, 9)), 1e-5
    slope = (of_extreme.cdf(x + step) - of_extreme.cdf(x - step)) / (2 * step)
    assert of_extreme.pdf(x) == pytest.approx(slope, rel=1e-7)


def test_an_extreme_of_extremes_of_its_kind_is_one_of_all() -> None:
    a, b, c = Gamma(2, 3), Normal(4, 1), Uniform(0, 9)
    assert Lowest((Lowest((a, b)), c)) == Lowest((a, b, c))
    assert Highest((a, Lowest((b, c)))).distributions == (a, Lowest((b, c)))
    assert Mixture((Mixture((a, b), (0.25, 0.75)), c), (0.5, 0.5)) == Mixture((a, b, c), (0.125, 0.375, 0.5))


@dataclass(frozen=True)
class Counted(Normal):
    """A normal distribution that counts how often its tails are asked for."""

    def _cdf(self, x: np.ndarray) -> np.ndarray:
        ASKED.append("cdf")
        return super()._cdf(x)

    def _sf(self, x: np.ndarray) -> np.ndarray:
        ASKED.append("sf")
        return super()._sf(x)


ASKED: list[str] = []
WRAPS: dict[str, Callable[[Distribution, int], Distribution]] = {
    "mixture": lambda d, k: Mixture((d, Normal(k, 1)), (0.5, 0.5)),
    "alternating extremes": lambda d, k: (Lowest if k % 2 else Highest)((d, Normal(k, 1))),
    "truncated and moved": lambda d, k: Shifted(Truncated(d, -9.0 + k, 9.0 + k), 0.1),
    "scaled and moved": lambda d, k: Shifted(Scaled(d, -1.0 if k % 2 else 2.0), 1.0),
    "zero or not, pooled": lambda d, k: Mixture((ZeroInflated(0.1, d), Normal(k, 1)), (0.5, 0.5)),
    "truncated and pooled": lambda d, k: Mixture((Truncated(d, -9, 9), Normal(k, 1)), (0.5, 0.5)),
}


@pytest.mark.parametrize("name", WRAPS)
def test_what_is_deep_inside_is_asked_once(name: str) -> None:
    """A tail of what is made of others asks each tail of its parts at most once, however deep they lie."""
    asked = []
    for depth in (4, 12):
        law: Distribution = Counted(0.0, 1.0)
        for k in range(depth):
            law = WRAPS[name](law, k)
        law.cdf(0.5)  # what depends on the law alone is computed once
        ASKED.clear()
        law.cdf(np.array([0.3, 1.1]))
        asked.append(len(ASKED))
    assert max(asked) <= 2
