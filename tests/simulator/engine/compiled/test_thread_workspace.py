"""The strips in which compiled code fills inputs: by the cache, whatever the bits."""

from __future__ import annotations

import numpy as np
import pytest

from payback.simulator.case import loads
from payback.simulator.engine import simulate
from payback.simulator.engine.compiled import thread_workspace
from payback.simulator.engine.compiled.thread_workspace import ROUND, STRIP_BYTES, strip_of
from payback.simulator.questions.trials.sampling import Sampling

CASE = """
horizon: 120
inputs: {cost: "lognormal(median=100, sigma=0.5)"}
calculations:
  one: gbm(1, 5 %/year, 20 %/year)
  two: gbm(1, 5 %/year, 20 %/year)
  three: gbm(1, 5 %/year, 20 %/year)
cash_flows:
  upfront: {cost: -cost}
  monthly: {income: one + two * three}
"""


@pytest.mark.parametrize(
    ("rows", "inputs", "most", "strip"),
    [
        (1, 1, 65_536, 1_008),
        (100, 100, 65_536, 304),
        (121, 2, 65_536, 240),
        (481, 5, 65_536, 240),
        (481, 481, 65_536, 8_176),
        (481, 5, 64, 48),
        (1, 1, 3, 16),
    ],
)
def test_strips_fit_the_cache_unless_tables_would_be_read_anew(rows: int, inputs: int, most: int, strip: int) -> None:
    """Months of few inputs are filled in short strips, many inputs in long ones."""
    assert strip_of(rows, inputs, most) == strip
    assert strip // ROUND % 2 == 1


def test_usual_strips_are_within_their_bytes() -> None:
    assert all(8 * rows * strip_of(rows, rows, 65_536) <= STRIP_BYTES for rows in range(1, 129))


@pytest.mark.parametrize("strips", [(16, 16, 16), (48, 80, 112), (8_192, 8_192, 8_192)])
def test_bits_do_not_depend_on_strips(strips: tuple[int, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    case = loads(CASE)
    cube, outputs = Sampling(trials=1_000).cube(case), {"x": case.formula("npv").expression}
    usual = simulate(case.model, cube, outputs, engine="compiled")["x"]
    monkeypatch.setattr(thread_workspace, "STRIPS", strips)
    assert np.array_equal(simulate(case.model, cube, outputs, engine="compiled")["x"], usual)
