"""The cube: any block is the same bits, axes are addressed by name."""

from __future__ import annotations

import pytest

from simulator.cube import Cube


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_blocks_of_any_size(size: int) -> None:
    cube = Cube(("a", "b"), 1500)
    whole = cube.block(0, 1500)
    for start in range(0, 1500, size):
        stop = min(start + size, 1500)
        assert cube.block(start, stop).tobytes("F") == whole[start:stop].tobytes("F")
