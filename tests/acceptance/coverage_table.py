"""How often 95 % intervals hold the truth: every statistic, its arithmetic, statistics inside others, and differences.

``python -m tests.acceptance.coverage_table [--seeds 500] [--cases one,heavy] [--samplers sobol] [--trials 1024,16384]
[--processes 2] [--file coverage.csv]`` prints a row for each question and adds it to the file; what the file already
holds for as many seeds is not run again, so an interrupted table goes on. ``--truth`` computes the true values of REF-1
anew, from 2**26 trials of another seed.

A row holds the share of the seeds whose interval holds the truth, among those that have an interval and no caution
about it (`covers`) and among all that have one (`covers_all`); the shares that have an interval (`known`) and a caution
(`warned`); the share that misses the truth without a caution (`silent`), marked where it is above .07; and the mean
half-width in parts of 1.96 root mean squares of the true error (`width`), 1 for an interval that knew the error
beforehand.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, fields
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np

from payback.simulator.case.expressions.printer import to_text
from payback.simulator.questions.ask.answers import answer, answer_of, estimates
from payback.simulator.questions.ask.question_check import Checked, check_questions
from payback.simulator.questions.compare.comparison import compared, difference
from payback.simulator.questions.grammar import Statistic, parse_question, parse_questions
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame, what_if
from payback.simulator.questions.trials.sampling import Sampling
from payback.simulator.statistics import Estimate
from tests.acceptance.coverage_cases import CASES, REF1_DIFFERENCES, TRUTH, KnownCase, case, known_case, statistic_of

SAMPLERS = ("sobol", "latin_hypercube", "monte_carlo")
TRIALS = (1_024, 16_384, 131_072)
SEEDS = 500
FILE = Path(__file__).with_name("coverage.csv")
FIRST_SEED = 7_000
MOST_SILENT = 0.07
"""Share of the seeds that an interval may miss the truth in without a caution."""


Cell = tuple[str, str, int, int]
"""Case, sampler, trials and seeds."""


@dataclass(frozen=True)
class Row:
    """The coverage of one question, see the docstring of this module."""

    case: str
    sampler: str
    trials: int
    seeds: int
    question: str
    covers: float
    covers_all: float
    known: float
    warned: float
    silent: float
    width: float


def frame(name: str, sampler: str, trials: int, seed: int) -> Frame:
    """Return a case on the trials of a seed."""
    return Frame(case(name), Sampling(trials, seed, sampler).cube(case(name)))


@cache
def checked_questions(name: str) -> tuple[Checked, ...]:
    """Return the questions of a case."""
    return check_questions(parse_questions(known_case(name).questions), {"": frame(name, "sobol", 1_024, 0)})


@cache
def truths(name: str) -> dict[str, float]:
    """Return the true answer to each question of a case."""
    return {checked.question.text: _truth(known_case(name), checked) for checked in checked_questions(name)}


def _truth(known: KnownCase, checked: Checked) -> float:
    text = checked.question.text
    if text in known.chances:
        return known.chances[text]
    values = {index: _true_statistic(known, statistic) for index, statistic in enumerate(checked.question.statistics)}
    return checked.arithmetic([values])[0]


def _true_statistic(known: KnownCase, statistic: Statistic) -> float:
    if statistic.kind == "P":
        plain = (text for text in known.chances if text.startswith("P("))
        return next(known.chances[text] for text in plain if parse_question(text).statistics == (statistic,))
    return statistic_of(known.laws[to_text(statistic.formula)], statistic.kind, statistic.q)


def answers(name: str, sampler: str, trials: int, seed: int) -> Iterator[tuple[str, Estimate, float]]:
    """Yield each question of a case with its estimate from one seed and the truth; differences of the what-if last."""
    known, base, execution = known_case(name), frame(name, sampler, trials, seed), Execution(threads=1)
    checked = checked_questions(name)
    for question, statistics in zip(checked, estimates(checked, {"": base}, execution), strict=True):
        text = question.question.text
        yield text, answer_of(question, statistics).estimate, truths(name)[text]
    changed = what_if(base, known.change)
    for _, before, after in compared(base, [changed], list(known.differences), execution):
        for (text, value), (_, first), (_, second) in zip(known.differences.items(), before, after, strict=True):
            yield f"what-if {text}", difference(first, second), value


def holds(estimate: Estimate, truth: float) -> bool:
    """Return whether the interval of `estimate` holds `truth`, to the rounding of either."""
    rounding = 1e-12 * max(abs(truth), abs(estimate.value or 0.0))
    above = estimate.low is None or estimate.low - rounding <= truth
    return above and (estimate.high is None or truth <= estimate.high + rounding)


def rows_of(cell: Cell) -> list[Row]:
    """Return the rows of a case, a sampler and a number of trials."""
    name, sampler, trials, seeds = cell
    seen: dict[str, list[tuple[bool, bool, bool, float, float]]] = {}
    for seed in range(FIRST_SEED, FIRST_SEED + seeds):
        for text, estimate, truth in answers(name, sampler, trials, seed):
            known = estimate.low is not None and estimate.high is not None
            half = (estimate.high - estimate.low) / 2 if estimate.low is not None and estimate.high is not None else 0.0
            error = math.nan if estimate.value is None else estimate.value - truth
            seen.setdefault(text, []).append((holds(estimate, truth), known, bool(estimate.warning), error, half))
    return [Row(name, sampler, trials, seeds, text, *_shares(np.array(of, dtype=float))) for text, of in seen.items()]


def _shares(seen: np.ndarray) -> tuple[float, ...]:
    """Return covers, covers_all, known, warned, silent and width of what was seen, shape (seeds, 5)."""
    hit, known, warned, error, half = seen.T
    quiet, all_known = (known > 0) & (warned == 0), known > 0
    spread = math.sqrt(np.nanmean(error**2)) if np.isfinite(error).any() else 0.0
    covers, covers_all = (float(hit[of].mean()) if of.any() else math.nan for of in (quiet, all_known))
    width = float(half[all_known].mean()) / 1.96 / spread if spread > 0.0 and all_known.any() else math.nan
    silent = float((quiet & (hit == 0)).mean())
    figures = (covers, covers_all, float(known.mean()), float((warned * known).mean()), silent, width)
    return tuple(round(figure, 3) for figure in figures)


def read(file: Path) -> list[Row]:
    """Return the rows of a table; none where there is no file."""
    if not file.exists():
        return []
    kinds = {
        "trials": int,
        "seeds": int,
        **dict.fromkeys(("covers", "covers_all", "known", "warned", "silent", "width"), float),
    }
    with file.open(encoding="utf-8", newline="") as lines:
        return [Row(**{key: kinds.get(key, str)(text) for key, text in row.items()}) for row in csv.DictReader(lines)]


def write(file: Path, rows: Sequence[Row]) -> None:
    """Write a table, in the order of its cells."""
    order = {name: place for place, name in enumerate((*CASES, *SAMPLERS))}
    with file.open("w", encoding="utf-8", newline="") as lines:
        table = csv.DictWriter(lines, [each.name for each in fields(Row)], lineterminator="\n")
        table.writeheader()
        table.writerows(asdict(row) for row in sorted(rows, key=lambda r: (order[r.case], order[r.sampler], r.trials)))


def true_values() -> dict[str, dict[str, float]]:
    """Return what is true of REF-1, and what its what-if adds, from 2**26 trials."""
    base, known = frame("ref1", "sobol", 2**26, 987_654_321), known_case("ref1")
    of_base = [*known.questions, *REF1_DIFFERENCES]
    before = answer(parse_questions(of_base), base, Execution())
    after = answer(parse_questions(REF1_DIFFERENCES), what_if(base, known.change), Execution())
    first = {each.question: float(each.value or 0.0) for each in before}
    return {
        "questions": {text: first[text] for text in known.questions},
        "differences": {each.question: float(each.value or 0.0) - first[each.question] for each in after},
    }


def main(arguments: Sequence[str]) -> None:
    """Print the table, and add it to the file."""
    parser = argparse.ArgumentParser(prog="python -m tests.acceptance.coverage_table")
    parser.add_argument("--cases", default=",".join(CASES))
    parser.add_argument("--samplers", default=",".join(SAMPLERS))
    parser.add_argument("--trials", default=",".join(map(str, TRIALS)))
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--file", type=Path, default=FILE)
    parser.add_argument("--truth", action="store_true")
    given = parser.parse_args(arguments)
    if given.truth:
        TRUTH.write_text(json.dumps(true_values(), indent=1) + "\n", encoding="utf-8")
        return
    sizes = map(int, given.trials.split(","))
    wanted = [(*of, given.seeds) for of in product(given.cases.split(","), given.samplers.split(","), sizes)]
    rows = read(given.file)
    known = {(row.case, row.sampler, row.trials, row.seeds) for row in rows}
    with ProcessPoolExecutor(given.processes) as pool:
        running = {pool.submit(rows_of, cell): cell for cell in wanted if cell not in known}
        for done in as_completed(running):
            new, of = done.result(), running[done][:3]
            rows = [row for row in rows if (row.case, row.sampler, row.trials) != of] + new
            write(given.file, rows)
            for row in new:
                short = " <-" if row.silent > MOST_SILENT else ""
                sys.stdout.write(" ".join(f"{value}" for value in asdict(row).values()) + short + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
