"""REF-1 in plain numpy, whole arrays of (trials, months); usage: python -m benchmarks.peers.ref1_numpy TRIALS."""

from __future__ import annotations

import numpy as np

from benchmarks.peers.ref1 import DISCOUNT, MONTHS, Clock, draws, report, trials

clock = Clock()
volume, growth, price, decay, serving, hours, gpu, runs, eng_hours, eng_rate, teacher, upkeep = draws(1, trials())
before = np.arange(MONTHS)
upfront = teacher + 1.2 * hours * gpu * runs + eng_hours * eng_rate
requests = volume[:, None] * (1 + growth[:, None]) ** before
unit = price[:, None] * (1 - decay[:, None]) ** (before / 12)
net = requests * (unit - serving[:, None]) - upkeep[:, None]
npv = net @ DISCOUNT - upfront
cumulative = np.cumsum(net, axis=1) - upfront[:, None]
paid = cumulative >= 0
first, each = paid.argmax(axis=1), np.arange(len(npv))
payback = np.where(paid.any(axis=1), first + 1 - cumulative[each, first] / net[each, first], np.inf)
report("numpy", clock, (payback, npv, cumulative[:, -1] / upfront))
