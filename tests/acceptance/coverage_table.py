"""draft"""

from __future__ import annotations

import csv
import math
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from payback.simulator.case.expressions.printer import to_text
from payback.simulator.questions.ask.answers import answer_of, answered
from payback.simulator.questions.compare.comparison import compared, difference
from payback.simulator.questions.grammar import parse_questions
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame, what_if
from payback.simulator.questions.trials.sampling import Sampling
from payback.simulator.statistics import Estimate
from tests.acceptance.coverage_cases import KnownCase, case, known_case, statistic_of

import re


_T = {}


def truth(known: KnownCase, checked) -> float:
    """Value of a question"""
    key = (id(known), checked.question.text)
    if key not in _T:
        _T[key] = _truth(known, checked)
    return _T[key]


def _truth(known: KnownCase, checked) -> float:
    question = checked.question
    if question.text in known.chances:
        return known.chances[question.text]
    values = {}
    for index, statistic in enumerate(question.statistics):
        text = to_text(statistic.formula)
        m = (
            [t for t in known.chances if t.startswith("P(") and parse_questions([t])[0].statistics[-1] == statistic]
            if statistic.kind == "P"
            else []
        )
        if m:
            values[index] = known.chances[m[0]]
        else:
            values[index] = statistic_of(known.laws[text], statistic.kind, statistic.q)
    return checked.arithmetic([values])[0]


def rows(name, sampler, trials, seed) -> Iterator[tuple[str, Estimate, float]]:
    known, c = known_case(name), case(name)
    base = Frame(c, Sampling(trials, seed + 7000, sampler).cube(c))
    ex = Execution(threads=1)
    questions = parse_questions(known.questions)
    for checked, statistics in answered(questions, base, ex):
        a = answer_of(checked, statistics)
        yield checked.question.text, a.estimate, truth(known, checked)
    if known.differences:
        frame = what_if(base, known.change)
        for _, before, after in compared(base, [frame], list(known.differences), ex):
            for (text, value), (_, b), (_, a) in zip(known.differences.items(), before, after):
                try:
                    yield f"diff {text}", difference(b, a), value
                except Exception as e:
                    pass


def cell(args):
    name, sampler, trials, seeds = args
    got = {}
    for seed in range(seeds):
        for text, e, t in rows(name, sampler, trials, seed):
            hit = (e.low is None or e.low <= t + 1e-12 * abs(t)) and (e.high is None or t - 1e-12 * abs(t) <= e.high)
            none = e.low is None or e.high is None
            warn = bool(e.warning) and not none
            got.setdefault(text, []).append(
                (hit, none, warn, np.nan if e.value is None else e.value - t, np.nan if none else (e.high - e.low) / 2)
            )
    out = {}
    for text, rs in got.items():
        a = np.array(rs, dtype=float)
        ok = a[:, 1] == 0
        spread = np.sqrt(np.nanmean(a[:, 3] ** 2))
        un = ok & (a[:, 2] == 0)
        out[text] = (
            a[:, 0][ok].mean() if ok.any() else math.nan,
            a[:, 0][un].mean() if un.any() else math.nan,
            1 - ok.mean(),
            a[:, 2].mean(),
            np.nanmean(a[ok, 4]) / 1.96 / spread if ok.any() and spread else math.nan,
        )
    return out


def main(argv):
    names, samplers, trials, seeds = (
        argv[0].split(","),
        argv[1].split(","),
        [int(x) for x in argv[2].split(",")],
        int(argv[3]),
    )
    for name in names:
        cols = [(s, n) for s in samplers for n in trials]
        t = time.process_time()
        res = [cell((name, s, n, seeds)) for s, n in cols]
        print(
            f"== {name}  ({time.process_time() - t:.0f} s)",
            " | ".join(f"{s[:6]} {n}" for s, n in cols),
            " [cover, (none, warned), width ratio]",
        )
        for text in res[0]:
            line = []
            for r in res:
                c, cu, none, warn, ratio = r[text]
                flag = "*" if cu < 0.93 else " "
                line.append(
                    f"{c:.2f}{flag}"
                    + (f" n{none:.2f}" if none else "      ")
                    + (f" w{warn:.2f}" if warn else "      ")
                    + f" {ratio:4.2f}"
                )
            print(f"{text:36s}", " | ".join(line), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
