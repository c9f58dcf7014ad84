"""What a constructor says: the field, the rule, the value, and the way out. Rows D49-D62."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable

import pytest

from payback.distributions import (
    FAMILIES,
    Bernoulli,
    Beta,
    Binomial,
    Certain,
    Discrete,
    Exponential,
    Gamma,
    Integers,
    Lognormal,
    LogUniform,
    Normal,
    Pert,
    Poisson,
    Scaled,
    Shifted,
    Triangular,
    Truncated,
    Uniform,
    interval,
    percentile_form,
)

REFUSED: list[tuple[Callable[[], object], str]] = [
    (
        lambda: Triangular(5, 3, 2),
        "`Triangular(high=...)` must keep low <= mode <= high, with low = 5.0, mode = 3.0, got 2.0",
    ),
    (
        lambda: Triangular(2, 2, 2),
        "`Triangular(high=...)` must differ from low = 2.0 (or use a certain value), got 2.0",
    ),
    (lambda: Triangular(2, 7, 5), "`Triangular(mode=...)` must lie in [low, high] = [2.0, 5.0], got 7.0"),
    (lambda: Pert(0, 9, 4), "`Pert(mode=...)` must lie in [low, high] = [0.0, 4.0], got 9.0"),
    (lambda: Pert(0, 1, 4, weight=0), "`Pert(weight=...)` must be greater than 0, got 0.0"),
    (lambda: Normal(0, 0), "`Normal(sd=...)` must be greater than 0 (for a fixed number use a certain value), got 0.0"),
    (lambda: Normal(0, -1), "`Normal(sd=...)` must be greater than 0, got -1.0"),
    (lambda: Lognormal(-5, 1), "`Lognormal(median=...)` must be greater than 0, got -5.0"),
    (
        lambda: Lognormal(5, 0),
        "`Lognormal(sigma=...)` must be greater than 0 (for a fixed number use a certain value), got 0.0",
    ),
    (lambda: Lognormal.from_moments(5, -1), "`Lognormal(sd=...)` must be greater than 0, got -1.0"),
    (lambda: Gamma.from_moments(0, 1), "`Gamma(mean=...)` must be greater than 0, got 0.0"),
    (lambda: Gamma(0, 1), "`Gamma(shape=...)` must be greater than 0, got 0.0"),
    (lambda: Exponential(-2), "`Exponential(mean=...)` must be greater than 0, got -2.0"),
    (lambda: Beta(0, 1), "`Beta(alpha=...)` must be greater than 0, got 0.0"),
    (lambda: Beta(1, 1, 4, 3), "`Beta(high=...)` must be greater than low = 4.0 (are they swapped?), got 3.0"),
    (lambda: Uniform(3, 1), "`Uniform(high=...)` must be greater than low = 3.0 (are they swapped?), got 1.0"),
    (lambda: Uniform(3, 3), "`Uniform(high=...)` must differ from low = 3.0 (or use a certain value), got 3.0"),
    (lambda: LogUniform(0, 1), "`LogUniform(low=...)` must be greater than 0, got 0.0"),
    (lambda: Poisson(-1), "`Poisson(mean=...)` must be at least 0, got -1.0"),
    (lambda: Bernoulli(1.2), "`Bernoulli(p=...)` must lie in [0, 1], got 1.2"),
    (lambda: Binomial(2.5, 0.5), "`Binomial(trials=...)` must be a whole number, got 2.5"),
    (lambda: Binomial(3, -0.5), "`Binomial(p=...)` must lie in [0, 1], got -0.5"),
    (lambda: Integers(1.5, 3), "`Integers(low=...)` must be a whole number, got 1.5"),
    (lambda: Integers(5, 3), "`Integers(high=...)` must be greater than low = 5.0 (are they swapped?), got 3.0"),
    (lambda: Truncated(Normal(0, 1), 3, 2), "`Truncated(high=...)` must be greater than low = 3.0, got 2.0"),
    (
        lambda: Truncated(Normal(0, 1), 9),
        "`Truncated(...)` to [low, high] = [9.0, inf] keeps a probability of 1.13e-19 of Normal(mean=0.0, sd=1.0)",
    ),
    (lambda: Truncated(Uniform(0, 1), 2, 3), "to [low, high] = [2.0, 3.0] keeps a probability of 0 of Uniform"),
    (lambda: Truncated(Poisson(3), 1.2, 1.8), "to [low, high] = [1.2, 1.8] keeps a probability of 0 of Poisson"),
    (lambda: Truncated(Normal(0, 1), float("nan")), "`Truncated(low=...)` must be a finite number, got nan"),
    (lambda: Shifted(Normal(0, 1), float("inf")), "`Shifted(by=...)` must be a finite number, got inf"),
    (lambda: Scaled(Normal(0, 1), 0), "`Scaled(factor=...)` must not be 0 (for a fixed number use a certain value)"),
    (lambda: Discrete((1, 2), (0.5, 0.4)), "`Discrete(weights=...)` must sum to 1 (divide each by the sum), got 0.9"),
    (lambda: Discrete((1, 2), (1.5, -0.5)), "`Discrete(weights[1]=...)` must be at least 0, got -0.5"),
    (lambda: Discrete((1, 2, 3), (0.5,) * 4), "`Discrete(...)` needs a weight for each value, got 3 and 4"),
    (lambda: Discrete((1, 1), (0.5, 0.5)), "`Discrete(values=...)` must differ from each other, got 1.0"),
    (lambda: Discrete((0, 0), (0.5, 0.5)), "`Discrete(values=...)` must differ from each other, got 0.0"),
    (lambda: Discrete((), ()), "`Discrete(...)` needs a weight for each value, got 0 and 0"),
    (lambda: Certain(float("nan")), "`Certain(value=...)` must be a finite number, got nan"),
    (lambda: Normal(True, 1), "`Normal(mean=...)` must be a number, got True"),
    (lambda: Normal("0", 1), "`Normal(mean=...)` must be a number, got '0'"),  # type: ignore[arg-type]  # the point
    (lambda: Normal(0, 10**400), "`Normal(sd=...)` must be a finite number, got inf"),
    (lambda: Poisson(1e16), "`Poisson(mean=...)` must be at most 1000000000000000.0, got 1e+16"),
    (lambda: interval(3, 1), "`3 to 1` must rise (are the ends swapped?)"),
    (lambda: interval(1, 3, share=1.0), "`interval(share=...)` must lie inside (0, 1), got 1.0"),
    (
        lambda: percentile_form("lognormal", ["p90", "p10"]).build(40, 10),  # type: ignore[union-attr]  # it exists
        "`lognormal(p10=..., p90=...)` must rise from p10 to p90, got 40 and 10",
    ),
    (
        lambda: percentile_form("lognormal", ["p90", "p10"]).build(-1, 10),  # type: ignore[union-attr]  # it exists
        "`lognormal(p10=...)` must be greater than 0, got -1",
    ),
]


@pytest.mark.parametrize(("make", "message"), REFUSED, ids=[message[:60] for _, message in REFUSED])
def test_a_refusal_names_field_rule_and_value(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        make()


def test_no_family_of_the_language_is_lost() -> None:
    names = (
        "bernoulli beta binomial exponential gamma geometric gumbel half_normal hypergeometric integers "
        "inverse_gaussian johnson_su laplace logistic loglogistic lognormal loguniform lomax "
        "negative_binomial normal pareto pert poisson skew_normal student_t trapezoidal triangular "
        "uniform weibull"
    )
    assert set(names.split()) <= set(FAMILIES)


def test_forms_build_what_they_name() -> None:
    moments = FAMILIES["lognormal"].forms[1]
    assert [p.name for p in moments.parameters] == ["mean", "sd"]
    d = moments.build(10.0, 3.0)
    assert (d.mean, d.sd) == pytest.approx((10.0, 3.0), rel=1e-14)
    d = FAMILIES["gamma"].forms[1].build(10.0, 3.0)
    assert (d.mean, d.sd) == pytest.approx((10.0, 3.0), rel=1e-14)
    pert = FAMILIES["pert"].forms[0]
    assert [(p.name, p.role, p.default) for p in pert.parameters] == [
        ("low", "value", None),
        ("mode", "value", None),
        ("high", "value", None),
        ("weight", "shape", 4.0),
    ]


@pytest.mark.parametrize(
    ("family", "names", "shares"),
    [
        ("normal", ("p5", "p95"), (0.05, 0.95)),
        ("lognormal", ("p99_5", "p10"), (0.1, 0.995)),
        ("lognormal", ("median", "p95"), (0.5, 0.95)),
        ("normal", ("p1", "p25"), (0.01, 0.25)),
    ],
)
def test_percentile_forms_hit_their_percentiles(
    family: str, names: tuple[str, str], shares: tuple[float, float]
) -> None:
    form = percentile_form(family, names)
    assert form is not None
    assert [p.role for p in form.parameters] == ["value", "value"]
    assert form.build(2.0, 9.0).ppf(shares) == pytest.approx([2.0, 9.0], rel=1e-14)


@pytest.mark.parametrize(
    ("family", "names"),
    [
        ("poisson", ("p5", "p95")),
        ("beta", ("p5", "p50", "p95")),
        ("normal", ("p5",)),
        ("normal", ("p5", "p05")),
        ("normal", ("p0", "p95")),
        ("normal", ("p5", "p100")),
        ("normal", ("p5", "sd")),
        ("normal", ("p5", "p50", "p95")),
        ("lognormal", ("median", "p50")),
    ],
)
def test_other_names_make_no_percentile_form(family: str, names: tuple[str, ...]) -> None:
    assert percentile_form(family, names) is None


def test_an_interval_is_lognormal_when_positive_and_normal_otherwise() -> None:
    d = interval(8.3, 30.0)
    assert isinstance(d, Lognormal)
    assert d.ppf([0.05, 0.95]) == pytest.approx([8.3, 30.0], rel=1e-14)
    d = interval(-2.0, 5.0, share=0.8)
    assert isinstance(d, Normal)
    assert d.ppf([0.1, 0.9]) == pytest.approx([-2.0, 5.0], rel=1e-14)
    assert isinstance(interval(0.0, 5.0), Normal)


EXTREME = (5e-324, 1e-310, 1e-200, 1e-100, 1.0, 6.5, 1e100, 1e160, 1e300, 1.7e308, -1e300)


@pytest.mark.filterwarnings("ignore:overflow", "ignore:invalid", "ignore:divide")
@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_extreme_parameters_give_a_law_or_are_refused(name: str) -> None:
    """Neither a constructor nor a moment raises anything but the ValueError of a parameter that is not allowed."""
    for form in FAMILIES[name].forms:
        count = len(form.parameters)
        values = EXTREME if count <= 2 else EXTREME[4::2]
        for parameters in itertools.islice(itertools.product(values, repeat=count), 300):
            try:
                law = form.build(*parameters)
            except ValueError as error:
                assert str(error).startswith("`"), parameters  # noqa: PT017  # where there is no error, there is a law
                continue
            assert (law.mean, law.sd) is not None
            assert law.ppf(0.5) is not None
