"""Internal rates of return against closed forms, mpmath and pyxirr."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
import pyxirr
from numpy.typing import NDArray
from scipy.special import ndtri

from payback.simulator.cube.streams import uniforms
from payback.simulator.engine.irr import positive_roots as roots
from payback.simulator.engine.irr.irr import irr, rates
from payback.simulator.engine.irr.polynomials import bernstein, halves, value
from payback.simulator.engine.irr.positive_roots import positive_roots

Floats = NDArray[np.float64]


def normals(name: str, *shape: int) -> Floats:
    return np.asarray(ndtri(uniforms(7, name, 0, math.prod(shape))).reshape(shape))


def exact_rates(flows: list[float]) -> list[float]:
    """Rates per period by mpmath, from all complex roots of the polynomial in v."""
    while flows and flows[-1] == 0:
        flows = flows[:-1]
    while flows and flows[0] == 0:
        flows = flows[1:]
    if len(flows) < 2:
        return []
    with mpmath.workdps(60):
        roots = mpmath.polyroots([mpmath.mpf(f) for f in flows], asc=True, maxsteps=500, extraprec=800)
        real = [mpmath.re(v) for v in roots if abs(mpmath.im(v)) < mpmath.mpf(10) ** -25 and mpmath.re(v) > 0]
        return sorted(float(1 / v - 1) for v in real)


def worth(flows: list[float], rate: float) -> mpmath.mpf:
    """Net present value at a rate per period, by its definition."""
    return mpmath.fsum(mpmath.mpf(flow) / (1 + mpmath.mpf(rate)) ** month for month, flow in enumerate(flows))


def is_return(flows: list[float], rate: float) -> bool:
    """Whether the flows are worth more than 0 just below `rate`, and less just above it."""
    with mpmath.workdps(60):
        by = (1 + mpmath.mpf(rate)) * mpmath.mpf(10) ** -6
        return bool(worth(flows, rate - by) > 0 > worth(flows, rate + by))


@pytest.mark.parametrize(
    ("flows", "expected"),
    [
        pytest.param([-1000, 300, 300, 300, 300, 300], [0.152382371166306543], id="A22 annuity"),
        pytest.param([-100, 39, 59, 55, 20], [0.280948421159961], id="A22 uneven"),
        pytest.param([-100, 230, -132], [0.1, 0.2], id="A23 two"),
        pytest.param([-1000, 6000, -11000, 6000], [0.0, 1.0, 2.0], id="A23 three"),
        pytest.param([100, -150, 80], [], id="A24 none"),
        pytest.param([100, 100], [], id="A24 no outlay"),
        pytest.param([0, 0, 0], [], id="A24 nothing"),
        pytest.param([-1] + [0] * 8 + [1e9], [9.0], id="A25 huge"),
        pytest.param([-10000] + [327.24625] * 16, [-0.0676541134496869], id="A25 loss"),
        pytest.param([-50, -100, 600, 300, -100], None, id="two signs, both sides of 0"),
        pytest.param([0, 0, -5, 0, 6], [math.sqrt(1.2) - 1], id="leading zeros"),
        pytest.param([-5, 0, 6, 0, 0], [math.sqrt(1.2) - 1], id="trailing zeros"),
        pytest.param([-1e-6, 1e9], [1e15 - 1], id="ratio of 1e15"),
        pytest.param([1, -1], [0.0], id="borrowed"),
        pytest.param([1, -2, 1], [0.0], id="double root at 0 %"),
        pytest.param([1, -4, 4], [1.0], id="double root on a dyadic point"),
        pytest.param([1, -3, 3, -1], [0.0], id="triple root"),
    ],
)
def test_rates_per_period(flows: list[float], expected: list[float] | None) -> None:
    solved = rates(flows)
    wanted = exact_rates(flows) if expected is None else expected
    assert solved == pytest.approx(wanted, rel=1e-12, abs=1e-13)


@pytest.mark.parametrize("flows", [[1, -6, 9], [0.1, -0.6, 0.9], [1, -9, 27, -27]])
def test_a_root_of_higher_order_counts_once(flows: list[float]) -> None:
    assert rates(flows) == pytest.approx([2.0], abs=1e-4)  # known to the cube root of rounding


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e9])
@pytest.mark.parametrize("months", [1, 12, 36, 120])
def test_one_rate_against_pyxirr(months: int, scale: float) -> None:
    flows = np.exp(0.5 * normals(f"gain {months}", months + 1, 8))
    flows[0] *= -0.9 * months
    rate, count = irr(flows * scale)
    assert (count == 1).all()
    for trial, column in enumerate(flows.T):
        monthly = pyxirr.irr(column.tolist())
        assert monthly is not None
        assert rate[trial] == pytest.approx((1 + monthly) ** 12 - 1, rel=1e-9, abs=1e-11)


@pytest.mark.parametrize(("months", "trials"), [(3, 25), (6, 25), (12, 16), (24, 3)])
def test_every_rate_of_random_flows_is_found(months: int, trials: int) -> None:
    flows = normals(f"any {months}", months + 1, trials)
    flows[:, ::5] *= 1.3 ** np.arange(months + 1)[:, None]
    rate, count = irr(flows)
    for trial, column in enumerate(flows.T):
        wanted = exact_rates(column.tolist())
        assert rates(column) == pytest.approx(wanted, rel=1e-9, abs=1e-11)
        assert count[trial] == len(wanted)
        defined = len(wanted) == 1 and is_return(column.tolist(), wanted[0])
        expected = (1 + wanted[0]) ** 12 - 1 if defined else math.nan
        assert rate[trial] == pytest.approx(expected, rel=1e-8, nan_ok=True)


@pytest.mark.parametrize(
    ("flows", "expected"),
    [
        pytest.param([-100, 110], 1.1**12 - 1, id="invested"),
        pytest.param([100, -110], math.nan, id="borrowed"),
        pytest.param([100_000] + [0] * 11 + [-92_000], math.nan, id="a deposit before the work"),
        pytest.param([0, 0, 100, 0, -90], math.nan, id="borrowed later, repaid with less"),
        pytest.param([0, -100, 90, 0, 0], 0.9**12 - 1, id="a loss"),
        pytest.param([-4, 12, -9], math.nan, id="worth 0 at one rate, and less at any other"),
        pytest.param([9, -12, 4], math.nan, id="worth 0 at one rate, and more at any other"),
        pytest.param([-1, 3, -3, 1], 0.0, id="three equal rates, worth less beyond"),
        pytest.param([1, -3, 3, -1], math.nan, id="three equal rates, worth more beyond"),
    ],
)
def test_a_rate_is_a_return_where_the_present_value_falls(flows: list[float], expected: float) -> None:
    rate, count = irr(np.array(flows, dtype=float)[:, None])
    assert count.tolist() == [1.0]
    assert rate[0] == pytest.approx(expected, rel=1e-9, abs=1e-4 if expected == 0.0 else 0.0, nan_ok=True)


@pytest.mark.parametrize("months", [4, 24])
def test_the_present_value_falls_at_every_return_and_at_no_other_single_rate(months: int) -> None:
    flows = normals(f"falls {months}", months + 1, 60)
    flows[:, ::3] = -np.abs(flows[:, ::3])
    flows[: months // 2, ::3] *= -1.0  # money first, costs later
    flows[:, 1::3] = np.abs(flows[:, 1::3])
    flows[: months // 2, 1::3] *= -1.0
    rate, count = irr(flows)
    single = np.flatnonzero(count == 1)
    assert {math.isnan(rate[trial]) for trial in single} == {True, False}
    for trial in single:
        column = flows[:, trial].tolist()
        assert is_return(column, exact_rates(column)[0]) == (not math.isnan(rate[trial]))


@pytest.mark.parametrize(("months", "trials"), [(2, 4_000), (5, 4_000), (24, 4_000), (120, 400)])
def test_sums_of_flows_settle_what_isolation_finds(monkeypatch: pytest.MonkeyPatch, months: int, trials: int) -> None:
    flows = normals(f"sums {months}", months + 1, trials) + 0.3
    flows[:, : trials // 8] = np.round(flows[:, : trials // 8])
    flows[:, trials // 2 :] = np.abs(flows[:, trials // 2 :])
    flows[0, trials // 2 :] *= -months / 2  # paid back, and torn down at a cost
    flows[-1, trials // 2 :] *= -months / 4
    columns, root_values = positive_roots(flows)
    settled: list[float] = []

    def left_to_isolation(coefficients: Floats, only: bool) -> tuple[NDArray[np.bool_], NDArray[np.intp], Floats]:
        settled.append(by_sums(coefficients, only)[0].mean())
        return np.zeros(coefficients.shape[1], dtype=bool), np.zeros(0, dtype=np.intp), np.zeros(0)

    by_sums = roots._by_sums
    monkeypatch.setattr(roots, "_by_sums", left_to_isolation)
    slow = positive_roots(flows)
    assert max(settled) > 0.5
    assert columns.tolist() == slow[0].tolist()
    assert root_values == pytest.approx(slow[1], rel=1e-12)


def test_a_trial_does_not_depend_on_its_neighbours() -> None:
    flows = np.concatenate([normals("mixed", 25, 300), -np.abs(normals("single", 25, 300))], axis=1)
    flows[1:, 300:] *= -1
    rate, count = irr(flows)
    for start, stop in [(0, 1), (17, 18), (290, 320), (599, 600)]:
        chunk = irr(np.ascontiguousarray(flows[:, start:stop]))
        assert chunk[0].tobytes() == rate[start:stop].tobytes()
        assert chunk[1].tobytes() == count[start:stop].tobytes()


def test_flows_that_are_not_finite_have_no_count() -> None:
    rate, count = irr(np.array([[-1.0, -1.0, -1.0], [math.nan, math.inf, 2.0]]))
    assert np.isnan(rate).tolist() == [True, True, False]
    assert np.isnan(count).tolist() == [True, True, False]


def test_scaling_money_changes_no_rate() -> None:
    flows = normals("scale", 13, 200)
    rate, count = irr(flows)
    scaled, same = irr(flows * 2.0**30)
    assert scaled.tobytes() == rate.tobytes()
    assert same.tobytes() == count.tobytes()


def test_bernstein_form_against_its_definition() -> None:
    coefficients = normals("bernstein", 7, 3)
    points = bernstein(coefficients)
    for x in (0.0, 0.3, 1.0):
        basis = [math.comb(6, k) * x**k * (1 - x) ** (6 - k) for k in range(7)]
        assert basis @ points == pytest.approx(value(coefficients, np.full(3, x)), abs=1e-13)
    left, right = halves(points)
    assert left[-1].tolist() == right[0].tolist()
    assert right[0] == pytest.approx(value(coefficients, np.full(3, 0.5)), abs=1e-13)


def test_roots_are_sorted_by_polynomial_then_size() -> None:
    columns, roots = positive_roots(np.array([[6.0, -1.0, -2.0], [-5.0, 1.0, 3.0], [1.0, 0.0, -1.0]]))
    assert columns.tolist() == [0, 0, 1, 2, 2]
    assert roots == pytest.approx([2.0, 3.0, 1.0, 1.0, 2.0], rel=1e-14)
