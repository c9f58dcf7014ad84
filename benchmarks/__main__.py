"""``make bench``: REF-1 against its peers, draws and fits, written to benchmarks/RESULTS.md."""

from __future__ import annotations

import datetime as dt
import os
import platform
import sys
from importlib.metadata import version

from benchmarks import coupling, fitting, sampling
from benchmarks.whole_process import ROOT, Runs, interleave, payback, peer

TRIALS = 1_000_000
ROUNDS = 7
ASK = ("ask", "configs/ref1.yaml", "P(npv < 0)", "--trials", str(TRIALS))
PERCENTILES = [f"P{q}({m})" for m in ("payback", "npv", "roi") for q in (5, 10, 25, 50, 75, 90, 95)]
SAME = ("ask", "configs/ref1.yaml", *PERCENTILES, "mean(npv)", "sd(npv)", *ASK[2:])
PACKAGES = ("numpy", "scipy", "squigglepy", "openturns")


def commands() -> dict[str, list[str]]:
    """Return what is measured, by the name it has in the table."""
    return {
        "payback ask (Sobol')": payback(*ASK),
        "payback ask (Monte Carlo)": payback(*ASK, "--sampler", "monte_carlo"),
        "payback ask, all that the peers compute": payback(*SAME),
        "payback ask, one thread": payback(*ASK, "--threads", "1"),
        "squigglepy": peer("ref1_squigglepy", TRIALS),
        "OpenTURNS": peer("ref1_openturns", TRIALS),
        "payback --help": payback("--help"),
        "python -c 'import numpy'": [sys.executable, "-c", "import numpy"],
    }


def table(found: dict[str, Runs]) -> str:
    """Return the Markdown table, ratios against the default run of payback."""
    own = next(iter(found.values())).median
    rows = ["| whole process | median s | min s | max s | ratio | peak MiB |", "|---|---|---|---|---|---|"]
    for name, runs in found.items():
        cells = (
            f"{runs.median:.2f}",
            f"{min(runs.seconds):.2f}",
            f"{max(runs.seconds):.2f}",
            f"{runs.median / own:.2f}",
        )
        rows.append(f"| {name} | {' | '.join(cells)} | {runs.peak:.0f} |")
    return "\n".join(rows)


def main() -> None:
    """Measure, print, and write benchmarks/RESULTS.md."""
    found = interleave(commands(), ROUNDS)
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    text = "\n".join(
        [
            "# Speed and memory, side by side",
            "",
            f"{dt.datetime.now(dt.UTC):%Y-%m-%d}; {os.cpu_count()} cores, {platform.machine()};",
            f"Python {platform.python_version()}, {versions}.",
            f"REF-1 (12 inputs, 36 months, configs/ref1.yaml), {TRIALS:,} trials, {ROUNDS} interleaved rounds",
            "after a warm-up. payback computes P(npv < 0) with its 95 % interval; the peers compute seven percentiles",
            "of payback, npv and roi, the mean and sd of npv, without intervals.",
            "",
            table(found),
            "",
            "## Draws of one thread",
            "",
            f"{sampling.DRAWS:,} uniforms, inverted in turns by a table and by its peer; CPU time.",
            "",
            sampling.table(),
            "",
            "## Dependence",
            "",
            "The first of two against the other, in turns; CPU time a coordinate, and a trial for cases.",
            "",
            coupling.table(),
            "",
            "## Fits",
            "",
            "`payback fit` ranks all families of 1,000 values, without the test of fit.",
            "",
            fitting.table((1_000,)),
            "",
        ]
    )
    print(text)
    (ROOT / "benchmarks" / "RESULTS.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
