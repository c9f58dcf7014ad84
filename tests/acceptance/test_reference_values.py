"""REF-1 and REF-1c at 2^20 trials against an independent program's 4 x 10^8."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from payback.simulator.case import load
from payback.simulator.cube import SAMPLERS, Cube
from payback.simulator.engine import simulate
from payback.simulator.statistics import KeptSample, mean, percentile, probability, sd

ROOT = Path(__file__).parents[2]
REFERENCE = json.loads(Path(__file__).with_name("ref1_values.json").read_text(encoding="utf-8"))
TRIALS = 2**20
ASKED = ("payback", "npv", "roi")
HITS = {"P_npv_neg": "npv < 0", "P_payback_le_12": "payback <= 12 months"}


def statistics(case_name: str, sampler: str, seed: int) -> dict[str, float | None]:
    case = load(ROOT / "configs" / f"{case_name}.yaml")
    axes = tuple(d.axis for d in case.model.draws)
    cube = Cube(axes=axes, trials=TRIALS, seed=seed, sampler=SAMPLERS[sampler], dependence=case.model.dependence)
    formulas = {text: case.formula(text).expression for text in (*ASKED, *HITS.values())}
    trials = simulate(case.model, cube, formulas)
    result = {name: probability(trials[text], trials.replicates).value for name, text in HITS.items()}
    for name in ASKED:
        sample = KeptSample(trials[name], trials.replicates)
        result |= {f"{name}_P{q}": percentile(sample, q).value for q in (5, 10, 25, 50, 75, 90, 95)}
    result["npv_mean"] = mean(trials["npv"], trials.replicates).value
    result["npv_sd"] = sd(trials["npv"], trials.replicates).value
    return result


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("sampler", ["sobol", "monte_carlo"])
@pytest.mark.parametrize("case_name", ["ref1", "ref1c"])
def test_every_reference_value_within_4_5_standard_errors_of_plain_monte_carlo(case_name, sampler, seed):
    values = statistics(case_name, sampler, seed)
    reference = REFERENCE[case_name]
    assert set(values) == set(reference)
    for name, entry in reference.items():
        if entry["value"] == "inf":
            assert values[name] is None, name
            continue
        # The reference is plain Monte Carlo, so a run of TRIALS has sqrt(4e8 / TRIALS) times its standard error.
        error = entry["se"] * math.sqrt(REFERENCE["trials"] / TRIALS + 1)
        assert abs(values[name] - entry["value"]) <= 4.5 * error, name
