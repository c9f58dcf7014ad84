"""Inputs that several runs share: the same bits as when each draws its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from payback.distributions import Lognormal, Normal, Uniform
from payback.simulator.cube import SAMPLERS, Cube
from payback.simulator.engine import simulate
from payback.simulator.engine.numpy_engine.shared_draws import origin
from payback.simulator.engine.numpy_engine.shared_inputs import SharedInputs
from payback.simulator.model import Group
from tests.simulator.engine.models import model, outputs

M = model(
    {"volume": Lognormal(100.0, 0.8), "price": Uniform(0.5, 1.5), "rest": Uniform(0.0, 1.0), "shock": Normal(0.0, 0.1)},
    {"m_sold": "volume * (1 + shock)"},
    {"build": "-300 - rest"},
    {"revenue": "m_sold * price"},
    each_month=("shock",),
)
DEARER = model(
    {"volume": Lognormal(100.0, 0.8), "price": Uniform(1.0, 1.5), "rest": Uniform(0.0, 1.0), "shock": Normal(0.0, 0.1)},
    {"m_sold": "volume * (1 + shock)"},
    {"build": "-300 - rest"},
    {"revenue": "m_sold * price * 2"},
    each_month=("shock",),
)
ASKED = outputs("npv", "volume", "price", "rest")
AXES = ("volume", "price", "rest")
PLAIN = Cube(AXES, 3_200)
COUPLED = replace(PLAIN, dependence=(Group(("volume", "price"), ((1.0, 0.5), (0.5, 1.0))),))

CHANGES: dict[str, Callable[[Cube], Cube]] = {
    "nothing": lambda cube: cube,
    "another seed": lambda cube: replace(cube, seed=2),
    "another sampler": lambda cube: replace(cube, sampler=SAMPLERS["latin_hypercube"]),
    "a condition": lambda cube: cube.restrict("volume", 0.0, 0.1),
    "an intervention": lambda cube: cube.restrict("volume", 0.5, 0.6, follow=False),
    "a pin": lambda cube: cube.pin("price", 0.9),
    "an axis more": lambda cube: cube.with_axes(["new"]),
    "another order": lambda cube: replace(cube, axes=AXES[::-1]),
    "coordinates of a twin": lambda cube: cube.mix(cube.twin(), ["price"]),
}


@pytest.mark.parametrize("first", [PLAIN, COUPLED], ids=["plain", "coupled"])
@pytest.mark.parametrize("change", CHANGES)
def test_runs_that_share_inputs_give_the_bits_of_runs_that_do_not(first: Cube, change: str) -> None:
    shared, second = SharedInputs(), CHANGES[change](first)
    for of, cube in ((M, first), (M, second), (DEARER, second), (M, first)):
        alone = simulate(of, cube, ASKED)
        for threads, block in ((1, 1_000), (2, 256)):
            together = simulate(of, cube, ASKED, threads=threads, block=block, shared=shared)
            assert all(together[name].tobytes() == alone[name].tobytes() for name in ASKED)


def test_what_is_alike_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    block = Cube.block

    def noted(self: Cube, start: int, stop: int, axes: tuple[str, ...], out: np.ndarray | None = None) -> np.ndarray:
        drawn.extend(axis for axis in axes if "[" not in axis)
        return block(self, start, stop, axes, out)

    monkeypatch.setattr(Cube, "block", noted)
    shared = SharedInputs()
    for of, cube, anew in (
        (M, PLAIN, ["volume", "price", "rest"]),
        (M, PLAIN, []),
        (DEARER, PLAIN, ["price"]),
        (M, PLAIN.restrict("rest", 0.0, 0.5), ["rest"]),
        (M, COUPLED, ["volume", "price"]),
        (M, COUPLED.restrict("rest", 0.0, 0.5), []),
    ):
        simulate(of, cube, ASKED, threads=1, shared=shared)
        assert sorted(drawn) == sorted(anew)
        drawn.clear()


def test_an_axis_has_one_origin_for_each_set_of_coordinates() -> None:
    for cube in (PLAIN, COUPLED):
        for axis in AXES:
            for name, change in CHANGES.items():
                other = change(cube)
                same = origin(cube, axis) == origin(other, axis)
                equal = np.array_equal(cube.block(0, 3_200, [axis]), other.block(0, 3_200, [axis]))
                assert same <= equal, (axis, name)
                assert same or not equal or cube.dependence, (axis, name)


def test_no_more_is_kept_than_said() -> None:
    shared = SharedInputs(most=2 * 8 * 100)
    assert shared.column("a", 100)
    assert shared.column("b", 100)
    assert shared.column("c", 100) is None


def test_what_a_run_left_kept_is_drawn_anew() -> None:
    shared, out = SharedInputs(), np.empty(100)
    broken = shared.column("a", 100)
    assert broken is not None
    broken.write(0, np.zeros(60))
    column = shared.column("a", 100)
    assert column is not None
    column.write(40, np.ones(60))
    assert not column.complete
    column.write(0, np.ones(40))
    assert column.complete
    kept = shared.column("a", 100)
    assert kept is column
    kept.read(0, out)
    assert (out == 1.0).all()
