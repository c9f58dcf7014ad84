"""REF-1 with numexpr's threads for the months; usage: python -m benchmarks.peers.ref1_numexpr TRIALS.

It has no distributions: draws are numpy's.
"""

from __future__ import annotations

import numexpr as ne
import numpy as np

from benchmarks.peers.ref1 import DISCOUNT, MONTHS, Clock, draws, report, trials

clock = Clock()
ne.set_num_threads(2)
volume, growth, price, decay, serving, hours, gpu, runs, eng_hours, eng_rate, teacher, upkeep = draws(1, trials())
upfront = ne.evaluate("teacher + 1.2 * hours * gpu * runs + eng_hours * eng_rate")
income, cost, grow = volume * price, volume * serving, 1 + growth
both = ne.evaluate("grow * exp(log(1 - decay) / 12)")
cumulative, npv, payback = -upfront, -upfront, np.full(len(upfront), np.inf)
net, never = np.empty(len(upfront)), np.inf
for month in range(MONTHS):
    elapsed, discount = float(month), DISCOUNT[month]
    ne.evaluate("income - cost - upkeep", out=net)
    paid = "(payback == never) & (cumulative + net >= 0)"
    ne.evaluate(f"where({paid}, elapsed - cumulative / net, payback)", out=payback)
    ne.evaluate("cumulative + net", out=cumulative)
    ne.evaluate("npv + discount * net", out=npv)
    ne.evaluate("income * both", out=income)
    ne.evaluate("cost * grow", out=cost)
report("numexpr", clock, (payback, npv, cumulative / upfront))
