"""Monthly processes against closed forms, and the plan against its slow twin.

A mean of independent trials lies within `FAR` standard errors of the truth but once in 16,000 times.
"""

from __future__ import annotations

import numpy as np
import pytest

from payback.simulator.engine import simulate
from tests.simulator.engine.processes import case_of, cube_of, errors, path, require_twin, trials_of

FAR = 4.0


def test_mean_and_sd_of_geometric_brownian_motion() -> None:
    """Row A30: S0 = 100, mu = 0.05, sigma = 0.2, two years."""
    (x,) = trials_of(case_of("s: gbm(100, 5 %, 20 %)", months=24), ["at(s, 24)"], 65_536)
    assert errors(x, 110.517091807565) < FAR
    assert errors((x - 110.517091807565) ** 2, 31.8946788943340**2) < FAR


def test_geometric_brownian_motion_month_by_month() -> None:
    """log S is normal with mean (mu - sigma^2 / 2) t and covariance sigma^2 min(s, t)."""
    log = np.log(path(case_of("s: gbm(100, 5 %, 20 %)"), "s", [1, 4, 12]) / 100)
    times = np.array([1.0, 4.0, 12.0]) / 12
    for k, time in enumerate(times):
        assert errors(log[:, k], 0.03 * time) < FAR
    centred = log - 0.03 * times
    for j in range(3):
        for k in range(j + 1):
            assert errors(centred[:, j] * centred[:, k], 0.04 * times[k]) < FAR


def test_moments_of_an_autoregression() -> None:
    """E x_t = m + phi^t (x_0 - m); cov(x_s, x_t) = phi^(t - s) sd^2 (1 - phi^(2 s)) / (1 - phi^2), s <= t."""
    start, mean, phi, sd, months = 10.0, 4.0, 0.8, 1.5, [1, 3, 12]
    x = path(case_of(f"x: ar1({start}, {mean}, {phi}, {sd})"), "x", months)
    true = np.array([mean + phi**t * (start - mean) for t in months])
    for j, t in enumerate(months):
        assert errors(x[:, j], true[j]) < FAR
        for k, s in enumerate(months[: j + 1]):
            product = (x[:, j] - true[j]) * (x[:, k] - true[k])
            assert errors(product, phi ** (t - s) * sd**2 * (1 - phi ** (2 * s)) / (1 - phi**2)) < FAR


def test_moments_of_a_random_walk() -> None:
    x = path(case_of("x: random_walk(10, -0.5, 2)"), "x", [1, 9])
    for column, t in zip(x.T, (1, 9), strict=True):
        assert errors(column, 10 - 0.5 * t) < FAR
        assert errors((column - 10 + 0.5 * t) ** 2, 4 * t) < FAR


@pytest.mark.parametrize(
    ("law", "factor", "mean", "square"),
    [
        ("normal(-0.3, 0.4)", np.exp(-0.3 + 0.08), -0.3, 0.25),
        ("-1 * gamma(2, 0.1)", 1.1**-2, -0.2, 0.06),
        ("0.1 + exponential(0.2)", np.exp(0.1) / 0.8, 0.3, 0.13),
        ("-0.25", np.exp(-0.25), -0.25, 0.0625),
        ("-0.9 to 0.3", None, -0.3, 0.09 + (1.2 / (2 * 1.6448536269514722)) ** 2),
    ],
)
def test_jumps_are_compound_poisson_sums(law: str, factor: float | None, mean: float, square: float) -> None:
    """With rate r: E S_t = S_0 exp(r t (E e^J - 1)), E log = r t E J, var log = r t E J^2."""
    x = path(case_of(f"s: jumps(50, 0.125, {law})"), "s", [8, 12])
    log, intensity = np.log(x[:, 1] / 50), 1.5
    if factor is not None:
        assert errors(x[:, 0], 50 * np.exp(intensity * 8 / 12 * (factor - 1))) < FAR
    assert errors(log, intensity * mean) < FAR
    assert errors((log - intensity * mean) ** 2, intensity * square) < FAR
    still = np.exp(-intensity * 8 / 12)
    assert errors(x[:, 0] == 50, still) < FAR


