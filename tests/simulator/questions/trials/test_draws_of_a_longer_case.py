"""Draws stay when a case grows at its end, or says the same in another order: random cases, every sampler."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payback.simulator.case import Case, loads
from payback.simulator.cube import SAMPLERS
from payback.simulator.engine import simulate
from payback.simulator.questions.trials.sampling import Sampling

INPUTS = ("normal(5, 1)", "uniform(1, 9)", "gamma(2, 3)", "bernoulli(30 %)", "lognormal(2, 0.5)", "poisson(4)")
PROCESSES = (
    "renewal(weibull(2, 9))", "renewal(gamma(2, 3), 4)", "events(0.3, gamma(2, 5))", "gbm(1, 2 %, 20 %)",
    "ar1(1, 1, 0.8, 0.1)", "jumps(1, 2, normal(0, 0.1))", "total(renewal(uniform(1, 5))) * gbm(1, 0.1, 0.2)",
)  # fmt: skip


def case_of(inputs: list[str], processes: list[str], pairs: list[tuple[int, int]], more: str = "") -> Case:
    lines = [f"  x{k}: {text}" for k, text in enumerate(inputs)] + ([f"  added: {more}"] if more else [])
    listed = [f"  - {{between: [x{a}, x{b}], parameter: 0.3}}" for a, b in pairs]
    calculations = [f"  p{k}: {text}" for k, text in enumerate(processes)]
    names = [f"x{k}" for k in range(len(inputs))] + [f"total(p{k})" for k in range(len(processes))]
    flow = " + ".join([*names, *(["added"] if more else [])])
    parts = ["horizon: 6", "inputs:", *lines, *(["dependence:", *listed] if listed else [])]
    parts += [*(["calculations:", *calculations] if calculations else []), f"cash_flows: {{upfront: {{a: {flow}}}}}"]
    return loads("\n".join(parts))


def draws(case: Case, names: list[str], sampler: str) -> dict[str, np.ndarray]:
    cube = Sampling(64, 7, sampler).cube(case)
    return simulate(case.model, cube, {name: case.formula(name).expression for name in names}, engine="numpy")


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    st.lists(st.sampled_from(INPUTS), min_size=3, max_size=5), st.lists(st.sampled_from(PROCESSES), max_size=2),
    st.sampled_from([[], [(0, 1)], [(0, 2), (1, 2)], [(0, 1), (1, 2), (0, 2)]]), st.sampled_from(INPUTS),
    st.sampled_from(sorted(SAMPLERS)),
)  # fmt: skip
def test_an_input_at_the_end_and_the_order_of_the_list_change_no_draw(
    inputs: list[str], processes: list[str], pairs: list[tuple[int, int]], more: str, sampler: str
) -> None:
    names = [f"x{k}" for k in range(len(inputs))] + [f"total(p{k})" for k in range(len(processes))]
    before = draws(case_of(inputs, processes, pairs), names, sampler)
    swapped = [(b, a) for a, b in reversed(pairs)]
    for other in (case_of(inputs, processes, pairs, more), case_of(inputs, processes, swapped)):
        after = draws(other, names, sampler)
        for name in names:
            assert np.array_equal(before[name], after[name]), name


@pytest.mark.parametrize("sampler", sorted(SAMPLERS))
def test_the_first_gap_of_a_renewal_is_a_draw_of_its_own(sampler: str) -> None:
    """Two renewals of one law are independent of each other and of the inputs: 64 x 16 trials, 4 standard errors."""
    case = case_of(["normal(5, 1)"], ["renewal(uniform(0, 12))", "renewal(uniform(0, 12))"], [])
    cube = Sampling(1_024, 3, sampler).cube(case)
    names = ["x0", "first_month(p0 > 0)", "first_month(p1 > 0)"]
    values = simulate(case.model, cube, {name: case.formula(name).expression for name in names}, engine="numpy")
    ranks = np.array([np.argsort(np.argsort(values[name])) for name in names])
    correlations = np.corrcoef(ranks)[np.triu_indices(3, 1)]
    assert np.abs(correlations).max() < 4 / np.sqrt(1_024)
