from __future__ import annotations

import pytest

from payback.simulator.case import loads
from payback.simulator.errors import CaseError
from payback.simulator.questions.describe.claims_and_stresses import check_claims_and_stresses
from tests.simulator.questions.cases import COUPLED, SMALL, differs, small


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("check: roi >= 1", "check: roii >= 1", "22:38: claims[0].check: "),
        ("check: roi >= 1", "check: P90(roii) >= 1", "22:42: claims[0].check: "),
        ("check: roi >= 1", "check: mean(roi) in 'volume halfs' >= 1", "did you mean volume halves?"),
        ("check: roi >= 1", "check: mean(roi) == 1", "never equal"),
        ("check: roi >= 1", "check: payback <= 12 USD", "month"),
        ("payback: 12 months", "payback: 12 USD", "hurdles.payback"),
        ("volume: volume * 0.5", "volume: volume + 1 USD", "what_if.volume halves"),
        ("volume: volume * 0.5", "volme: volme * 0.5", "did you mean volume?"),
    ],
)
def test_what_a_run_would_fail_at_is_refused(old: str, new: str, says: str) -> None:
    with pytest.raises(CaseError) as caught:
        check_claims_and_stresses(loads(SMALL.replace(old, new)))
    assert says in str(caught.value)


def test_every_problem_is_listed_at_once() -> None:
    text = SMALL.replace("roi >= 1,", "P5(roii) >= 1,").replace("months) >= 60 %", "months) == 60 %")
    with pytest.raises(CaseError) as caught:
        check_claims_and_stresses(loads(text))
    assert len(caught.value.problems) == 2


def test_a_case_that_runs_passes() -> None:
    check_claims_and_stresses(small())


def test_a_stress_that_no_trial_can_meet_is_refused() -> None:
    text = COUPLED.format(rho=1) + "stress: {both: {x: 1 % to 2 %, y: above 99 %}}\n"
    with pytest.raises(CaseError) as caught:
        check_claims_and_stresses(loads(text))
    assert not differs(str(caught.value), "bands that no trial can meet")
