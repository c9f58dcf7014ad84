"""The size of a run that nobody gave one: two honest digits, within a budget that no clock tells."""

from __future__ import annotations

from dataclasses import replace

import pytest

import payback
from payback.simulator.case import Case, loads
from payback.simulator.questions.appendix.appendix import appendix
from payback.simulator.questions.ask.answers import Answer, answer
from payback.simulator.questions.ask.estimates import Known, half_width
from payback.simulator.questions.grammar import parse_questions
from payback.simulator.questions.size import cost_budget
from payback.simulator.questions.size.default_size import (
    Sized,
    shortfall,
    size_for_comparisons,
    size_for_questions,
    size_for_run,
)
from payback.simulator.questions.size.precision import MARGIN
from payback.simulator.questions.size.two_digits import Figure, figure, half_unit
from payback.simulator.questions.trials.frames import Frame, stress_of, what_if
from payback.simulator.questions.trials.settings import TRIALS, Settings
from payback.simulator.statistics import Estimate
from tests.simulator.questions.cases import CERTAIN, SMALL

CASE = loads(SMALL)
NOISY = ("mean(volume) - 1133.148453 request/month", "P5(npv)")
PLAIN = Settings(sampler="monte_carlo")


def asked(*texts: str, settings: Settings = PLAIN, case: Case = CASE) -> Sized[tuple[Answer, ...]]:
    return size_for_questions(case, parse_questions(texts), settings)


def answers(trials: int, *texts: str, settings: Settings = PLAIN) -> tuple[Answer, ...]:
    settings = replace(settings, trials=trials)
    return answer(parse_questions(texts), Frame(CASE, settings.cube(CASE)), settings)


def test_the_usual_size_is_kept_where_it_does() -> None:
    texts = ("P50(npv)", "P(npv < 0)", "mean(npv) in 'volume halves'")
    found = asked(*texts, settings=Settings())
    assert (found.settings.trials, found.settings.chosen) == (TRIALS, True)
    assert [(one.reached, one.looks) for one in found.targets] == [(True, 1)] * 3
    assert found.targets[0].text == "known to two honest digits with 131,072 trials, 1 look"
    assert shortfall(found.targets) == ""
    assert found.found == answers(TRIALS, *texts, settings=Settings())


def test_noisy_numbers_take_more_and_the_answers_are_of_the_last_look() -> None:
    found = asked(*NOISY)
    assert found.settings.trials > TRIALS
    assert found.found == answers(found.settings.trials, *NOISY)
    assert all(one.reached and one.trials == found.settings.trials for one in found.targets)
    assert all(
        one.half_width == half_width(told.estimate) and MARGIN * half_width(told.estimate) <= one.asked
        for one, told in zip(found.targets, found.found, strict=True)
    )
    # one look earlier they were not known that well
    earlier = answers(found.settings.trials // 2, *NOISY)
    assert any(MARGIN * half_width(told.estimate) > one.asked for one, told in zip(found.targets, earlier, strict=True))


@pytest.mark.parametrize("changed", [{"threads": 1}, {"threads": 3}, {"engine": "numpy"}, {"engine": "compiled"}])
def test_the_size_depends_on_neither_threads_nor_engine(changed: dict[str, object]) -> None:
    if changed.get("engine") == "compiled":
        pytest.importorskip("llvmlite")
    one, other = asked(*NOISY), asked(*NOISY, settings=replace(PLAIN, **changed))  # type: ignore[arg-type]  # mixed values
    assert one.settings.trials == other.settings.trials
    if "threads" in changed:
        assert (one.targets, one.found) == (other.targets, other.found)


def test_a_budget_that_is_spent_is_told_with_what_it_would_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cost_budget, "WORK", 1e-9)
    found = asked(*NOISY)
    assert found.settings.trials == TRIALS
    short = [one for one in found.targets if not one.reached]
    (line,) = shortfall(found.targets).splitlines()
    assert line.startswith(short[0].target)
    assert "fewer than two honest digits with 131,072 trials, the most that a run takes by itself" in line
    assert "it would take up to about 600,000 (--trials 6e5)" in line
    monkeypatch.undo()
    assert asked(*NOISY).settings.trials <= 2**19
    # what is open is not counted out
    open_ended = replace(short[0], half_width=None, text="x; --trials takes more")
    assert (
        shortfall([*short, open_ended]) == f"{short[0].target} (and {len(short)} other number): x; --trials takes more"
    )


def test_costly_formulas_and_many_of_them_take_fewer_trials() -> None:
    formulas = [CASE.formula(name).expression for name in ("npv", "irr", "payback")]
    one, two, many = (
        cost_budget.most_trials([cost_budget.Job(CASE.model, asked, runs)])
        for asked, runs in ((formulas[:1], 1), (formulas[:2], 1), (formulas, 10))
    )
    assert one > two > many >= TRIALS
    assert cost_budget.most_trials([cost_budget.Job(CASE.model, formulas, 10**6)]) == TRIALS
    assert cost_budget.most_trials([cost_budget.Job(CASE.model, formulas[:1], held=100)]) == TRIALS


