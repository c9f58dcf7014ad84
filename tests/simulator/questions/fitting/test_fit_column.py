"""A column of data to a ranking, a verdict, warnings, and a line that a case takes."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from payback.distributions import (
    Bernoulli,
    Beta,
    Distribution,
    Gamma,
    Gumbel,
    Laplace,
    Lognormal,
    LogUniform,
    NegativeBinomial,
    Normal,
    Poisson,
    StudentT,
    Triangular,
    Uniform,
    Weibull,
    ZeroInflated,
)
from payback.distributions.core.array_types import FloatArray
from payback.simulator.case import loads
from payback.simulator.case.data.columns import Column
from payback.simulator.cube.streams import uniforms
from payback.simulator.document.fit import Fit, FittedFamily
from payback.simulator.errors import UsageError
from payback.simulator.questions.fitting.case_line import data_text, input_name
from payback.simulator.questions.fitting.fit_column import Request, fit_column
from payback.simulator.questions.fitting.sentences import verdict
from tests.catalogue import compared_with

differs = compared_with(Path(__file__).with_name("messages.txt"))

QUICK = Request(test=False)


def drawn(d: Distribution, n: int, seed: int = 1) -> FloatArray:
    return np.asarray(d.ppf(uniforms(seed, f"data {d.name}", 0, n)))


def column(values: FloatArray, name: str = "requests") -> Column:
    return Column("data/volume.csv", name, np.asarray(values, dtype=np.float64), "0" * 32)


def fitted(values: FloatArray, request: Request = QUICK) -> Fit:
    return fit_column(column(values), request)


def in_a_case(line: str) -> Distribution:
    """Return the distribution that a line gives a case."""
    case = loads(f"horizon: 12\ninputs:\n  {line}\ncash_flows: {{monthly: {{saved: {line.partition(':')[0]}}}}}\n")
    distribution = case.model.draws[0].distribution
    assert distribution is not None
    return distribution


EVERY_KIND = (
    Beta(2.0, 5.0), Gamma(0.4, 2e6), Gumbel(-10.0, 3.0), Laplace(0.0, 1e-4), LogUniform(1.0, 1e5), Lognormal(1e5, 0.8),
    NegativeBinomial(3.0, 0.4), Normal(-100.0, 15.0), Normal(1e9, 1e-3), Uniform(1e6, 1e6 + 1e-3), Poisson(4.0),
    StudentT(3.0), Triangular(1.0, 2.0, 6.0), Uniform(-5.0, 9.0), Weibull(2.5, 40.0),
)  # fmt: skip


@pytest.mark.parametrize("d", EVERY_KIND, ids=str)
def test_the_line_gives_a_case_the_fitted_distribution(d: Distribution) -> None:
    values = drawn(d, 150)
    fit = fitted(values)
    inside = in_a_case(fit.line)
    chosen = next(family for family in fit.families if f'"{family.distribution}"' in fit.line)
    assert inside.name == chosen.family
    # Six digits of the parameters: no density moves by more than 1e-3 in the sum over 150 values.
    assert float(np.sum(np.log(inside.pdf(values)))) == pytest.approx(chosen.log_likelihood, abs=1e-3)


def test_the_line_carries_unit_grade_and_reason() -> None:
    fit = fit_column(column(drawn(Normal(9.0, 1.0), 60), 'Größe "x": #1'), Request(unit="request/month", seed=3))
    case = loads(f"horizon: 12\ninputs:\n  {fit.line}\n  fee: 2 USD/request\n"
                 "cash_flows: {monthly: {saved: Gr_e_x_1 * fee}}\n")  # fmt: skip
    register = case.input("Gr_e_x_1")
    assert (register.unit, register.grade) == ("request/month", "measured")
    assert not differs(register.why, "the reason of a line")


@pytest.mark.parametrize(
    ("column_name", "name"),
    [("requests", "requests"), ("npv", "npv_fitted"), ("t", "t_fitted"), ("", "x"), ("hour", "hours"), ("__x", "x"),
     ("x" * 300, "x" * 50), ("1e5", "x_1e5")],
)  # fmt: skip
def test_names_of_columns_become_names_of_inputs(column_name: str, name: str) -> None:
    assert input_name(column_name) == name


def row(family: str, difference: float, p: float | None = None, chosen: int = 2, below: float = 0.0) -> FittedFamily:
    return FittedFamily(
        family=family, distribution=f"{family}()", chosen=chosen, log_likelihood=0.0, aicc=difference,
        difference=difference, weight=0.0, p=p, below_zero=below,
    )  # fmt: skip


def test_of_families_that_are_hardly_told_apart_the_simplest_that_stays_above_zero_is_used() -> None:
    rows = [row("johnson_su", 0.0, 0.5, 4), row("normal", 0.5, 0.6, 2, 0.02), row("gamma", 1.0, 0.4, 2)]
    best, fits, words = verdict(rows, tested=True)
    assert (best.family, fits) == ("gamma", True)
    assert not differs(words, "three that are hardly told apart")


def test_a_rejected_family_is_passed_over_and_named() -> None:
    best, fits, words = verdict([row("gamma", 0.0, 0.01), row("weibull", 5.0, 0.3), row("normal", 9.0)], tested=True)
    assert (best.family, fits) == ("weibull", True)
    assert not differs(words, "one that is rejected")


def test_when_nothing_was_tested_nothing_is_said_to_fit() -> None:
    best, fits, words = verdict([row("gamma", 0.0), row("weibull", 5.0)], tested=False)
    assert (best.family, fits) == ("gamma", None)
    assert not differs(words, "none that is tested")


def test_data_that_mix_two_things_fit_no_family() -> None:
    values = np.concatenate([drawn(Normal(10.0, 1.0), 150), drawn(Normal(20.0, 2.0), 150, 2)])
    fit = fit_column(column(values), Request())
    assert fit.fits is False
    assert fit.verdict.startswith("nothing fits: ")
    assert warned(fit, "no family")
    assert not differs(fit.line, "the line of no family")


@pytest.mark.parametrize(
    ("file", "name", "text"),
    [
        ("data/volume.csv", "requests", "empirical('data/volume.csv', column='requests')"),
        ("/data/volume.csv", "it's", "empirical('volume.csv', column=\"it's\")"),
        ("../volume.csv", "x", "empirical('volume.csv', column='x')"),
        ("volume.csv", "'\"", ""),
    ],
)
def test_data_that_no_family_fits_are_named_in_the_line(file: str, name: str, text: str) -> None:
    source = replace(fitted(drawn(Normal(9.0, 1.0), 60)).source, file=file, column=name)
    assert data_text(source) == text


def warned(fit: Fit, entry: str) -> bool:
    """Whether a warning is that of the catalogue."""
    return any(not differs(warning, entry) for warning in fit.warnings)


def begins(fit: Fit, words: str) -> bool:
    """Whether a warning begins with `words`."""
    return any(warning.startswith(words) for warning in fit.warnings)


def test_data_are_warned_of_what_makes_a_fit_doubtful() -> None:
    clean = drawn(Lognormal(30.0, 1.0), 200)
    assert fitted(clean, replace(QUICK, unit="hour")).warnings == ()
    gaps = clean.copy()
    gaps[:3] = np.nan
    fit = fitted(gaps)
    assert warned(fit, "rows without a value")
    assert (fit.source.rows, fit.source.missing) == (200, 3)
    cut = f"{int(np.sum(clean >= 90))} values equal the highest, 90: if larger"
    assert begins(fitted(np.minimum(clean, 90.0)), cut)
    assert warned(fitted(clean[:20]), "few values")
    assert warned(fitted(np.sort(clean)), "sorted rows")
    rising = np.arange(200.0) + drawn(Normal(0.0, 10.0), 200)
    assert warned(fitted(rising), "rows that are alike")
    tiers = np.repeat([1.0, 2.0, 4.0, 1.0], 50)[uniforms(1, "order", 0, 200).argsort()]
    assert fitted(tiers, replace(QUICK, unit="seat")).warnings == ()
    assert begins(fitted(np.round(drawn(Normal(0.5, 0.3), 300), 1)), "only ")
    assert begins(fitted(np.abs(drawn(Normal(20.0, 7.0), 200))), "normal puts ")


def test_zeros_among_amounts_are_set_apart() -> None:
    values = drawn(Gamma(3.0, 20.0), 200)
    values[:50] = 0.0
    fit = fitted(values)
    assert fit.source.zeros == 50
    assert warned(fit, "zeros among amounts")
    assert all(family.distribution.startswith("zero_inflated(0.25, ") for family in fit.families)
    assert {"gamma", "lognormal"} <= {family.family for family in fit.families}
    inside = in_a_case(fit.line)
    assert isinstance(inside, ZeroInflated)
    assert (inside.p, float(inside.cdf(0.0))) == (0.25, 0.25)
    counts = fitted(np.round(values))
    assert counts.source.zeros == 0
    assert warned(counts, "zeros among counts")
    apart = fitted(np.round(values), replace(QUICK, kind="amounts"))
    assert apart.source.zeros == int(np.sum(np.round(values) == 0))


def test_counts_with_added_zeros_are_one_line() -> None:
    values = drawn(Poisson(3.0), 300)
    values[:120] = 0.0
    fit = fitted(values)
    assert fit.families[0].family == "zero-inflated poisson"
    inside = in_a_case(fit.line)
    assert isinstance(inside, ZeroInflated)
    assert inside.mean == pytest.approx(float(np.mean(values)), rel=1e-3)


def test_a_cap_makes_lower_bounds_of_what_reaches_it() -> None:
    values = drawn(Lognormal(30.0, 1.0), 400)
    fit = fit_column(column(np.minimum(values, 60.0)), Request(cap=60.0))
    assert fit.source.censored == int(np.sum(values >= 60.0))
    assert fit.line.startswith('requests: {distribution: "lognormal(')
    inside = in_a_case(fit.line)
    # Standard errors at n = 400: 1.5 of the median, .04 of sigma; a fifth more for the censoring.
    assert float(inside.ppf(0.5)) == pytest.approx(30.0, abs=4 * 1.9)
    assert float(np.log(inside.ppf(0.975) / inside.ppf(0.5)) / 1.959964) == pytest.approx(1.0, abs=4 * 0.05)
    assert fit.fits is True


def test_a_column_marks_lower_bounds() -> None:
    values, until = drawn(Weibull(2.0, 30.0), 300), drawn(Uniform(10.0, 90.0), 300)
    marks = (values > until).astype(float)
    fit = fit_column(column(np.minimum(values, until)), Request(), column(marks, "open"))
    assert fit.source.censored == int(marks.sum())
    assert fit.fits is None
    assert not differs(fit.verdict, "bounds of several heights")
    assert begins(fit, f"{int(marks.sum())} values are lower bounds")
    plots = fit.plots
    # Kaplan and Meier: shares rise, and end below 1 where the last values are censored.
    assert all(a < b for a, b in zip(plots.share, plots.share[1:], strict=False))


REFUSED = [
    (column(np.arange(5.0)), QUICK, None, "data/volume.csv: column requests: at least 8 values are needed, got 5"),
    (column(np.full(9, 3.0)), QUICK, None, "all values are 3: a certain value, no distribution"),
    (column(np.arange(9.0)), Request(cap=99.0), None, "no value reaches the cap of 99"),
    (column(np.arange(9.0)), QUICK, column(np.arange(9.0), "open"), "the column open marks lower bounds"),
    (column(np.arange(9.0) + 0.5), Request(kind="counts"), None, "counts must be whole numbers from 0"),
    (column(np.append(np.arange(1, 6), np.zeros(9)) / 8), QUICK, None, "requests above 0: at least 8 values"),
    (column(np.append(np.arange(1.0, 9.0), np.full(5, 1.5))), QUICK, None, "no family applies: 38 % of the values"),
    (column(np.append(np.arange(1.0, 9.0), np.full(5, 8.5))), QUICK, None, "-> that value as a cap, if larger ones"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "request_", "marks", "says"), REFUSED, ids=[says[:40] for *_, says in REFUSED])
def test_data_that_cannot_be_fitted_are_refused_with_the_reason(
    data: Column, request_: Request, marks: Column | None, says: str
) -> None:
    with pytest.raises(UsageError) as caught:
        fit_column(data, request_, marks)
    assert says in str(caught.value)


def test_the_same_seed_gives_the_same_document() -> None:
    values = drawn(Normal(50.0, 5.0), 60)
    first = fit_column(column(values), Request(seed=5))
    assert first == fit_column(column(values), Request(seed=5))
    other = fit_column(column(values), Request(seed=6))
    assert [family.p for family in other.families] != [family.p for family in first.families]
    assert [family.aicc for family in other.families] == [family.aicc for family in first.families]


def test_progress_is_told(tmp_path: Path) -> None:
    reports: list[tuple[int, int]] = []
    fit_column(column(drawn(Normal(50.0, 5.0), 60)), Request(), progress=lambda done, of: reports.append((done, of)))
    assert reports == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_twelve_values_decide_nothing_and_have_three_digits() -> None:
    fit = fitted(drawn(Lognormal(14.0, 0.25), 12), Request(unit="hour"))
    assert not differs(fit.verdict, "twelve values")
    for family in fit.families:
        if family.family in ("normal", "lognormal", "gamma", "weibull"):
            assert all(
                len(number.replace(".", "").lstrip("0")) <= 4 for number in re.findall(r"[0-9.]+", family.distribution)
            )
    assert "unit: hour" in fit.line
    assert not any("no unit" in warning for warning in fit.warnings)
    assert any(not differs(warning, "no unit") for warning in fitted(drawn(Lognormal(14.0, 0.25), 12)).warnings)


@pytest.mark.parametrize("ones", [1, 5, 9, 14, 19])
def test_a_column_of_0_and_1_is_a_bernoulli(ones: int) -> None:
    fit = fitted(np.array([1.0] * ones + [0.0] * (20 - ones)), Request())
    assert not differs(fit.verdict, "a column of 0 and 1")
    assert ([family.family for family in fit.families], fit.fits) == (["bernoulli"], True)
    assert in_a_case(fit.line) == Bernoulli(ones / 20)


@pytest.mark.parametrize("count", [12, 40, 150, 2_000, 20_000])
@pytest.mark.parametrize("d", [Lognormal(14.0, 0.25), Uniform(3.0, 4.0), LogUniform(1.0, 50.0), Gamma(2.0, 7.0)])
def test_digits_that_the_data_support_keep_the_likelihood(d: Distribution, count: int) -> None:
    """Two digits more than the standard error: the log likelihood falls by less than 0.05, and no value is shut out."""
    values = drawn(d, count)
    fit = fitted(values)
    chosen = next(family for family in fit.families if f'"{family.distribution}"' in fit.line)
    assert float(np.sum(np.log(in_a_case(fit.line).pdf(values)))) == pytest.approx(chosen.log_likelihood, abs=0.05)


def test_the_sentence_names_the_first_of_the_table() -> None:
    for seed in range(6):
        fit = fitted(drawn(Lognormal(14.0, 0.25), 60, seed), Request(seed=seed))
        assert fit.families[0].family in fit.verdict
