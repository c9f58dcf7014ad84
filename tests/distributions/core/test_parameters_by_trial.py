"""Parameters that vary by trial: every trial is the distribution with its own constants."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from payback.distributions import FAMILIES, Distribution, Poisson, Scaled, Shifted, Truncated, percentile_form
from payback.distributions.discrete.binomial import Binomial
from tests.laws.members import MEMBERS

U = np.array([2.0**-53, 1e-9, 0.05, 0.2, 0.5, 0.500001, 0.77, 0.95, 1.0 - 1e-12, 1.0 - 2.0**-53])

# Parameters of several trials, the last of which is not allowed; other families take those of their law rows.
BY_TRIAL: dict[str, list[tuple[float, ...]]] = {
    "bernoulli": [(0.2,), (0.8,), (0.0,), (1.0,), (1.2,)],
    "beta": [(2.0, 5.0, 0.0, 1.0), (0.5, 0.5, -5.0, 0.0), (2.0, 5.0, 1.0, 1.0)],
    "binomial": [(12.0, 0.3), (400.0, 0.9), (0.0, 0.5), (5.0, 1.0), (3.0, 0.0), (70.0, 0.02), (2.5, 0.5)],
    "exponential": [(5.0,), (0.01,), (-1.0,)],
    "gamma": [(2.5, 3.0), (0.1, 1.0), (0.0, 1.0)],
    "geometric": [(0.2,), (1.0,), (1e-5,), (0.0,)],
    "gumbel": [(3.0, 2.0), (0.0, 1.0), (0.0, 0.0)],
    "half_normal": [(3.0,), (1e-6,), (0.0,)],
    "hypergeometric": [(50.0, 20.0, 15.0), (50.0, 20.0, 15.0), (9.0, 4.0, 9.0), (3.0, 0.0, 1.0), (3.0, 4.0, 1.0)],
    "integers": [(1.0, 6.0), (-3.0, 900.0), (1.0, 1.5)],
    "inverse_gaussian": [(3.0, 2.0), (1.0, 900.0), (1.0, 0.0)],
    "johnson_su": [(-1.0, 2.0, 0.0, 1.0), (3.0, 0.5, 10.0, 4.0), (0.0, 0.0, 0.0, 1.0)],
    "laplace": [(3.0, 2.0), (0.0, 1.0), (0.0, -1.0)],
    "logistic": [(3.0, 2.0), (0.0, 1.0), (0.0, -1.0)],
    "loglogistic": [(100.0, 4.5), (1.0, 0.5), (-1.0, 2.0)],
    "lomax": [(3.5, 20.0), (0.5, 1.0), (0.0, 1.0)],
    "lognormal": [(100.0, 1.0), (3.0, 0.2), (-1.0, 1.0)],
    "loguniform": [(0.1, 10.0), (5.0, 6.0), (0.0, 1.0)],
    "negative_binomial": [(2.5, 0.3), (4.0, 0.005), (1.0, 1.0), (9.0, 1e-4), (2.0, 0.0)],
    "normal": [(0.0, 1.0), (1e6, 3.0), (0.0, 0.0)],
    "pareto": [(3.5, 20.0), (0.5, 1.0), (2.0, 0.0)],
    "pert": [(0.0, 1.0, 4.0, 4.0), (80.0, 100.0, 250.0, 2.0), (0.0, 5.0, 4.0, 4.0)],
    "poisson": [(1.2,), (0.0,), (29.0,), (31.0,), (5_000.0,), (-1.0,)],
    "skew_normal": [(4.0, 0.0, 1.0), (-0.5, 3.0, 2.0), (0.0, 0.0, 1.0), (2e3, 0.0, 1.0)],
    "student_t": [(3.0, 0.0, 1.0), (0.5, 10.0, 2.0), (40.0, 0.0, 1.0), (0.0, 0.0, 1.0)],
    "trapezoidal": [(1.0, 2.0, 4.0, 9.0), (0.0, 0.0, 3.0, 3.0), (0.0, 1.0, 1.0, 2.0), (0.0, 2.0, 1.0, 3.0)],
    "triangular": [(0.0, 1.0, 4.0), (2.0, 2.0, 5.0), (0.0, 3.0, 3.0), (4.0, 3.0, 2.0)],
    "uniform": [(0.0, 1.0), (-5.0, 3.0), (3.0, 1.0)],
    "weibull": [(1.5, 100.0), (0.3, 1.0), (1.0, -1.0)],
}


def check(build: Callable[..., Distribution], trials: list[tuple[float, ...]]) -> None:
    """Compare one distribution of `trials` (the last not allowed) with a distribution for each."""
    columns = [np.array(column) for column in zip(*trials, strict=True)]
    together = build(*columns, checked=False)
    for u in U:
        quantiles = together.ppf(np.full(len(trials), u))
        alone = np.array([float(build(*trial).ppf(u)) for trial in trials[:-1]])
        assert np.array_equal(quantiles[:-1], alone)
        assert np.isnan(quantiles[-1])


def trials_of(family: str) -> list[tuple[float, ...]]:
    """Return parameters of several trials of a family, the last of which is not allowed."""
    if family in BY_TRIAL:
        return BY_TRIAL[family]
    rows = [tuple(getattr(d, f.name) for f in fields(d)) for d in MEMBERS if d.name == family]
    return [*rows, (math.nan,) * len(rows[0])]


def test_stated_trials_are_of_families() -> None:
    assert set(BY_TRIAL) <= set(FAMILIES)


@pytest.mark.parametrize("name", FAMILIES)
def test_trials_equal_constants(name: str) -> None:
    check(FAMILIES[name].forms[0].build, trials_of(name))


@pytest.mark.parametrize("name", FAMILIES)
def test_a_missing_parameter_gives_nan(name: str) -> None:
    trials = trials_of(name)[:2]
    for missing in range(len(trials[0])):
        columns = [np.array(column) for column in zip(*trials, strict=True)]
        columns[missing][1] = np.nan
        x = FAMILIES[name].forms[0].build(*columns, checked=False).ppf(np.array([0.3, 0.3]))
        assert np.array_equal(np.isnan(x), [False, True])


@pytest.mark.parametrize("name", ["lognormal", "gamma"])
def test_moment_forms_by_trial(name: str) -> None:
    check(FAMILIES[name].forms[1].build, [(10.0, 3.0), (1.0, 5.0), (-1.0, 2.0)])


@pytest.mark.parametrize(
    "family",
    "normal lognormal logistic loglogistic laplace gumbel weibull uniform loguniform pareto".split(),
)
def test_percentile_forms_by_trial(family: str) -> None:
    form = percentile_form(family, ["p10", "p90"])
    assert form is not None
    check(form.build, [(1.0, 3.0), (2.0, 2.5), (3.0, 1.0)])


def test_percentile_forms_with_a_shape_or_of_one_percentile_by_trial() -> None:
    form = percentile_form("student_t", ["df", "p10", "p90"])
    assert form is not None
    check(form.build, [(1.0, 3.0, 2.0), (2.0, 2.5, 9.0), (3.0, 4.0, -1.0)])
    form = percentile_form("exponential", ["p90"])
    assert form is not None
    check(form.build, [(1.0,), (2.0,), (-3.0,)])


def test_a_constant_beside_an_array_is_broadcast() -> None:
    d = FAMILIES["normal"].forms[0].build(0.0, np.array([1.0, 2.0]), checked=False)
    assert np.array_equal(d.ppf(0.9), [float(FAMILIES["normal"].forms[0].build(0.0, s).ppf(0.9)) for s in (1.0, 2.0)])
    assert FAMILIES["poisson"].forms[0].build(2.0, checked=False).ppf(np.array([0.1, 0.9])).shape == (2,)


def wrapped(kind: str) -> Callable[..., Distribution]:
    normal, poisson = FAMILIES["normal"].forms[0].build, FAMILIES["poisson"].forms[0].build

    def build(*values: Any, checked: bool = True) -> Distribution:
        match kind:
            case "truncated":
                return Truncated(normal(*values[:2], checked=checked), values[2], values[3], checked=checked)
            case "truncated counts":
                return Truncated(poisson(values[0], checked=checked), values[1], values[2], checked=checked)
            case "shifted":
                return Shifted(normal(*values[:2], checked=checked), values[2], checked=checked)
            case _:
                return Scaled(normal(*values[:2], checked=checked), values[2], checked=checked)

    return build


@pytest.mark.parametrize(
    ("kind", "trials"),
    [
        (
            "truncated",
            [(0.02, 0.03, -0.1, 0.15), (0.0, 1.0, 6.0, np.inf), (1.0, 1.0, 0.0, 3.0), (0.0, 1.0, 40.0, 50.0)],
        ),
        ("truncated", [(0.0, 1.0, -1.0, 1.0), (0.0, -1.0, -1.0, 1.0)]),
        ("truncated counts", [(3.0, 1.0, 6.0), (100.0, 90.0, np.inf), (3.0, 6.0, 1.0)]),
        ("shifted", [(0.0, 1.0, 3.0), (0.0, 1.0, np.nan)]),
        ("scaled", [(0.0, 1.0, -3.0), (1.0, 1.0, 2.0), (1.0, -1.0, 2.0)]),
    ],
)
def test_wrappers_by_trial(kind: str, trials: list[tuple[float, ...]]) -> None:
    check(wrapped(kind), trials)


@pytest.mark.parametrize("p", [0.02, 0.3, 0.97])
def test_counts_by_trial_step_where_constants_do(p: float) -> None:
    """At F(k) and the doubles beside it, where a running sum would be off by one."""
    for constant in (Poisson(40.0 * p), Binomial(40, p)):
        k = np.arange(0.0, 40.0)
        u = constant.cdf(k)
        u = np.concatenate([u, np.nextafter(u, 0.0), np.nextafter(u, 1.0)])
        names = ("mean",) if constant.name == "poisson" else ("trials", "p")
        together = type(constant)(*(np.full(u.shape, getattr(constant, name)) for name in names), checked=False)
        assert np.array_equal(together.ppf(u), constant.ppf(u))
        kept = (u > 0.0) & (u < 1.0)
        assert np.all((constant.cdf(together.ppf(u)) >= u)[kept & (u <= 0.5)])
