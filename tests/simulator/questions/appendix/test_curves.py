from __future__ import annotations

import numpy as np
import pytest

from payback.simulator.case import loads
from payback.simulator.case.expressions.tree import Name
from payback.simulator.questions.appendix import curves
from payback.simulator.questions.trials.execution import KEPT, Execution
from payback.simulator.questions.trials.frames import Frame
from payback.simulator.questions.trials.samples import samples
from payback.simulator.questions.trials.sampling import Sampling
from payback.simulator.statistics import KeptSample

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


def test_a_value_that_trials_equal_on_paper_is_among_them() -> None:
    sample = KeptSample(np.full(64, 0.1 * 3), replicates=16)
    assert curves.share_at_or_below(sample, 0.3) == 1.0
    assert curves.share_at_or_below(sample, 0.3 - 1e-9) == 0.0


def test_the_payback_curve_has_a_lump_at_the_end_of_its_month() -> None:
    case = loads((LONG % 12).replace("saving: saving}", "saving: pulse(6) * 1_100 USD}"))
    payback = samples(Frame(case, Sampling(1024).cube(case)), [Name("payback")], Execution())[Name("payback")]
    assert curves.payback_curve(payback, 12).share == (0.0,) * 6 + (1.0,) * 7
