"""Dependence in the cube: t copulas, bands on several axes, and inputs that follow or stay."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.special import ndtr, ndtri

from payback.simulator.cube import SAMPLERS, Cube, MonteCarlo, Sampler, Sobol
from payback.simulator.model import Group

AXES = ("traffic", "price", "growth", "hours", "reruns", "delay")
MATRIX = ((1.0, -0.4, 0.3), (-0.4, 1.0, 0.1), (0.3, 0.1, 1.0))
HEAVY = Group(("traffic", "price", "delay"), MATRIX, degrees=4.0)
NORMAL = Group(("traffic", "price", "delay"), MATRIX)
PAIR = Group(("hours", "reruns"), ((1.0, 0.7), (0.7, 1.0)))
MONTHLY = Group(("shock", "drift"), ((1.0, 0.8), (0.8, 1.0)), degrees=3.0)

samplers = pytest.mark.parametrize("sampler", SAMPLERS.values(), ids=SAMPLERS.keys())


def same(a: np.ndarray, b: np.ndarray) -> bool:
    return a.shape == b.shape and a.tobytes("F") == b.tobytes("F")


@samplers
def test_a_t_copula_touches_its_group_alone_and_keeps_its_first_axis(sampler: Sampler) -> None:
    alone = Cube(AXES, 1008, 5, sampler).block(0, 1008)
    coupled = Cube(AXES, 1008, 5, sampler, (HEAVY,)).block(0, 1008)
    assert [same(coupled[:, i], alone[:, i]) for i in range(6)] == [True, False, True, True, True, False]


@samplers
def test_blocks_of_any_size_with_bands_and_t_copulas(sampler: Sampler) -> None:
    cube = Cube(AXES, 20_000, 3, sampler, (HEAVY, PAIR, MONTHLY))
    cube = cube.restrict("price", 0.0, 0.3).restrict("delay", 0.5, 1.0).pin("reruns", 0.9)
    cube = cube.restrict("shock[2]", 0.1, 0.4).restrict("drift[2]", 0.0, 0.5).restrict("growth", 0, 0.1, follow=False)
    names = (*AXES, "drift[1]", "drift[2]")
    whole, weights = cube.block(0, cube.trials, names), cube.weights(0, cube.trials)
    assert weights is not None
    for start in (0, 7, 8_191, 19_000):
        stop = min(start + 777, cube.trials)
        assert same(cube.block(start, stop, names), whole[start:stop])
        assert same(np.asarray(cube.weights(start, stop)), weights[start:stop])


def test_axes_added_at_the_end_leave_a_t_copula_alone() -> None:
    cube = Cube(AXES, 1008, 5, Sobol(), (HEAVY,))
    assert same(cube.with_axes(["new"]).block(0, 1008, AXES), cube.block(0, 1008))


def test_sobol_points_keep_their_accuracy_under_a_t_copula() -> None:
    # no common innovation is hidden: the mean of a product of two coordinates is that of a smooth integrand
    def errors(sampler: Sampler) -> np.ndarray:
        means = []
        for seed in range(4):
            u = Cube(AXES, 2**14, seed, sampler, (HEAVY,)).block(0, 2**14, ["traffic", "delay"])
            means.append((u[:, 0] * u[:, 1]).reshape(-1, 16).mean(axis=0))
        return np.concatenate(means)

    assert errors(MonteCarlo()).std() > 15 * errors(Sobol()).std()


@samplers
@pytest.mark.parametrize("group", [NORMAL, HEAVY], ids=["gaussian", "t"])
def test_bands_on_dependent_axes_against_brute_force(sampler: Sampler, group: Group) -> None:
    plain = Cube(AXES, 2**18, 8, sampler, (group,)).block(0, 2**18)
    kept = plain[(plain[:, 0] < 0.2) & (plain[:, 5] > 0.6)]
    cube = Cube(AXES, 2**14, 9, sampler, (group,)).restrict("traffic", 0.0, 0.2).restrict("delay", 0.6, 1.0)
    block, weights = cube.block(0, cube.trials), cube.weights(0, cube.trials)
    assert weights is not None
    assert (block[:, 0] <= 0.2).all()
    assert (block[:, 5] >= 0.6).all()
    effective = weights.sum() ** 2 / (weights**2).sum()
    assert 0.5 * len(block) < effective < len(block)
    # a coordinate has a standard deviation of .29 at most; other samplers do better than chance
    bound = 4 * 0.29 * np.sqrt(1 / len(kept) + 1 / effective)
    assert np.abs(weights @ block / weights.sum() - kept.mean(axis=0)).max() < bound
    p = len(kept) / len(plain)
    assert weights.mean() == pytest.approx(p, abs=4 * np.sqrt(p / len(plain) + weights.var() / len(weights)))


def test_weights_of_separate_groups_multiply() -> None:
    cube = Cube(AXES, 1024, 9, MonteCarlo(), (NORMAL, PAIR))
    first = cube.restrict("traffic", 0.0, 0.2).restrict("delay", 0.6, 1.0)
    second = cube.restrict("hours", 0.0, 0.2).restrict("reruns", 0.1, 1.0)
    both = first.restrict("hours", 0.0, 0.2).restrict("reruns", 0.1, 1.0)
    np.testing.assert_array_equal(both.weights(0, 1024), first.weights(0, 1024) * second.weights(0, 1024))


@samplers
def test_one_band_a_group_needs_no_weights(sampler: Sampler) -> None:
    cube = Cube(AXES, 1024, 9, sampler, (HEAVY, PAIR))
    assert cube.weights(0, 1024) is None
    cube = cube.restrict("price", 0.0, 0.1).restrict("hours", 0.5, 1.0).pin("growth", 0.3).pin("reruns", 0.5)
    assert cube.weights(0, 1024) is None
    assert not cube.weighted
    assert cube.restrict("delay", 0.0, 0.1).weighted


@samplers
@pytest.mark.parametrize("group", [NORMAL, HEAVY], ids=["gaussian", "t"])
def test_others_stay_by_choice(sampler: Sampler, group: Group) -> None:
    cube = Cube(AXES, 1024, 2, sampler, (group, PAIR))
    base = cube.block(0, 1024)
    changed = cube.pin("traffic", 0.9, follow=False).restrict("hours", 0.5, 0.7, follow=False).block(0, 1024)
    assert (changed[:, 0] == 0.9).all()
    np.testing.assert_allclose(changed[:, 3], 0.5 + 0.2 * base[:, 3], rtol=1e-15)
    assert same(changed[:, [1, 2, 4, 5]], base[:, [1, 2, 4, 5]])
    assert cube.pin("traffic", 0.9, follow=False).weights(0, 1024) is None


def test_the_two_readings_of_a_fixed_input() -> None:
    # with the condition E(u_j given u_i) = Phi(rho z / sqrt(2 - rho^2)); with the intervention 1/2
    cube = Cube(AXES, 2**14, 2, Sobol(), (PAIR,))
    followed, stayed = (cube.pin("hours", 0.9, follow=f).block(0, 2**14, ["reruns"]).mean() for f in (True, False))
    expected = ndtr(0.7 * ndtri(0.9) / np.sqrt(2 - 0.49))
    assert followed == pytest.approx(expected, abs=4 * 0.29 / 128)
    assert stayed == pytest.approx(0.5, abs=4 * 0.29 / 128)


def test_a_condition_and_an_intervention_in_one_group() -> None:
    cube = Cube(AXES, 1024, 2, Sobol(), (NORMAL,)).pin("price", 0.1)
    base = cube.block(0, 1024)
    changed = cube.restrict("delay", 0.0, 0.5, follow=False).block(0, 1024)
    np.testing.assert_allclose(changed[:, 5], 0.5 * base[:, 5], rtol=1e-15)
    assert same(changed[:, :5], base[:, :5])


def test_months_of_a_t_copula_are_independent_of_one_another() -> None:
    cube = Cube(AXES, 2**14, 9, Sobol(), (MONTHLY,))
    block = cube.block(0, 2**14, ["shock[1]", "drift[1]", "shock[2]", "drift[2]"])
    far = np.abs(block - 0.5)
    assert stats.spearmanr(far[:, 0], far[:, 1]).statistic > 0.2
    # standard error 1/128
    assert abs(stats.spearmanr(far[:, 0], far[:, 2]).statistic) < 4 / 128


@samplers
def test_mixing_two_cubes_under_a_t_copula(sampler: Sampler) -> None:
    a = Cube(AXES, 1024, 2, sampler, (HEAVY,)).restrict("price", 0.0, 0.2)
    b = a.twin()
    assert same(a.mix(b, AXES).block(0, 1024), b.block(0, 1024))
    assert not same(a.mix(b, ["delay"]).block(0, 1024, ["delay"]), a.block(0, 1024, ["delay"]))
    assert same(a.mix(b, ["delay"]).block(0, 1024, ["traffic", "price"]), a.block(0, 1024, ["traffic", "price"]))
