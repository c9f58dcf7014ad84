from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from payback.simulator.case import Case, loads
from payback.simulator.errors import UsageError
from payback.simulator.questions.options.choice import choice
from payback.simulator.questions.options.criterion import criterion_of
from payback.simulator.questions.options.shared_cube import case_frames, names_of, notes_of
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame
from payback.simulator.questions.trials.samples import samples
from payback.simulator.questions.trials.sampling import Sampling

SAMPLING = Sampling(1_024)


def case(income: str, inputs: str, file: str, extra: str = "") -> Case:
    head = f"case: {file[0].upper()}\nhorizon: 1\ninputs: {{{inputs}}}\n"
    return loads(f"{head}cash_flows: {{upfront: {{income: {income}}}}}\n{extra}", file)


A = case("x + y", "x: 'uniform(0, 1)', y: 'uniform(0, 1)'", "a.yaml")
B = case("z + 2 * x", "z: 'uniform(0, 1)', x: 'uniform(0, 2)'", "b.yaml")


def values(cases: list[Case], formula: str = "npv") -> list[NDArray[np.float64]]:
    frames = case_frames(cases, SAMPLING)
    trees = [frame.case.formula(formula).expression for frame in frames]
    return [samples(frame, [tree], Execution())[tree].values for frame, tree in zip(frames, trees, strict=True)]


def test_inputs_of_one_name_share_their_draws() -> None:
    x_of_a, x_of_b = values([A, B], "x")
    np.testing.assert_allclose(x_of_b, 2 * x_of_a, atol=1e-12)


def test_the_first_case_has_the_bits_that_it_has_alone() -> None:
    (first, _), tree = values([A, B]), A.formula("npv").expression
    alone = samples(Frame(A, SAMPLING.cube(A)), [tree], Execution())[tree].values
    np.testing.assert_array_equal(first, alone)


def test_cases_are_compared_as_options_are() -> None:
    frames = case_frames([A, B], SAMPLING)
    options = choice(frames, criterion_of([A, B], "mean(npv)"), Execution())
    assert [option.name for option in options.options] == ["B", "A"]
    behind = options.options[1].behind
    assert behind is not None
    assert behind.value == pytest.approx(-1.5, abs=5e-3)  # E (x + y) - E (z + 2 * 2 x) = 1 - 2.5


def test_dependence_of_a_case_is_its_own() -> None:
    coupled = case(
        "x + y",
        "x: 'uniform(0, 1)', y: 'uniform(0, 1)'",
        "c.yaml",
        "dependence: [{between: [x, y], parameter: 0.9}]\n",
    )
    first, second = values([A, coupled])
    assert np.std(second) > 1.2 * np.std(first)  # sqrt(1 + 0.89) for uniforms with a correlation of 0.89
    assert len(notes_of([A, coupled])) == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("horizon = 2 months", "differ in horizon: 1 and 2 -> one horizon: --set"),
        ("discount_rate = 5 %/year", "differ in discount rate -> one discount rate: --set"),
    ],
)
def test_cases_of_other_frames_are_refused(change: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        case_frames([A, B.change(change)], SAMPLING)


def test_cases_in_other_money_are_refused() -> None:
    euros = case("x", "x: 'uniform(0, 1)'", "e.yaml", "currency: EUR\n")
    with pytest.raises(UsageError, match=r"a\.yaml and e\.yaml differ in currency: USD and EUR -> one currency"):
        case_frames([A, euros], SAMPLING)


def test_names_are_those_of_the_cases_or_of_their_files() -> None:
    assert names_of([A, B]) == ("A", "B")
    assert names_of([A, case("x", "x: 1", "agile.yaml")]) == ("a", "agile")
    assert names_of([A, case("x", "x: 1", "other/a.yaml"), case("x", "x: 1", "apart/a.yaml")]) == (
        "a.yaml", "other/a.yaml", "apart/a.yaml",
    )  # fmt: skip
    with pytest.raises(UsageError, match=r"the same case twice: a\.yaml and a\.yaml"):
        names_of([A, A])


def test_options_of_cases_that_are_compared_are_left_out_and_that_is_said() -> None:
    with_options = case("x", "x: 'uniform(0, 1)'", "o.yaml", "options: {more: {x: x * 2}}\n")
    assert notes_of([A, B]) == ()
    (note,) = notes_of([A, with_options])
    assert note.startswith("the options declared in o.yaml are left out")
