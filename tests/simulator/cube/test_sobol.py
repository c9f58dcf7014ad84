"""Scrambled Sobol' points: the published sequence, the scramble's twin, nets, and what they gain."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import qmc

from payback.simulator.cube import Cube, MonteCarlo, Sampler, Sobol, sobol
from payback.simulator.cube.streams import Stream, uniforms
from tests import reference_cube as twin

Array = NDArray[np.float64]


def axes(count: int) -> tuple[str, ...]:
    return tuple(f"x{i}" for i in range(count))


@pytest.mark.parametrize(("dimensions", "points"), [(12, 4096), (1024, 128)])
def test_unscrambled_sequence_is_the_published_one(dimensions: int, points: int) -> None:
    published = qmc.Sobol(dimensions, bits=52, scramble=False).random(points)
    index = np.arange(points, dtype=np.uint64)
    gray = index ^ (index >> np.uint64(1))
    for dimension in range(dimensions):
        own = np.zeros(points, dtype=np.uint64)
        for j, number in enumerate(sobol.directions(dimension)[: points.bit_length()]):
            own ^= np.where(gray >> np.uint64(j) & np.uint64(1), np.uint64(number), np.uint64(0))
        assert (own * 2.0**-52 == published[:, dimension]).all()


@pytest.mark.parametrize("trial", [0, 1, 15, 16, 17, 1000, 65_535, 65_536, 99_999, 10**9 + 7, 2**45 + 12_345])
def test_scalar_twin(trial: int) -> None:
    cube = Cube(axes(5), 2**46, seed=11)
    expected = [twin.sobol(11, name, dimension, trial) for dimension, name in enumerate(cube.axes)]
    assert cube.block(trial, trial + 1)[0].tolist() == expected


def test_each_replicate_is_a_net() -> None:
    # the first two dimensions are a (0, 2)-sequence, which a scramble keeps: one point in each elementary interval
    points = Cube(axes(2), 16 * 256, seed=3).block(0, 16 * 256).reshape(256, 16, 2)
    for replicate in range(16):
        for k in range(9):
            cells = np.floor(points[:, replicate] * [2**k, 2 ** (8 - k)]).astype(int)
            assert len({(a, b) for a, b in cells.tolist()}) == 256


def test_replicates_and_names_are_scrambled_apart() -> None:
    first = Cube(axes(3), 16).block(0, 16)
    assert len(np.unique(first)) == first.size
    by_name = Cube(("x0",), 16).block(0, 16)
    assert (Cube(("y",), 16).block(0, 16) != by_name).all()
    assert (Cube(("x0",), 16, seed=2).block(0, 16) != by_name).all()


def test_a_tiny_run_builds_a_tiny_block(monkeypatch: pytest.MonkeyPatch) -> None:
    built = []
    original = sobol.base
    monkeypatch.setattr(sobol, "base", lambda key, d, bits: built.append(bits) or original(key, d, bits))
    Cube(axes(2), 64, seed=77).block(0, 64)
    assert built == [2, 2]


def test_axes_beyond_the_table_are_keyed() -> None:
    cube = Cube(axes(1026), 32, seed=5)
    assert cube.keyed == ("x1024", "x1025")
    block = cube.block(0, 32, ["x1023", "x1025"])
    assert (block[:, 1] == uniforms(5, "x1025", 0, 32)).all()
    assert (block[:, 0] != uniforms(5, "x1023", 0, 32)).all()
    assert Cube(axes(1026), 32, sampler=MonteCarlo()).keyed == ()


def test_threads_share_the_kept_blocks() -> None:
    cube = Cube(axes(6), 200_000, seed=21)
    whole = cube.block(0, cube.trials)
    sobol.base.cache_clear()
    sobol.scrambled.cache_clear()
    starts = range(0, cube.trials, 9_973)
    with ThreadPoolExecutor(8) as pool:
        parts = list(pool.map(lambda start: cube.block(start, min(start + 9_973, cube.trials)), starts))
    assert (np.vstack(parts) == whole).all()


def smooth(x: Array) -> Array:
    """A product of six or twelve factors, each of mean 1."""
    return np.asarray((1.0 + (x - 0.5) / np.arange(1, x.shape[-1] + 1)).prod(axis=-1))


def errors(sampler: Sampler, dimensions: int, points: int, seeds: range, mean: Callable[[Array], Array]) -> Array:
    """Errors of the means of 16 replicates a seed, shape (16 * seeds,)."""
    errors = []
    for seed in seeds:
        cube = Cube(axes(dimensions), 16 * points, seed, sampler)
        errors.append(mean(smooth(cube.block(0, 16 * points)).reshape(points, 16)) - 1.0)
    return np.concatenate(errors, axis=-1)


def test_rate() -> None:
    # with 320 nested Monte Carlo replicates the standard error of the slope is about .02
    sizes = 2 ** np.arange(8, 15)

    def prefixes(values: Array) -> Array:
        return np.stack([values[:n].mean(axis=0) for n in sizes])

    def slope(sampler: Sampler, seeds: range) -> float:
        rmse = np.sqrt((errors(sampler, 6, int(sizes[-1]), seeds, prefixes) ** 2).mean(axis=1))
        return float(np.polyfit(np.log2(sizes), np.log2(rmse), 1)[0])

    assert slope(Sobol(), range(3)) <= -0.9
    assert slope(MonteCarlo(), range(20)) == pytest.approx(-0.5, abs=0.06)


def test_matrix_scramble_pays() -> None:
    # 12 axes, 2^12 points: Monte Carlo over scrambled Sobol' is a factor of hundreds, a bare shift reaches tens
    spread = {
        sampler.name: float(np.sqrt((errors(sampler, 12, 4096, range(4), lambda v: v.mean(axis=0)) ** 2).mean()))
        for sampler in (Sobol(), MonteCarlo())
    }
    assert spread["monte_carlo"] > 100 * spread["sobol"]


def test_stream_of_an_axis_names_its_dimension() -> None:
    cube = Cube(("a", "b"), 16)
    assert cube.stream("b") == Stream(1, "b", 1)
    assert cube.stream("b[2]") == Stream(1, "b[2]", None)
