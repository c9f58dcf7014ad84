"""The ladder of the Falcon3 case against an independent numpy program."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from payback.simulator.case import load
from payback.simulator.cube import SAMPLERS, Cube
from payback.simulator.engine import simulate
from payback.simulator.statistics import KeptSample, percentile, probability

ROOT = Path(__file__).parents[2]
REFERENCE = json.loads(Path(__file__).with_name("falcon3_values.json").read_text(encoding="utf-8"))
TRIALS = 2**19
CONDITIONS = ("P(roi < 0)", "P(roi >= 10)", "P(payback <= 12 months)")


@pytest.fixture(scope="module")
def steps():
    case = load(ROOT / "configs" / "falcon3_api.yaml")
    cases = [case.change(name) for name in case.ladder] + [case]
    axes = tuple(d.axis for d in case.model.draws if not d.monthly)
    cube = Cube(axes=axes, trials=TRIALS, seed=1, sampler=SAMPLERS["monte_carlo"])
    estimates = {}
    for step, of in zip(REFERENCE["published"], cases, strict=True):
        formulas = {text: of.formula(text[2:-1]).expression for text in CONDITIONS} | {
            "gain": of.formula("gain").expression
        }
        run = simulate(of.model, cube, formulas)
        estimates[step] = {text: probability(run[text]) for text in CONDITIONS} | {
            "P50(gain)": percentile(KeptSample(run["gain"]), 50)
        }
    return estimates


def standard_error(text, estimate) -> float:
    if text in CONDITIONS:
        return math.sqrt(max(estimate.value * (1 - estimate.value), 1 / TRIALS) / TRIALS)
    return (estimate.high - estimate.low) / (2 * 1.96)


@pytest.mark.parametrize("step", REFERENCE["published"])
@pytest.mark.parametrize("text", [*CONDITIONS, "P50(gain)"])
def test_every_step_agrees_within_4_5_combined_standard_errors(steps, step, text):
    ours = steps[step][text]
    error = standard_error(text, ours)
    longer = REFERENCE["long"][step][text]
    assert abs(ours.value - longer["value"]) <= 4.5 * math.hypot(error, longer["se"])
    published = REFERENCE["published"][step][text]
    # the published table has rounded its last digit
    combined = error * math.sqrt(1 + TRIALS / REFERENCE["published_trials"])
    assert abs(ours.value - published["value"]) <= 4.5 * combined + published["unit"] / 2
