"""What people wait for: whole commands and warm what-ifs, each against a limit: ``python -m benchmarks.waiting``.

Commands of a row run in turns, each once before it counts, with the bytecode of the tree compiled. ``--quick`` does
less work, once; ``--only falcon`` does the rows with that word.
"""

from __future__ import annotations

import argparse
import compileall
import math
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.warm_use import changes
from benchmarks.whole_process import COMPILED, ROOT, Runs, interleave, payback, peer
from payback.simulator.case import load

ROUNDS = 5
SUPPORT, FALCON, REF1 = (f"configs/{name}.yaml" for name in ("support_classifier", "falcon3_api", "ref1"))
USUAL = ("P(npv < 0)", "P(gain < 0)", "P50(npv)", "mean(npv)")
CHANGE = "traffic * 0.5"

Measured = Mapping[str, Runs]


@dataclass(frozen=True)
class Figure:
    """A figure of a row: what it is, its value from the runs of the row's commands, and the most that is asked."""

    text: str
    value: Callable[[Measured], float]
    limit: float
    unit: str = ""


@dataclass(frozen=True)
class Row:
    """Commands that are run in turns, by name, and the figures that follow from their runs."""

    work: str
    commands: Mapping[str, Sequence[str]]
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Sizes:
    """How much is done: trials of `ask`, of a comparison, of compiled runs from `few` to `many`, and of processes."""

    asked: int = 1_000_000
    compared: int = 131_072
    few: int = 2**22
    many: int = 2**26
    processes: int = 2**18


QUICK = Sizes(asked=2**17, compared=2**14, few=2**18, many=2**20, processes=2**14)


def median(of: str, figure: str = "cpu") -> Callable[[Measured], float]:
    """Return the function that gives the median of a figure of the runs of a command."""
    return lambda runs: _value(runs[of].median(figure))


def ratio(of: str, to: str, figure: str = "cpu") -> Callable[[Measured], float]:
    """Return the function that gives the ratio of the medians of two commands."""
    return lambda runs: _value(runs[of].median(figure)) / _value(runs[to].median(figure))


def milliseconds(of: str, figure: str) -> Callable[[Measured], float]:
    """Return the function that gives a figure in milliseconds."""
    return lambda runs: 1000 * _value(runs[of].median(figure))


def _value(median_or_none: float | None) -> float:
    return math.nan if median_or_none is None else median_or_none


def reports(folder: str) -> Iterator[Row]:
    """Yield the runs of the ready-made cases, of a long horizon, and the notebook by hand."""
    seconds = Figure("CPU", median("run"), 4.0, "s")
    yield Row("`run` support_classifier", {"run": _run(SUPPORT, folder)}, (seconds,))
    by_hand = peer("falcon3_notebook", 131_072, f"{folder}/notebook")
    yield Row(
        "`run` falcon3_api",
        {"run": _run(FALCON, folder), "notebook": by_hand},
        (
            Figure("CPU", median("run"), 3.5, "s"),
            Figure("CPU against the notebook by hand", ratio("run", "notebook"), 0.45),
        ),
    )
    yield Row("`run` ref1", {"run": _run(REF1, folder)}, (Figure("CPU", median("run"), 2.0, "s"),))
    long, short = (_run(REF1, folder, "--set", f"horizon = {months} months") for months in (480, 120))
    yield Row(
        "`run` ref1 at 480 months",
        {"long": long, "short": short},
        (
            Figure("CPU against 120 months", ratio("long", "short"), 2.5),
            Figure("peak", lambda runs: runs["long"].peak, 700.0, "MiB"),
        ),
    )


def answers(sizes: Sizes) -> Iterator[Row]:
    """Yield what `ask`, `what-if` and `variance` cost, each against its peer."""
    asked, compared = str(sizes.asked), ("--trials", str(sizes.compared))
    yield Row(
        f"`ask` one question, {sizes.asked:,} trials, ref1",
        {"ask": payback("ask", REF1, "P(npv < 0)", "--trials", asked), "numpy": peer("ref1_blocked", asked)},
        (Figure("CPU against numpy by hand", ratio("ask", "numpy"), 0.8),),
    )
    questions = [word for question in USUAL for word in ("--ask", question)]
    yield Row(
        f"`what-if` one change, {sizes.compared:,} trials, falcon3_api",
        {
            "what-if": payback("what-if", FALCON, CHANGE, *questions, *compared),
            "ask": payback("ask", FALCON, *USUAL, *compared),
        },
        (Figure("CPU against `ask` of the same", ratio("what-if", "ask"), 1.25),),
    )
    yield Row(
        f"`what-if` 25 changes of one input, {sizes.compared:,} trials, ref1",
        {
            "what-if": payback("what-if", REF1, *changes(load(ROOT / REF1)), *questions, *compared),
            "ask": payback("ask", REF1, *USUAL, *compared),
        },
        (Figure("CPU beyond `ask`, in runs of `ask`", _beyond("what-if", "ask", "cpu"), 5.0),),
    )
    yield Row(
        f"`variance` support_classifier, {sizes.compared:,} trials",
        {
            "variance": payback("variance", SUPPORT, *compared),
            "ask": payback("ask", SUPPORT, "mean(npv)", *compared),
        },
        (Figure("CPU against `ask`", ratio("variance", "ask"), 4.0),),
    )
    yield Row("`check` falcon3_api", {"check": payback("check", FALCON)}, (Figure("CPU", median("check"), 0.35, "s"),))
    yield Row("`--help`", {"help": payback("--help")}, (Figure("CPU", median("help"), 0.06, "s"),))


