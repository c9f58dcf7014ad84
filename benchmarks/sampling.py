"""Draws of one thread against `scipy.stats`, and against a plain table: ``python -m benchmarks.sampling``.

Both sides invert the same uniforms, in turns; a row gives the median of the ratios of a turn, and
the least time of each. Time is CPU time, so that other work on the machine counts little.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from payback.distributions import Distribution, inverter
from payback.distributions.core.array_types import FloatArray
from payback.simulator.case import loads
from payback.simulator.cube.streams import uniforms
from payback.simulator.errors import CaseError

DRAWS = 1 << 18
ROUNDS = 9
PLAIN = "lognormal(100, 1)"

PEERS: dict[str, tuple[str, float]] = {
    "beta(2, 5)": ("beta", 10.0),
    "pert(80, 100, 250)": ("pert", 10.0),
    "gamma(2.5, 100)": ("gamma", 10.0),
    "student_t(4)": ("t", 2.0),
    "truncated(normal(0.02, 0.03), -0.10, 0.15)": ("truncnorm", 2.0),
    "lognormal(100, 1)": ("lognorm", 0.0),
    "weibull(1.5, 100)": ("weibull_min", 0.0),
    "inverse_gaussian(3, 2)": ("invgauss", 0.0),
    "poisson(12)": ("poisson", 0.0),
}
"""Lines of a case, the distribution of `scipy.stats`, and how many times faster the product must be."""

HELD: dict[str, float] = {
    "metalog(p10=2, p50=4, p90=9)": 2.0,
    "mixture(30 %: normal(1, 2), 70 %: normal(8, 1))": 2.0,
    "compound(poisson(3), lognormal(100, 1))": 2.0,
    "compound(poisson(3), exponential(100))": 2.0,
    "quantiles({5 %: 10, 50 %: 20, 95 %: 60}, low=0)": 2.0,
    "truncated(lognormal(100, 1), 50, 5_000)": 2.0,
    "zero_inflated(30 %, lognormal(100, 1))": 0.0,
}
"""Lines of a case, and how many times the time of a plain table they may take; 0 for no bound."""


@dataclass(frozen=True)
class Turn:
    """Least CPU seconds of either side, and the median ratio of their turns (the other side's to the product's)."""

    own: float
    other: float
    ratio: float


def drawn_from(line: str) -> Distribution | None:
    """Return the distribution of a line of a case; None if this version does not have it."""
    text = f'horizon: 1 month\ninputs:\n  x: "{line}"\ncash_flows: {{upfront: {{none: 0}}}}\n'
    try:
        return loads(text).model.draws[0].distribution
    except CaseError:
        return None


def compare(own: Callable[[], object], other: Callable[[], object], rounds: int = ROUNDS) -> Turn:
    """Run both in turns, after one that is not counted."""
    pairs = [(_seconds(own), _seconds(other)) for _ in range(rounds + 1)][1:]
    first, second = (min(side) for side in zip(*pairs, strict=True))
    return Turn(first, second, statistics.median(b / a for a, b in pairs))


def _seconds(run: Callable[[], object]) -> float:
    begin = time.process_time()
    run()
    return time.process_time() - begin


def frozen(name: str, d: Distribution) -> Callable[[FloatArray], FloatArray]:
    """Return the quantile function of the distribution of `scipy.stats` that equals `d`."""
    from scipy import stats

    p = {key: value for key, value in vars(d).items() if isinstance(value, float)}
    made = {
        "beta": lambda: stats.beta(p["alpha"], p["beta"]),
        "pert": lambda: stats.beta(*d.shapes, loc=p["low"], scale=p["high"] - p["low"]),
        "gamma": lambda: stats.gamma(p["shape"], scale=p["scale"]),
        "t": lambda: stats.t(p["df"]),
        "truncnorm": lambda: stats.truncnorm(-4.0, 0.13 / 0.03, loc=0.02, scale=0.03),
        "lognorm": lambda: stats.lognorm(p["sigma"], scale=p["median"]),
        "weibull_min": lambda: stats.weibull_min(p["shape"], scale=p["scale"]),
        "invgauss": lambda: stats.invgauss(p["mean"] / p["shape"], scale=p["shape"]),
        "poisson": lambda: stats.poisson(p["mean"]),
    }[name]()
    ppf: Callable[[FloatArray], FloatArray] = made.ppf
    return ppf


def against_scipy(draws: int = DRAWS, rounds: int = ROUNDS) -> dict[str, Turn]:
    """Return how the lines of `PEERS` compare with `scipy.stats`."""
    u = uniforms(1, "benchmark", 0, draws)
    out = np.empty(draws)
    turns = {}
    for line, (name, _) in PEERS.items():
        d = drawn_from(line)
        if d is not None:
            turns[line] = compare(partial(inverter(d), u, out), partial(frozen(name, d), u), rounds)
    return turns


def against_a_plain_table(draws: int = DRAWS, rounds: int = ROUNDS) -> dict[str, Turn]:
    """Return how the lines of `HELD` that exist compare with `PLAIN`."""
    u = uniforms(1, "benchmark", 0, draws)
    out = np.empty(draws)
    plain = inverter(_known(PLAIN))
    turns = {}
    for line in HELD:
        d = drawn_from(line)
        if d is not None:
            turns[line] = compare(partial(inverter(d), u, out), partial(plain, u, out), rounds)
    return turns


def _known(line: str) -> Distribution:
    d = drawn_from(line)
    if d is None:
        raise ValueError(f"{line} must load")
    return d


def table(draws: int = DRAWS, rounds: int = ROUNDS) -> str:
    """Return the Markdown tables."""
    rows = ["| distribution | ns a draw | `scipy.stats` | times faster | at least |", "|---|---|---|---|---|"]
    for line, turn in against_scipy(draws, rounds).items():
        bound = PEERS[line][1]
        cells = f"{1e9 * turn.own / draws:.1f} | {1e9 * turn.other / draws:.1f} | {turn.ratio:.1f}"
        rows.append(f"| `{line}` | {cells} | {f'{bound:g}' if bound else ''} |")
    rows += ["", "| distribution | ns a draw | a plain table | times slower | at most |", "|---|---|---|---|---|"]
    for line, turn in against_a_plain_table(draws, rounds).items():
        bound = HELD[line]
        cells = f"{1e9 * turn.own / draws:.1f} | {1e9 * turn.other / draws:.1f} | {1 / turn.ratio:.2f}"
        rows.append(f"| `{line}` | {cells} | {f'{bound:g}' if bound else ''} |")
    return "\n".join(rows)


if __name__ == "__main__":
    print(f"{DRAWS:,} draws of one thread, CPU time, {ROUNDS} turns\n")
    print(table())
