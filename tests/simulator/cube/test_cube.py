"""The cube: any split is the same bits, axes are addressed by name, conditions and mixing are small maps."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from payback.simulator.cube import SAMPLERS, Cube, LatinHypercube, MonteCarlo, Sampler, Sobol, default_sampler, uniforms
from tests import reference_cube as twin

AXES = ("traffic", "price", "growth", "hours", "reruns", "delay")


@dataclass(frozen=True)
class Group:
    axes: tuple[str, ...]
    correlation: tuple[tuple[float, ...], ...]
    degrees: float | None = None


ONE = Group(("hours", "reruns"), ((1.0, 1.0), (1.0, 1.0)))
PAIR = Group(("hours", "reruns"), ((1.0, 0.5), (0.5, 1.0)))
TRIPLE = Group(("traffic", "price", "delay"), ((1.0, -0.4, 0.3), (-0.4, 1.0, 0.0), (0.3, 0.0, 1.0)))
MONTHLY = Group(("shock", "drift"), ((1.0, 0.8), (0.8, 1.0)))
DEPENDENCE = (PAIR, TRIPLE, MONTHLY)

samplers = pytest.mark.parametrize("sampler", SAMPLERS.values(), ids=SAMPLERS.keys())


def full(sampler: Sampler, trials: int = 4096) -> Cube:
    cube = Cube(AXES, trials, 3, sampler, DEPENDENCE)
    return cube.pin("reruns", 0.9).restrict("price", 0.1, 0.4).restrict("growth", 0.5, 1.0).pin("shock[2]", 0.2)


def same(a: np.ndarray, b: np.ndarray) -> bool:
    return a.shape == b.shape and a.tobytes("F") == b.tobytes("F")


@samplers
@pytest.mark.parametrize("size", [1, 7, 1000, 65_536])
def test_blocks_of_any_size(sampler: Sampler, size: int) -> None:
    trials = 100_000 if size > 7 else 300
    cube = full(sampler, trials)
    names = (*AXES, "shock[1]", "drift[2]", "noise[7]")
    whole = cube.block(0, cube.trials, names)
    for start in range(0, cube.trials, size):
        stop = min(start + size, cube.trials)
        assert same(cube.block(start, stop, names), whole[start:stop])


@samplers
def test_a_block_is_written_where_it_is_asked_for(sampler: Sampler) -> None:
    cube, names = full(sampler), (*AXES, "shock[1]")
    out = np.full((4096, len(names)), np.nan, order="F")
    assert cube.block(0, 4096, names, out) is out
    assert same(out, cube.block(0, 4096, names))
    row = np.empty(4096)
    cube.block(0, 4096, names[1:2], row[:, None])
    assert same(row, out[:, 1])


@samplers
def test_any_choice_of_axes(sampler: Sampler) -> None:
    cube = full(sampler)
    whole = cube.block(0, 4096)
    for chosen in [("delay",), ("reruns", "growth"), ("delay", "traffic"), AXES[::-1], ()]:
        assert same(cube.block(0, 4096, chosen), whole[:, [AXES.index(axis) for axis in chosen]])


@samplers
def test_blocks_are_columns_inside_the_unit_interval(sampler: Sampler) -> None:
    block = full(sampler).block(5, 1000)
    assert block.shape == (995, 6)
    assert block.flags.f_contiguous
    assert ((block > 0) & (block < 1)).all()


@pytest.mark.parametrize("sampler", [s for s in SAMPLERS.values() if not s.note], ids=lambda sampler: sampler.name)
def test_trials_do_not_depend_on_how_many_there_are(sampler: Sampler) -> None:
    small, large = Cube(AXES, 4096, 5, sampler, DEPENDENCE), Cube(AXES, 2**20, 5, sampler, DEPENDENCE)
    assert same(small.block(0, 4096), large.block(0, 4096))
    assert same(small.block(0, 4096), large.block(0, 2**16)[:4096])


@samplers
def test_axes_added_at_the_end_change_nothing(sampler: Sampler) -> None:
    cube = full(sampler)
    assert same(cube.with_axes(["new", "newer"]).block(0, 4096, AXES), cube.block(0, 4096))


@pytest.mark.parametrize("sampler", [MonteCarlo(), LatinHypercube()], ids=lambda sampler: sampler.name)
def test_keyed_axes_do_not_depend_on_the_others(sampler: Sampler) -> None:
    cube = Cube(AXES, 1008, 5, sampler, (PAIR,))
    for others in [AXES[::-1], ("first", *AXES), ("growth", "hours", "reruns")]:
        changed = Cube(others, 1008, 5, sampler, (PAIR,))
        common = [axis for axis in AXES if axis in others]
        assert same(changed.block(0, 1008, common), cube.block(0, 1008, common))


@samplers
def test_dependence_touches_later_axes_of_its_groups_alone(sampler: Sampler) -> None:
    coupled = Cube(AXES, 1008, 5, sampler, DEPENDENCE).block(0, 1008)
    alone = Cube(AXES, 1008, 5, sampler).block(0, 1008)
    kept = [axis for i, axis in enumerate(AXES) if same(coupled[:, i], alone[:, i])]
    assert kept == ["traffic", "growth", "hours"]


@samplers
def test_coupling_has_a_scalar_twin(sampler: Sampler) -> None:
    cube = Cube(AXES, 64, 5, sampler, DEPENDENCE)
    alone = Cube(AXES, 64, 5, sampler).block(0, 64, TRIPLE.axes)
    matrix = [list(row) for row in TRIPLE.correlation]
    expected = [twin.coupled(matrix, row) for row in alone.tolist()]
    # tables of scores and of shares, each to half of 1e-9
    np.testing.assert_allclose(cube.block(0, 64, TRIPLE.axes), expected, rtol=0, atol=1e-9)


@samplers
def test_months_are_keyed_whatever_the_sampler(sampler: Sampler) -> None:
    cube = Cube(AXES, 1024, 9, sampler)
    months = cube.block(0, 1024, [f"noise[{m}]" for m in range(1, 37)])
    assert same(months[:, 2], uniforms(9, "noise[3]", 0, 1024))
    # 630 pair correlations of independent columns, each of standard error 1/32
    assert np.abs(np.corrcoef(months.T)[np.triu_indices(36, 1)]).max() < 4.5 / 32


def test_months_are_coupled_month_by_month() -> None:
    cube = Cube(AXES, 4096, 9, Sobol(), DEPENDENCE)
    names = ["shock[1]", "drift[1]", "shock[2]", "drift[2]"]
    correlation = np.corrcoef(cube.block(0, 4096, names).T)
    spearman = 6 / np.pi * np.arcsin(0.8 / 2)
    # standard error below 1/64
    expected = np.eye(4)
    expected[0, 1] = expected[1, 0] = expected[2, 3] = expected[3, 2] = spearman
    assert np.abs(correlation - expected).max() < 4 / 64


@samplers
def test_pin_and_restrict_of_independent_axes(sampler: Sampler) -> None:
    cube = Cube(AXES, 1024, 2, sampler)
    base = cube.block(0, 1024)
    changed = cube.pin("price", 0.9).restrict("growth", 0.0, 0.1).restrict("delay", 0.25, 1.0).block(0, 1024)
    assert (changed[:, 1] == 0.9).all()
    np.testing.assert_allclose(changed[:, 2], base[:, 2] * 0.1, rtol=1e-15)
    np.testing.assert_allclose(changed[:, 5], 0.25 + base[:, 5] * 0.75, rtol=1e-15)
    assert same(changed[:, [0, 3, 4]], base[:, [0, 3, 4]])


@samplers
def test_the_whole_band_is_the_cube_itself(sampler: Sampler) -> None:
    cube = full(sampler)
    assert cube.restrict("hours", 0.0, 1.0) == cube


@samplers
def test_others_follow_a_pin(sampler: Sampler) -> None:
    # E(u_j given u_i) = Phi(rho z / sqrt(2 - rho^2)); an intervention leaves it at 1/2
    from scipy.special import ndtr, ndtri

    rho, cube = 0.5, Cube(AXES, 2**14, 2, sampler, (PAIR,))
    z = ndtri(0.9)
    given = cube.pin("reruns", 0.9).block(0, cube.trials, ["hours"]).mean()
    # standard error: Monte Carlo .25 / 2^7 at most, Sobol' less
    assert given == pytest.approx(ndtr(rho * z / np.sqrt(2 - rho**2)), abs=4 * 0.25 / 128)
    assert cube.block(0, cube.trials, ["hours"]).mean() == pytest.approx(0.5, abs=4 * 0.29 / 128)


@samplers
def test_mix(sampler: Sampler) -> None:
    a = full(sampler)
    b = a.twin()
    assert a.mix(b, []) == a
    assert same(a.mix(b, [*AXES, "shock[1]"]).block(0, 4096), b.block(0, 4096))
    assert not np.isin(a.block(0, 4096, ["traffic"]), b.block(0, 4096, ["traffic"])).any()
    mixed = a.mix(b, ["growth", "shock[1]"]).block(0, 4096, ["growth", "hours", "shock[1]", "shock[3]"])
    assert same(mixed[:, [0, 2]], b.block(0, 4096, ["growth", "shock[1]"]))
    assert same(mixed[:, [1, 3]], a.block(0, 4096, ["hours", "shock[3]"]))
    assert same(a.mix(b, ["growth"]).mix(a, ["growth"]).block(0, 4096), a.block(0, 4096))


def test_mix_comes_before_the_coupling() -> None:
    a = Cube(AXES, 1024, 2, MonteCarlo(), (PAIR,))
    mixed = a.mix(a.twin(), ["hours"]).block(0, 1024, ["hours", "reruns"])
    assert np.corrcoef(mixed.T)[0, 1] == pytest.approx(6 / np.pi * np.arcsin(0.25), abs=4 / 32)


def test_a_twin_keeps_pick_freeze_sharp() -> None:
    # first-order index of x1 of the Ishigami function, by Saltelli's 2010 estimator
    def ishigami(u: np.ndarray) -> np.ndarray:
        x = np.pi * (2 * u - 1)
        return np.asarray(np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))

    def rmse(twin_of: object, trials: int = 2**12) -> float:
        means = []
        for seed in range(20):
            a = Cube(("x1", "x2", "x3"), trials, seed)
            b = a.twin() if twin_of == "twin" else Cube(a.axes, trials, seed + 1000)
            ya, yb, yab = (ishigami(c.block(0, trials)) for c in (a, b, a.mix(b, ["x1"])))
            means.append(np.mean(yb * (yab - ya)) / 13.8445879407193 - 0.313905191)
        return float(np.sqrt(np.mean(np.square(means))))

    # plain Monte Carlo has about .04 at this size; a rescramble of the same dimensions is worse than the twin
    assert rmse("twin") < 0.01
    assert rmse("rescramble") > 3 * rmse("twin")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Cube(("a", "b", "a"), 10), "twice"),
        (lambda: Cube(("a",), 0), "trials"),
        (lambda: Cube(("a",), 10, -1), "seed"),
        (lambda: Cube(("a", "hours"), 10, dependence=(PAIR,)), "alone"),
        (lambda: Cube(AXES, 10, dependence=(PAIR, PAIR)), "two groups"),
        (lambda: Cube(AXES, 10, dependence=(Group(("hours", "reruns"), ((1.0,),)),)), "size"),
        (lambda: Cube(AXES, 10, dependence=(Group(("hours", "reruns"), ((1.0, 1.5), (1.5, 1.0))),)), "entries"),
        (lambda: Cube(AXES, 16).block(0, 17), "within"),
        (lambda: Cube(AXES, 16).block(5, 4), "within"),
        (lambda: Cube(AXES, 16).block(0, 16, ["volume"]), "no axis 'volume'"),
        (lambda: Cube(AXES, 16).pin("volume", 0.5), "no axis 'volume'"),
        (lambda: Cube(AXES, 16).pin("price", 1.0), "pin"),
        (lambda: Cube(AXES, 16).restrict("price", 0.5, 0.4), "band"),
        (lambda: Cube(AXES, 16).restrict("price", 0.5, 0.6).pin("price", 0.5), "already"),
        (lambda: Cube(AXES, 16).restrict("price", 0.5, 0.6).pin("price", 0.5, follow=False), "already"),
        (lambda: Cube(AXES, 16, dependence=(ONE,)).pin("hours", 0.1).pin("reruns", 0.1), "determine reruns: it"),
        (lambda: Cube(AXES, 16, dependence=(ONE,)).restrict("hours", 0, 0.1).restrict("reruns", 0.2, 1), "no trial"),
        (lambda: Cube(AXES, 16, dependence=(replace(PAIR, degrees=0.5),)), "degrees of freedom"),
        (lambda: Cube(AXES, 16).weights(0, 17), "within"),
        (lambda: Cube(AXES, 16).mix(Cube(AXES, 32), ["price"]), "mixed"),
        (lambda: Cube(AXES, 16).mix(Cube(AXES, 16, sampler=MonteCarlo()), ["price"]), "mixed"),
    ],
)
def test_refusals(make: object, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        make()  # type: ignore[operator]  # a table of calls


def test_seed_must_be_whole() -> None:
    with pytest.raises(TypeError, match="seed"):
        Cube(("a",), 10, 1.0)  # type: ignore[arg-type]  # what is refused


def test_trials_are_rounded_up() -> None:
    assert Cube(("a",), 1000).trials == 1008
    assert Cube(("a",), 1000).replicates == 16
    assert Cube(("a",), 1000, sampler=MonteCarlo()).trials == 1000
    assert Cube(("a",), 1000, sampler=MonteCarlo()).replicates is None


def test_default_sampler() -> None:
    assert default_sampler(1023) == MonteCarlo()
    assert default_sampler(1024) == Sobol()
