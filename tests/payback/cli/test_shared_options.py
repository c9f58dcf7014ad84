from __future__ import annotations

import pytest

from payback.cli.shared_options import Trials


@pytest.mark.parametrize(
    ("text", "trials"),
    [("131072", 131_072), ("1_000_000", 10**6), ("1e6", 10**6), ("2^20", 2**20), ("2**20", 2**20), (" 10 ^ 3 ", 1_000)],
)
def test_a_number_of_trials_may_be_a_power(text: str, trials: int) -> None:
    assert Trials().convert(text, None, None) == trials
