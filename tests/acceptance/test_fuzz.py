"""A small part of the mutations that ``python -m tests.acceptance.fuzz`` tries: each is answered or refused."""

from __future__ import annotations

import pytest

from tests.acceptance import fuzz


@pytest.mark.parametrize(("what", "count"), [("cases", 150), ("questions", 400)])
def test_every_mutation_is_answered_or_refused(what: str, count: int) -> None:
    assert list(fuzz.failures(what, 1, range(count))) == []


def test_mutations_repeat_and_many_are_sound() -> None:
    """Else nothing behind the parser is tried."""
    texts = [fuzz.mutated_case(1, index) for index in range(100)]
    assert texts == [fuzz.mutated_case(1, index) for index in range(100)]
    assert len(set(texts)) == 100
    assert 10 <= sum(not fuzz.refused(text) for text in texts) <= 90


def test_what_is_foreign_or_endless_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(_: str, index: int) -> None:
        while index:
            pass
        raise ZeroDivisionError

    monkeypatch.setattr(fuzz, "LIMIT", 0.1)
    monkeypatch.setitem(fuzz.WHAT, "cases", (fuzz.mutated_case, endless))
    reports = [trace.splitlines()[-1] for _, _, trace in fuzz.failures("cases", 1, range(2))]
    assert reports == ["ZeroDivisionError", "tests.acceptance.fuzz.TooLong: more than 0.1 s of CPU"]
