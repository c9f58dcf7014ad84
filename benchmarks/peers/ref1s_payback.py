"""REF-1s with payback, with intervals; usage: python -m benchmarks.peers.ref1s_payback LOG2.

The clock starts when tables are built.
"""

from __future__ import annotations

from benchmarks.peers.ref1 import THREADS, Clock
from benchmarks.peers.ref1s import report_indices, size
from simulator.case import load
from simulator.questions.frames import Frame
from simulator.questions.settings import Settings
from simulator.questions.variance import variance

case = load("configs/ref1.yaml")
few = Settings(trials=2_048, threads=THREADS)
variance(Frame(case, few.cube(case)), few)
clock = Clock()
settings = Settings(trials=size(), threads=THREADS)
found = {share.inputs[0]: share for share in variance(Frame(case, settings.cube(case)), settings).shares}
shares = [found[draw.name] for draw in case.model.draws]
report_indices("payback", clock, [x.first.value for x in shares], [x.total.value for x in shares])
