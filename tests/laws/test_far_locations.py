"""Values far from 0 keep their spread: what is drawn has the mean and the sd of the distribution, in both engines."""

from __future__ import annotations

import math

import numpy as np
import pytest

from payback.simulator.case import loads
from payback.simulator.case.expressions.tree import Name
from payback.simulator.cube.cube import Cube
from payback.simulator.engine import simulate

TRIALS = 16_384
LINES = (
    "normal({at}, 1)", "logistic({at}, 1)", "laplace({at}, 1)", "gumbel({at}, 1)", "student_t(8, {at}, 1)",
    "skew_normal(2, {at}, 1)", "johnson_su(0, 3, {at}, 1)", "uniform({at}, {at} + 3)", "{at} + gamma(2, 1)",
    "{at} + lognormal(1, 0.3)", "{at} + poisson(4)", "triangular({at}, {at} + 1, {at} + 5)",
    "pert({at}, {at} + 1, {at} + 5)", "trapezoidal({at}, {at} + 1, {at} + 2, {at} + 4)", "beta(2, 3, {at}, {at} + 2)",
    "truncated(normal({at}, 1), {at} - 1, {at} + 2)", "rounded(normal({at}, 3))", "-1 * normal({at}, 1)",
    "mixture(0.5: normal({at}, 1), 0.5: normal({at} + 5, 1))", "highest_of(normal({at}, 1), normal({at}, 2))",
    "{at} + zero_inflated(0.3, normal(2, 1))",
)  # fmt: skip


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
@pytest.mark.parametrize("at", [0.0, 1e6, 1e9, 1e12])
def test_the_spread_of_what_is_drawn_is_that_of_the_distribution(at: float, engine: str) -> None:
    """The standard error of an sd is sqrt((kurtosis - 1) / 4n) of it, kurtosis below 9; Sobol' points do better.

    Five of them, and the spacing of floats at the location beside.
    """
    lines = {f"x{k}": line.format(at=f"{at:.0f}") for k, line in enumerate(LINES)}
    written = "".join(f'  {name}: "{line}"\n' for name, line in lines.items())
    case = loads(f"horizon: 12 months\ninputs:\n{written}cash_flows: {{upfront: {{a: {' + '.join(lines)}}}}}\n")
    cube = Cube(axes=tuple(lines), trials=TRIALS, seed=7)
    values = simulate(case.model, cube, {name: Name(name) for name in lines}, engine=engine)
    laws = {draw.name: draw.distribution for draw in case.model.draws}
    for name, line in lines.items():
        law = laws[name]
        assert law is not None
        drawn = values[name]
        middle = float(np.median(drawn))
        bound = 5.0 * math.sqrt(8.0 / (4.0 * TRIALS)) * law.sd + math.ulp(at)
        assert np.std(drawn - middle) == pytest.approx(law.sd, abs=bound), line
        assert float(np.mean(drawn - middle)) + (middle - law.mean) == pytest.approx(0.0, abs=bound), line
