"""REF-1 with payback; usage: python -m benchmarks.peers.ref1_payback TRIALS [OPTION=VALUE ...].

The clock starts after a run that built tables and compiled. Options: case=ref1c, sampler=monte_carlo, engine=numpy,
threads=1. The statistics are those of the peers, each with its 95 % interval.
"""

from __future__ import annotations

import json
import sys

from benchmarks.peers.ref1 import Clock, trials
from payback.simulator.case import load
from payback.simulator.questions.ask.answers import answer
from payback.simulator.questions.grammar import parse_questions
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame
from payback.simulator.questions.trials.sampling import Sampling

QUESTIONS = [f"P{q}({m})" for m in ("payback", "npv", "roi") for q in (5, 10, 25, 50, 75, 90, 95)]
QUESTIONS += ["mean(npv)", "sd(npv)", "P(npv < 0)", "P(payback <= 12 months)"]

options = dict(word.split("=") for word in sys.argv[2:])
case = load(f"configs/{options.pop('case', 'ref1')}.yaml")
threads = int(options.pop("threads", 2))
questions = parse_questions(QUESTIONS)
execution = Execution(threads, options.pop("engine", "auto"))
frame = Frame(case, Sampling(trials(), **options).cube(case))
answer(questions, frame, execution)
clock = Clock()
answers = answer(questions, frame, execution)
values = {question: result.value for question, result in zip(QUESTIONS, answers, strict=True)}
print(json.dumps({"system": "payback", "trials": trials(), **clock(), "found": values}))
