"""Results do not depend on hash seeds, languages, time zones, threads; vector units move the last bits of measures."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__
from numpy.typing import NDArray

from payback.simulator.case import load
from payback.simulator.cube import Cube, Sobol
from payback.simulator.engine import simulate

ROOT = Path(__file__).resolve().parents[3]
CASES = ("falcon3_api", "ref1c", "support_classifier")
AMOUNTS = ("npv", "gain", "peak_funding", "total_cost", "annual_net_benefit", "at(cumulative_net, 7)")
OTHERS = ("roi", "multiple", "payback", "discounted_payback", "irr", "irr_count", "stays_paid_back", "npv < 0")
FEATURES = " ".join(name for name in __cpu_dispatch__ if __cpu_features__.get(name))


def run(name: str) -> dict[str, NDArray[np.float64]]:
    """Return the raw trials of a ready-made case: inputs drawn once a trial, and measures."""
    case = load(ROOT / "configs" / f"{name}.yaml")
    inputs = [d.axis for d in case.model.draws if not d.monthly]
    cube = Cube(tuple(inputs), 4_096, 5, Sobol(), case.model.dependence)
    expressions = {text: case.formula(text).expression for text in (*inputs, *AMOUNTS, *OTHERS)}
    return dict(simulate(case.model, cube, expressions).values)


def elsewhere(folder: Path, **changed: str) -> dict[str, dict[str, NDArray[np.float64]]]:
    """Return the trials of every case, run by a process with a changed environment."""
    code = (
        "import sys, numpy; from tests.simulator.engine.test_environment import CASES, run;"
        "[numpy.savez(f'{sys.argv[1]}/{name}.npz', **run(name)) for name in CASES]"
    )
    subprocess.run([sys.executable, "-c", code, str(folder)], env=os.environ | changed, cwd=ROOT, check=True)
    return {name: dict(np.load(folder / f"{name}.npz")) for name in CASES}


@pytest.fixture(scope="module")
def here() -> dict[str, dict[str, NDArray[np.float64]]]:
    return {name: run(name) for name in CASES}


@pytest.mark.parametrize(
    "change",
    [
        {"PYTHONHASHSEED": "1", "LANG": "de_DE.UTF-8", "LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Kolkata"},
        {"PYTHONHASHSEED": "0", "LANG": "C", "LC_ALL": "C", "TZ": "UTC", "OMP_NUM_THREADS": "1"},
    ],
    ids=["turkish", "plain"],
)
def test_the_same_bits_in_any_surroundings(here, tmp_path: Path, change: dict[str, str]) -> None:
    for case, digests in elsewhere(tmp_path, **change).items():
        for name, values in digests.items():
            assert values.tobytes() == here[case][name].tobytes(), (case, name)


def test_without_vector_units_the_same_to_rounding(here, tmp_path: Path) -> None:
    """Inputs within 4 units in the last place; measures within 1e-10 of the largest flow of the trial."""
    for case, digests in elsewhere(tmp_path, NPY_DISABLE_CPU_FEATURES=FEATURES).items():
        flow = np.maximum(digests["total_cost"], digests["peak_funding"])
        for name, values in digests.items():
            base = here[case][name]
            if name in AMOUNTS:
                assert (np.abs(values - base) <= 1e-10 * flow).all(), (case, name)
            elif name in OTHERS:
                np.testing.assert_allclose(values, base, rtol=1e-9, atol=1e-9, err_msg=f"{case} {name}")
            else:
                assert (np.abs(values - base) <= 4 * np.spacing(np.abs(base))).all(), (case, name)
