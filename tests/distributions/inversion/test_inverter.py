from __future__ import annotations

import ast
import inspect
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payback.distributions import (
    Bernoulli,
    Beta,
    Certain,
    Compound,
    Discrete,
    Distribution,
    Exponential,
    Gamma,
    Highest,
    Histogram,
    Integers,
    Inverter,
    Lognormal,
    Mixture,
    Normal,
    Pert,
    Poisson,
    Rounded,
    Scaled,
    Shifted,
    Triangular,
    Truncated,
    Uniform,
    ZeroInflated,
    inverter,
)
from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.wrapper import Wrapper
from payback.distributions.inversion.inverter import (
    BySegments,
    BySteps,
    ByTable,
    Constant,
    Exact,
    Linear,
    ToWhole,
    TwoRoots,
    affine,
)
from payback.distributions.inversion.patched_table import Patched
from tests.reference_distributions import by_steps, by_table

V = np.unique(np.concatenate([np.exp2(-np.linspace(1.0, 53.0, 417)), np.linspace(0.001, 0.5, 301)]))


def rounding(d: Distribution, x: np.ndarray) -> np.ndarray:
    """Two units in the last place of `x`, or of the largest value that a wrapper has to pass on the way."""
    largest, factor = 0.0, 1.0
    while hasattr(d, "distribution"):
        factor *= abs(getattr(d, "factor", 1.0))
        d = d.distribution
        largest = max([largest, *(abs(end) for end in d.support if np.isfinite(end))])
    return 2.0 * np.spacing(np.maximum(np.abs(x), largest * factor))


def share_error(d: Distribution) -> float:
    """The largest error of the fast quantile as a share of the tail, beside the rounding of x."""
    fast, worst = inverter(d), 0.0
    mirrored = 1.0 - (1.0 - V)
    for x, wanted, share in ((fast(V), V, d.cdf), (fast(1.0 - V), mirrored, d.sf)):
        slack = np.ptp(share(np.stack([x - rounding(d, x), x + rounding(d, x)])), axis=0)
        error = np.abs(share(x) - wanted) - slack
        worst = max(worst, float(np.max(np.where(wanted > 0, error / np.maximum(wanted, 2.0**-54), 0.0))))
    return worst


def test_kinds() -> None:
    closed = (
        Certain(3.0),
        Uniform(1.0, 2.0),
        Triangular(1.0, 2.0, 5.0),
        Truncated(Triangular(1.0, 2.0, 5.0), 1.5, 4.0),
    )
    table = (Normal(1.0, 2.0), Pert(1.0, 2.0, 3.0), Truncated(Normal(0.0, 1.0), 0.0), Scaled(Exponential(2.0), -3.0))
    steps = (Poisson(3.0), Bernoulli(0.3), Integers(1, 6), Shifted(Poisson(1.2), 1.0), Discrete((1, 4), (0.5, 0.5)))
    assert {inverter(d).kind for d in closed} == {"closed"}
    assert {inverter(d).kind for d in table} == {"table"}
    assert {inverter(d).kind for d in steps} == {"steps"}


BINS = Histogram((0.0, 1.0, 2.0, 10.0), (3.0, 1.0, 1.0))
APART = Mixture((Uniform(0.0, 1.0), Uniform(5.0, 6.0)), (0.25, 0.75))


