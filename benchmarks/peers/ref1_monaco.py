"""REF-1 with monaco; usage: python -m benchmarks.peers.ref1_monaco TRIALS.

It calls a Python function for each trial. One thread: its pool pickles each trial, which costs more than the ledger.
"""

from __future__ import annotations

import math
from typing import Any

import monaco as mc
import numpy as np

from benchmarks.peers.frozen import inputs
from benchmarks.peers.ref1 import DISCOUNT, Clock, report, trials

clock = Clock()
LAWS = inputs()
MEASURES = ("payback", "npv", "roi")
NEVER = 1e30


def take(case: Any) -> tuple[float, ...]:
    """Return the inputs of a trial."""
    return tuple(case.invals[name].val for name in LAWS)


def ledger(*x: float) -> tuple[float, float, float]:
    """Return the measures of a trial."""
    volume, growth, price, decay, serving, hours, gpu, runs, eng_hours, eng_rate, teacher, upkeep = x
    upfront = teacher + 1.2 * hours * gpu * runs + eng_hours * eng_rate
    income, cost, grow = volume * price, volume * serving, 1 + growth
    both = grow * (1 - decay) ** (1 / 12)
    cumulative = npv = -upfront
    payback = math.inf
    for month, discount in enumerate(DISCOUNT.tolist()):
        net = income - cost - upkeep
        after = cumulative + net
        if after >= 0 and payback == math.inf:
            payback = month - cumulative / net
        cumulative = after
        npv += discount * net
        income *= both
        cost *= grow
    return payback, npv, cumulative / upfront


def keep(case: Any, *values: float) -> None:
    """Store the measures of a trial."""
    for name, value in zip(MEASURES, values, strict=True):
        case.addOutVal(name, min(value, NEVER))


functions = {"preprocess": take, "run": ledger, "postprocess": keep}
simulation = mc.Sim("ref1", trials(), functions, seed=1, singlethreaded=True, verbose=False)
for name, law in LAWS.items():
    shapes = [shape for shape in (law.dist.shapes or "").replace(" ", "").split(",") if shape]
    arguments = dict(zip([*shapes, "loc", "scale"], law.args, strict=False))
    simulation.addInVar(name=name, dist=law.dist, distkwargs={**arguments, **law.kwds})
simulation.runSim()
payback, npv, roi = (np.array(simulation.outvars[name].nums, dtype=float) for name in MEASURES)
report("monaco", clock, (np.where(payback >= NEVER, np.inf, payback), npv, roi))