def test_events_with_a_size_each_are_compound_poisson_sums() -> None:
    x = path(case_of("x: events(0.7, gamma(3, 20))"), "x", [1, 2])
    for column in x.T:
        assert errors(column, 0.7 * 60) < FAR
        assert errors((column - 42) ** 2, 0.7 * (60**2 + 3 * 20**2)) < FAR
        assert errors(column == 0, np.exp(-0.7)) < FAR
    assert errors((x[:, 0] - 42) * (x[:, 1] - 42), 0.0) < FAR


def test_parameters_may_differ_by_trial_and_by_month() -> None:
    case = case_of("drift: idle * t", "x: random_walk(0, drift, idle)")
    (z,) = trials_of(case, ["(at(x, 12) - 78 * idle) / idle"])
    assert errors(z, 0.0) < FAR
    assert errors(z**2, 12.0) < FAR


PROCESSES = {
    "gbm": "gbm(idle, 5 %, idle / 10)",
    "ar1": "ar1(idle, 4, 0.5, 0.1 * t)",
    "random_walk": "random_walk(0, -1, 2) * gbm(1, 0, 0.3)",
    "jumps": "jumps(idle, 12 * idle, normal(0, 0.1 * idle)) + events(1) + 2 * events(idle)",
    "sizes": "events(idle, 2 + gamma(1.5, idle))",
    "season": "season(1, idle, 3, every=2, first=3)",
    "renewal": "renewal(gamma(2, 0.5), age=idle)",
    "renewal by trial": "renewal(uniform(0.2 * idle, idle), age=0.1, most=5)",
}


@pytest.mark.parametrize("name", PROCESSES)
def test_the_twin_learns_nothing_new(name: str) -> None:
    """Each process is draws and plain formulas: plan and twin agree on their paths."""
    require_twin(case_of(f"x: {PROCESSES[name]}", months=6), "x")


def test_any_split_into_blocks_gives_the_same_bits() -> None:
    case = case_of("x: jumps(1, 9, gamma(2, 0.1)) + events(30, gamma(2, 3)) * renewal(gamma(2, 0.5))")
    outputs = {"total": case.formula("total(x)").expression}
    blocks = (simulate(case.model, cube_of(case, 48), outputs, block=size)["total"] for size in (1, 7, 48))
    assert len({values.tobytes() for values in blocks}) == 1


def test_a_season_repeats_what_is_given() -> None:
    case = case_of("quarters: season(1, 2, 3, 4, every=3, first=5)", "months: season(7, idle)", months=14)
    values = trials_of(case, [f"at(quarters, {month})" for month in range(1, 15)], trials=1)
    assert [x[0] for x in values] == [2, 2, 3, 3, 3, 4, 4, 4, 1, 1, 1, 2, 2, 2]
    first, second, third, idle = trials_of(case, ["at(months, 1)", "at(months, 2)", "at(months, 3)", "idle"], trials=2)
    assert (first == 7).all()
    assert (second == idle).all()
    assert (third == 7).all()


def test_processes_move_together_month_by_month() -> None:
    """Normal scores have the correlation 2 sin(pi r / 6) in one month, and none from month to month."""
    case = case_of(
        "a: gbm(1, 0, 50 %)",
        "b: 7 + random_walk(0, 0, 2)",
        inputs=['noise: {distribution: "normal(0, 1)", each: month}'],
        months=3,
        more="dependence:\n  - {between: [a.gbm, b.random_walk], spearman: 0.6}\n"
        "  - {between: [noise, b.random_walk], spearman: -0.3}",
    )
    a, b, noise = (path(case, name, [1, 2, 3]) for name in ("a", "b", "noise"))
    steps = np.diff(np.log(a), axis=1, prepend=0), np.diff(b, axis=1, prepend=7), noise
    first, second, third = ((x - x.mean(axis=0)) / x.std(axis=0) for x in steps)
    for month in range(3):
        assert errors(first[:, month] * second[:, month], 2 * np.sin(np.pi * 0.6 / 6)) < FAR
        assert errors(third[:, month] * second[:, month], 2 * np.sin(np.pi * -0.3 / 6)) < FAR
        assert errors(first[:, month] * third[:, month], 0.0) < FAR
        assert errors(first[:, month] * second[:, (month + 1) % 3], 0.0) < FAR
