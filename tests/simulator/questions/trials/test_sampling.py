from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from payback.simulator.case import loads
from payback.simulator.errors import UsageError
from payback.simulator.questions.trials.sampling import Sampling
from tests.simulator.questions.cases import COUPLED, ask, frame, small


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"trials": 0}, "trials: 0"),
        ({"trials": -5}, "trials: -5"),
        ({"trials": 12.5}, "trials: 12.5"),
        ({"seed": -1}, "0 or more"),
        ({"seed": 1.5}, "whole number"),
        ({"seed": True}, "whole number"),
        ({"sampler": "latin_hypercube", "trials": 2**35}, "at most 17,179,869,184"),
        ({"sampler": "sobl"}, "sobol, monte_carlo, latin_hypercube"),
    ],
)
def test_what_is_out_of_range_is_refused(given: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError) as caught:
        Sampling(**given)
    assert says in str(caught.value)


@pytest.mark.parametrize("seed", [0, 2**63, 2**128])
def test_any_whole_seed_will_do(seed: int) -> None:
    assert frame(small(), seed=seed)[0].cube.seed == seed


@pytest.mark.parametrize(
    ("trials", "sampler", "used", "run", "says"),
    [
        (2**17, "", "sobol", 2**17, ()),
        (1000, "", "monte_carlo", 1000, ("too few for Sobol' points",)),
        (2000, "", "sobol", 2000, ()),
        (2001, "", "sobol", 2016, ("become 2,016",)),
        (1000, "sobol", "sobol", 1008, ("become 1,008",)),
        (1001, "monte_carlo", "monte_carlo", 1001, ()),
        (1001, "latin_hypercube", "latin_hypercube", 1008, ("become 1,008", "belong to one number of trials")),
    ],
)
def test_samplers_and_their_notes(trials: int, sampler: str, used: str, run: int, says: tuple[str, ...]) -> None:
    case, sampling = small(), Sampling(trials, sampler=sampler)
    cube = sampling.cube(case)
    assert (cube.sampler.name, cube.trials) == (used, run)
    notes = sampling.notes(cube)
    assert len(notes) == len(says)
    assert all(text in note for text, note in zip(says, notes, strict=True))


def test_certain_inputs_are_no_axes() -> None:
    base, _ = frame(small())
    assert base.cube.axes == ("volume", "price", "cost", "fee", "chance", "works")


def test_an_input_that_a_change_made_certain_keeps_its_axis_where_others_depend_on_it() -> None:
    case = loads(COUPLED.format(rho=0.5))
    base, changed = frame(case)[0].cube, frame(case.change("x = 0.9; z = 0.2"))[0].cube
    assert changed.axes == ("x", "y")
    assert (changed.block(0, 4096) == base.block(0, 4096, ["x", "y"])).all()


def test_a_latin_hypercube_answers_with_intervals_of_its_replicates() -> None:
    case, widths = loads(COUPLED.format(rho=0.5)), {}
    for sampler in ("latin_hypercube", "monte_carlo"):
        (estimate,) = (answer.estimate for answer in ask(case, "mean(total(net))", trials=4096, sampler=sampler))
        assert estimate.low is not None
        assert estimate.high is not None
        assert estimate.low < 18 < estimate.high
        widths[sampler] = estimate.high - estimate.low
    assert widths["latin_hypercube"] < 0.3 * widths["monte_carlo"]


def test_another_number_of_trials_takes_the_sampler_that_suits_it() -> None:
    assert replace(Sampling(), trials=5).sampler_used.name == "monte_carlo"
