"""Held draws against the sources that they spare."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from payback.simulator.engine.numpy_engine.held_draws import HeldDraws

PARAMETERS = {"count": frozenset({"rate"})}


class Counting:
    """A source whose values tell the block and the input, and that counts its calls."""

    def __init__(self, block: float) -> None:
        self.block = block
        self.calls: list[tuple[str, int]] = []

    def __call__(self, name: str, month: int, parameters: tuple[Any, ...], out: np.ndarray) -> None:
        self.calls.append((name, month))
        out[:] = self.block + len(name) + month + sum(parameters)


def read(held: HeldDraws, sides: tuple[Counting, Counting], name: str, names: set[str], *parameters: float) -> float:
    out = np.empty(4)
    held.source(sides, frozenset(names))(name, 2, parameters, out)
    assert (out == out[0]).all()
    return float(out[0])


@pytest.mark.parametrize("rereads", [1, 3])
def test_each_side_is_drawn_once_a_block(rereads: int) -> None:
    held = HeldDraws({"rate"}, PARAMETERS)
    for block in (100, 200):
        held.begin()
        first, second = sides = Counting(block), Counting(block + 50)
        for _ in range(rereads):
            assert read(held, sides, "rate", set()) == block + 6
            assert read(held, sides, "rate", {"rate"}) == block + 56
        assert first.calls == second.calls == [("rate", 2)]


def test_parameters_from_the_second_cube_are_drawn_by_each_run_and_not_remembered() -> None:
    held = HeldDraws({"count"}, PARAMETERS)
    first, second = sides = Counting(100), Counting(200)
    for names, value in ((set(), 108.0), ({"rate"}, 111.0), ({"count"}, 208.0), ({"count", "rate"}, 211.0)):
        for _ in range(2):
            assert read(held, sides, "count", names, 4.0 if "rate" in names else 1.0) == value
    assert read(held, sides, "count", {"other"}, 1.0) == 108.0
    assert len(first.calls) == 1 + 2
    assert len(second.calls) == 2 + 2


def test_what_is_not_held_is_drawn_by_each_run() -> None:
    held = HeldDraws((), {})
    first, _ = sides = Counting(100), Counting(200)
    assert {read(held, sides, "rate", set()) for _ in range(3)} == {106.0}
    assert len(first.calls) == 3


def test_memory_can_be_freed_between_blocks() -> None:
    held = HeldDraws({"rate"}, {})
    first, _ = sides = Counting(100), Counting(200)
    read(held, sides, "rate", set())
    held.release()
    assert read(held, sides, "rate", set()) == 106.0
    assert len(first.calls) == 2
