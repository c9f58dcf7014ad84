"""Mixtures, extremes, whole units, sums of draws and metalogs, as a case says them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from payback.distributions import (
    Binomial,
    Certain,
    Compound,
    Distribution,
    Gamma,
    Highest,
    Lognormal,
    Lowest,
    Metalog,
    Mixture,
    Normal,
    Poisson,
    Rounded,
    Scaled,
    Shifted,
    Truncated,
    Uniform,
)
from payback.distributions.compound.known_sums import Total
from payback.distributions.core.array_types import FloatArray
from payback.simulator.case import Case, loads
from payback.simulator.case.expressions.parser import parse
from payback.simulator.case.expressions.printer import to_text
from payback.simulator.errors import CaseError
from tests.catalogue import compared_with

differs = compared_with(Path(__file__).with_name("messages.txt"))


def case_of(line: str, above: str = "") -> Case:
    text = f"horizon: 6 months\ninputs:\n{above}  x: {line!r}\ncash_flows: {{upfront: {{saved: 1 USD}}}}\n"
    return loads(text)


def drawn(line: str) -> Distribution:
    distribution = case_of(line).model.draws[-1].distribution
    assert distribution is not None
    return distribution


def by_trial(line: str, above: str, *values: list[float]) -> Distribution:
    draw = case_of(line, above).model.draws[-1]
    assert draw.build is not None
    return draw.build(*map(np.array, values))


LINES: list[tuple[str, Distribution]] = [
    ("mixture(0.3: normal(1, 2), 0.7: normal(5, 1))", Mixture((Normal(1.0, 2.0), Normal(5.0, 1.0)), (0.3, 0.7))),
    ("mixture(30 %: 0 USD, 70 %: lognormal(5, 1))", Mixture((Certain(0.0), Lognormal(5.0, 1.0)), (0.3, 0.7))),
    ("mixture(0.5: 2 day, 0.5: uniform(1, 2)) hour", Mixture((Certain(48.0), Uniform(1.0, 2.0)), (0.5, 0.5))),
    (
        "2 * truncated(mixture(0.3: normal(1, 2), 0.7: normal(5, 1)), 0, 9)",
        Scaled(Truncated(Mixture((Normal(1.0, 2.0), Normal(5.0, 1.0)), (0.3, 0.7)), 0.0, 9.0), 2.0),
    ),
    ("rounded(normal(30, 4)) USD", Rounded(Normal(30.0, 4.0))),
    ("lowest_of(normal(1, 2), uniform(0, 3), 2)", Lowest((Normal(1.0, 2.0), Uniform(0.0, 3.0), Certain(2.0)))),
    ("highest_of(normal(1, 2), uniform(0, 3)) USD", Highest((Normal(1.0, 2.0), Uniform(0.0, 3.0)))),
    ("compound(poisson(3), gamma(2, 5 USD))", Compound(Poisson(3.0), Gamma(2.0, 5.0))),
    ("compound(poisson(3) request, gamma(2, 5)) USD", Compound(Poisson(3.0), Gamma(2.0, 5.0))),
    ("compound(1 + binomial(5, 0.3), 12.5 USD)", Compound(Shifted(Binomial(5.0, 0.3), 1.0), Certain(12.5))),
    ("compound(4, uniform(1, 2))", Compound(Certain(4.0), Uniform(1.0, 2.0))),
    ("metalog(p10=5, p50=9, p90=20) USD", Metalog.through((0.1, 0.5, 0.9), (5.0, 9.0, 20.0))),
    ("metalog(p90=20, median=9, p10=5, low=0)", Metalog.through((0.1, 0.5, 0.9), (5.0, 9.0, 20.0), 0.0)),
    (
        "metalog(p5=1, p10=2, p25=3, p50=5, p75=8, p90=10, terms=3, high=99)",
        Metalog.through((0.05, 0.1, 0.25, 0.5, 0.75, 0.9), (1, 2, 3, 5, 8, 10), high=99.0, terms=3),
    ),
]


@pytest.mark.parametrize(("line", "wanted"), LINES, ids=[line for line, _ in LINES])
def test_a_line_is_its_distribution_and_prints_as_it_is_written(line: str, wanted: Distribution) -> None:
    assert drawn(line) == wanted
    tree = parse(line)
    assert to_text(parse(to_text(tree))) == to_text(tree)
    again = drawn(to_text(tree))
    assert again == wanted


def test_a_mixture_prints_without_braces() -> None:
    text = "mixture(0.3: normal(1, 2), 0.7: discrete({1: 0.5, 2: 0.5}))"
    assert to_text(parse(text)) == text


def test_units_are_those_of_the_parts() -> None:
    case = case_of("mixture(0.3: 1 USD/request, 0.7: uniform(2, 3))", "  y: 5 request\n")
    assert case.model.draws[-1].unit == "USD/request"
    with pytest.raises(CaseError, match="USD"):
        case_of("lowest_of(1 hour, uniform(2 USD, 3 USD))")


@pytest.mark.parametrize(
    ("line", "given", "wanted"),
    [
        ("mixture(0.5: normal(1, 2) USD, 0.5: normal(1, 3) hour)", "normal(1, 3) hour", "USD"),
        ("mixture(0.5: normal(1, 2), 0.5: 8 to 30 USD) hour", "8 to 30 USD", "hour"),
        ("highest_of(normal(1, 2) USD, normal(1, 3) USD/request)", "normal(1, 3) USD/request", "USD"),
        ("rounded(8 to 30 hour) USD", "8 to 30 hour", "USD"),
        ("zero_inflated(0.3, uniform(2, 3) hour) USD", "uniform(2, 3) hour", "USD"),
        ("2 * compound(poisson(3), uniform(2, 3) hour) USD", "uniform(2, 3) hour", "USD"),
    ],
)
def test_a_part_in_a_unit_of_another_kind_is_refused_where_it_stands(line: str, given: str, wanted: str) -> None:
    with pytest.raises(CaseError) as error:
        case_of(line)
    (problem,) = error.value.problems
    assert problem.given == f"`{given}` is in {given.rsplit(maxsplit=1)[-1]}"
    assert problem.allowed == f"a distribution in {wanted}"


def test_weights_shapes_and_quantiles_may_be_formulas_of_earlier_names() -> None:
    mixed = by_trial("mixture(p: 0, 1 - p: uniform(2, 3))", "  p: uniform(0, 0.5)\n", [0.1, 0.4], [0.9, 0.6])
    quantiles: FloatArray = mixed.ppf(np.array([0.3, 0.3]))
    assert quantiles[0] == pytest.approx(2.0 + 0.2 / 0.9)
    assert quantiles[1] == 0.0
    metalog = by_trial("metalog(p10=5, p50=m, p90=20, low=0)", "  m: uniform(8, 10)\n", [8.0, 10.0])
    assert np.allclose(metalog.ppf(np.array([0.5, 0.5])), [8.0, 10.0], rtol=1e-12)
    assert isinstance(by_trial("rounded(normal(m, 2))", "  m: uniform(8, 10)\n", [8.0, 10.0]), Rounded)
    low = by_trial("lowest_of(normal(m, 2), 5)", "  m: uniform(8, 10)\n", [8.0, 10.0])
    assert np.all(low.ppf(np.array([0.9, 0.9])) == 5.0)


def test_a_number_that_differs_by_trial_takes_families_with_known_sums() -> None:
    total = by_trial("compound(n, gamma(2, 5))", "  n: poisson(3) request\n", [0.0, 4.0])
    assert isinstance(total, Total)
    assert np.allclose(total.ppf(np.array([0.7, 0.7])), [0.0, Gamma(8.0, 5.0).ppf(0.7)], rtol=1e-9)
    scale = by_trial("compound(4, exponential(s))", "  s: uniform(1, 2)\n", [1.0, 2.0])
    assert np.allclose(scale.ppf(np.array([0.7, 0.7])), Gamma(4.0, 1.0).ppf(0.7) * np.array([1.0, 2.0]), rtol=1e-9)


def test_the_error_of_a_transform_is_a_note() -> None:
    notes = case_of("compound(poisson(3), lognormal(100, 1)) USD").notes
    assert any(not differs(note, "the error of a transform") for note in notes)
    assert not any("is known to" in note for note in case_of("compound(poisson(3), gamma(2, 1)) USD").notes)


def test_constants_of_an_input_are_exact() -> None:
    case = loads(
        "horizon: 6 months\ninputs:\n  x: compound(poisson(3), gamma(2, 5))\n"
        "calculations: {a: expected(x), b: sd_of(x)}\ncash_flows: {upfront: {saved: a + b + x}}\n"
    )
    values = {d.name: to_text(d.expression) for d in case.model.definitions if d.name in ("a", "b")}
    assert float(values["a"]) == pytest.approx(30.0)
    assert float(values["b"]) == pytest.approx((3.0 * 50.0 + 3.0 * 100.0) ** 0.5)


def test_a_monthly_number_gives_a_monthly_sum() -> None:
    case = case_of("compound(n, gamma(2, 5))", "  n: {distribution: poisson(3), each: month}\n")
    assert case.model.draws[-1].monthly


REFUSED = [
    ("mixture(0.3: normal(1, 2), 0.6: normal(5, 1))", "`Mixture(weights=...)` must sum to 1 (divide each by the sum)"),
    ("mixture(0.5: normal(1, 2), 0.5: normal(5, -1))", "1:33: inputs.x: `Normal(sd=...)` must be greater than 0"),
    ("mixture(1.5: normal(1, 2), -0.5: normal(5, 1))", "`Mixture(weights[1]=...)` must be at least 0, got -0.5"),
    ("mixture()", "`mixture` of 0 -> each with its weight: `mixture(0.3: normal(1, 2), 0.7: normal(5, 1))`"),
    ("mixture(normal(1, 2), normal(3, 4))", "between a weight and its distribution, as in mixture(0.3: d, 0.7: d)"),
    ("lowest_of(normal(1, 2))", "`lowest_of` of 1 -> two or more: `lowest_of(normal(1, 2), normal(2, 1))`"),
    ("rounded(3)", "`rounded` of no distribution -> `rounded(d)`"),
    (
        "compound(poisson(3))",
        "`compound` of 1 -> a number and what each draw is: `compound(poisson(3), lognormal(100, 1))`",
    ),
    ("compound(normal(3, 1), gamma(2, 1))", "`Compound(frequency=...)` must be a whole number, at least 0"),
    ("compound(poisson(3) USD, gamma(2, 1))", "`poisson(3) USD` is in USD -> a plain number"),
    (
        "compound(poisson(lam), gamma(2, 1))",
        "`lam` in `compound(poisson(lam), gamma(2, 1))` differs by trial -> constants",
    ),
    (
        "compound(lam, lognormal(2, 1))",
        "`lognormal(2, 1)`: the sum of several such draws is of no known family -> one of",
    ),
    ("metalog(p10=5, p50=6, p90=20)", "has a negative density between the shares 0"),
    ("metalog(p10=5, p90=2)", "`metalog(p10=..., p90=...)` must rise from p10 to p90, got 5.0 and 2.0"),
    ("metalog(p10=5)", "`metalog` by p10 -> `metalog(p10=, p50=, p90=)`: two or more percentiles"),
    ("metalog(5, 6, 7)", "`metalog` by no percentiles -> `metalog(p10=, p50=, p90=)`"),
    ("metalog(p10=5, p90=9, lwo=1)", "`lwo=` in metalog(...) -> `metalog(p10=, p50=, p90=)`"),
    ("metalog(p10=5, p90=9, low=6)", "`Metalog.through(values[0]=...)` must lie inside (6.0, inf), got 5.0"),
    ("metalog(p10=5, p90=9, terms=3)", "`Metalog.through(terms=...)` must be a whole number in [2, 2], got 3.0"),
    ("normal(1, 2) + compound(poisson(1), 3)", "-> an input for each, and their formula in `calculations`"),
    ("gamma(2, 3) * mixture(0.5: 1, 0.5: 2)", "-> an input for each, and their formula in `calculations`"),
]


@pytest.mark.parametrize(("line", "says"), REFUSED, ids=[line for line, _ in REFUSED])
def test_what_cannot_be_is_refused(line: str, says: str) -> None:
    with pytest.raises(CaseError) as error:
        case_of(line, "  lam: uniform(1, 4)\n")
    assert says.removeprefix("1:33: ") in str(error.value)


def test_a_wrong_part_is_told_at_its_column() -> None:
    with pytest.raises(CaseError) as error:
        case_of("mixture(0.5: normal(1, 2), 0.5: normal(5, -1))")
    assert ":3:39: inputs.x: `Normal(sd=...)`" in str(error.value)