def threads(folder: str) -> Iterator[Row]:
    """Yield each simulating verb on two threads against one."""
    verbs = {
        "run": ("run", FALCON, "--quiet", "--out", f"{folder}/out"),
        "ask": ("ask", FALCON, *USUAL),
        "what-if": ("what-if", FALCON, CHANGE),
        "stress": ("stress", FALCON),
        "claims": ("claims", FALCON),
        "variance": ("variance", SUPPORT, "--trials", "16384"),
    }
    for verb, words in verbs.items():
        commands = {f"{n} threads": payback(*words, "--threads", str(n)) for n in (1, 2)}
        wall = Figure("wall against one thread", ratio("2 threads", "1 threads", "whole"), 1.05)
        yield Row(f"`{verb}` {Path(words[1]).stem}, two threads", commands, (wall,))


def warm(sizes: Sizes) -> Iterator[Row]:
    """Yield the work of a process that has loaded, built its tables and compiled."""
    extra = {name: _warm(name, REF1, sizes.compared) for name in ("base", "what-ifs")}
    yield Row(
        f"25 what-ifs of one input each, {sizes.compared:,} trials, ref1",
        extra,
        (Figure("CPU beyond the base run, in base runs, warm", _beyond("what-ifs", "base", "inside"), 5.0),),
    )
    gbm = {f"{number} gbm": _warm("gbm", str(number), sizes.processes) for number in (1, 4)}
    yield Row(
        f"four `gbm` over 120 months, {sizes.processes:,} trials, compiled",
        gbm,
        (Figure("CPU against one", ratio("4 gbm", "1 gbm", "inside"), 4.0),),
    )
    for case, limits in ((REF1, (6.0, 30.0)), (FALCON, (12.0, 60.0))):
        for trials, limit in zip((16_384, 131_072), limits, strict=True):
            figures = (
                Figure("median", milliseconds("slider", "inside"), limit, "ms"),
                Figure("95th percentile", milliseconds("slider", "worst"), 2 * limit, "ms"),
            )
            work = f"warm what-if of one number, {trials:,} trials, {Path(case).stem}"
            yield Row(work, {"slider": _warm("slider", case, trials)}, figures)


def growth(sizes: Sizes) -> Row:
    """Return the cost of a further trial of REF-1, compiled, against that by numba by hand."""
    ends = {"few": sizes.few, "many": sizes.many}
    own = {f"payback {name}": peer("ref1_payback", trials, "engine=compiled") for name, trials in ends.items()}
    other = {f"numba {name}": peer("ref1_numba", trials) for name, trials in ends.items()}
    return Row(
        f"ref1 from 2^{int(math.log2(sizes.few))} to 2^{int(math.log2(sizes.many))} trials, compiled",
        own | other,
        (Figure("CPU of a further trial against numba by hand", _slope, 0.45),),
    )


def _slope(runs: Measured) -> float:
    own, other = (
        _value(runs[f"{name} many"].median("inside_cpu")) - _value(runs[f"{name} few"].median("inside_cpu"))
        for name in ("payback", "numba")
    )
    return own / other


def _beyond(of: str, base: str, figure: str) -> Callable[[Measured], float]:
    whole = ratio(of, base, figure)
    return lambda runs: whole(runs) - 1.0


def _run(case: str, folder: str, *words: str) -> list[str]:
    return payback("run", case, "--quiet", "--out", f"{folder}/out", *words)


def _warm(work: str, of: str, trials: int) -> list[str]:
    return [sys.executable, "-m", "benchmarks.warm_use", work, of, str(trials)]


def rows(folder: str, sizes: Sizes) -> Iterator[Row]:
    """Yield every row, in the order of the table."""
    yield from reports(folder)
    yield from answers(sizes)
    yield from warm(sizes)
    yield growth(sizes)
    yield from threads(folder)


def lines(row: Row, runs: Measured) -> Iterator[str]:
    """Yield the lines of the table for a row."""
    for figure in row.figures:
        value = figure.value(runs)
        met = "yes" if value <= figure.limit else "no"
        unit = f" {figure.unit}" if figure.unit else ""
        yield f"| {row.work} | {figure.text} | {_number(value)}{unit} | {figure.limit:g}{unit} | {met} |"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def table(rounds: int = ROUNDS, sizes: Sizes | None = None, only: str = "") -> str:
    """Return the Markdown table of the rows whose work holds the word `only`."""
    for folder in ("distributions", "simulator", "reports", "payback", "benchmarks"):
        compileall.compile_dir(ROOT / folder, quiet=2)
    text = ["| work | figure | measured | asked | met |", "|---|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        for row in rows(folder, sizes or Sizes()):
            if only in row.work:
                text += lines(row, interleave(row.commands, rounds))
                print("\n".join(text[-len(row.figures) :]), file=sys.stderr)
    return "\n".join(text)


def breakdown(case: str, *words: str) -> str:
    """Return what ``payback run --timings`` prints of a case, of a run after one that compiled."""
    with tempfile.TemporaryDirectory() as folder:
        command = _run(case, folder, "--timings", *words)
        for _ in range(2):
            done = subprocess.run(command, cwd=ROOT, env=COMPILED, capture_output=True, text=True, check=True)
    return done.stderr


def breakdowns() -> str:
    """Return the breakdown of every ready-made case that is measured."""
    return "\n\n".join(f"`run` {Path(case).stem}\n\n```text\n{breakdown(case)}```" for case in (SUPPORT, FALCON, REF1))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.waiting", description="What people wait for.")
    parser.add_argument("--quick", action="store_true", help="less work, in one round")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="default: %(default)s")
    parser.add_argument("--only", default="", metavar="WORD", help="the rows with this word")
    options = parser.parse_args()
    print(table(1 if options.quick else options.rounds, QUICK if options.quick else Sizes(), options.only))


if __name__ == "__main__":
    main()
