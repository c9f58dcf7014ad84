"""The budget of a run that chooses its number of trials: how many trials its formulas and memory allow.

The cost of a trial is estimated from the formulas of the case; no clock is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from payback.simulator.case import Case
from payback.simulator.case.expressions.tree import Expression
from payback.simulator.engine import cost
from payback.simulator.model import Model
from payback.simulator.questions.ask.measure_results import measured
from payback.simulator.questions.ask.question_check import check_questions, filled
from payback.simulator.questions.compare.comparison import single_questions
from payback.simulator.questions.compare.default_questions import run_questions
from payback.simulator.questions.grammar import Question
from payback.simulator.questions.trials.execution import KEPT
from payback.simulator.questions.trials.frames import Frame, frames_of
from payback.simulator.questions.trials.sampling import TRIALS, Sampling

WORK = 12.0
"""Seconds of one core that the last look may take, by `cost`: some ten seconds for a run on two cores."""

VALUE = 0.12e-6
"""Seconds that the statistics of one value take."""

SLOW = 0.2e-6
"""Seconds that an input takes whose parameters are different in each trial."""


@dataclass(frozen=True)
class Job:
    """A part of the work of a look: formulas of one model.

    Parameters
    ----------
    model : Model
    formulas : sequence of Expression
    runs : int
        How many times a look computes them.
    held : int
        Values held in memory for each trial besides those of the formulas.
    """

    model: Model
    formulas: Sequence[Expression]
    runs: int = 1
    held: int = 0


def comparison_job(case: Case, changes: int, questions: Sequence[str]) -> Job:
    """Return the job of comparing `case` with `changes` changes, each assumed to cost as much as the case itself.

    Parameters
    ----------
    case : Case
    changes : int
        Number of what-ifs and stresses.
    questions : sequence of str
    """
    base = Frame(case, Sampling().cube(case))
    checked = check_questions(single_questions(questions), {"": base})
    formulas = list(dict.fromkeys(question.formulas[-1] for question in checked))
    return Job(case.model, formulas, changes + 1)


def run_jobs(case: Case) -> tuple[Job, Job]:
    """Return the jobs of a whole run of `case`: its measures, and the comparisons with its what-ifs and stresses."""
    formulas = [measure.formula for measure in measured(case).values()]
    return Job(case.model, formulas), comparison_job(case, len(case.what_if) + len(case.stress), run_questions(case))


def question_jobs(questions: Sequence[Question], base: Frame) -> Iterator[Job]:
    """Yield the jobs of answering `questions`, on the trials of `base` and of its what-ifs and stresses."""
    frames = frames_of(questions, base)
    checked = check_questions(questions, frames)
    for where, frame in frames.items():
        plain: dict[Expression, None] = {}
        for question in checked:
            if question.question.where != where:
                continue
            ones = dict.fromkeys(range(len(question.formulas)), 1.0)
            for statistic, formula in zip(question.question.statistics, question.formulas, strict=True):
                if statistic.input:
                    yield Job(frame.case.model, [filled(formula, ones)], 4, 2 * len(frame.cube.axes))
                elif statistic.sampled:
                    plain[filled(formula, ones)] = None
        yield Job(frame.case.model, list(plain))


def most_trials(jobs: Sequence[Job], besides: Job | None = None) -> int:
    """Return the most trials that a run may choose: a power of two, `TRIALS` or more.

    Parameters
    ----------
    jobs : sequence of Job
        What a look computes.
    besides : Job, optional
        Further work of the run, on `TRIALS` trials whatever its size; its cost is deducted from the budget.
    """
    left = WORK - (0.0 if besides is None else TRIALS * _seconds(besides))
    fitting = min(left / sum(map(_seconds, jobs)), room(jobs))
    return 1 << max(TRIALS, int(fitting)).bit_length() - 1


def _seconds(job: Job) -> float:
    """Return the estimated seconds that a trial of `job` takes on one core."""
    slow = [draw for draw in job.model.draws if draw.distribution is None]
    drawn = SLOW * sum(job.model.horizon if draw.monthly else 1 for draw in slow)
    named = {str(index): formula for index, formula in enumerate(job.formulas)}
    return job.runs * (cost(job.model, named) + drawn + VALUE * len(job.formulas))


def room(jobs: Sequence[Job]) -> int:
    """Return how many trials of `jobs` fit into memory at once."""
    return KEPT // max(1, sum(job.runs * len(job.formulas) + job.held for job in jobs))
