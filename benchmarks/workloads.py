"""What is measured against whom: the commands of every workload, in the order of its table."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec

from benchmarks.whole_process import payback, peer

PERCENTILES = [f"P{q}({m})" for m in ("payback", "npv", "roi") for q in (5, 10, 25, 50, 75, 90, 95)]
ASKED = [*PERCENTILES, "mean(npv)", "sd(npv)", "P(npv < 0)", "P(payback <= 12 months)"]
"""Everything that the peers compute, without their intervals."""

SLOW = 10_000
"""Trials of a system that calls Python for each."""


@dataclass(frozen=True)
class Workload:
    """Commands that do the same work; the first is payback, which the ratios are taken of.

    Parameters
    ----------
    title, text : str
    commands : mapping of str to sequence of str
        By the name in the table.
    work : mapping of str to int
        Trials of those that do fewer than the first, whose ratio is then one a trial.
    trials : int
        Of the others.
    """

    title: str
    text: str
    commands: Mapping[str, Sequence[str]]
    trials: int
    work: Mapping[str, int] = field(default_factory=dict)


def workloads(trials: int, base: int) -> tuple[Workload, ...]:
    """Return the workloads at so many trials, and variance shares at a base sample of 2^base."""
    few = min(SLOW, trials)
    ref1 = {
        "payback": peer("ref1_payback", trials),
        "payback, Monte Carlo": peer("ref1_payback", trials, "sampler=monte_carlo"),
        "payback, compiled engine": peer("ref1_payback", trials, "engine=compiled"),
        "payback, compiled engine, Monte Carlo": peer("ref1_payback", trials, "engine=compiled", "sampler=monte_carlo"),
        "payback, numpy engine": peer("ref1_payback", trials, "engine=numpy"),
        "payback, numpy engine, Monte Carlo": peer("ref1_payback", trials, "engine=numpy", "sampler=monte_carlo"),
        "payback, numpy engine, one thread": peer("ref1_payback", trials, "engine=numpy", "threads=1"),
        "numba by hand": peer("ref1_numba", trials),
        "numpy by hand": peer("ref1_blocked", trials),
        "squigglepy": peer("ref1_squigglepy", trials),
        "numexpr": peer("ref1_numexpr", trials),
        "scipy and pandas": peer("ref1_scipy", trials),
        "openturns": peer("ref1_openturns", trials),
        "numpy, whole arrays": peer("ref1_numpy", trials),
        "chaospy": peer("ref1_chaospy", trials),
        "monaco": peer("ref1_monaco", few),
    }
    correlated = {
        "payback": peer("ref1_payback", trials, "case=ref1c"),
        "payback, without correlation": peer("ref1_payback", trials),
        "payback, compiled engine": peer("ref1_payback", trials, "case=ref1c", "engine=compiled"),
        "numba by hand": peer("ref1_numba", trials, "ref1c"),
        "squigglepy": peer("ref1_squigglepy", trials, "ref1c"),
        "chaospy": peer("ref1_chaospy", trials, "ref1c"),
        "openturns": peer("ref1_openturns", trials, "ref1c"),
    }
    shares = {
        "payback": peer("ref1s_payback", base),
        "payback, compiled engine": peer("ref1s_payback", base, "engine=compiled"),
        "numba by hand": peer("ref1s_numba", base),
        "openturns": peer("ref1s_openturns", base),
        "SALib": peer("ref1s_salib", base),
    }
    ask = ("ask", "configs/ref1.yaml")
    whole = {
        'payback ask "P(npv < 0)"': payback(*ask, "P(npv < 0)", "--trials", str(trials)),
        "payback ask, all that the peers compute": payback(*ask, *ASKED, "--trials", str(trials)),
        **{name: ref1[name] for name in ("numpy by hand", "numexpr", "squigglepy", "numba by hand")},
        "payback --help": payback("--help"),
        "import numpy": [sys.executable, "-c", "import numpy"],
    }
    return (
        Workload(
            "REF-1", "Twelve inputs, 36 months: seven percentiles of payback, npv and roi, two probabilities, the mean "
            "and sd of npv. payback gives each its 95 % interval, the others none.", _installed(ref1), trials,
            {"monaco": few},
        ),
        Workload(
            "REF-1c", "REF-1 with three rank correlations by a Gaussian copula.", _installed(correlated), trials,
        ),
        Workload(
            "REF-1s", "First-order and total Sobol' indices of npv for the twelve inputs. payback gives intervals by "
            "its 16 replicates, OpenTURNS asymptotic ones, SALib by a bootstrap of 100, the kernel none.",
            _installed(shares), 14 << base,
        ),
        Workload("Whole processes", "What a user waits for, start-up and imports included.", _installed(whole), trials),
    )  # fmt: skip


PACKAGES = {
    "numba by hand": "numba", "squigglepy": "squigglepy", "numexpr": "numexpr", "openturns": "openturns",
    "chaospy": "chaospy", "monaco": "monaco", "SALib": "SALib",
}  # fmt: skip
"""What a system needs beside numpy, scipy and pandas."""


def missing() -> tuple[str, ...]:
    """Return the systems that are not installed, and so left out."""
    return tuple(sorted({package for package in PACKAGES.values() if find_spec(package) is None}))


def _installed(commands: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    return {name: command for name, command in commands.items() if PACKAGES.get(name) not in missing()}
