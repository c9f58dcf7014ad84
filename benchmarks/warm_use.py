"""Work of a process that has loaded its case, built its tables and compiled: as in a notebook, or behind a slider.

``python -m benchmarks.warm_use slider configs/ref1.yaml 131072`` prints a line of JSON; see `WORK` for what there is.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable

from payback.api import load, simulate
from payback.simulator.case import Case, loads
from payback.simulator.questions.ask.answers import answer
from payback.simulator.questions.compare.comparison import compare
from payback.simulator.questions.compare.default_questions import usual_questions
from payback.simulator.questions.grammar import parse_questions
from payback.simulator.questions.size.cost_budget import comparison_job
from payback.simulator.questions.size.engine_of_run import with_engine
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame, what_if
from payback.simulator.questions.trials.run_cache import shared_runs
from payback.simulator.questions.trials.sampling import Sampling

MOVES, TURNS = 40, 5
"""How often a slider is moved, and other work done."""

CHANGED = {"Reference workload REF-1": "price", "Falcon3-10B student sold as an API": "traffic"}
"""Case -> the input that its slider moves."""

FACTORS = (0.8, 1.25, 2)

GBM = """
horizon: 120 months
inputs: {{cost: 8_000 to 10_000 USD}}
calculations:
{prices}
cash_flows:
  upfront: {{build: -cost}}
  monthly:
{lines}
"""


def slider(case: Case, trials: int) -> dict[str, float]:
    """Return the median and the 95th percentile of the seconds of a what-if of one number, never the same twice."""
    result = simulate(case, trials=trials)
    name = CHANGED[case.name]
    result.what_if(f"{name} * 0.5")
    seconds = []
    for k in range(MOVES):
        begin = time.perf_counter()
        result.what_if(f"{name} * {0.6 + k / 50}")
        seconds.append(time.perf_counter() - begin)
    ordered = sorted(seconds)
    return {"inside": statistics.median(ordered), "worst": ordered[round(0.95 * MOVES) - 1]}


def changes(case: Case) -> list[str]:
    """Return 25 changes of one input each."""
    names = [draw.name for draw in case.model.draws]
    return [f"{name} * {factor}" for factor in FACTORS for name in names][:25]


def base(case: Case, trials: int) -> dict[str, float]:
    """Return the seconds of the usual questions to the case as it is."""
    questions = parse_questions(usual_questions(case))
    return _cpu(lambda n: answer(questions, _frame(case, n), Execution()), trials)


def what_ifs(case: Case, trials: int) -> dict[str, float]:
    """Return the seconds of the usual questions to the case, and to 25 what-ifs that change one input each."""

    def compared(n: int) -> object:
        frame, questions = _frame(case, n), usual_questions(case)
        frames = [what_if(frame, change) for change in changes(case)]
        execution = with_engine(Execution(), [comparison_job(case, len(frames), questions)], n)
        return compare(frame, frames, questions, execution, shared_runs())

    return _cpu(compared, trials)


def gbm(number: int, trials: int) -> dict[str, float]:
    """Return the seconds of the mean npv over so many geometric Brownian motions of 120 months, compiled."""
    prices = "\n".join(f"  p{k}: gbm({100 + k} USD/month, 2 %/year, 20 %)" for k in range(number))
    lines = "\n".join(f"    sold_{k}: p{k}" for k in range(number))
    case = loads(GBM.format(prices=prices, lines=lines))
    questions = parse_questions(["mean(npv)"])
    return _cpu(lambda n: answer(questions, _frame(case, n), Execution(1, "compiled")), trials)


def _frame(case: Case, trials: int) -> Frame:
    return Frame(case, Sampling(trials).cube(case))


def _cpu(work: Callable[[int], object], trials: int) -> dict[str, float]:
    """Return the median seconds of `work`, of all cores, after a run that builds tables and compiles."""
    work(trials)
    seconds = []
    for _ in range(TURNS):
        begin = time.process_time()
        work(trials)
        seconds.append(time.process_time() - begin)
    return {"inside": statistics.median(seconds)}


WORK: dict[str, Callable[[str, int], dict[str, float]]] = {
    "slider": lambda of, trials: slider(load(of), trials),
    "base": lambda of, trials: base(load(of), trials),
    "what-ifs": lambda of, trials: what_ifs(load(of), trials),
    "gbm": lambda of, trials: gbm(int(of), trials),
}
"""Name -> the work on a case, or on so many processes, at a number of trials."""


def main() -> None:
    """Do the work named on the command line and print its seconds."""
    name, of, trials = sys.argv[1:]
    print(json.dumps({"system": "payback", "trials": int(trials), **WORK[name](of, int(trials))}))


if __name__ == "__main__":
    main()
