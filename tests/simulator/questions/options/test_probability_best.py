from __future__ import annotations

import pytest

from payback.simulator.case import loads
from payback.simulator.errors import CaseError
from payback.simulator.questions.options.choice import of_frame
from payback.simulator.questions.options.probability_best import probability_best
from tests.simulator.questions.cases import OPTIONS, SMALL, frame


@pytest.mark.parametrize("decide_by", ["mean(npv)", "mean(total_cost)"])
def test_it_is_that_of_the_comparison(decide_by: str) -> None:
    base, execution = frame(loads(SMALL + OPTIONS.replace("mean(npv)", decide_by)))
    for row in of_frame(base, execution).options:
        best = probability_best(base, row.name, execution)
        assert (best.value, best.low, best.high) == (row.best.value, row.best.low, row.best.high)
    assert probability_best(base, "", execution) == probability_best(base, "as it is", execution)


def test_an_unknown_option_is_told_with_the_nearest() -> None:
    base, execution = frame(loads(SMALL + OPTIONS))
    with pytest.raises(CaseError) as error:
        probability_best(base, "do nothin", execution)
    assert str(error.value) == (
        "question:1:1: `do nothin` is no option of the case -> one of as it is, do nothing, smaller machine "
        "(did you mean do nothing?)"
    )
