"""Pick-freeze against its slow twin: runs of the engine on the cubes that `mix` makes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from payback.simulator.case import loads
from payback.simulator.case.expressions.tree import Expression
from payback.simulator.cube import Cube
from payback.simulator.engine import pick_freeze, simulate
from payback.simulator.errors import NumericalError
from payback.simulator.model import Model
from payback.simulator.questions.trials.sampling import Sampling
from payback.simulator.statistics.estimators.sobol_indices import Indices, PickFreezeSums
from payback.simulator.statistics.leaf_moments import LEAF
from payback.simulator.statistics.samples.replicates import groups_of
from tests.catalogue import compared_with

differs = compared_with(Path(__file__).with_name("messages.txt"))

CASE = """
horizon: 12
discount_rate: 10 %/year
inputs:
  volume: lognormal(median=100, sigma=0.5)
  price: pert(1, 2, 5)
  cost: triangular(200, 400, 900)
  chance: beta(8, 2)
  works: bernoulli(chance)
  shock: {distribution: "normal(0, 0.1)", each: month}
  trend: {distribution: "normal(0, 0.1)", each: month}
  noise: {distribution: "normal(0, chance / 4)", each: month}
  fixed: 3
dependence:
  - {between: [volume, price], spearman: -0.4}
  - {between: [shock, trend], spearman: 0.6}
calculations:
  level: ar1(1, 1, 0.5, 0.1)
cash_flows:
  upfront: {cost: -cost}
  monthly: {income: volume * price * works * level * (1 + shock + trend + noise) / 4 - fixed}
"""
GROUPS = [("volume", "price"), ("cost",), ("chance",), ("works",), ("shock", "trend"), ("noise",), ("level.ar1",)]
AXES = [
    ["volume", "price"], ["cost"], ["chance"], ["works"],
    [f"{name}[{month}]" for name in ("shock", "trend") for month in range(1, 13)],
    [f"noise[{month}]" for month in range(1, 13)],
    [f"level.ar1[{month}]" for month in range(1, 13)],
]  # fmt: skip


ENGINES = pytest.mark.parametrize("engine", ["numpy", "compiled"])


def pieces(measure: str, trials: int, sampler: str = "") -> tuple[Model, Cube, Expression]:
    case = loads(CASE)
    return case.model, Sampling(trials=trials, sampler=sampler).cube(case), case.formula(measure).expression


def slow(model: Model, cube: Cube, formula: Expression, axes: list[list[str]], engine: str) -> Indices:
    def values(of: Cube) -> np.ndarray:
        return simulate(model, of, {"x": formula}, engine=engine)["x"]

    first, second = cube, cube.twin()
    a, b = values(first), values(second)
    mixed = [values(first.mix(second, some)) for some in axes]
    ways = groups_of(cube.trials, cube.replicates)
    return Indices.of([PickFreezeSums.of(a, b, mixed, float(np.median(a[:LEAF])), ways)], cube.trials)


def test_hidden_draws_are_called_as_the_groups_above() -> None:
    model, _, _ = pieces("npv", 16)
    assert {d.name for d in model.draws} == {name for group in GROUPS for name in group} | {"fixed"}


@pytest.mark.parametrize("sampler", ["sobol", "monte_carlo", "latin_hypercube"])
@pytest.mark.parametrize("measure", ["npv", "gain >= 0"])
@ENGINES
def test_is_its_slow_twin_to_the_bit(sampler: str, measure: str, engine: str) -> None:
    model, cube, formula = pieces(measure, LEAF + 1_600, sampler)
    fast = pick_freeze(model, cube, formula, GROUPS, engine=engine)
    twin = slow(model, cube, formula, AXES, engine)
    assert np.array_equal(fast.matrices, twin.matrices)
    assert np.array_equal(fast.changes, twin.changes)
    assert all((fast.total(k).value or 0) > 0.001 for k in range(len(GROUPS)))


@ENGINES
def test_any_block_size_and_thread_count_gives_the_same_bits(engine: str) -> None:
    model, cube, formula = pieces("npv", 3 * LEAF + 16)
    whole = pick_freeze(model, cube, formula, GROUPS, threads=1, block=10 * LEAF, engine=engine)
    for block, threads in ((LEAF, 1), (LEAF, 2), (1, 2), (2 * LEAF, 2)):
        split = pick_freeze(model, cube, formula, GROUPS, threads=threads, block=block, engine=engine)
        assert np.array_equal(split.matrices, whole.matrices)
        assert np.array_equal(split.changes, whole.changes)


def test_both_engines_find_the_same_indices() -> None:
    """They round some logarithms differently in the last place."""
    model, cube, formula = pieces("npv", 2 * LEAF)
    plain, compiled = (pick_freeze(model, cube, formula, GROUPS, engine=engine) for engine in ("numpy", "compiled"))
    for k in range(len(GROUPS)):
        for a, b in ((plain.first(k), compiled.first(k)), (plain.total(k), compiled.total(k))):
            assert [a.value, a.low, a.high] == pytest.approx([b.value, b.low, b.high], abs=1e-10)


@ENGINES
def test_an_input_that_the_output_does_not_read_makes_exactly_nothing(engine: str) -> None:
    model, cube, formula = pieces("upfront", 2_048)
    indices = pick_freeze(model, cube, formula, GROUPS, engine=engine)
    assert [indices.total(k).value for k in range(len(GROUPS))] == [0, pytest.approx(1, abs=1e-2), 0, 0, 0, 0, 0]


@ENGINES
def test_a_number_that_is_not_finite_is_blamed(engine: str) -> None:
    case = loads("""
horizon: 1
inputs: {a: "uniform(0, 1)", b: "uniform(0, 1)"}
calculations: {root: sqrt(a - b)}
cash_flows: {upfront: {cost: -1}, monthly: {saved: root}}
""")
    cube = Sampling(trials=2_048).cube(case)
    with pytest.raises(NumericalError) as error:
        pick_freeze(case.model, cube, case.formula("npv").expression, [("a",), ("b",)], engine=engine)
    assert not differs(str(error.value), "rows that are not finite")


def test_progress_counts_trials() -> None:
    model, cube, formula = pieces("npv", 2 * LEAF)
    calls: list[tuple[int, int]] = []
    pick_freeze(model, cube, formula, [("cost",)], block=LEAF, progress=lambda *done: calls.append(done))
    assert calls == [(LEAF, 2 * LEAF), (2 * LEAF, 2 * LEAF)]
