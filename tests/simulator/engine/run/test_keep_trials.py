"""Runs: any split gives the same bits, wrong numbers are named, parameters may vary by trial."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from payback.distributions import FAMILIES, Beta, Certain, Lognormal, Normal, Uniform
from payback.simulator.case.expressions.parser import parse
from payback.simulator.cube import SAMPLERS, Cube
from payback.simulator.engine import evaluate, simulate
from payback.simulator.errors import NumericalError
from payback.simulator.model import Draw, Formula, Line, Model
from tests.catalogue import compared_with
from tests.simulator.engine.models import model, outputs

differs = compared_with(Path(__file__).with_name("messages.txt"))

TRIALS = 5_000
M = model(
    {"volume": Lognormal(100.0, 0.8), "price": Beta(2.0, 3.0), "shock": Normal(0.0, 0.1)},
    {"m_sold": "volume * (1 + shock) * 1.01 ** (t - 1)", "m_late": "lag(m_sold, 2, before=0)"},
    {"build": "-300"},
    {"revenue": "m_late * price", "upkeep": "-5"},
    each_month=("shock",),
)
ASKED = outputs("npv", "payback", "roi", "irr", "discounted_payback", "peak_funding", "npv < 0")


def cube(of: Model, sampler: str = "sobol", trials: int = TRIALS, seed: int = 1) -> Cube:
    return Cube(
        axes=tuple(d.axis for d in of.draws if not d.monthly), trials=trials, seed=seed, sampler=SAMPLERS[sampler]
    )


@pytest.mark.parametrize("sampler", ["sobol", "monte_carlo"])
@pytest.mark.parametrize(
    ("trials", "splits"),
    [(403, [(1, 1), (7, 4), (100, 2), (65_536, 2)]), (70_003, [(1_000, 4), (1_000, 1), (65_536, 2), (65_536, 1)])],
)
def test_any_block_size_and_thread_count_gives_the_same_bits(sampler, trials, splits):
    whole = simulate(M, cube(M, sampler, trials), ASKED, threads=1, block=1_000_000)
    for block, threads in splits:
        split = simulate(M, cube(M, sampler, trials), ASKED, threads=threads, block=block)
        for name, values in whole.values.items():
            assert values.tobytes() == split[name].tobytes(), (name, block, threads)


@pytest.mark.parametrize("sampler", ["sobol", "monte_carlo"])
def test_a_short_run_is_the_beginning_of_a_long_one(sampler):
    short = simulate(M, cube(M, sampler, 4_096), ASKED)
    long = simulate(M, cube(M, sampler, 2**20), outputs("npv", "payback"))
    for name in ("npv", "payback"):
        assert short[name].tobytes() == long[name][:4_096].tobytes()


@pytest.mark.parametrize("sampler", ["sobol", "monte_carlo"])
def test_a_longer_run_goes_on_from_a_shorter_one(sampler):
    before = simulate(M, cube(M, sampler, 4_096), ASKED, engine="numpy")
    calls = []
    longer = cube(M, sampler, 8_192)
    trials = simulate(
        M, longer, ASKED, engine="numpy", before=before, block=1_024, progress=lambda *at: calls.append(at)
    )
    assert calls == [(done, 8_192) for done in (5_120, 6_144, 7_168, 8_192)]
    for name, values in simulate(M, longer, ASKED, engine="numpy").values.items():
        assert values.tobytes() == trials[name].tobytes()
    # not the first trials of this run: of another sampler that spreads them anew, or of another back end
    for other, engine in ((cube(M, "latin_hypercube", 4_096), "numpy"), (cube(M, sampler, 4_096), "other")):
        longer, before = replace(other, trials=8_192), replace(simulate(M, other, ASKED, engine="numpy"), engine=engine)
        trials = simulate(M, longer, ASKED, engine="numpy", before=before)
        assert trials["npv"].tobytes() == simulate(M, longer, ASKED, engine="numpy")["npv"].tobytes()


def test_with_monte_carlo_an_input_that_comes_or_goes_changes_no_other():
    more = replace(M, definitions=(Draw("new", "new", Uniform(0.0, 1.0)), *M.definitions[::-1][2:], *M.definitions[3:]))
    for name in ("npv", "payback"):
        assert (
            simulate(M, cube(M, "monte_carlo"), outputs(name))[name].tobytes()
            == simulate(more, cube(more, "monte_carlo"), outputs(name))[name].tobytes()
        )


def test_with_sobol_an_input_added_at_the_end_changes_no_other():
    more = replace(M, definitions=(*M.definitions, Draw("new", "new", Uniform(0.0, 1.0))))
    npv = simulate(more, cube(more), outputs("npv"))["npv"]
    assert npv.tobytes() == simulate(M, cube(M), outputs("npv"))["npv"].tobytes()


def test_only_what_is_asked_is_drawn():
    unused = replace(M, definitions=(*M.definitions, Draw("bad", "bad", build=None)))
    assert np.isfinite(simulate(unused, cube(M), outputs("npv"))["npv"]).all()


def gate(p: str) -> Model:
    bernoulli = FAMILIES["bernoulli"].forms[0].build
    draws = (
        Draw("p", "p", Beta(2.0, 3.0)),
        Draw("open", "open", build=lambda p: bernoulli(p, checked=False), parameters=(parse(p),)),
    )
    return Model(draws, (Line("upfront", "cost", parse("-1")), Line("monthly", "in", parse("open"))), 3, parse("0"))


def test_a_parameter_may_be_another_input():
    m = gate("p")
    run = simulate(m, cube(m, trials=2**16), outputs("p", "open"))
    assert set(run["open"]) == {0.0, 1.0}
    for low, high in [(0.1, 0.2), (0.5, 0.6)]:
        among = (run["p"] > low) & (run["p"] < high)
        share, n = run["open"][among].mean(), among.sum()
        # 4.5 binomial standard errors
        assert abs(share - run["p"][among].mean()) < 4.5 * np.sqrt(0.25 / n)


def test_a_parameter_that_is_not_allowed_in_some_trials_is_an_error_that_names_the_line():
    with pytest.raises(NumericalError) as error:
        simulate(gate("p * 2"), cube(gate("p")), outputs("npv"))
    assert not differs(str(error.value), "a parameter that is not allowed")


@pytest.mark.parametrize("measure", ["npv", "payback", "roi", "irr", "npv < 0"])
@pytest.mark.parametrize("formula", ["log(volume - 60)", "1 / max(volume - 90, 0)"])
def test_nan_and_infinity_are_counted_and_blamed(measure, formula):
    m = model({"volume": Lognormal(100.0, 0.8)}, {"m_wrong": formula}, {"build": "-300"}, {"in": "m_wrong"})
    with pytest.raises(NumericalError) as error:
        simulate(m, cube(m), outputs(measure))
    assert not differs(str(error.value), "a value that is not finite")


def test_nan_of_the_branch_not_taken_is_ignored():
    m = model({"x": Normal(0.0, 1.0)}, {"m_y": "if(x > 0, log(x), 0)"}, {"build": "-1"}, {"in": "m_y"})
    assert np.isfinite(simulate(m, cube(m), outputs("npv"))["npv"]).all()


def test_roi_is_undefined_where_nothing_is_invested():
    m = model({"x": Normal(0.0, 1.0)}, {}, {"build": "min(x, 0)"}, {"in": "1"})
    run = simulate(m, cube(m), outputs("roi", "roi < 0", "undefined(roi)", "x", "never(payback)"))
    free = run["x"] >= 0
    assert np.isnan(run["roi"][free]).all()
    assert np.isnan(run["roi < 0"][free]).all()
    assert (run["undefined(roi)"] == free).all()
    assert np.isfinite(run["roi"][~free]).all()
    assert not run["never(payback)"].any()


def test_a_change_reads_the_drawn_value():
    volume, *rest = M.definitions
    half = replace(M, definitions=(replace(volume, change=parse("volume * 0.5")), *rest))
    base, changed = (simulate(x, cube(M), outputs("volume"))["volume"] for x in (M, half))
    assert (changed == 0.5 * base).all()


def test_evaluate_stands_at_medians_unless_told_otherwise():
    m = model(
        {"a": Lognormal(100.0, 0.8), "b": Uniform(0.0, 4.0), "c": Certain(7.0)}, {}, {}, {"in": "a + b + c"}, horizon=1
    )
    expressions = outputs("gain")
    assert evaluate(m, {}, expressions)["gain"] == pytest.approx([109.0], rel=1e-14)
    assert evaluate(m, {"c": 0, "b": [1, 2]}, expressions)["gain"] == pytest.approx([101.0, 102.0], rel=1e-14)
    assert evaluate(m, {}, expressions, {"b": [0.25, 0.75]})["gain"] == pytest.approx([108.0, 110.0], rel=1e-14)


def test_progress_counts_every_trial():
    seen = []
    simulate(M, cube(M), outputs("npv"), block=1_000, progress=lambda done, trials: seen.append((done, trials)))
    assert seen[-1] == (5_008, 5_008)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_a_formula_that_reads_measures_comes_after_the_ledger():
    m = replace(
        M, definitions=(*M.definitions, Formula("late", parse("at(cumulative_net, 12) - npv"), after_ledger=True))
    )
    run = simulate(m, cube(m), outputs("late", "gain", "npv"))
    assert run["late"] == pytest.approx(run["gain"] - run["npv"], abs=1e-9)
