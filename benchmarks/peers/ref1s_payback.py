"""REF-1s with payback, with intervals; usage: python -m benchmarks.peers.ref1s_payback LOG2 [OPTION=VALUE ...].

The clock starts after a small run that built tables and compiled. Options: engine=compiled.
"""

from __future__ import annotations

import sys

from benchmarks.peers.ref1 import THREADS, Clock
from benchmarks.peers.ref1s import report_indices, size
from payback.simulator.case import load
from payback.simulator.questions.sensitivity.variance import variance
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame
from payback.simulator.questions.trials.sampling import Sampling

case = load("configs/ref1.yaml")
options = dict(word.split("=") for word in sys.argv[2:])
execution = Execution(THREADS, options.pop("engine", "auto"))
variance(Frame(case, Sampling(2_048, **options).cube(case)), execution)
clock = Clock()
frame = Frame(case, Sampling(size(), **options).cube(case))
share_of = {share.inputs[0]: share for share in variance(frame, execution).shares}
shares = [share_of[draw.name] for draw in case.model.draws]
report_indices("payback", clock, [x.first.value for x in shares], [x.total.value for x in shares])
