from __future__ import annotations

import pytest

from payback.simulator.document.core.estimate import Estimate
from payback.simulator.document.questions.variance import Variance, VarianceShare

NOTHING = Estimate(value=None)


def variance(*totals: tuple[float, float | None, float | None]) -> Variance:
    shares = tuple(
        VarianceShare(inputs=(name,), first=NOTHING, total=Estimate(value=value, low=low, high=high))
        for name, (value, low, high) in zip("abcd", totals, strict=False)
    )
    return Variance(measure="npv", unit="", sd=1.0, shares=shares, alone=NOTHING, together=NOTHING, trials=1, runs=3)


@pytest.mark.parametrize(
    ("totals", "names"),
    [
        ([(0.5, 0.45, 0.55), (0.3, 0.25, 0.35), (0.1, 0.05, 0.15)], ["a", "b"]),
        ([(0.5, 0.45, 0.55), (0.3, 0.1, 0.44), (0.2, 0.05, 0.35)], ["a"]),
        ([(0.5, 0.4, 0.6), (0.45, 0.35, 0.55), (0.1, 0.05, 0.15)], ["a", "b"]),
        ([(0.5, 0.0, 1.0), (0.45, 0.35, 0.55), (0.1, 0.05, 0.15)], []),
        ([(0.5, None, None), (0.3, 0.25, 0.35)], []),
        ([(0.5, 0.4, 0.6), (0.3, 0.2, 0.35), (0.2, None, None)], []),
        ([(0.9, 0.8, 1.0)], ["a"]),
        ([], []),
    ],
)
def test_inputs_are_named_only_as_far_as_their_intervals_separate(totals, names) -> None:
    assert [share.inputs[0] for share in variance(*totals).drivers(2)] == names
