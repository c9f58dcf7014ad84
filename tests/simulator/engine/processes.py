"""Cases with one monthly process each, and their trials, for tests of processes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from payback.simulator.case import Case, loads
from payback.simulator.cube import Cube, MonteCarlo
from payback.simulator.engine import simulate
from payback.simulator.model import Draw
from payback.simulator.questions.trials.sampling import uncertain_axes
from tests.reference_language import evaluate as twin


def case_of(*calculations: str, inputs: Sequence[str] = ("idle: 1 to 3",), months: int = 12, more: str = "") -> Case:
    """Return a case of plain numbers with the inputs and calculations ``NAME: formula``."""
    sections = [f"horizon: {months}", "inputs:", *(f"  {text}" for text in inputs)]
    sections += ["calculations:", *(f"  {text}" for text in calculations)]
    return loads("\n".join([*sections, "cash_flows: {upfront: {cost: -20}, monthly: {saved: 2}}", more]))


def cube_of(case: Case, trials: int, seed: int = 5) -> Cube:
    """Return independent trials of a case."""
    return Cube(uncertain_axes(case.model), trials, seed, MonteCarlo(), case.model.dependence)


def trials_of(case: Case, texts: Sequence[str], trials: int = 16_384, seed: int = 5) -> list[NDArray[np.float64]]:
    """Return the values of scalar formulas, each of shape (trials,)."""
    outputs = {text: case.formula(text).expression for text in texts}
    values = simulate(case.model, cube_of(case, trials, seed), outputs, threads=1).values
    return [values[text] for text in texts]


def path(case: Case, name: str, months: Sequence[int], trials: int = 16_384) -> NDArray[np.float64]:
    """Return a monthly calculation, shape (trials, months)."""
    return np.column_stack(trials_of(case, [f"at({name}, {month})" for month in months], trials))


def errors(x: NDArray[np.float64], mean: float) -> float:
    """Return how many standard errors the mean of independent trials `x` is away from `mean`."""
    return abs(float(x.mean()) - mean) / (float(x.std(ddof=1)) / np.sqrt(x.size))


def require_twin(case: Case, name: str, trials: int = 8) -> None:
    """Require that the plan and its slow twin agree on the path of `name`, trial by trial."""
    months = case.horizon
    texts = [f"at({name}, {month})" for month in range(1, months + 1)] + [f"total({name})"]
    outputs = {text: case.formula(text).expression for text in texts}
    cube = cube_of(case, trials)
    values = simulate(case.model, cube, outputs, block=5, threads=2).values
    axes = [axis for draw in case.model.draws for axis in _axes(draw, months)]
    drawn = cube.block(0, trials, axes)
    for trial in range(trials):
        expected = twin(case.model, outputs, coordinates=dict(zip(axes, drawn[trial], strict=True)))
        for text, value in expected.items():
            assert values[text][trial] == pytest.approx(value, rel=1e-9, abs=1e-12), f"{text} in trial {trial}"


def _axes(draw: Draw, months: int) -> list[str]:
    return [f"{draw.axis}[{month}]" for month in range(1, months + 1)] if draw.monthly else [draw.axis]
