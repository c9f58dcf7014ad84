from __future__ import annotations

import pytest

from payback.simulator.case import loads
from payback.simulator.errors import CaseError
from payback.simulator.questions.ask.answers import answer
from payback.simulator.questions.grammar import parse_questions
from payback.simulator.questions.options.choice import of_frame
from payback.simulator.questions.options.probability_best import probability_best
from tests.simulator.questions.cases import OPTIONS, SMALL, frame


@pytest.mark.parametrize("decide_by", ["mean(npv)", "mean(total_cost)"])
def test_it_is_that_of_the_comparison(decide_by: str) -> None:
    base, execution = frame(loads(SMALL + OPTIONS.replace("mean(npv)", decide_by)))
    for row in of_frame(base, execution).options:
        best = probability_best(base, [row.name], execution)
        assert (best.value, best.low, best.high) == (row.best.value, row.best.low, row.best.high)


def test_it_is_a_statistic_of_questions() -> None:
    base, execution = frame(loads(SMALL + OPTIONS))
    texts = ['best("do nothing")', 'best("do nothing") + best("as it is") + best("smaller machine") - 1 < 0.5']
    alone, whole = answer(parse_questions(texts), base, execution)
    known = probability_best(base, ["do nothing"], execution)
    assert (alone.value, alone.estimate.low, alone.unit) == (known.value, known.low, "share")
    assert whole.value == pytest.approx(0.0, abs=1e-12)
    assert whole.verdict == "supported"
    (changed,) = answer(parse_questions(["best('as it is') in 'volume halves'"]), base, execution)
    changed_frame, _ = frame(base.case.change("volume * 0.5"))
    assert changed.value == probability_best(changed_frame, ["as it is"], execution).value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            'best("do nothin")',
            (
                "`do nothin` is no option of the case -> one of as it is, do nothing, smaller machine "
                "(did you mean do nothing?)"
            ),
        ),
        ("best(npv, 2)", '`best` takes names -> best("do nothing")'),
        ("best()", '`best` takes names -> best("do nothing")'),
    ],
)
def test_names_that_are_no_options_are_told(text: str, message: str) -> None:
    base, execution = frame(loads(SMALL + OPTIONS))
    with pytest.raises(CaseError) as error:
        answer(parse_questions([text]), base, execution)
    assert str(error.value) == f"question:1:1: {message}"


def test_a_case_without_options_has_none_that_is_best() -> None:
    with pytest.raises(CaseError, match="the case declares no `options:`"):
        answer(parse_questions(["best(other)"]), *frame(loads(SMALL)))
