from __future__ import annotations

import pytest

from payback.simulator.case import loads
from payback.simulator.errors import UsageError
from payback.simulator.source_date import VARIABLE, source_date


def test_a_date_is_the_day_of_its_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "1700000000")
    assert source_date() == "2023-11-14"
    monkeypatch.setenv(VARIABLE, "")
    assert source_date() == ""


@pytest.mark.parametrize("text", ["abc", "99999999999999999999", "1e9"])
def test_what_is_no_date_is_blamed_on_no_input(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv(VARIABLE, text)
    with pytest.raises(UsageError, match=f"^{VARIABLE}: {text} -> seconds since 1970$"):
        loads("{horizon: 12, inputs: {x: 1 to 3}, cash_flows: {monthly: {m: x}}}")
