"""How often 95 % intervals hold the truth, over many seeds."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from scipy.special import ndtri

from simulator.case import Case, load, loads
from simulator.cube import SAMPLERS, Cube
from simulator.engine import simulate
from simulator.statistics import Estimate, Sample, mean, percentile, probability
from tests.acceptance.seeds import TRIALS, axes, samples

ROOT = Path(__file__).parents[2]
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


def estimates(sample: Sample) -> dict[str, Estimate]:
    """Return the five statistics whose coverage is tested."""
    found = {f"P{q}": percentile(sample, q) for q in (10, 50, 90)}
    found["mean"] = mean(sample)
    found["P(x < 0)"] = probability((sample.values < 0).astype(float), sample.replicates)
    return found


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
    found = simulate(c.model, cube, {"x": c.formula("npv").expression})
    return {key: float(e.value) for key, e in estimates(Sample(found["x"], 16)).items() if e.value is not None}


def shares(name: str, sampler: str, seeds: int) -> dict[str, float]:
    """Return the share of `seeds` in which each interval of npv holds the truth, and in which the mean warns."""
    expected = truth(name)
    hits = dict.fromkeys([*expected, "warns"], 0)
    for sample in samples(case(name), ["npv"], sampler, seeds):
        found = estimates(sample["npv"])
        for key, value in expected.items():
            low, high = found[key].low, found[key].high
            hits[key] += low is not None and high is not None and low <= value <= high
        hits["warns"] += bool(found["mean"].warning)
    return {key: count / seeds for key, count in hits.items()}
