"""Dependence: a t copula against a Gaussian one, both against scipy, and REF-1c against REF-1.

``python -m benchmarks.coupling``. Sides run in turns, in CPU time of one thread; see `benchmarks.sampling`.
"""

from __future__ import annotations

from functools import partial
from importlib.util import find_spec

import numpy as np
from scipy.special import chdtri, ndtr, ndtri, stdtr

from benchmarks.sampling import Turn, compare
from benchmarks.whole_process import ROOT
from payback.distributions.copulas.elliptical import GaussianCopula, TCopula
from payback.distributions.core.array_types import FloatArray
from payback.simulator.case import load
from payback.simulator.cube.streams import uniforms
from payback.simulator.engine import simulate
from payback.simulator.questions.trials.sampling import Sampling

TRIALS = 1 << 16
AXES = 4
RHO = 0.5
DEGREES = 4.0
CASE_TRIALS = 1 << 18


def table() -> str:
    """Return the Markdown table of comparisons: the two sides, the ratio of their costs, and its bound."""
    rows = ["| one thread | ns | other side, ns | ratio | bound |", "|---|---|---|---|---|"]
    rows += [_row(*comparison) for comparison in (*copulas(), *cases())]
    return "\n".join(rows)


def copulas() -> list[tuple[str, Turn, int, str]]:
    """Compare copulas over `AXES` axes; nanoseconds a coordinate."""
    u = np.asfortranarray(np.column_stack([uniforms(1, f"axis {k}", 0, TRIALS) for k in range(AXES)]))
    out, mixing = np.empty_like(u, order="F"), uniforms(1, "mixing", 0, TRIALS)
    matrix = tuple(tuple(1.0 if i == j else RHO for j in range(AXES)) for i in range(AXES))
    gaussian, heavy = GaussianCopula(matrix), TCopula(matrix, DEGREES)
    factor = np.linalg.cholesky(np.array(matrix))
    t, plain = partial(heavy.couple, u, out=out), partial(gaussian.couple, u, out=out)
    return [
        ("t(4) copula; Gaussian copula", compare(plain, t), TRIALS * AXES, "at most 5"),
        ("scipy: Phi(L Phi^-1(u)); Gaussian copula", compare(plain, partial(_normal, u, factor)), TRIALS * AXES, ""),
        (
            "scipy: with a mixing chi-square; t(4) copula",
            compare(t, partial(_student, u, factor, mixing)),
            TRIALS * AXES,
            "",
        ),
    ]


def cases() -> list[tuple[str, Turn, int, str]]:
    """Compare REF-1c with REF-1 inside the simulation; nanoseconds a trial."""
    engines = ("numpy", "compiled") if find_spec("llvmlite") else ("numpy",)
    return [
        (f"REF-1c; REF-1, {engine}", compare(_run("ref1", engine), _run("ref1c", engine)), CASE_TRIALS, "at most 1.5")
        for engine in engines
    ]


def _run(name: str, engine: str) -> partial[object]:
    case = load(ROOT / "configs" / f"{name}.yaml")
    outputs = {measure: case.formula(measure).expression for measure in ("npv", "payback", "roi")}
    cube = Sampling(CASE_TRIALS).cube(case)
    return partial(simulate, case.model, cube, outputs, threads=1, engine=engine)


def _normal(u: FloatArray, factor: FloatArray) -> FloatArray:
    return np.asarray(ndtr(ndtri(u) @ factor.T))


def _student(u: FloatArray, factor: FloatArray, mixing: FloatArray) -> FloatArray:
    spread = np.sqrt(DEGREES / chdtri(DEGREES, mixing))
    return np.asarray(stdtr(DEGREES, (ndtri(u) @ factor.T) * spread[:, None]))


def _row(name: str, turn: Turn, count: int, bound: str) -> str:
    return f"| {name} | {turn.other / count * 1e9:.0f} | {turn.own / count * 1e9:.0f} | {turn.ratio:.2f} | {bound} |"


if __name__ == "__main__":
    print(table())
