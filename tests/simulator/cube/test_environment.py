"""Coordinates do not depend on hash seeds, languages, time zones, threads or the processor's vector units."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

from payback.simulator.cube import SAMPLERS, Cube

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Group:
    axes: tuple[str, ...]
    correlation: tuple[tuple[float, ...], ...]
    degrees: float | None = None


def digest() -> str:
    """Hash of the coordinates of every sampler, with couplings, conditions and months."""
    matrix = ((1.0, -0.4, 0.3), (-0.4, 1.0, 0.1), (0.3, 0.1, 1.0))
    digest = hashlib.sha256()
    for sampler in SAMPLERS.values():
        cube = Cube(("a", "b", "c", "d"), 5_000, 42, sampler, (Group(("a", "b", "c"), matrix),))
        for changed in (cube, cube.pin("b", 0.9), cube.restrict("c", 0.0, 0.1).restrict("d", 0.5, 1.0)):
            digest.update(changed.block(0, 5_000, ["a", "b", "c", "d", "noise[3]"]).tobytes("F"))
    return digest.hexdigest()


def features() -> str:
    return " ".join(name for name in __cpu_dispatch__ if __cpu_features__.get(name))


@pytest.mark.parametrize(
    "change",
    [
        {"PYTHONHASHSEED": "1", "LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Kolkata"},
        {"PYTHONHASHSEED": "0", "LC_ALL": "C", "TZ": "UTC", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        {"NPY_DISABLE_CPU_FEATURES": features()},
    ],
    ids=["turkish", "plain", "no vector units"],
)
def test_bits_do_not_depend_on_the_environment(change: dict[str, str]) -> None:
    code = "from tests.simulator.cube.test_environment import digest; print(digest())"
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | change, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == digest()


@pytest.mark.parametrize(
    ("sampler", "hashed"),
    [("sobol", "391ad77014438547"), ("monte_carlo", "a5ee69294d5ed29f"), ("latin_hypercube", "85121bee5a1c5101")],
)
def test_coordinates_are_these(sampler: str, hashed: str) -> None:
    # a change here changes every result that was ever printed: it needs a note to the users
    block = Cube(("traffic", "price"), 32, 1, SAMPLERS[sampler]).block(0, 32)
    assert hashlib.sha256(block.astype("<f8").tobytes("F")).hexdigest()[:16] == hashed
