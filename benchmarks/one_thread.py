"""Work of one thread against a plain way to do it in the same process: ``python -m benchmarks.one_thread``.

The numpy engine against whole arrays of numpy, a Latin hypercube against independent draws, the loading of a case
against the reading of its YAML, a CSV file against numpy's own reader. Both sides run in turns, in CPU time.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from pathlib import Path

import numpy as np

from benchmarks.peers.ref1 import draws, measures
from benchmarks.sampling import ROUNDS, Turn, compare
from benchmarks.whole_process import ROOT
from payback.simulator.case import Case, load
from payback.simulator.case.data.columns import columns
from payback.simulator.cube import Cube, LatinHypercube, MonteCarlo, Sampler
from payback.simulator.engine import pick_freeze, simulate
from payback.simulator.questions.trials.sampling import Sampling

TRIALS = 1 << 16
CELLS = 100_000
BLOCKS = 16
MEASURES = ("payback", "npv", "roi")


@dataclass(frozen=True)
class Row:
    """A comparison: the two sides, the units of work, the turn that is timed, and the bound of the ratio (0: none)."""

    work: str
    peer: str
    units: int
    turn: Turn
    bound: float


def engine(trials: int = TRIALS, rounds: int = ROUNDS) -> Iterator[Row]:
    """Yield runs and variance shares of REF-1; a unit is a trial, of 14 runs for the shares."""
    case = load(ROOT / "configs" / "ref1.yaml")
    plain = partial(_by_numpy, trials)
    for sampler, title, bound in (("sobol", "Sobol' points", 2.0), ("monte_carlo", "Monte Carlo", 2.5)):
        turn = compare(plain, partial(_run, case, Sampling(trials=trials, sampler=sampler).cube(case)), rounds)
        yield Row(f"REF-1, numpy engine, {title}", "numpy, whole arrays", trials, turn, bound)
    shares = compare(plain, partial(_shares, case, Sampling(trials=trials).cube(case)), rounds)
    yield Row("REF-1s, numpy engine: 14 runs", "numpy, whole arrays: one run", trials, shares, 12.0)


def samplers(trials: int = TRIALS, rounds: int = ROUNDS) -> Iterator[Row]:
    """Yield the drawing of coordinates; a unit is a coordinate."""
    axes = ("volume", "price", "cost", "growth")
    latin, independent = (_blocks(axes, trials, sampler) for sampler in (LatinHypercube(), MonteCarlo()))
    turn = compare(partial(next, independent), partial(next, latin), rounds)
    yield Row("Latin hypercube", "independent draws", trials * len(axes), turn, 20.0)


def loading(cells: int = CELLS, rounds: int = ROUNDS) -> Iterator[Row]:
    """Yield the loading of cases and of a CSV file; a unit is a file, or a cell."""
    for name in ("ref1", "ref1c"):
        path = ROOT / "configs" / f"{name}.yaml"
        turn = compare(partial(_yaml, path), partial(load, path), rounds)
        yield Row(f"loading {name}.yaml", "ruamel.yaml, nothing checked", 1, turn, 10.0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "column.csv"
        values = np.linspace(1.0, 2.0, cells).tolist()
        path.write_text("x,y\n" + "".join(f"{value!r},1\n" for value in values), encoding="utf-8")
        peer = partial(np.loadtxt, path, delimiter=",", skiprows=1, usecols=0)
        own = partial(columns, str(path), ["x"])
        yield Row("a column of CSV", "`numpy.loadtxt`", cells, compare(peer, own, rounds), 20.0)


def table(trials: int = TRIALS, cells: int = CELLS, rounds: int = ROUNDS) -> str:
    """Return the Markdown table of all rows."""
    lines = ["| work | ns | against | ns | ratio | at most |", "|---|---|---|---|---|---|"]
    for row in (*engine(trials, rounds), *samplers(trials, rounds), *loading(cells, rounds)):
        own, other = (f"{1e9 * seconds / row.units:,.1f}" for seconds in (row.turn.other, row.turn.own))
        bound = f"{row.bound:g}" if row.bound else ""
        lines.append(f"| {row.work} | {own} | {row.peer} | {other} | {row.turn.ratio:.2f} | {bound} |")
    return "\n".join(lines)


def _by_numpy(trials: int) -> object:
    return measures(draws(1, trials))


def _run(case: Case, cube: Cube) -> object:
    outputs = {name: case.formula(name).expression for name in MEASURES}
    return simulate(case.model, cube, outputs, threads=1, engine="numpy")


def _shares(case: Case, cube: Cube) -> object:
    groups = [[draw.name] for draw in case.model.draws]
    return pick_freeze(case.model, cube, case.formula("npv").expression, groups, threads=1, engine="numpy")


def _blocks(axes: tuple[str, ...], trials: int, sampler: Sampler) -> Iterator[object]:
    """Yield blocks of a large cube, no block twice in a row, so that no turn finds its draws kept."""
    cube = Cube(axes, BLOCKS * trials, 1, sampler)
    for k in cycle(range(BLOCKS)):
        yield cube.block(k * trials, (k + 1) * trials)


def _yaml(path: Path) -> object:
    from ruamel.yaml import YAML

    return YAML(typ="safe", pure=True).load(path)


if __name__ == "__main__":
    print(table())
