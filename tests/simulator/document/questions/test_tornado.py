from __future__ import annotations

import pytest

from payback.simulator.document.questions.tornado import Bar, Tornado


def bars(*swings: float | None) -> Tornado:
    ends = {"unit": "", "low_u": 0.1, "high_u": 0.9, "low_value": 0.0, "high_value": 1.0, "low": None, "high": None}
    named = zip("abcd", swings, strict=False)
    return Tornado(
        measure="npv", unit="", base=0.0, bars=tuple(Bar(input=name, swing=swing, **ends) for name, swing in named)
    )


@pytest.mark.parametrize(
    ("swings", "names"),
    [
        ((100.0, 50.0, 9.0), ["a", "b"]),
        ((100.0, 10.0, 10.0, 10.0), ["a", "b", "c"]),
        ((0.0, 0.0), []),
        ((None, 3.0), ["a", "b"]),
    ],
)
def test_inputs_that_hardly_move_a_measure_are_not_named(swings, names) -> None:
    assert bars(*swings).movers(3) == names
