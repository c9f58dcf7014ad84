"""Workers of a cluster on one machine against the threads of one process: ``python -m benchmarks.cluster``.

Either side counts the same trials of REF-1, in turns; start-up and the loading of code are left out. The ratio of CPU
time, of all processes, is the steadier figure on a machine that does other work too.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from benchmarks.whole_process import ROOT
from payback.simulator.case import load
from payback.simulator.engine import accumulate
from payback.simulator.engine.workers.dask_cluster import Cluster
from payback.simulator.questions.trials.sampling import Sampling
from payback.simulator.statistics import CountedSample

TRIALS = 100_000_000
WARM = 2**21
PAIRS = 3
WORKERS = 2
MEASURES = ("npv", "payback", "roi")


@dataclass(frozen=True)
class Cost:
    """Seconds of one run, on the wall and of processors."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Pair:
    """The same run on threads and on workers."""

    threads: Cost
    workers: Cost
    same: bool

    def ratio(self, figure: str) -> float:
        """Return the `figure` of the workers over that of the threads."""
        return float(getattr(self.workers, figure) / getattr(self.threads, figure))


def measure(trials: int, pairs: int, workers: int = WORKERS) -> list[Pair]:
    """Run REF-1 on threads and on workers in turns, once before it counts."""
    case = load(ROOT / "configs" / "ref1.yaml")
    outputs = {name: case.formula(name).expression for name in MEASURES}

    def count(size: int, threads: int | None = None, cluster: Cluster | None = None) -> dict[str, CountedSample]:
        return accumulate(case.model, Sampling(size).cube(case), outputs, threads=threads, cluster=cluster)

    measured = []
    with Cluster("local", workers=workers) as cluster:
        count(WARM, threads=workers)
        count(WARM, cluster=cluster)
        for _ in range(pairs):
            own, here = _cost(lambda: count(trials, threads=workers))
            far, there = _cost(lambda: count(trials, cluster=cluster))
            measured.append(Pair(own, far, _bits(here) == _bits(there)))
    return measured


def _cost(run: Callable[[], dict[str, CountedSample]]) -> tuple[Cost, dict[str, CountedSample]]:
    used, begun = _cpu(), time.perf_counter()
    counted = run()
    wall = time.perf_counter() - begun
    return Cost(wall, _cpu() - used), counted


def _cpu() -> float:
    """Return the seconds that this process and its children took of processors."""
    import psutil  # comes with distributed

    this = psutil.Process()
    times = [process.cpu_times() for process in (this, *this.children(recursive=True))]
    return float(sum(process.user + process.system for process in times))


def _bits(streams: Mapping[str, CountedSample]) -> list[bytes]:
    return [array.tobytes() for stream in streams.values() for array in (stream.lows, stream.highs, stream.held)]


def table(pairs: list[Pair]) -> str:
    """Return the Markdown table: every pair, and the medians of their ratios."""
    rows = ["| pair | threads s | workers s | ratio | threads CPU s | workers CPU s | CPU ratio | same bits |"]
    rows.append("|---|---|---|---|---|---|---|---|")
    for turn, pair in enumerate(pairs, 1):
        threads, workers = pair.threads, pair.workers
        cells = [f"{threads.wall:.1f}", f"{workers.wall:.1f}", f"{pair.ratio('wall'):.2f}", f"{threads.cpu:.1f}"]
        cells += [f"{workers.cpu:.1f}", f"{pair.ratio('cpu'):.2f}", "yes" if pair.same else "no"]
        rows.append(f"| {turn} | {' | '.join(cells)} |")
    wall, cpu = (statistics.median(pair.ratio(figure) for pair in pairs) for figure in ("wall", "cpu"))
    return "\n".join([*rows, f"| median | | | {wall:.2f} | | | {cpu:.2f} | |"])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cluster", description="Workers against threads.")
    parser.add_argument("--trials", type=float, default=TRIALS, help="default: %(default)s")
    parser.add_argument("--pairs", type=int, default=PAIRS, help="default: %(default)s")
    options = parser.parse_args()
    load_before = os.getloadavg()[0]
    measured = measure(int(options.trials), options.pairs)
    print(
        f"{int(options.trials):,} trials of REF-1, {', '.join(MEASURES)}; {WORKERS} workers against {WORKERS} threads;"
    )
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, load {load_before:.1f} at the start.\n")
    print(table(measured))


if __name__ == "__main__":  # workers import this file
    main()
