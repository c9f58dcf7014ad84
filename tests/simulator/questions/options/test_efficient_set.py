from __future__ import annotations

import pytest

from payback.simulator.questions.options.efficient_set import efficient_set
from payback.simulator.statistics import Estimate


def advantages(*rows: tuple[tuple[float, float], tuple[float, float]]) -> list[list[tuple[Estimate, ...]]]:
    """Return the advantages of the second of two options over the first, and the other way round, from intervals."""
    (ahead, behind) = (tuple(Estimate((low + high) / 2, low, high) for low, high in row) for row in rows)
    return [[(), ahead], [behind, ()]]


@pytest.mark.parametrize(
    ("mean", "shortfall", "expected"),
    [
        ((1, 2), (1, 2), ("no", "yes")),
        ((0, 0), (1, 2), ("no", "yes")),
        ((0, 0), (0, 0), ("yes", "yes")),
        ((1, 2), (-2, -1), ("yes", "yes")),
        ((1, 2), (-1, 2), ("not known", "yes")),
        ((-1, 1), (-1, 1), ("not known", "not known")),
    ],
)
def test_an_option_is_efficient_unless_another_is_better_in_both(
    mean: tuple[float, float], shortfall: tuple[float, float], expected: tuple[str, str]
) -> None:
    turned = tuple((-high, -low) for low, high in (mean, shortfall))
    assert efficient_set(advantages((mean, shortfall), (turned[0], turned[1]))) == expected


def test_without_intervals_nothing_is_known() -> None:
    unknown = Estimate(1.0, None, None)
    assert efficient_set([[(), (unknown, unknown)], [(unknown, unknown), ()]]) == ("not known", "not known")
