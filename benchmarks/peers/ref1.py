"""REF-1 for systems without a ledger: the monthly loop, the statistics, and the line of JSON.

Twelve inputs, 36 months: the workload of configs/ref1.yaml, or with its correlations that of configs/ref1c.yaml.
Imports numpy alone, so that what a script's process costs beyond that is its system's own.
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MONTHS = 36
THREADS = 2
SIGMA_VOLUME = math.log(5) / 1.6448536269514722
QUANTILES = np.array([5, 10, 25, 50, 75, 90, 95]) / 100
SPEARMAN = {(0, 1): -0.3, (0, 2): -0.4, (5, 7): 0.5}
"""Rank correlations of REF-1c by the positions of the inputs."""

DISCOUNT = 1.10 ** (-np.arange(1, MONTHS + 1) / 12)


def pert_shapes(low: float, mode: float, high: float) -> tuple[float, float]:
    """Return alpha and beta of PERT(low, mode, high) with weight 4."""
    return 1 + 4 * (mode - low) / (high - low), 1 + 4 * (high - mode) / (high - low)


def correlation() -> Floats:
    """Return the parameter matrix of the Gaussian copula of REF-1c, shape (12, 12)."""
    matrix = np.eye(12)
    for (i, j), rank in SPEARMAN.items():
        matrix[i, j] = matrix[j, i] = 2 * math.sin(math.pi * rank / 6)
    return matrix


def pert(rng: np.random.Generator, low: float, mode: float, high: float, n: int) -> Floats:
    """Return `n` draws of PERT(low, mode, high)."""
    return low + (high - low) * rng.beta(*pert_shapes(low, mode, high), n)


def draws(seed: int, n: int) -> list[Floats]:
    """Return `n` draws of each input by the methods of numpy's generator; growth outside its bounds is drawn again."""
    rng = np.random.default_rng(seed)
    growth = rng.normal(0.02, 0.03, n)
    while (outside := np.flatnonzero((growth < -0.10) | (growth > 0.15))).size:
        growth[outside] = rng.normal(0.02, 0.03, outside.size)
    return [
        rng.lognormal(math.log(1e5), SIGMA_VOLUME, n),
        growth,
        pert(rng, 0.001, 0.005, 0.010, n),
        0.8 * rng.beta(2, 5, n),
        rng.lognormal(math.log(0.0012), 0.5, n),
        rng.triangular(8.3, 10.4, 30, n),
        rng.uniform(0.9, 2.5, n),
        1.0 + rng.poisson(1.2, n),
        rng.lognormal(math.log(40), 0.6, n),
        rng.triangular(60, 90, 160, n),
        pert(rng, 80, 100, 250, n),
        pert(rng, 20, 60, 200, n),
    ]


def measures(inputs: Sequence[Floats]) -> tuple[Floats, Floats, Floats]:
    """Return payback, npv and roi from the twelve inputs, in the order of the case file."""
    volume, growth, price, decay, serving, hours, gpu, runs, eng_hours, eng_rate, teacher, upkeep = inputs
    upfront = teacher + 1.2 * hours * gpu * runs + eng_hours * eng_rate
    grow, fall = 1 + growth, (1 - decay) ** (1 / 12)
    requests, unit = np.array(volume, dtype=float), np.array(price, dtype=float)
    cumulative, npv = -upfront, -upfront
    payback = np.full(len(upfront), np.inf)
    for month in range(MONTHS):
        net = requests * (unit - serving) - upkeep
        after = cumulative + net
        hit = (after >= 0) & np.isinf(payback)
        payback[hit] = month - cumulative[hit] / net[hit]
        cumulative = after
        npv = npv + DISCOUNT[month] * net
        requests *= grow
        unit *= fall
    return payback, npv, cumulative / upfront


class Clock:
    """Seconds since it was made, on the wall and of this process's cores."""

    def __init__(self) -> None:
        self._start = time.perf_counter(), time.process_time()

    def __call__(self) -> dict[str, float]:
        """Return both."""
        wall, cores = self._start
        return {"inside": round(time.perf_counter() - wall, 4), "cpu": round(time.process_time() - cores, 4)}


def report(system: str, clock: Clock, results: Sequence[Floats]) -> None:
    """Print the statistics of (payback, npv, roi) and the seconds of `clock`, without imports and set-up."""
    payback, npv, roi = results
    statistics = {"npv_mean": float(npv.mean()), "npv_sd": float(npv.std()), "P_npv_neg": float((npv < 0).mean())}
    statistics["P_payback_le_12"] = float((payback <= 12).mean())
    ranks = np.ceil(QUANTILES * len(npv)).astype(int) - 1
    with ThreadPoolExecutor(THREADS) as pool:
        ordered = list(pool.map(np.sort, (payback, npv, roi)))
    for name, values in zip(("payback", "npv", "roi"), ordered, strict=True):
        statistics |= {f"{name}_P{round(100 * q)}": float(v) for q, v in zip(QUANTILES, values[ranks], strict=True)}
    print(json.dumps({"system": system, "trials": len(npv), **clock(), "found": statistics}))


def trials() -> int:
    """Return the number of trials asked for on the command line."""
    return int(float(sys.argv[1]))


def correlated() -> bool:
    """Return whether REF-1c is asked for behind the number of trials."""
    return sys.argv[2:] == ["ref1c"]
