"""REF-1 for systems without a ledger: the monthly loop, the statistics, and the line of JSON.

Twelve inputs, 36 months: the workload of configs/ref1.yaml. Imports numpy alone, so that what a
script's process costs beyond that is its system's own.
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MONTHS = 36
SIGMA_VOLUME = math.log(5) / 1.6448536269514722
QUANTILES = np.array([5, 10, 25, 50, 75, 90, 95]) / 100
DISCOUNT = 1.10 ** (-np.arange(1, MONTHS + 1) / 12)


def pert_shapes(low: float, mode: float, high: float) -> tuple[float, float]:
    """Return alpha and beta of PERT(low, mode, high) with weight 4."""
    return 1 + 4 * (mode - low) / (high - low), 1 + 4 * (high - mode) / (high - low)


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


def report(system: str, started: float, found_measures: Sequence[Floats]) -> None:
    """Print the statistics of (payback, npv, roi) and the seconds since `started`, imports not included."""
    payback, npv, roi = found_measures
    found = {"npv_mean": float(npv.mean()), "npv_sd": float(npv.std()), "P_npv_neg": float((npv < 0).mean())}
    found["P_payback_le_12"] = float((payback <= 12).mean())
    for name, values in (("payback", payback), ("npv", npv), ("roi", roi)):
        order = np.sort(values)[np.ceil(QUANTILES * len(values)).astype(int) - 1]
        found |= {f"{name}_P{round(100 * q)}": float(v) for q, v in zip(QUANTILES, order, strict=True)}
    seconds = round(time.perf_counter() - started, 4)
    print(json.dumps({"system": system, "trials": len(npv), "inside": seconds, "found": found}))


def trials() -> int:
    """Return the number of trials asked for on the command line."""
    return int(float(sys.argv[1]))
