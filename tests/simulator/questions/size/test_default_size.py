"""The number of trials that a run chooses: two honest digits, within a budget that reads no clock."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import payback
from payback.simulator.case import Case, loads
from payback.simulator.document.document import Document
from payback.simulator.engine.run.checkpoints import Checkpoint
from payback.simulator.questions.appendix.appendix import appendix
from payback.simulator.questions.ask.answers import Answer, answer
from payback.simulator.questions.ask.estimates import half_width
from payback.simulator.questions.ask.known_facts import Known
from payback.simulator.questions.grammar import parse_questions
from payback.simulator.questions.size import cost_budget
from payback.simulator.questions.size.default_size import size_for_comparisons, size_for_questions, size_for_run
from payback.simulator.questions.size.doubling import MARGIN
from payback.simulator.questions.size.run_size import RunSize, shortfall
from payback.simulator.questions.size.two_digits import Figure, figure, half_unit
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame, stress_of, what_if
from payback.simulator.questions.trials.run_cache import NO_CACHE
from payback.simulator.questions.trials.sampling import TRIALS, Sampling
from payback.simulator.statistics import Estimate
from tests.simulator.questions.cases import CERTAIN, SMALL, differs

CASE = loads(SMALL)
NOISY = ("mean(volume) - 1133.148453 request/month", "P5(npv)")
PLAIN = Sampling(sampler="monte_carlo")
EXECUTION = Execution()


def size_of(
    *texts: str, sampling: Sampling = PLAIN, execution: Execution = EXECUTION, case: Case = CASE
) -> RunSize[Answer]:
    return size_for_questions(case, parse_questions(texts), sampling, execution)


def answers(trials: int, *texts: str, sampling: Sampling = PLAIN) -> tuple[Answer, ...]:
    cube = replace(sampling, trials=trials).cube(CASE)
    return answer(parse_questions(texts), Frame(CASE, cube), EXECUTION)


def test_the_usual_size_is_kept_where_it_does() -> None:
    texts = ("P50(npv)", "P(npv < 0)", "mean(npv) in 'volume halves'")
    size = size_of(*texts, sampling=Sampling())
    assert (size.sampling.trials, size.chosen) == (TRIALS, True)
    assert [(number.reached, number.looks) for number in size.precision] == [(True, 1)] * 3
    assert not differs(size.precision[0].text, "two digits at once")
    assert size.shortfall == ""
    assert size.results == answers(TRIALS, *texts, sampling=Sampling())


def test_noisy_numbers_take_more_and_the_answers_are_of_the_last_look() -> None:
    size = size_of(*NOISY)
    assert size.sampling.trials > TRIALS
    assert size.results == answers(size.sampling.trials, *NOISY)
    assert all(number.reached and number.trials == size.sampling.trials for number in size.precision)
    assert all(
        number.half_width == half_width(result.estimate) and MARGIN * half_width(result.estimate) <= number.asked
        for number, result in zip(size.precision, size.results, strict=True)
    )
    # one look earlier they were not known that well
    earlier = answers(size.sampling.trials // 2, *NOISY)
    assert any(
        MARGIN * half_width(result.estimate) > number.asked
        for number, result in zip(size.precision, earlier, strict=True)
    )


@pytest.mark.parametrize(
    "execution", [Execution(1), Execution(3), Execution(engine="numpy"), Execution(engine="compiled")], ids=repr
)
def test_the_size_depends_on_neither_threads_nor_engine(execution: Execution) -> None:
    if execution.engine == "compiled":
        pytest.importorskip("llvmlite")
    first, second = size_of(*NOISY), size_of(*NOISY, execution=execution)
    assert first.sampling.trials == second.sampling.trials
    if execution.threads is not None:
        assert (first.precision, first.results) == (second.precision, second.results)


def test_a_budget_that_is_spent_is_told_with_what_it_would_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cost_budget, "WORK", 1e-9)
    size = size_of(*NOISY)
    assert size.sampling.trials == TRIALS
    short = [number for number in size.precision if not number.reached]
    (line,) = size.shortfall.splitlines()
    assert line.startswith(short[0].target)
    assert not differs(line, "a budget that is spent")
    monkeypatch.undo()
    assert size_of(*NOISY).sampling.trials <= 2**19
    # what is open is not counted out
    open_ended = replace(short[0], half_width=None, text="x; --trials takes more")
    line = shortfall([*short, open_ended])
    assert line.startswith(f"{short[0].target} (and {len(short)} ")
    assert not differs(line, "numbers that fall short")


def test_costly_formulas_and_many_of_them_take_fewer_trials() -> None:
    formulas = [CASE.formula(name).expression for name in ("npv", "irr", "payback")]
    one_formula, two, many = (
        cost_budget.most_trials([cost_budget.Job(CASE.model, chosen, runs)])
        for chosen, runs in ((formulas[:1], 1), (formulas[:2], 1), (formulas, 10))
    )
    assert one_formula > two > many >= TRIALS
    assert cost_budget.most_trials([cost_budget.Job(CASE.model, formulas, 10**6)]) == TRIALS
    assert cost_budget.most_trials([cost_budget.Job(CASE.model, formulas[:1], held=100)]) == TRIALS


def test_numbers_that_never_get_two_digits_end_all_the_same() -> None:
    texts = ("P99(payback)", "P100(npv)", "P(npv < -1e9 USD)", "skew(npv)", "npv < 0", "P50(npv) / sd(npv)")
    size = size_of(*texts, sampling=Sampling())
    assert size.sampling.trials <= 2 * TRIALS  # for the skewness, whose error rests on the tail
    assert [number.target for number in size.precision] == list(texts[2:])
    assert size.precision[0].asked == size.precision[2].asked == 0.005
    certain = size_of("mean(npv)", case=loads(CERTAIN))
    assert [(number.half_width, number.reached) for number in certain.precision] == [(0.0, True)]


def test_a_number_near_0_of_what_hardly_ever_varies_is_told_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cost_budget, "WORK", 1e-9)
    rare = loads("{horizon: 3, inputs: {x: 'uniform(0, 1)'}, cash_flows: {monthly: {m: x}}}")
    size = size_of("P99.9(if(x > 0.999, 1, 0))", case=rare)
    (number,) = size.precision
    assert (number.asked, number.half_width, number.reached) == (0.0, 1.0, False)
    assert not differs(size.shortfall, "a number that hardly ever varies")


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
    for module in ("size.default_size", "size.cost_budget", "size.compared_trials", "appendix.appendix"):
        monkeypatch.setattr(f"payback.simulator.questions.{module}.TRIALS", 2**10)
    return 2**10


def test_a_run_goes_by_its_headline_and_its_document_tells(few: int) -> None:
    size = size_for_run(CASE, Sampling(), EXECUTION)
    assert size.sampling.trials > few
    headline = ["P50(payback)", "P5(npv)", "P50(npv)", "P95(npv)", "P50(gain)"]
    assert [number.target for number in size.precision] == headline
    never = size_for_run(CASE.change("volume = 1 request/month"), Sampling(), EXECUTION)
    assert [number.target for number in never.precision] == headline[1:]
    document = document_of(size)
    assert document.provenance.precision == size.precision
    assert document.provenance.trials == size.sampling.trials
    assert "--trials" not in document.provenance.command
    given = appendix(CASE, Sampling(size.sampling.trials), EXECUTION).document
    assert (given.measures, given.probabilities, given.what_if) == (
        document.measures,
        document.probabilities,
        document.what_if,
    )


def document_of(size: RunSize[Answer]) -> Document:
    how = {"precision": size.precision, "chosen": size.chosen}
    cached = appendix(CASE, size.sampling, EXECUTION, **how, cache=size.cache).document  # type: ignore[arg-type]  # mixed values
    assert cached == appendix(CASE, size.sampling, EXECUTION, **how).document  # type: ignore[arg-type]  # mixed values
    return cached


def test_comparisons_that_would_take_too_long_are_of_fewer_trials(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    size = size_for_run(CASE, Sampling(), EXECUTION)
    monkeypatch.setattr(cost_budget, "WORK", 0.02)
    short = replace(size.precision[0], reached=False, text="has fewer")
    document = document_of(replace(size, precision=(short,)))
    assert document.what_if[0].note == f"the first {few:,} trials"
    fewer, last = document.limits[-2:]
    assert not differs(fewer, "comparisons of fewer trials")
    assert fewer.endswith(f" {size.sampling.trials:,}.")
    assert last == "P50(payback): has fewer."


def test_comparisons_take_what_their_differences_need() -> None:
    def frames(base: Frame) -> list[Frame]:
        return [what_if(base, "volume * 0.99"), stress_of(base, "volume below 10 %")]

    size = size_for_comparisons(CASE, frames, ["P50(npv)", "P(npv < 0)"], Sampling(), EXECUTION)
    names = [number.target for number in size.precision]
    assert names[:3] == ["P50(npv)", 'P50(npv) in "volume * 0.99"', 'difference of P50(npv) in "volume * 0.99"']
    assert len(names) == 10  # what stands before is the same twice
    assert size.sampling.trials == size.precision[0].trials
    assert all(number.reached for number in size.precision)
    assert [result.name for result in size.results] == ["volume * 0.99", "volume below 10 %"]


def test_a_run_with_a_checkpoint_starts_without_the_samples_of_its_sizing(tmp_path: Path) -> None:
    saved = Execution(checkpoint=Checkpoint(tmp_path / "saved", "a run"))
    assert size_for_questions(CASE, parse_questions(["P50(npv)"]), PLAIN, saved).cache is NO_CACHE


@pytest.mark.usefixtures("few")
def test_python_takes_the_size_that_the_command_takes() -> None:
    result = payback.simulate(CASE)
    assert result.frame.cube.trials == size_for_run(CASE, Sampling(), EXECUTION).sampling.trials
    assert all(number.reached for number in result.precision)
    given = payback.simulate(CASE, trials=result.frame.cube.trials)
    assert given.precision == ()
    assert (result.samples["npv"].values == given.samples["npv"].values).all()


BREACH = """
horizon: 12
inputs: {{margin: "normal(300, 10)", breach: bernoulli({p}), loss: "lognormal(mean=8_000_000, sd=8_000_000)"}}
cash_flows: {{upfront: {{build: -500, breach: -breach * loss}}, monthly: {{work: margin}}}}
"""


def test_a_run_goes_on_until_it_holds_ten_of_a_rare_event() -> None:
    """Of 3e-5: 131,072 trials are expected to hold 4, twice as many 8, and four times as many 16."""
    case = loads(BREACH.format(p=0.00003))
    assert size_of("mean(npv)", case=case).sampling.trials >= 4 * TRIALS
    assert size_of("P5(npv)", "P(npv < 0)", "mean(margin)", case=case).sampling.trials == TRIALS
    assert size_for_run(case, Sampling(), EXECUTION).sampling.trials >= 4 * TRIALS


def test_a_run_that_cannot_hold_ten_of_a_rare_event_ends_at_once_and_says_so() -> None:
    case = loads(BREACH.format(p=0.00000001))
    size = size_of("mean(npv)", case=case)
    assert size.sampling.trials == TRIALS
    assert not differs(size.precision[0].text, "two digits that a rare event forbids")
    assert size.results[0].estimate.low is None
