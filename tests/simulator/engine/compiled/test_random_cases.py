"""Cases that nobody wrote, compiled and in numpy; PAYBACK_RANDOM_CASES=200 runs so many of them."""

from __future__ import annotations

import os

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from payback.simulator.case.checker import check, check_formula
from payback.simulator.case.expressions.parser import parse
from payback.simulator.case.expressions.printer import to_text
from payback.simulator.case.expressions.tree import Expression
from payback.simulator.cube import SAMPLERS, Cube
from tests.declare import declare
from tests.simulator.engine.compiled.side_by_side import both
from tests.trees import MONTHLY_FORMULAS, SCALAR_FORMULAS, STATEFUL_FORMULAS

CASES = int(os.environ.get("PAYBACK_RANDOM_CASES", "40"))
TRIALS = 512
LAWS = st.sampled_from(
    [
        *("uniform(1, 3)", "uniform(-2, 4)", "normal(0, 1)", "lognormal(median=2, sigma=0.5)", "pert(0, 1, 4)"),
        *("triangular(1, 2, 5)", "beta(2, 3)", "gamma(2, 1)", "poisson(3)", "bernoulli(0.3)", "integers(1, 4)"),
        *("truncated(normal(1, 1), 0, 3)", "mixture(0.5: uniform(0, 1), 0.5: normal(3, 1))", "weibull(1.5, 2)"),
    ]
)
MEASURES = ("npv", "gain", "roi", "payback", "discounted_payback", "peak_funding", "total_cost", "npv < 0")
RATES = ("irr", "irr_count")


def far(plain: np.ndarray, compiled: np.ndarray, flow: float) -> np.ndarray:
    """Where two results differ by more than 1e-10 of the largest flow, and of themselves."""
    with np.errstate(all="ignore"):
        same = (plain == compiled) | (np.isnan(plain) & np.isnan(compiled))
        return ~(same | (np.abs(plain - compiled) <= 1e-10 * np.maximum(np.abs(plain), flow)))


@settings(max_examples=CASES, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.tuples(LAWS, LAWS, LAWS),
    STATEFUL_FORMULAS,
    MONTHLY_FORMULAS,
    SCALAR_FORMULAS,
    st.sampled_from(sorted(SAMPLERS)),
    st.integers(2, 30),
)
def test_both_engines_agree(
    laws: tuple[str, str, str], it: Expression, line: Expression, scalar: Expression, sampler: str, horizon: int
) -> None:
    """But for trials that stand at a switch, where the last bit decides: there may be 1 in 10,000 of a case's."""
    declared = declare(
        inputs=dict(zip("xyz", laws, strict=True)),
        calculations={"it": to_text(it)},
        upfront={"start": f"-5 * ({to_text(scalar)})"},
        monthly={"out": "-1", "back": f"it + ({to_text(line)})"},
        horizon=horizon,
        rate="0.1",
    )
    checked = check(declared)
    expressions = {
        text: check_formula(checked.scope, parse(text)).expression for text in (*MEASURES, *RATES, to_text(scalar))
    }
    numpy, compiled = both(checked.model, expressions, Cube(("x", "y", "z"), TRIALS, 7, SAMPLERS[sampler]))
    finite = [values[np.isfinite(values)] for name, values in numpy.items() if name in {"total_cost", "peak_funding"}]
    flow = max([1.0, *(float(np.abs(values).max()) for values in finite if values.size)])
    wrong = {name: far(numpy[name], compiled[name], flow).sum() for name in numpy if name not in RATES}
    assert not {name: count for name, count in wrong.items() if count > TRIALS / 10_000}
    apart = (numpy["irr_count"] != compiled["irr_count"]) & ~np.isnan(numpy["irr_count"])
    assert apart.mean() <= 1e-2
