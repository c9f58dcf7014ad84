"""How often a fit finds the family that data came from, and how fast it ranks: ``python -m benchmarks.fitting``."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass

import numpy as np

from payback.distributions import (
    Distribution,
    Exponential,
    Laplace,
    Lognormal,
    Normal,
    Pareto,
    Poisson,
    Triangular,
    Uniform,
)
from payback.distributions.fitting.fit import rank
from payback.distributions.fitting.observations import Observations
from payback.simulator.cube.streams import uniforms

SHAPES: tuple[Distribution, ...] = (
    Exponential(5.0),
    Laplace(-5.0, 2.0),
    Lognormal(1e5, 0.8),
    Normal(100.0, 15.0),
    Pareto(2.0, 10.0),
    Poisson(4.0),
    Triangular(1.0, 2.0, 6.0),
    Uniform(2.0, 9.0),
)
"""Eight families with clearly different shapes."""

SIZES = (200, 1_000, 5_000)
DRAWS = 10
CLOSE = 2.0
LEADING = 3


@dataclass(frozen=True)
class Recovery:
    """Counts out of ten fits (true family first, among the first three, near one of these), and the seconds."""

    first: int
    leading: int
    near: int
    seconds: float


def recover(truth: Distribution, size: int, draws: int = DRAWS) -> Recovery:
    """Rank the families for `draws` data sets of `size` values from `truth`."""
    first = leading = near = 0
    seconds = []
    for seed in range(draws):
        data = Observations(np.asarray(truth.ppf(uniforms(seed, f"recover {truth.name}", 0, size))))
        begin = time.process_time()
        fitted = rank(data).fitted
        seconds.append(time.process_time() - begin)
        names = [fit.family for fit in fitted[:LEADING]]
        own = next((fit.aicc for fit in fitted if fit.family == truth.name), np.inf)
        first += names[0] == truth.name
        leading += truth.name in names
        near += any(abs(fit.aicc - own) <= CLOSE for fit in fitted[:LEADING])
    return Recovery(first, leading, near, statistics.median(seconds))


def table(sizes: tuple[int, ...] = SIZES) -> str:
    """Return the Markdown table."""
    rows = [
        f"| true family, {DRAWS} draws | values | first | in the first three | within 2 AICc of these | median CPU s |",
        "|---|---|---|---|---|---|",
    ]
    for truth in SHAPES:
        for size in sizes:
            recovery = recover(truth, size)
            counts = f"{recovery.first} | {recovery.leading} | {recovery.near}"
            rows.append(f"| {truth.name} | {size:,} | {counts} | {recovery.seconds:.2f} |")
    return "\n".join(rows)


if __name__ == "__main__":
    print(table())
