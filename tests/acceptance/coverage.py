"""How often 95 % intervals hold the truth: the work of one seed, importable by worker processes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from simulator.case import Case, load, loads
from simulator.cube import SAMPLERS, Cube
from simulator.engine import Trials, simulate
from simulator.statistics import Estimate, Sample, mean, percentile, probability

ROOT = Path(__file__).parents[2]
TRIALS = 16_384
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


def trials(name: str, text: str, sampler: str, seed: int, count: int) -> Trials:
    """Return one run of `text`."""
    c = case(name)
    axes = tuple(d.axis for d in c.model.draws)
    cube = Cube(axes=axes, trials=count, seed=seed, sampler=SAMPLERS[sampler])
    return simulate(c.model, cube, {"x": c.formula(text).expression}, threads=1)


def estimates(run: Trials) -> dict[str, Estimate]:
    """Return the five statistics whose coverage is tested."""
    sample = Sample(run["x"], run.replicates)
    found = {f"P{q}": percentile(sample, q) for q in (10, 50, 90)}
    found["mean"] = mean(sample)
    found["P(x < 0)"] = probability((run["x"] < 0).astype(float), run.replicates)
    return found


@cache
def truth(name: str) -> Mapping[str, float]:
    """Return the statistics of npv: an independent program's for REF-1, else of 1,024 times the trials."""
    if name == "ref1":
        stats = json.loads(Path(__file__).with_name("ref1_values.json").read_text(encoding="utf-8"))["ref1"]
        values = {f"P{q}": stats[f"npv_P{q}"]["value"] for q in (10, 50, 90)}
        return values | {"mean": stats["npv_mean"]["value"], "P(x < 0)": stats["P_npv_neg"]["value"]}
    found = estimates(trials(name, "npv", "sobol", 987_654_321, 1024 * TRIALS))
    return {key: float(e.value) for key, e in found.items() if e.value is not None}


def covered(name: str, sampler: str, expected: Mapping[str, float], seed: int) -> dict[str, bool]:
    """Return whether each interval of one seed holds `expected`, and whether the mean warns."""
    found = estimates(trials(name, "npv", sampler, seed, TRIALS))
    inside = {}
    for key, value in expected.items():
        low, high = found[key].low, found[key].high
        inside[key] = low is not None and high is not None and low <= value <= high
    return inside | {"warns": bool(found["mean"].warning)}


def shares(name: str, sampler: str, seeds: int) -> dict[str, float]:
    """Return the share of `seeds` in which each interval holds the truth."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        rows = list(pool.map(partial(covered, name, sampler, truth(name)), range(seeds), chunksize=seeds // 20))
    return {key: float(np.mean([row[key] for row in rows])) for key in rows[0]}