def test_numbers_that_never_get_two_digits_end_all_the_same() -> None:
    texts = ("P99(payback)", "P100(npv)", "P(npv < -1e9 USD)", "skew(npv)", "npv < 0", "P50(npv) / sd(npv)")
    found = asked(*texts, settings=Settings())
    assert found.settings.trials == TRIALS
    assert [one.target for one in found.targets] == list(texts[2:])
    assert found.targets[0].asked == found.targets[2].asked == 0.005
    certain = asked("mean(npv)", case=loads(CERTAIN))
    assert [(one.half_width, one.reached) for one in certain.targets] == [(0.0, True)]


def test_a_number_near_0_of_what_hardly_ever_varies_is_told_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cost_budget, "WORK", 1e-9)
    rare = loads("{horizon: 3, inputs: {x: 'uniform(0, 1)'}, cash_flows: {monthly: {m: x}}}")
    found = asked("P99.9(if(x > 0.999, 1, 0))", case=rare)
    (one,) = found.targets
    assert (one.asked, one.half_width, one.reached) == (0.0, 1.0, False)
    assert shortfall(found.targets).endswith("the most that a run takes by itself (--trials takes more)")


def test_what_two_digits_are() -> None:
    assert [half_unit(x) for x in (1830.0, 9_999.0, -10_000.0, 0.0)] == [50.0, 50.0, 500.0, 0.0]
    assert half_unit(0.0123) == pytest.approx(0.0005)


def test_a_percentile_near_the_horizon_is_known_up_to_it() -> None:
    known = Known("month", 12, never=True)
    assert figure("P50(payback)", Estimate(11.8, 11.6, None), known, 0.0).half_width == pytest.approx(0.2)
    nothing = figure("P99(payback)", Estimate(None, 11.0, None), known, 0.0)
    assert nothing == Figure("P99(payback)", 0.0, 0.0, valued=False)
    assert figure("P50(npv)", Estimate(1.0, None, 2.0), Known("USD", 12), 0.1).half_width == float("inf")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> int:
    """A base size that is too small for the small case."""
    for module in ("size.default_size", "size.cost_budget", "appendix.appendix"):
        monkeypatch.setattr(f"payback.simulator.questions.{module}.TRIALS", 2**10)
    return 2**10


def test_a_run_goes_by_its_headline_and_its_document_tells(few: int) -> None:
    found = size_for_run(CASE, Settings())
    assert found.settings.trials > few
    assert [one.target for one in found.targets] == ["P50(payback)", "P5(gain)", "P50(gain)", "P95(gain)"]
    never = CASE.change("volume = 1 request/month")
    assert [one.target for one in size_for_run(never, Settings()).targets] == ["P5(gain)", "P50(gain)", "P95(gain)"]
    document = appendix(CASE, found.settings, precision=found.targets).document
    assert document.provenance.precision == found.targets
    assert document.provenance.trials == found.settings.trials
    assert "--trials" not in document.provenance.command
    given = appendix(CASE, Settings(found.settings.trials)).document
    assert (given.measures, given.probabilities, given.what_if) == (
        document.measures,
        document.probabilities,
        document.what_if,
    )


def test_comparisons_that_would_take_too_long_are_of_fewer_trials(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    found = size_for_run(CASE, Settings())
    monkeypatch.setattr(cost_budget, "WORK", 0.02)
    short = replace(found.targets[0], reached=False, text="has fewer")
    document = appendix(CASE, found.settings, precision=(short,)).document
    assert document.what_if[0].note == f"the first {few:,} trials"
    many = f"the headline is of {found.settings.trials:,}"
    assert document.limits[-2:] == (
        f"What-ifs, stresses and the ladder are of the first {few:,} trials, {many}.",
        "P50(payback): has fewer.",
    )


def test_comparisons_take_what_their_differences_need() -> None:
    def frames(base: Frame) -> list[Frame]:
        return [what_if(base, "volume * 0.99"), stress_of(base, "volume below 10 %")]

    found = size_for_comparisons(CASE, frames, ["P50(npv)", "P(npv < 0)"], Settings())
    names = [one.target for one in found.targets]
    assert names[:3] == ["P50(npv)", 'P50(npv) in "volume * 0.99"', 'difference of P50(npv) in "volume * 0.99"']
    assert len(names) == 10  # what stands before is the same twice
    assert found.settings.trials == found.targets[0].trials
    assert all(one.reached for one in found.targets)
    assert [one.name for one in found.found] == ["volume * 0.99", "volume below 10 %"]


@pytest.mark.usefixtures("few")
def test_python_takes_the_size_that_the_command_takes() -> None:
    found = payback.simulate(CASE)
    assert found.frame.cube.trials == size_for_run(CASE, Settings()).settings.trials
    assert all(one.reached for one in found.precision)
    assert found.settings.taken is None
    given = payback.simulate(CASE, trials=found.frame.cube.trials)
    assert given.precision == ()
    assert (found.samples["npv"].values == given.samples["npv"].values).all()
