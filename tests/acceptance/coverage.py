"""How often 95 % intervals hold the truth, over many seeds and along every path that trials take.

``python -m tests.acceptance.coverage [SEEDS [PATH ...]]`` prints it: 2,000 seeds and all paths if none are given. The
kept path takes 2 minutes of one core, the others about 5 minutes each.

Both back ends have the bits of all coordinates in common and measures nearly, so compiled code covers as numpy does
but for a truth that an interval only just holds: what its path adds is that no step of it is wrong for some seed.
Counted trials add the error inside cells, and sums by group in place of sorted values; the first half of the trials
makes the cells, so the others meet values that these have not seen.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from payback.simulator.case import Case, load, loads
from payback.simulator.cube import SAMPLERS, Cube
from payback.simulator.engine import simulate
from payback.simulator.engine.compiled import counting
from payback.simulator.engine.run import count_trials
from payback.simulator.questions.trials import execution
from payback.simulator.questions.trials.frames import Frame
from payback.simulator.questions.trials.samples import samples as sampled
from payback.simulator.questions.trials.sampling import Sampling
from payback.simulator.statistics import Estimate, KeptSample, Sample, mean, percentile, probability
from tests.acceptance.seeds import TRIALS, axes, samples

ROOT = Path(__file__).parents[2]
CASES = ("ref1", "stepped", "heavy")
FORMULAS = ("npv", "npv < 0")
OTHER_PATHS = ("counted, numpy", *(("kept, compiled", "counted, compiled") if find_spec("llvmlite") else ()))
PATHS = ("kept, numpy", *OTHER_PATHS)
STEPPED = """
case: golden case G13, uncertain
horizon: 12 months
inputs:
  volume: lognormal(median=1_000_000, p95=3_000_000) request/month
  gpu_price: triangular(0.5, 0.92, 1.6) USD/hour
  capacity: 5 request/second
  price: 0.002 USD/request
  build: 15_000 USD
calculations:
  replicas: max(1, ceil(volume * 3 / capacity))
cash_flows:
  upfront: {build: -build}
  monthly: {revenue: volume * price, serving: -replicas * gpu_price}
"""
HEAVY = """
case: a heavy lognormal
horizon: 1 month
inputs:
  x: lognormal(median=1, sigma=1.6)
cash_flows:
  upfront: {income: x, cost: -1}
"""


@cache
def case(name: str) -> Case:
    """Return REF-1, the stepped ledger, or the heavy lognormal."""
    return load(ROOT / "configs" / "ref1.yaml") if name == "ref1" else loads(STEPPED if name == "stepped" else HEAVY)


def estimates(npv: Sample, negative: Sample) -> dict[str, Estimate]:
    """Return the five statistics whose coverage is tested, from npv and whether it is negative."""
    estimated = {f"P{q}": percentile(npv, q) for q in (10, 50, 90)}
    return estimated | {"mean": mean(npv), "P(x < 0)": probability(negative)}


@cache
def truth(name: str) -> Mapping[str, float]:
    """Return the statistics of npv: an independent program's for REF-1, in closed form, or of 256 times the trials."""
    if name == "ref1":
        stats = json.loads(Path(__file__).with_name("ref1_values.json").read_text(encoding="utf-8"))["ref1"]
        values = {f"P{q}": stats[f"npv_P{q}"]["value"] for q in (10, 50, 90)}
        return values | {"mean": stats["npv_mean"]["value"], "P(x < 0)": stats["P_npv_neg"]["value"]}
    if name == "heavy":
        values = {f"P{q}": math.exp(1.6 * ndtri(q / 100)) - 1 for q in (10, 50, 90)}
        return values | {"mean": math.exp(1.6**2 / 2) - 1, "P(x < 0)": 0.5}
    c = case(name)
    cube = Cube(axes(c), 256 * TRIALS, 987_654_321, SAMPLERS["sobol"])
    trials = simulate(c.model, cube, {text: c.formula(text).expression for text in FORMULAS})
    of = estimates(*(KeptSample(trials[text], 16) for text in FORMULAS))
    return {key: float(e.value) for key, e in of.items() if e.value is not None}


def along(path: str, name: str, sampler: str, seeds: int) -> Iterator[tuple[Sample, ...]]:
    """Yield the samples of `FORMULAS`, seed by seed from 0 on; the paths but the first are those of a question."""
    c = case(name)
    if path == PATHS[0]:
        for by_text in samples(c, FORMULAS, sampler, seeds):
            yield tuple(by_text[text] for text in FORMULAS)
        return
    way, engine = path.split(", ")
    formulas = [c.formula(text).expression for text in FORMULAS]
    for seed in range(seeds):
        frame, kept = Frame(c, Sampling(TRIALS, seed, sampler).cube(c)), 2 * TRIALS if way == "kept" else 0
        with (
            patch.object(count_trials, "PILOT", TRIALS // 2),
            patch.object(counting, "PAYS", 0),
            patch.object(execution, "KEPT", kept),
        ):
            by_formula = sampled(frame, formulas, execution.Execution(threads=1, engine=engine))
        yield tuple(by_formula[formula] for formula in formulas)


def hits(path: str, name: str, sampler: str, seeds: int) -> dict[str, NDArray[np.bool_]]:
    """Return whether each interval of npv holds the truth, and whether the mean warns; arrays of shape (seeds,)."""
    rows = []
    for both in along(path, name, sampler, seeds):
        estimated = estimates(*both)
        row = {"warns": bool(estimated["mean"].warning)}
        for key, value in truth(name).items():
            low, high = estimated[key].low, estimated[key].high
            row[key] = low is not None and high is not None and low <= value <= high
        rows.append(row)
    return {key: np.array([row[key] for row in rows]) for key in rows[0]}


def main(arguments: list[str]) -> None:
    """Print the share of the seeds in which each interval holds the truth."""
    seeds = int(arguments[0]) if arguments else 2_000
    for path in arguments[1:] or PATHS:
        for sampler in ("monte_carlo", "sobol"):
            for name in CASES:
                shares = {key: round(float(np.mean(row)), 4) for key, row in hits(path, name, sampler, seeds).items()}
                sys.stdout.write(f"{path}; {sampler}; {name}: {shares}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
