"""Tables, and the functions they are made of, do not depend on the vector units of the processor."""

from __future__ import annotations

import hashlib
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

from payback.distributions import (
    Beta,
    Distribution,
    Exponential,
    Gamma,
    Lognormal,
    LogUniform,
    Normal,
    Pert,
    StudentT,
    Truncated,
    inverter,
)
from payback.distributions.core.reproducible_math import cos, exp, log, product

ROOT = Path(__file__).resolve().parents[3]
FAMILIES: tuple[Distribution, ...] = (
    Normal(1.0, 2.0),
    Lognormal(100_000.0, 1.6),
    LogUniform(0.01, 100.0),
    Exponential(3.0),
    Gamma(0.4, 2.0),
    Beta(2.0, 5.0),
    Pert(80.0, 100.0, 250.0),
    StudentT(4.0),
    Truncated(Normal(0.02, 0.03), 0.0),
    Truncated(Lognormal(1.0, 1.0), 0.5, 9.0),
)


def digest(family: Distribution) -> str:
    u = np.concatenate([np.linspace(1e-4, 1 - 1e-4, 4_001), 0.5 ** np.arange(2, 50), 1 - 0.5 ** np.arange(2, 50)])
    return hashlib.sha256(inverter(family)(u).tobytes()).hexdigest()


def test_values_keep_their_bits_without_vector_units() -> None:
    code = "from tests.distributions.core.test_reproducible_math import FAMILIES, digest; print(*map(digest, FAMILIES))"
    features = " ".join(name for name in __cpu_dispatch__ if __cpu_features__.get(name))
    environment = os.environ | {"NPY_DISABLE_CPU_FEATURES": features}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert dict(zip(FAMILIES, done.stdout.split(), strict=True)) == {family: digest(family) for family in FAMILIES}


def test_elementary_functions_are_those_of_the_c_library() -> None:
    x = np.array([1e-300, 0.3, 1.0, 2.5, 700.0])
    assert exp(x).tolist() == [math.exp(v) for v in x]
    assert log(x).tolist() == [math.log(v) for v in x]
    assert cos(x.reshape(1, 5)).tolist() == [[math.cos(v) for v in x]]
    assert (exp(np.array(-math.inf)), log(np.array(0.0))) == (0.0, -math.inf)


@pytest.mark.parametrize(("rows", "inner", "columns"), [(1, 1, 1), (3, 5, 2), (2, 20, 300)])
def test_a_product_is_summed_in_order(rows: int, inner: int, columns: int) -> None:
    a = np.sin(np.arange(rows * inner)).reshape(rows, inner)
    b = np.cos(np.arange(inner * columns)).reshape(inner, columns)
    result = product(a, b)
    np.testing.assert_allclose(result, a @ b, rtol=0, atol=1e-14 * inner)
    expected = 0.0
    for k in range(inner):
        expected += float(a[0, k]) * float(b[k, -1])
    assert result[0, -1] == expected
