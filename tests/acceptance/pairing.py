"""The error that a what-if reports, seed by seed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from payback.simulator import statistics
from payback.simulator.case import Case, load
from payback.simulator.questions.compare.comparison import compare
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame, what_if
from payback.simulator.questions.trials.sampling import Sampling
from payback.simulator.statistics import Estimate, Sample, mean_difference
from payback.simulator.statistics.estimate import critical
from tests.acceptance.seeds import TRIALS, samples

ROOT = Path(__file__).parents[2]
CHANGE = {"falcon3_api": "traffic * 0.5", "ref1": "volume * 0.5"}

Row = tuple[float, float, float, float]
"""mean(npv) before and after, and the difference with its standard error."""


def case(name: str) -> Case:
    """Return a ready-made case."""
    return load(ROOT / "configs" / f"{name}.yaml")


def reported(name: str, sampler: str, seed: int) -> Row:
    """Return what the what-if of one seed reports."""
    c = case(name)
    base = Frame(c, Sampling(TRIALS, seed, sampler).cube(c))
    (comparison,) = compare(base, [what_if(base, CHANGE[name])], ["mean(npv)"], Execution(threads=1))
    pair = comparison.answers["mean(npv)"]
    return _row(pair.before.value, pair.after.value, pair.difference, base.cube.replicates)


def rows(name: str, sampler: str, seeds: int) -> Iterator[Row]:
    """Yield the same for seed after seed, from runs of the engine that hold many seeds."""
    c = case(name)
    for by_name in samples(c, ["npv"], sampler, seeds, {"after": c.change(CHANGE[name])}):
        before, after = by_name["npv"], by_name["after"]
        yield _row(_mean(before), _mean(after), mean_difference(after, before), before.replicates)


def _mean(sample: Sample) -> float | None:
    return statistics.mean(sample).value


def _row(before: float | None, after: float | None, change: Estimate, replicates: int | None) -> Row:
    values = (before, after, change.value, change.low, change.high)
    before, after, difference, low, high = (float("nan") if v is None else v for v in values)
    return before, after, difference, (high - low) / (2 * critical(replicates))
