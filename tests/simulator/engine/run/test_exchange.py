"""Runs on two cubes: what is held, how much of it, and by which engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from payback.simulator.cube import Cube
from payback.simulator.engine.compiled import compiled_exchange
from payback.simulator.engine.compiled.compiled_exchange import CompiledExchange
from payback.simulator.engine.numpy_engine import numpy_exchange
from payback.simulator.engine.numpy_engine.numpy_exchange import NumpyExchange
from payback.simulator.engine.plan.lowering import lower
from payback.simulator.engine.plan.parameter_inputs import parameter_inputs
from payback.simulator.engine.run import engine_choice
from payback.simulator.engine.run.exchange import Exchange, exchange
from payback.simulator.engine.run.finite_checks import checked_plan, drawn
from payback.simulator.errors import UsageError
from payback.simulator.statistics.leaf_moments import LEAF
from tests.simulator.engine.run.test_pick_freeze import GROUPS, pieces

Found = dict[str, np.ndarray]
SWAPPED = (frozenset(), *map(frozenset, GROUPS), frozenset(name for group in GROUPS for name in group), frozenset())


def bound(engine: str, *measures: str, trials: int = 2 * LEAF) -> Exchange:
    model, cube, _ = pieces("npv", trials)
    lowered = lower(model, {name: pieces(name, trials)[2] for name in measures})
    plan, parameters = checked_plan(lowered), parameter_inputs(lowered)
    return exchange(engine, plan, drawn(model, plan), (cube, cube.twin()), len(SWAPPED), parameters)()


def runs(own: Exchange, start: int, stop: int) -> list[Found]:
    blocks: list[list[Mapping[str, np.ndarray]]] = []
    for first in range(start, stop, own.most):
        run = own.over(first, min(first + own.most, stop))
        blocks.append([{name: column.copy() for name, column in run(names).items()} for names in SWAPPED])
    return [
        {name: np.concatenate([block[k][name] for block in blocks]) for name in blocks[0][k]}
        for k in range(len(SWAPPED))
    ]


def test_values_agree_with_numpy_and_what_was_swapped_is_put_back() -> None:
    measures = ("npv", "gain", "irr", "irr_count", "highest(abs(net))")
    slow, fast = (runs(bound(engine, *measures), LEAF - 16, LEAF + 2_000) for engine in ("numpy", "compiled"))
    largest = max(column["highest(abs(net))"].max() for column in slow)
    for plain, compiled in zip(slow, fast, strict=True):
        for name in ("npv", "gain"):
            assert np.abs(plain[name] - compiled[name]).max() <= 1e-10 * largest
        # a rate within rounding of a bound of its search may be called none by one of the two
        assert np.mean(plain["irr_count"] != compiled["irr_count"]) <= 1e-5
        np.testing.assert_allclose(plain["irr"], compiled["irr"], rtol=1e-7, atol=1e-9)
    assert all(np.array_equal(fast[0][name], fast[-1][name], equal_nan=True) for name in fast[0])
    assert not np.array_equal(fast[0]["npv"], fast[-2]["npv"])


@pytest.mark.parametrize(
    ("engine", "measure", "where", "name", "limit", "most"),
    [
        ("numpy", "npv", numpy_exchange, "HELD_BYTES", 1, LEAF),
        ("numpy", "npv", numpy_exchange, "HELD_BYTES", 8 * 30 * LEAF, LEAF),
        ("numpy", "npv", numpy_exchange, "WORKSPACE", 1, LEAF),
        ("compiled", "npv", compiled_exchange, "NUMPY_BYTES", 1, compiled_exchange.LEAST),
        ("compiled", "upfront", compiled_exchange, "HELD_BYTES", 1, compiled_exchange.LEAST),
    ],
)
def test_what_does_not_fit(
    engine: str, measure: str, where: object, name: str, limit: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numpy draws again what it has no room for, compiled code holds fewer trials."""
    whole = runs(bound(engine, measure), 0, LEAF)
    monkeypatch.setattr(where, name, limit)
    own = bound(engine, measure)
    assert own.most == most
    assert all(np.array_equal(a[measure], b[measure]) for a, b in zip(runs(own, 0, LEAF), whole, strict=True))


def test_inputs_are_drawn_once_and_not_by_every_run(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn_axes: list[str] = []
    block = Cube.block

    def counted(self: Cube, start: int, stop: int, axes: Sequence[str], out: np.ndarray) -> np.ndarray:
        drawn_axes.extend(axis + self.mark for axis in axes)
        return block(self, start, stop, axes, out)

    monkeypatch.setattr(Cube, "block", counted)
    own = bound("numpy", "upfront")
    runs(own, 0, LEAF)
    assert sorted(drawn_axes) == ["cost", "cost'"]


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
def test_a_run_draws_inputs_with_parameters_anew_only_where_it_changes_them(
    engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`noise` follows from `chance`: each run that takes either from the second cube draws it, all others share one."""
    drawn_axes: list[str] = []
    block = Cube.block

    def counted(self: Cube, start: int, stop: int, axes: Sequence[str], out: np.ndarray) -> np.ndarray:
        drawn_axes.extend(axis + self.mark for axis in axes)
        return block(self, start, stop, axes, out)

    monkeypatch.setattr(Cube, "block", counted)
    runs(bound(engine, "npv"), 0, LEAF)
    changed = [names for names in SWAPPED if names & {"noise", "chance"}]
    assert len(changed) == 3
    assert drawn_axes.count("noise[12]") == 1 + sum("noise" not in names for names in changed)
    assert drawn_axes.count("noise[12]'") == sum("noise" in names for names in changed)


def test_the_engine_follows_from_all_runs_together() -> None:
    """Few trials are numpy's; what the compiler costs is spread over all runs of many."""
    model, cube, npv = pieces("npv", 2**17)
    lowered = lower(model, {"npv": npv})
    plan, parameters = checked_plan(lowered), parameter_inputs(lowered)
    draws = drawn(model, plan)

    def chosen(runs: int, engine: str = "auto", trials: int = 2**17) -> type[Exchange]:
        of = Cube(cube.axes, trials, dependence=cube.dependence)
        return type(exchange(engine, plan, draws, (of, of.twin()), runs, parameters)())

    assert chosen(2, trials=2_048) is NumpyExchange
    assert chosen(200) is CompiledExchange
    assert chosen(2, "compiled", 2_048) is CompiledExchange
    assert chosen(200, "numpy") is NumpyExchange
    with pytest.raises(ValueError, match="must be one of"):
        chosen(2, "fortran")


def test_compiled_code_between_draws_of_numpy_runs_in_one_thread() -> None:
    """Each of its calls is short, so that threads would wait for one another."""
    assert bound("compiled", "npv").alone
    assert not bound("compiled", "upfront").alone
    assert not bound("numpy", "npv").alone


def test_without_llvmlite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_choice, "find_spec", lambda name: None)
    assert isinstance(bound("auto", "npv"), NumpyExchange)
    with pytest.raises(UsageError, match=r"pip install 'payback\[fast\]'"):
        bound("compiled", "npv")
