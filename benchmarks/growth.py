"""How the cost grows: with trials on REF-1, with inputs and months on cases made for it.

``python -m benchmarks.growth`` prints both tables; ``--most 1e9`` goes on to a billion trials, which takes minutes.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.peers.ref1 import Clock
from benchmarks.whole_process import ROOT, Runs, run
from benchmarks.workloads import ASKED
from payback.simulator.case import load
from payback.simulator.questions.ask.answers import answer
from payback.simulator.questions.grammar import parse_questions
from payback.simulator.questions.trials.execution import KEPT, Execution
from payback.simulator.questions.trials.frames import Frame
from payback.simulator.questions.trials.sampling import Sampling

KINDS = (
    "lognormal(median={m}, p95={h})", "pert({l}, {m}, {h})", "triangular({l}, {m}, {h})", "normal({m}, {s})",
    "uniform({l}, {h})", "gamma(2.5, {s})",
)  # fmt: skip

SIZES = ((12, 36), (48, 36), (99, 36), (201, 36), (402, 36), (12, 12), (12, 120), (12, 360), (402, 120))
"""Inputs, three for each line of the ledger, and months."""

TRIALS = 1_000_000
SMALL = 4_096

COUNTED = KEPT // 4
"""At so many trials the five formulas of `ASKED` are counted, not kept."""

MOST = 10**8
ROUNDS = 3


def case_text(inputs: int, months: int) -> str:
    """Return a case whose lines are revenues and costs in turns, each a start, a growth a month and a price."""
    head = ["payback_case: 1", f"case: {inputs} inputs over {months} months", "currency: USD"]
    head += [f"horizon: {months} months", "discount_rate: 10 %/year"]
    drawn, flows = ["inputs:"], ["cash_flows:", "  upfront:", f"    setting_up: -{1000 * inputs} USD", "  monthly:"]
    for k in range(inputs // 3):
        sizes = {"l": 50 + k, "m": 100 + k, "h": 250 + k, "s": 20 + k}
        start, price = (KINDS[j % len(KINDS)].format(**sizes) for j in (2 * k, 2 * k + 1))
        drawn.append(f"  start_{k}: {{distribution: '{start}', unit: 1/month}}")
        drawn.append(f"  growth_{k}: truncated(normal(0.005, 0.01), -0.02, 0.03)")
        drawn.append(f"  price_{k}: {{distribution: '{price}', unit: USD}}")
        flows.append(f"    line_{k}: {'-' if k % 2 else ''}start_{k} * (1 + growth_{k}) ** (t - 1) * price_{k}")
    return "\n".join([*head, *drawn, *flows, ""])


def measured(path: str, trials: int) -> dict[str, object]:
    """Return seconds of the answers to `ASKED`, and of the first small run, which loads, builds tables and compiles."""
    begin = time.perf_counter()
    case = load(path)
    questions = parse_questions(ASKED)

    def answers(trials: int) -> None:
        answer(questions, Frame(case, Sampling(trials).cube(case)), Execution(threads=2, engine="compiled"))

    answers(SMALL)
    first = time.perf_counter() - begin
    if trials > COUNTED:
        answers(COUNTED)  # by code of its own
    clock = Clock()
    answers(trials)
    return {"system": "payback", "first": first, **clock()}


def alone(path: str | Path, trials: int, rounds: int = ROUNDS) -> Runs:
    """Return the figures of processes of their own."""
    command = [sys.executable, "-m", "benchmarks.growth", "--one", str(path), "--trials", str(trials)]
    return Runs([run(command) for _ in range(rounds)])


def by_size(trials: int, rounds: int) -> str:
    """Return the table of inputs and months."""
    rows = [f"| inputs | months | ns a trial | ns a trial, input and month | first {SMALL:,} trials, s | peak MiB |"]
    rows.append("|---" * 6 + "|")
    with tempfile.TemporaryDirectory() as folder:
        for inputs, months in SIZES:
            path = Path(folder) / f"{inputs}x{months}.yaml"
            path.write_text(case_text(inputs, months), encoding="utf-8")
            runs = alone(path, trials, rounds)
            cost = 1e9 * (runs.median("inside") or math.nan) / trials
            first = runs.runs[0].first or math.nan  # of the first process: the others find its code on the disk
            cells = f"{inputs} | {months} | {cost:,.0f} | {cost / (inputs * months):.3f} | {first:.1f}"
            rows.append(f"| {cells} | {runs.peak:,.0f} |")
            print(rows[-1], file=sys.stderr)
    return "\n".join(rows)


def by_trials(most: int, rounds: int) -> str:
    """Return the table of trials, with the slope between the logarithms, the seconds of the fewest taken off."""
    counts = [10**power for power in range(5, round(math.log10(most)) + 1)]
    rows = ["| trials | inside s | ns a trial | slope from the row above | peak MiB |", "|---|---|---|---|---|"]
    fixed = before = math.nan
    for count in counts:
        runs = alone(ROOT / "configs" / "ref1.yaml", count, rounds if count < TRIALS * 100 else 1)
        seconds = runs.median("inside") or math.nan
        fixed = seconds if count == counts[0] else fixed
        slope = math.log10((seconds - fixed) / (before - fixed)) if before > fixed else math.nan
        text = f"{slope:.3f}" if math.isfinite(slope) else ""
        rows.append(f"| {count:,} | {seconds:.3f} | {1e9 * seconds / count:.1f} | {text} | {runs.peak:,.0f} |")
        print(rows[-1], file=sys.stderr)
        before = seconds
    return "\n".join(rows)


def main() -> None:
    """Print both tables, or the figures of one run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description="How the cost grows.")
    parser.add_argument("--most", type=float, default=MOST, help="trials of REF-1, default: %(default)s")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="default: %(default)s")
    parser.add_argument("--one", metavar="CASE", help="run this case alone")
    parser.add_argument("--trials", type=int, default=TRIALS, help="of each case, default: %(default)s")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measured(options.one, options.trials)))
        return
    print(by_trials(round(options.most), options.rounds), by_size(options.trials, options.rounds), sep="\n\n")


if __name__ == "__main__":
    main()
