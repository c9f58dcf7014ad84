"""Renewals against the distribution of sums of gaps, the renewal equation, and chains of gaps one by one."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad
from scipy.special import gammainc

from payback.distributions import Exponential, Gamma, Integers, Lognormal, Uniform
from payback.simulator.case import Case
from payback.simulator.case.processes.renewals import MOST, renewals_a_month
from payback.simulator.cube import uniforms
from payback.simulator.errors import NumericalError
from tests.simulator.engine.processes import case_of, errors, trials_of

FAR = 4.0


@pytest.mark.parametrize(
    ("law", "shape", "scale"),
    [("gamma(12.6, 0.6)", 12.6, 0.6), ("exponential(2)", 1.0, 2.0), ("gamma(2, 0.2)", 2.0, 0.2)],
)
def test_the_number_of_renewals_has_its_exact_distribution(law: str, shape: float, scale: float) -> None:
    """P(N(t) >= k) is the probability that k gaps sum to t or less."""
    counts = trials_of(case_of(f"x: renewal({law})"), ["at(x, 1)", "total(x, 1, 6)", "total(x)"])
    for count, t in zip(counts, (1, 6, 12), strict=True):
        for k in (1, 2, 5, 12, 30):
            share = gammainc(k * shape, t / scale)
            assert abs((count >= k).mean() - share) <= FAR * np.sqrt(share * (1 - share) / count.size) + 1e-9


def test_the_first_gap_is_what_is_left_of_one_that_has_lasted() -> None:
    """P(first renewal by t) = (F(age + t) - F(age)) / (1 - F(age)), the second by quadrature over the first."""
    gap, age = stats.gamma(4, scale=2), 9.0
    first, both = trials_of(case_of(f"x: renewal(gamma(4, 2), age={age})"), ["total(x, 1, 3)", "total(x, 1, 8)"])
    assert errors(first >= 1, (gap.cdf(age + 3) - gap.cdf(age)) / gap.sf(age)) < FAR
    twice, _ = quad(lambda s: gap.pdf(age + s) / gap.sf(age) * gap.cdf(8 - s), 0, 8)
    assert errors(both >= 2, twice) < FAR


def test_an_age_that_is_uncertain_is_conditioned_on_trial_by_trial() -> None:
    """Exponential gaps forget it; what is left of uniform ones is uniform on (0, w): E ceil = m - m (m - 1) / 2w."""
    left = "m: ceil(12 - old)", "expected_month: m - m * (m - 1) / (2 * (12 - old))"
    forgetful, uniform = "x: renewal(exponential(5), age=old)", "y: renewal(uniform(0, 12), age=old)"
    case = case_of(forgetful, uniform, *left, inputs=["old: uniform(1, 9)"])
    count, late = trials_of(case, ["total(x)", "first_month(y > 0) - expected_month"])
    assert errors(count, 12 / 5) < FAR
    assert errors(late, 0.0) < FAR


def test_whole_gaps_obey_the_renewal_equation() -> None:
    """u_t = sum_k f_k u_(t - k) for gaps of whole months, with f_k of the first gap where it has an age."""
    months = 8
    gaps = {1: 1 / 3, 2: 1 / 3, 3: 1 / 3}
    for age, first in ((0, gaps), (1, {1: 1 / 2, 2: 1 / 2}), (2, {1: 1.0})):
        u = [first.get(t, 0.0) for t in range(months + 1)]
        for t in range(1, months + 1):
            u[t] += sum(share * u[t - k] for k, share in gaps.items() if k < t)
        texts = [f"at(x, {t})" for t in range(1, months + 1)]
        for t, x in enumerate(trials_of(case_of(f"x: renewal(integers(1, 3), age={age})", months=months), texts), 1):
            assert set(np.unique(x)) <= {0.0, 1.0}
            assert abs(x.mean() - u[t]) <= FAR * np.sqrt(u[t] * (1 - u[t]) / x.size) + 1e-12


def test_certain_gaps_come_by_the_calendar() -> None:
    values = trials_of(case_of("x: renewal(2.5, age=1)"), [f"at(x, {t})" for t in range(1, 10)], trials=1)
    assert [x[0] for x in values] == [0, 1, 0, 1, 0, 0, 1, 0, 1]  # at 1.5, 4, 6.5, 9


def test_counts_in_two_spans_agree_with_chains_of_gaps() -> None:
    """Lognormal gaps of 1.1 months on average: the joint counts of two spans against gaps summed one by one."""
    trials, law = 16_384, Lognormal(0.8, 0.8)
    early, late = trials_of(case_of("x: renewal(lognormal(0.8, 0.8))", months=8), ["total(x, 1, 3)", "total(x, 4, 8)"])
    ends = np.cumsum([law.ppf(uniforms(7, f"gap {k}", 0, trials)) for k in range(80)], axis=0)
    assert (ends[-1] > 8).all()
    true = (ends <= 3).sum(axis=0), ((ends > 3) & (ends <= 8)).sum(axis=0)
    for a in range(6):
        for b in range(10):
            ours, theirs = ((early == a) & (late == b)).mean(), ((true[0] == a) & (true[1] == b)).mean()
            assert abs(ours - theirs) <= FAR * np.sqrt((ours + theirs) / trials) + 1e-12


@pytest.mark.parametrize(
    ("law", "shape"),
    [(Gamma(12.6, 1.8), 12.6), (Gamma(2.0, 0.5), 2.0), (Exponential(6.0), 1.0), (Gamma(0.5, 4.0), 0.5)],
)
def test_more_renewals_in_a_month_than_are_told_apart_are_rare(law: Gamma | Exponential, shape: float) -> None:
    """P(n gaps fit into a month) is known for gamma gaps: the bound holds, and costs at most two more draws a month."""
    most = renewals_a_month(law)
    assert most is not None
    scale = law.mean / shape
    assert gammainc(most * shape, 1 / scale) < 1e-9
    assert most <= 3 or gammainc((most - 2) * shape, 1 / scale) > 1e-9


def test_gaps_of_a_month_or_more_take_one_draw_a_month_and_the_shortest_are_refused() -> None:
    assert renewals_a_month(Integers(1.0, 3.0)) == 1
    assert renewals_a_month(Uniform(1.0, 4.0)) == 1
    assert renewals_a_month(Uniform(0.6, 4.0)) == 2
    assert renewals_a_month(Exponential(0.1)) is None
    assert renewals_a_month(Uniform(1 / MOST, 1.0)) is not None


def test_gaps_that_differ_by_trial() -> None:
    case = case_of("x: renewal(exponential(life))", inputs=["life: uniform(4, 8)"])
    (x,) = trials_of(case, ["total(x) / 12 * life"])
    assert errors(x, 1.0) < FAR


def without_value(case: Case) -> None:
    """Assert that `x` is undefined in some trials, and that money that depends on it ends the run."""
    (x,) = trials_of(case, ["total(x)"], trials=2048)
    assert 0.0 < np.isnan(x).mean() < 1.0
    with pytest.raises(NumericalError, match=r"in [\d,]+ of 2,048 trials"):
        trials_of(case.change("monthly.saved = 2 - x"), ["npv"], trials=2048)


def test_a_month_with_more_renewals_than_are_told_apart_is_caught_up_or_has_no_value() -> None:
    (x,) = trials_of(case_of("x: renewal(exponential(2), most=4)", months=24), ["total(x)"], trials=2048)
    assert errors(x, 12.0) < FAR
    without_value(case_of("x: renewal(exponential(1), most=1)"))


def test_a_gap_below_0_in_a_trial_has_no_value() -> None:
    case = case_of("x: renewal(uniform(low, 2))", inputs=["low: uniform(-0.5, 0.5)"])
    without_value(case)
