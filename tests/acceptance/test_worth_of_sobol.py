"""How many Monte Carlo trials one Sobol' trial of REF-1 is worth: the ratio of their mean squared errors."""

from __future__ import annotations

import json
import math
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from payback.simulator.cube import SAMPLERS, Cube
from payback.simulator.engine import simulate
from payback.simulator.statistics import KeptSample
from tests.acceptance.coverage import case
from tests.acceptance.seeds import axes

SEEDS, TRIALS = 256, 16 * 2**12
VALUES = json.loads(Path(__file__).with_name("ref1_values.json").read_text(encoding="utf-8"))
REFERENCE = VALUES["ref1"]
WINDOW = 0.0025
"""Share of the trials on either side of a percentile that its density is taken from."""

FEWER = 64
"""Seeds whose trials give it, to 1 %."""

AT_LEAST = {"payback_P10": 3.5, "payback_P25": 3.5, "payback_P50": 3.5, "P_npv_neg": 3.5, "npv_mean": 15.0}


@pytest.fixture(scope="module")
def runs() -> tuple[dict[str, list[float]], np.ndarray]:
    """Return each statistic, seed by seed, and payback in the trials of the first seeds, sorted."""
    c = case("ref1")
    outputs = {text: c.formula(text).expression for text in ("npv", "payback")}
    engine = "compiled" if find_spec("llvmlite") else "numpy"
    values: dict[str, list[float]] = {name: [] for name in AT_LEAST}
    payback = np.empty((FEWER, TRIALS))
    for seed in range(SEEDS):
        cube = Cube(axes(c), TRIALS, seed, SAMPLERS["sobol"])
        trials = simulate(c.model, cube, outputs, threads=1, engine=engine)
        if seed < FEWER:
            payback[seed] = trials["payback"]
        ordered = KeptSample(trials["payback"])
        for q in (10, 25, 50):
            values[f"payback_P{q}"].append(ordered.quantile(q / 100))
        values["P_npv_neg"].append(float(np.mean(trials["npv"] < 0)))
        values["npv_mean"].append(float(np.mean(trials["npv"])))
    return values, np.sort(payback, axis=None)


def monte_carlo_error(name: str, payback: np.ndarray) -> float:
    """Return the standard error of a statistic of as many independent trials."""
    if name == "npv_mean":
        return REFERENCE["npv_sd"]["value"] / math.sqrt(TRIALS)
    if name == "P_npv_neg":
        p = REFERENCE[name]["value"]
        return math.sqrt(p * (1 - p) / TRIALS)
    p = int(name.removeprefix("payback_P")) / 100
    low, high = (payback[int(payback.size * end)] for end in (p - WINDOW, p + WINDOW))
    return math.sqrt(p * (1 - p) / TRIALS) * (high - low) / (2 * WINDOW)


@pytest.mark.parametrize("name", AT_LEAST)
def test_a_sobol_trial_is_worth_several_independent_ones(runs, name):
    values, payback = runs
    squares = (np.array(values[name]) - REFERENCE[name]["value"]) ** 2
    worth = monte_carlo_error(name, payback) ** 2 / squares.mean()
    # a mean square of 256 seeds is itself known to 9 %; found: 5.6, 7.1, 6.2, 5.8 and 33
    assert worth >= AT_LEAST[name]
    # the reference tells its own error from batches of independent trials: 2 to 12 % off these formulas
    scale = math.sqrt(VALUES["trials"] / TRIALS)
    assert REFERENCE[name]["se"] * scale == pytest.approx(monte_carlo_error(name, payback), rel=0.2)
