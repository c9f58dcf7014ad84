from __future__ import annotations

import numpy as np
import pytest

from payback.simulator.case import loads
from payback.simulator.questions.appendix import curves
from payback.simulator.questions.trials.execution import KEPT, Execution
from payback.simulator.questions.trials.frames import Frame
from payback.simulator.questions.trials.samples import samples
from payback.simulator.questions.trials.sampling import Sampling

LONG = """
inputs:
  saving: normal(10, 5) USD/month
cash_flows:
  upfront: {price: -1_000 USD}
  monthly: {saving: saving}
horizon: %d months
"""


@pytest.mark.parametrize("months", [12, 127, 128, 480])
def test_the_trials_of_a_fan_are_kept(months: int) -> None:
    frame = Frame(loads(LONG % months), Sampling(2**17).cube(loads(LONG % months)))
    fan = curves.cash_fan(frame, Execution())
    assert fan.trials * (months + 1) <= KEPT
    assert fan.trials * (months + 1) > 0.9 * KEPT or fan.trials == 2**17


def test_the_percentiles_of_a_fan_are_order_statistics() -> None:
    case = loads(LONG % 12)
    frame = Frame(case, Sampling(4096).cube(case))
    fan = curves.cash_fan(frame, Execution())
    net = [curves.cumulative_at(case, month) for month in range(13)]
    values = samples(frame, net, Execution())
    for q, row in fan.percentiles.items():
        expected = [np.quantile(values[f].values, float(q[1:]) / 100, method="inverted_cdf") for f in net]
        assert row == tuple(expected)
