"""One edit of a good case gives a case or located problems, never anything else."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from payback.simulator.case import loads
from payback.simulator.errors import CaseError, Problem

TEXT = (Path(__file__).parent / "every_key.yaml").read_text(encoding="utf-8")
SIGNS = [*"\"'[]{}:,-&*!|>%@`#?\\\t\n\r()=+/.0e", ": ", "- ", "---\n", "<<: ", "&a ", "*a", "!!str ", "\u2028", "\x85"]
WORDS = ["\ufeff", "1e999", "no", "012", "~", "previous(", "expected(", "discrete({", " to ", "USD", " USD/month", "é"]

positions = st.integers(0, len(TEXT) - 1)
edits = st.one_of(
    st.tuples(positions, st.just(0), st.sampled_from(SIGNS + WORDS)),
    st.tuples(positions, st.integers(1, 8), st.sampled_from(["", *SIGNS, *WORDS])),
    st.tuples(positions, st.just(0), positions.map(lambda at: TEXT[at : at + 30])),
    st.tuples(positions, st.just(len(TEXT)), st.just("")),
)


@settings(max_examples=120, derandomize=True, deadline=None)
@given(edits)
def test_an_edit_is_read_or_answered(edit: tuple[int, int, str]) -> None:
    at, removed, added = edit
    text = TEXT[:at] + added + TEXT[at + removed :]
    problems: tuple[Problem, ...] = ()
    try:
        loads(text, "f.yaml")
    except CaseError as error:
        problems = error.problems
    for problem in problems:
        assert problem.at.file == "f.yaml"
        assert problem.given
        assert 0 <= problem.at.line <= text.count("\n") + 3
        assert str(problem).isprintable()
