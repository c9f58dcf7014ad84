"""Monthly draws and draws by trial that several runs share: the same bits as when each run draws its own."""

from __future__ import annotations

import numpy as np
import pytest

from payback.distributions import Poisson
from payback.simulator.case import Case, loads
from payback.simulator.cube import Cube
from payback.simulator.engine import simulate
from payback.simulator.engine.numpy_engine.shared_inputs import SharedInputs
from payback.simulator.questions.trials.sampling import Sampling

CASE = """
inputs:
  volume: lognormal(median=100, sigma=0.5)
  rate: gamma(shape=2, scale=0.3) 1/year
  scale: 2
  shock: {distribution: "normal(0, 0.1)", each: month}
  leads: {distribution: "poisson(volume / 50 * scale)", each: month}
  quality: beta(2, 1 + scale)
  odds: bernoulli(quality)
calculations:
  pace: (rate + odds * rate) / 2
  level: previous(level, 1) * (1 + shock)
  fallen: events(pace)
cash_flows:
  upfront: {build: -1_000 USD}
  monthly: {sales: leads * level * 3 USD/month, repair: -fallen * 40 USD}
horizon: 12 months
"""

CHANGES = {
    "a line": "monthly.sales * 0.5",
    "an input that no draw reads": "shock * 2",
    "an input that a draw reads": "volume * 0.5",
    "a certain parameter": "scale = 3",
    "a formula that a draw reads": "pace * 2",
    "a parameter of a parameter": "quality * 0.5",
    "the horizon": "horizon = 9 months",
    "the discount rate": "discount_rate = 9 %",
}
OUTPUTS = ("npv", "total(leads)", "total(fallen)", "odds")


def results(case: Case, cube: Cube, engine: str, shared: SharedInputs | None) -> list[bytes]:
    outputs = {text: case.formula(text).expression for text in OUTPUTS}
    trials = simulate(case.model, cube, outputs, threads=1, block=512, engine=engine, shared=shared)
    return [trials[text].tobytes() for text in OUTPUTS]


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
@pytest.mark.parametrize("change", CHANGES)
def test_runs_that_share_draws_give_the_bits_of_runs_that_do_not(change: str, engine: str) -> None:
    base = loads(CASE)
    cube, shared = Sampling(2048).cube(base), SharedInputs()
    other = base.change(CHANGES[change])
    for case in (base, other, base, other):
        assert results(case, cube, engine, shared) == results(case, cube, engine, None)


def drawn(case: Case, cube: Cube, shared: SharedInputs, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how many times counts are drawn by a rate for each trial."""
    calls: list[int] = []
    ppf = Poisson.ppf

    def counted(self: Poisson, u: np.ndarray) -> np.ndarray:
        calls.append(1)
        return ppf(self, u)

    with monkeypatch.context() as patch:
        patch.setattr(Poisson, "ppf", counted)
        results(case, cube, "numpy", shared)
    return len(calls)


def test_counts_are_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    base = loads(CASE)
    cube, shared = Sampling(512).cube(base), SharedInputs()
    assert drawn(base, cube, shared, monkeypatch) == 2 * 12
    assert drawn(base.change("monthly.sales * 0.5"), cube, shared, monkeypatch) == 0
    assert drawn(base.change("shock * 2"), cube, shared, monkeypatch) == 0
    assert drawn(base.change("pace * 2"), cube, shared, monkeypatch) == 12
    assert drawn(base.change("volume * 2"), cube, shared, monkeypatch) == 12
    assert drawn(base, cube.restrict("rate", 0.0, 0.1), shared, monkeypatch) == 12


def test_a_shorter_run_reads_the_first_trials_of_a_longer_one(monkeypatch: pytest.MonkeyPatch) -> None:
    base = loads(CASE)
    shared = SharedInputs()
    drawn(base, Sampling(2048).cube(base), shared, monkeypatch)
    short = Sampling(1024).cube(base)
    assert drawn(base, short, shared, monkeypatch) == 0
    assert results(base, short, "numpy", shared) == results(base, short, "numpy", None)
