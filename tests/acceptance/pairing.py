"""The error that a what-if reports, seed by seed; importable by worker processes."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simulator.case import Case, load
from simulator.cube import SAMPLERS
from simulator.questions.comparison import compare
from simulator.questions.frames import Frame, what_if
from simulator.questions.settings import Settings
from simulator.statistics.estimate import critical

ROOT = Path(__file__).parents[2]
TRIALS = 2**14
CHANGE = {"falcon3_api": "traffic * 0.5", "ref1": "volume * 0.5"}


@cache
def case(name: str) -> Case:
    """Return a ready-made case."""
    return load(ROOT / "configs" / f"{name}.yaml")


def one(name: str, sampler: str, seed: int) -> tuple[float, float, float, float]:
    """Return mean(npv) before and after, and the difference with its standard error, as one seed reports them."""
    settings = Settings(TRIALS, seed, sampler, threads=1)
    base = Frame(case(name), settings.cube(case(name)))
    found = compare(base, [what_if(base, CHANGE[name])], ["mean(npv)"], settings)[0].answers["mean(npv)"]
    change = found.difference
    point = critical(SAMPLERS[sampler].replicates)
    values = (found.before.value, found.after.value, change.value, change.high, change.low)
    before, after, difference, high, low = (float("nan") if v is None else v for v in values)
    return before, after, difference, (high - low) / (2 * point)


def seeds(name: str, sampler: str, count: int) -> NDArray[np.float64]:
    """Return the rows of `one` over `count` seeds, shape (count, 4)."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        return np.array(list(pool.map(partial(one, name, sampler), range(count), chunksize=max(1, count // 40))))