@pytest.mark.parametrize(
    ("d", "kind"),
    [
        (Certain(3.0), Constant),
        (Shifted(Certain(3.0), 1.0), BySteps),
        (Uniform(1.0, 2.0), Linear),
        (Truncated(Uniform(1.0, 2.0), 1.5), Linear),
        (Scaled(Shifted(Truncated(Uniform(1.0, 2.0), 1.5), 1.0), 2.0), Linear),
        (Triangular(1.0, 2.0, 5.0), TwoRoots),
        (Truncated(Shifted(Triangular(1.0, 2.0, 5.0), 1.0), 2.5, 4.0), TwoRoots),
        (Triangular(0.0, 1e-9, 1.0), ByTable),
        (Truncated(Triangular(0.0, 0.0, 5.0), 1.0, 4.0), ByTable),
        (Normal(0.0, 1.0), ByTable),
        (Normal(5.0, 2.0), ByTable),
        (Truncated(Truncated(Scaled(Normal(1.0, 2.0), -1.0), 0.0, 3.0), 1.0), ByTable),
        (BINS, BySegments),
        (Scaled(Truncated(BINS, 0.5, 9.0), -2.0), BySegments),
        (Truncated(Scaled(BINS, -2.0), -9.0, -1.0), BySegments),
        (Compound(Poisson(3.0), Lognormal(100.0, 1.0)), BySegments),
        (Truncated(Compound(Poisson(3.0), Lognormal(100.0, 1.0)), 50.0, 900.0), BySegments),
        (Compound(Poisson(3.0), Certain(12.5)), BySteps),
        (Rounded(Lognormal(10.0, 1.0)), BySteps),
        (Rounded(Normal(1e9, 1e6)), ToWhole),
        (Shifted(Rounded(Normal(1e9, 1e6)), 1.0), Exact),
        (Truncated(Poisson(3.0), 1.0, 6.5), BySteps),
        (Shifted(Gamma(0.001, 1.0), 1e6), Exact),
        (APART, ByTable),
        (Scaled(APART, 2.0), ByTable),
        (Scaled(APART, -1.0), ByTable),
    ],
    ids=str,
)
def test_a_distribution_offers_the_inverter_that_it_has(d: Distribution, kind: type[Inverter]) -> None:
    fast = inverter(d)
    assert type(fast) is kind
    u = np.array([0.003, 0.2, 0.5, 0.81, 0.9999])
    assert np.allclose(fast(u), d.ppf(u), rtol=1e-6)


def test_truncation_may_cut_off_the_atom_beside_a_density() -> None:
    with_atom = ZeroInflated(0.4, Lognormal(100.0, 0.5))
    u = np.array([0.003, 0.2, 0.5, 0.81, 0.9999])
    for low in (1.0, 50.0):
        without = inverter(Truncated(with_atom, low, 300.0))
        assert np.allclose(without(u), Truncated(Lognormal(100.0, 0.5), low, 300.0).ppf(u), rtol=1e-8)


def test_a_patched_table_is_scaled_but_made_anew_when_mirrored() -> None:
    table = inverter(APART)
    assert isinstance(table, ByTable)
    assert isinstance(table.table, Patched)
    assert table.affine(-1.0, 0.0) is None
    assert isinstance(table.affine(2.0, 1.0), ByTable)


@dataclass(frozen=True)
class Mirrored(Wrapper):
    """A wrapper as a newcomer would write it: minus a value."""

    distribution: Distribution

    def _support(self) -> tuple[float, float]:
        low, high = self.distribution.support
        return -high, -low

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        return -self.distribution.quantile(v, ~up)

    def _cdf(self, x: FloatArray) -> FloatArray:
        return self.distribution.sf(-x)

    def _sf(self, x: FloatArray) -> FloatArray:
        return self.distribution.cdf(-x)

    def _pdf(self, x: FloatArray) -> FloatArray:
        return self.distribution.pdf(-x)


@dataclass(frozen=True)
class Faster(Mirrored):
    """The same with a closed form where the inner distribution has one."""

    def own_inverter(self) -> Inverter | None:
        return affine(self.distribution, -1.0, 0.0, self)


def test_a_new_wrapper_is_tabled_unless_it_offers_more() -> None:
    u = np.array([1e-12, 0.1, 0.5, 0.9])
    for inner in (Normal(1.0, 2.0), Triangular(0.0, 2.0, 5.0)):
        tabled, own = inverter(Mirrored(inner)), inverter(Faster(inner))
        assert isinstance(tabled, ByTable)
        assert type(own) is type(inverter(inner))
        assert np.allclose(tabled(u), -inner.isf(u), rtol=1e-7)
        assert np.allclose(own(u), -inner.isf(u), rtol=1e-7)
        assert inverter(Truncated(Mirrored(inner), -2.0, 0.0)).kind == "table"


def test_tables_know_the_contract_and_no_family() -> None:
    for path in Path(inspect.getfile(affine)).parent.glob("*.py"):
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        modules = [node.module for node in nodes if isinstance(node, ast.ImportFrom)]
        ours = {module.split(".")[2] for module in modules if module and module.startswith("payback.distributions.")}
        assert ours <= {"core", "inversion"}, path


