"""``make bench``: REF-1 against its peers, its growth, draws, dependence and fits, written to benchmarks/RESULTS.md.

``python -m benchmarks --quick`` runs a tenth of the work in one round and prints the tables.
"""

from __future__ import annotations

import argparse
import datetime as dt
import math
import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version

from benchmarks import coupling, fitting, growth, one_thread, sampling, waiting
from benchmarks.whole_process import ROOT, Runs, interleave
from benchmarks.workloads import PACKAGES, Workload, missing, workloads

TRIALS, BASE, ROUNDS = 1_000_000, 16, 7
QUICK_TRIALS, QUICK_BASE = 100_000, 13


def table(workload: Workload, runs_of: dict[str, Runs]) -> str:
    """Return the Markdown table of a workload, ratios by trial against payback."""
    inside = next(iter(runs_of.values())).median("inside") is not None
    wall, cpu = ("inside", "inside_cpu") if inside else ("whole", "cpu")
    head = ["", "trials", f"{wall} s", "CPU s", "ns a trial", "ratio", "CPU ratio", *["whole s"] * inside, "peak MiB"]
    rows = [head, ["---"] * len(head)]
    own = next(iter(runs_of.values()))
    for name, runs in runs_of.items():
        trials = workload.work.get(name, workload.trials)
        scale = workload.trials / trials
        seconds, cores = runs.median(wall) or 0.0, runs.median(cpu) or 0.0
        ratios = [scale * x / (own.median(figure) or math.nan) for x, figure in ((seconds, wall), (cores, cpu))]
        cells = [name, f"{trials:,}", f"{seconds:.3f}", f"{cores:.3f}", f"{1e9 * seconds / trials:,.0f}"]
        cells += [f"{ratio:.2f}" for ratio in ratios]
        cells += [f"{runs.median('whole') or 0.0:.2f}"] * inside
        rows.append([*cells, f"{runs.peak:,.0f}"])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _versions() -> str:
    versions = []
    for name in ("numpy", "scipy", "pandas", *dict.fromkeys(PACKAGES.values())):
        try:
            versions.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return ", ".join(versions)


def _processor() -> str:
    """Return the name of the processor (Linux), or else the kind of machine."""
    try:
        with open("/proc/cpuinfo", encoding="ascii") as lines:  # noqa: PTH123 - no file of ours
            names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    except OSError:
        names = []
    return names[0] if names else platform.machine()


def comparison(trials: int, base: int, rounds: int) -> str:
    """Measure every workload and return its tables."""
    parts = [
        f"{dt.datetime.now(dt.UTC):%Y-%m-%d}; {os.cpu_count()} cores, {_processor()};",
        f"Python {platform.python_version()}, {_versions()}.",
        f"{'One round' if rounds == 1 else f'Medians of {rounds} interleaved rounds'} after a warm-up; two threads",
        "where a system has them. *Inside* leaves imports, compilation and the building of tables out. *Ratio* is that",
        "of the seconds a trial to those of payback; CPU time, of both cores, is the steadier figure on a machine that",
        f"does other work too: its load was {os.getloadavg()[0]:.1f} at the start.",
        "payback samples Sobol' points unless it says other.",
    ]
    if left := missing():
        parts.append(f"Not installed, so left out: {', '.join(left)}.")
    for workload in workloads(trials, base):
        runs_of = interleave(workload.commands, rounds)
        parts += ["", f"## {workload.title}", "", workload.text, "", table(workload, runs_of)]
        print(parts[-1], file=sys.stderr)
    return "\n".join(parts)


def main() -> None:
    """Measure and print; write benchmarks/RESULTS.md unless ``--quick`` is given."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Speed and memory, side by side.")
    parser.add_argument("--quick", action="store_true", help="a tenth of the work, once; writes nothing")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="default: %(default)s")
    options = parser.parse_args()
    if options.quick:
        print(comparison(QUICK_TRIALS, QUICK_BASE, 1))
        return
    text = "\n".join(
        [
            "# Speed and memory, side by side",
            "",
            comparison(TRIALS, BASE, options.rounds),
            "",
            "## What people wait for",
            "",
            "CPU seconds of whole processes, start-up and imports included, but where a row says wall, or warm: in a",
            "process that has loaded its case, built its tables and compiled. Commands of a row run in turns; medians",
            f"of {waiting.ROUNDS} rounds.",
            "",
            waiting.table(),
            "",
            "Where the time of `run` goes, by `--timings`:",
            "",
            waiting.breakdowns(),
            "",
            "## How the cost grows",
            "",
            f"REF-1, the compiled engine; beyond {growth.KEPT:,} values trials are counted, not kept.",
            "",
            growth.by_trials(growth.MOST, growth.ROUNDS),
            "",
            f"Cases of revenues and costs, three inputs a line, at {TRIALS:,} trials. The first run loads the case,",
            "builds its tables and compiles.",
            "",
            growth.by_size(TRIALS, growth.ROUNDS),
            "",
            "## Draws of one thread",
            "",
            f"{sampling.DRAWS:,} uniforms, inverted in turns by a table and by its peer; CPU time.",
            "",
            sampling.table(),
            "",
            "## Dependence",
            "",
            f"Copulas over {coupling.AXES} axes, and REF-1c against REF-1; one thread, CPU time, in turns.",
            "",
            coupling.table(),
            "",
            "## Other work of one thread",
            "",
            "Each against a plain way to do it in the same process; CPU time, in turns.",
            "",
            one_thread.table(),
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
