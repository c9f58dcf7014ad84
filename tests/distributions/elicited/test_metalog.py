"""Metalog distributions against closed forms of the paper, mpmath, and least squares."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest
from mpmath import log, mp, mpf

from payback.distributions import Metalog, inverter
from tests.catalogue import compared_with

differs = compared_with(Path(__file__).with_name("messages.txt"))

INF = math.inf
TRIPLET = (0.1, 0.5, 0.9)


def high_precision(coefficients: tuple[float, ...], u: float) -> mpf:
    """Equation 6 of Keelin (2016), doi:10.1287/deca.2016.0338, with its terms written out."""
    y, a = mpf(u), [mpf(x) for x in coefficients] + [mpf(0)] * 10
    w, logit = y - mpf(1) / 2, log(y / (1 - y))
    first = a[0] + a[1] * logit + a[2] * w * logit + a[3] * w
    return first + a[4] * w**2 + a[5] * w**2 * logit + a[6] * w**3 + a[7] * w**3 * logit + a[8] * w**4


@pytest.mark.parametrize("terms", [2, 3, 4, 5, 6, 7, 8, 9])
def test_quantiles_are_those_of_the_paper(terms: int) -> None:
    coefficients = (5.0, 2.0, 0.3, -0.2, 0.4, 0.5, 0.1, -0.3, 0.2)[:terms]
    d = Metalog(coefficients)
    with mp.workdps(40):
        for u in (1e-12, 0.03, 0.4, 0.5, 0.77, 0.999):
            assert float(d.ppf(u)) == pytest.approx(float(high_precision(coefficients, u)), rel=1e-13)


@pytest.mark.parametrize(
    ("low", "high", "values"),
    [
        (-INF, INF, (5.0, 9.0, 20.0)),
        (2.0, INF, (5.0, 9.0, 20.0)),
        (-INF, 50.0, (5.0, 9.0, 12.0)),
        (0.0, 50.0, (5.0, 9.0, 20.0)),
    ],
)
def test_three_symmetric_percentiles_against_their_closed_form(
    low: float, high: float, values: tuple[float, float, float]
) -> None:
    """Keelin (2016), equations 18 (unbounded), 22 (semi-bounded) and 27 (bounded), at P10, P50 and P90."""
    d = Metalog.through(TRIPLET, values, low, high)
    x = np.array(values)
    if math.isfinite(low) and math.isfinite(high):
        y = np.log((x - low) / (high - x))
    elif math.isfinite(low):
        y = np.log(x - low)
    else:
        y = -np.log(high - x) if math.isfinite(high) else x
    odds = math.log(0.9 / 0.1)
    r = (y[1] - y[0]) / (y[2] - y[0])
    scale = (y[2] - y[0]) / odds
    assert d.coefficients == pytest.approx((y[1], 0.5 * scale, (1.0 - 2.0 * r) * scale / (1.0 - 0.2)), rel=1e-10)
    assert np.allclose(d.ppf(TRIPLET), values, rtol=1e-12)
    assert np.allclose(inverter(d)(np.array(TRIPLET)), values, rtol=1e-8)
    assert d.support == (low, high)
    assert inverter(d).kind == "table"


def test_moments_of_three_terms() -> None:
    """Keelin (2016), section 3.5: mean a1 + a3 / 2, variance pi^2 a2^2 / 3 + (1/12 + pi^2 / 36) a3^2."""
    d = Metalog((5.0, 2.0, 0.9))
    assert d.mean == pytest.approx(5.45, rel=1e-11)
    variance = math.pi**2 * 4.0 / 3.0 + (1.0 / 12.0 + math.pi**2 / 36.0) * 0.81
    assert d.sd == pytest.approx(math.sqrt(variance), rel=1e-10)


@pytest.mark.parametrize("share", [0.05, 0.1, 0.25])
def test_three_terms_can_be_where_the_paper_says(share: float) -> None:
    """Keelin (2016), equation 20: r in (k, 1 - k), k = (1 - 1.66711 (1/2 - share)) / 2, a constant of six digits."""
    k = 0.5 * (1.0 - 1.66711 * (0.5 - share))

    for edge, inside in ((k, 1.0), (1.0 - k, -1.0)):
        assert Metalog.through((share, 0.5, 1.0 - share), (0.0, edge + inside * 2e-5, 1.0)).allowed
        with pytest.raises(ValueError, match="negative density"):
            Metalog.through((share, 0.5, 1.0 - share), (0.0, edge - inside * 2e-5, 1.0))


@pytest.mark.parametrize("low", [-INF, 0.0])
def test_the_message_says_where_the_density_is_negative(low: float) -> None:
    shares, values = (0.1, 0.3, 0.5, 0.7, 0.9), (10.0, 20.0, 21.0, 22.0, 60.0)
    with pytest.raises(ValueError, match="negative density") as refusal:
        Metalog.through(shares, values, low)
    assert not differs(str(refusal.value), "a negative density")
    words = str(refusal.value).split()
    start, end = float(words[words.index("shares") + 1]), float(words[words.index("and") + 1].rstrip(":"))
    y = np.log(values) if low == 0.0 else np.array(values)
    w = np.array(shares) - 0.5
    logit = np.log(np.array(shares) / (1.0 - np.array(shares)))
    a = np.linalg.solve(np.stack([w**0, logit, w * logit, w, w**2], axis=1), y)

    def slope(u: float) -> float:
        step = 1e-6
        with mp.workdps(30):
            return float(high_precision(tuple(a), u + step) - high_precision(tuple(a), u - step))

    assert slope(0.5 * (start + end)) < 0.0
    assert slope(start - 0.01) > 0.0


def test_several_quantiles_are_met_or_fitted() -> None:
    shares = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
    values = (2.0, 3.1, 5.2, 8.9, 14.0, 21.5, 29.0)
    for chosen in (slice(1, 6), slice(0, 6), slice(0, None, 2)):
        exact = Metalog.through(shares[chosen], values[chosen], 0.0)
        assert np.allclose(exact.ppf(shares[chosen]), values[chosen], rtol=1e-10)
    with pytest.raises(ValueError, match="terms") as refusal:
        Metalog.through(shares, values, 0.0)
    assert not differs(str(refusal.value), "too many terms")
    fitted = Metalog.through(shares, values, 0.0, terms=3)
    u = np.array(shares)
    logit = np.log(u / (1.0 - u))
    columns = np.stack([np.ones(7), logit, (u - 0.5) * logit], axis=1)
    twin = np.linalg.lstsq(columns, np.log(values), rcond=None)[0]
    assert fitted.coefficients == pytest.approx(tuple(twin), rel=1e-9)


def test_bounds_are_ends() -> None:
    d = Metalog.through(TRIPLET, (5.0, 9.0, 20.0), 0.0, 50.0)
    x = inverter(d)(np.array([2.0**-53, 1e-9, 0.5, 1.0 - 1e-9, 1.0 - 2.0**-53]))
    assert np.all((x >= 0.0) & (x <= 50.0))
    assert d.cdf(0.0) == 0.0
    assert d.sf(50.0) == 0.0


def test_quantiles_may_differ_by_trial() -> None:
    middle = np.array([9.0, 12.0, 19.0])
    d = Metalog.through(TRIPLET, (5.0, middle, 20.0), 0.0, checked=False)
    quantiles = d.ppf(np.array([0.5, 0.5, 0.5]))
    assert np.allclose(quantiles[:2], middle[:2], rtol=1e-12)
    assert np.isnan(quantiles[2])
    assert np.allclose(d.ppf(np.full(3, 0.9))[:2], 20.0, rtol=1e-12)


def test_a_power_tail_has_no_mean_where_it_is_too_heavy() -> None:
    d = Metalog((0.0, 1.2), 0.0)
    assert d.mean == INF
    assert Metalog((0.0, 0.7), 0.0).sd == INF
    assert Metalog((0.0, 0.7), 0.0).mean == pytest.approx(0.7 * math.pi / math.sin(0.7 * math.pi), rel=1e-9)


@pytest.mark.parametrize(
    ("shares", "values", "more", "says"),
    [
        ((0.1, 0.9), (1.0,), {}, "needs a value for each of 2 or more shares, got 2 and 1"),
        ((0.1, 0.9), (2.0, 1.0), {}, "must rise in shares and values, got 2.0 at 0.1 and 1.0 at 0.9"),
        ((0.1, 1.0), (1.0, 2.0), {}, "`Metalog.through(shares[1]=...)` must lie inside (0, 1), got 1.0"),
        (
            (0.1, 0.9),
            (-1.0, 2.0),
            {"low": 0.0},
            "`Metalog.through(values[0]=...)` must lie inside (0.0, inf), got -1.0",
        ),
        ((0.1, 0.9), (1.0, 2.0), {"terms": 3}, "`Metalog.through(terms=...)` must be a whole number in [2, 2], got 3"),
        ((0.1, 0.9), (1.0, 2.0), {"low": 5.0, "high": 4.0}, "must lie inside (5.0, 4.0)"),
    ],
)
def test_what_cannot_be_is_refused(
    shares: tuple[float, ...], values: tuple[float, ...], more: dict[str, float], says: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        Metalog.through(shares, values, **more)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(ValueError, match="2 to 16") as refusal:
        Metalog((1.0,))
    assert not differs(str(refusal.value), "too few coefficients")