@pytest.mark.parametrize(
    "d",
    [Normal(1.0, 2.0), Lognormal(100.0, 1.0), Scaled(Beta(2.0, 5.0), -0.8), Truncated(Normal(0.02, 0.03), -0.1, 0.15)],
    ids=str,
)
def test_a_table_equals_its_scalar_twin_to_the_bit(d: Distribution) -> None:
    fast = inverter(d)
    assert isinstance(fast, ByTable)
    u = np.concatenate([V, 1.0 - V, [0.5, np.nextafter(0.5, 0.0), np.nextafter(0.5, 1.0), 1e-40, 1e-300]])
    assert np.array_equal(fast(u), [by_table(fast.table, x) for x in u.tolist()])


@pytest.mark.parametrize("d", [Poisson(1.2), Poisson(700.0), Discrete((7, 1, 2.5), (0.2, 0.3, 0.5))], ids=str)
def test_steps_equal_their_scalar_twin(d: Distribution) -> None:
    fast = inverter(d)
    assert isinstance(fast, BySteps)
    u = np.concatenate([V, 1.0 - V, fast.steps.thresholds[:40], np.nextafter(fast.steps.thresholds[:40], 1.0)])
    u = np.clip(u, 2.0**-53, 1.0 - 2.0**-53)
    assert np.array_equal(fast(u), [by_steps(fast.steps, x) for x in u.tolist()])


@pytest.mark.parametrize(
    "d",
    [
        Lognormal(1.0, 0.001),
        Lognormal(1.0, 6.0),
        Gamma(0.06, 1.0),
        Gamma(1e5, 1.0),
        Beta(0.12, 0.1),
        Beta(1e-1, 5_000.0),
        Beta(20_000.0, 30_000.0),
        Pert(0.0, 0.0, 1.0, weight=0.01),
        Pert(-1.0, 1.0, 1.0, weight=500.0),
        Truncated(Normal(0.0, 1.0), -1e-9, 1e-9),
        Truncated(Lognormal(1.0, 2.0), 0.0, 0.001),
        Truncated(Gamma(0.5, 1.0), 1e-6, 40.0),
        Truncated(Normal(1e3, 1.0), 1e3, 1e3 + 0.5),
        Truncated(Scaled(Pert(1.0, 2.0, 3.0), -4.0), -9.0),
        Scaled(Shifted(Lognormal(2.0, 1.0), -3.0), -0.25),
    ],
    ids=str,
)
def test_extreme_shapes_keep_the_stated_error(d: Distribution) -> None:
    assert inverter(d).kind == "table"
    assert share_error(d) <= 1e-9


@pytest.mark.parametrize("d", [Gamma(0.001, 1.0), Lognormal(1.0, 300.0), Poisson(1e12)], ids=str)
def test_what_no_table_holds_is_drawn_exactly(d: Distribution) -> None:
    fast = inverter(d)
    assert isinstance(fast, Exact)
    u = np.array([0.2, 0.5, 0.9])
    assert np.array_equal(fast(u), d.ppf(u))


@pytest.mark.parametrize(
    ("count", "values"),
    [
        (Shifted(Poisson(1.2), 1.0), [1.0, 2.0, 3.0]),
        (Scaled(Poisson(1.2), -0.1), [-0.2, -0.1, 0.0]),
        (Compound(Poisson(1.0), Certain(3.1)), [0.0, 3.1, 6.2]),
    ],
    ids=str,
)
def test_values_beside_a_density_are_drawn_to_the_last_bit(count: Distribution, values: list[float]) -> None:
    """A draw a rounding below 2 would fail `x >= 2` and shift `ceil(x)`."""
    u = np.arange(0.0005, 1.0, 0.001)
    mixed = Mixture((Normal(40.0, 1.0), count), (0.3, 0.7))
    for x in (inverter(mixed)(u), mixed.ppf(u), inverter(Truncated(mixed, -1.0))(u)):
        for value in values:
            near = np.abs(x - value) < 1e-6
            assert near.any()
            assert np.all(x[near] == value)


