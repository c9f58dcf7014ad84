"""REF-1s with payback, with intervals; usage: python -m benchmarks.peers.ref1s_payback LOG2 [OPTION=VALUE ...].

The clock starts after a small run that built tables and compiled. Options: engine=compiled.
"""

from __future__ import annotations

import sys

from benchmarks.peers.ref1 import THREADS, Clock
from benchmarks.peers.ref1s import report_indices, size
from payback.simulator.case import load
from payback.simulator.questions.sensitivity.variance import variance
from payback.simulator.questions.trials.frames import Frame
from payback.simulator.questions.trials.settings import Settings

case = load("configs/ref1.yaml")
options = dict(word.split("=") for word in sys.argv[2:])
few = Settings(trials=2_048, threads=THREADS, **options)
variance(Frame(case, few.cube(case)), few)
clock = Clock()
settings = Settings(trials=size(), threads=THREADS, **options)
share_of = {share.inputs[0]: share for share in variance(Frame(case, settings.cube(case)), settings).shares}
shares = [share_of[draw.name] for draw in case.model.draws]
report_indices("payback", clock, [x.first.value for x in shares], [x.total.value for x in shares])