def test_more_values_than_are_listed_beside_a_density() -> None:
    d = Highest((Rounded(Lognormal(5_000.0, 1.0)), Normal(10.0, 3.0)))
    assert d.atoms() is None
    assert d.mean == pytest.approx(5_000.0 * np.exp(0.5), rel=1e-6)
    below = Truncated(Mixture((Normal(1.0, 2.0), Discrete((1.0, 2.5), (0.4, 0.6))), (0.3, 0.7)), 0.0)
    assert below.support == (0.0, np.inf)
    assert below.ppf(0.3) == 1.0


def test_a_coordinate_beyond_the_table_takes_its_last_value() -> None:
    fast = inverter(Lognormal(1.0, 1.0))
    assert fast(np.array([1e-30]))[0] == fast(np.array([2.0**-53]))[0]


positive = st.floats(0.3, 30.0)
location = st.floats(-100.0, 100.0)


@st.composite
def distributions(draw: st.DrawFn) -> Distribution:
    low, width, share = (
        draw(location),
        draw(st.floats(0.01, 100.0)),
        draw(st.sampled_from([0.0, 1.0]) | st.floats(0.001, 0.999)),
    )
    high = low + width
    mode = min(max(low + share * width, low), high)
    d: Distribution = draw(
        st.one_of(
            st.builds(Normal, location, positive),
            st.builds(Lognormal, positive, st.floats(0.05, 2.5)),
            st.builds(Gamma, positive, positive),
            st.builds(Exponential, positive),
            st.builds(Beta, positive, positive, st.just(low), st.just(high)),
            st.builds(Pert, st.just(low), st.just(mode), st.just(high), st.floats(0.5, 20.0)),
            st.builds(Triangular, st.just(low), st.just(mode), st.just(high)),
        )
    )
    if draw(st.booleans()):
        a, b = sorted(draw(st.tuples(st.floats(0.001, 0.999), st.floats(0.001, 0.999))))
        if b - a > 0.01:
            d = Truncated(d, float(d.ppf(a)), float(d.ppf(b)))
    if draw(st.booleans()):
        d = Scaled(d, draw(st.sampled_from([-3.0, 0.1, 1e6])))
    return Shifted(d, low) if draw(st.booleans()) else d


@settings(max_examples=60, deadline=None, derandomize=True)
@given(distributions())
def test_any_parameters_keep_the_laws(d: Distribution) -> None:
    u = np.array([1e-9, 0.01, 0.3, 0.5, 0.8, 0.999])
    x = d.ppf(u)
    low, high = d.support
    assert np.all(np.diff(x) > 0)
    assert np.all((x >= low) & (x <= high))
    near = np.ptp(d.cdf(np.stack([x - rounding(d, x), x + rounding(d, x)])), axis=0)
    assert np.all(np.abs(d.cdf(x) - u) <= 1e-11 + near)
    assert share_error(d) <= 1e-9


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.one_of(
        st.builds(Poisson, st.floats(0.0, 3_000.0)),
        st.builds(Integers, st.integers(-50, 0), st.integers(1, 3_000)),
        st.builds(Bernoulli, st.floats(0.0, 1.0)),
    ),
    st.lists(st.floats(2.0**-53, 1.0 - 2.0**-53), min_size=1, max_size=20),
)
def test_any_count_is_drawn_exactly(d: Distribution, coordinates: list[float]) -> None:
    u = np.array(coordinates)
    x = d.ppf(u)
    assert np.array_equal(inverter(d)(u), x)
    low = u <= 0.5
    assert np.all((d.cdf(x) >= u)[low])
    assert np.all((d.sf(x) <= 1.0 - u)[~low])
    assert np.all(((d.cdf(x - 1.0) < u) | (x == d.support[0]))[low])
    assert np.all(((d.sf(x - 1.0) > 1.0 - u) | (x == d.support[0]))[~low])


def test_a_case_of_a_thousand_inputs_finds_each_inverter_again() -> None:
    case = [Triangular(0.0, 1.0, 2.0 + k) for k in range(1_000)]
    first = [inverter(distribution) for distribution in case]
    assert all(inverter(distribution) is known for distribution, known in zip(case, first, strict=True))
