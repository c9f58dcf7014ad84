"""Exponential, logarithm and power of compiled code against mpmath, and the C library's special values."""

from __future__ import annotations

import ctypes

import mpmath
import numpy as np
import pytest
from numpy.typing import NDArray

from payback.simulator.cube.streams import uniforms
from payback.simulator.engine.compiled.llvm import exp_log_pow
from payback.simulator.engine.compiled.llvm.builder import Module
from payback.simulator.engine.compiled.llvm.code_cache import code
from payback.simulator.engine.compiled.llvm.target import target

Floats = NDArray[np.float64]
SPECIAL = np.array([0.0, -0.0, 1, -1, 2, -2, 0.5, -3, np.inf, -np.inf, np.nan, 5e-324, 1e-310, 1e308, 1e-308, 7])
EXPONENTS = np.array([0.0, 1, -1, 2, 3, -3, 0.5, -0.5, np.inf, -np.inf, np.nan, 1e300, -1e300, 1e9, 1e13, -1e13])


@pytest.fixture(scope="module")
def run():
    """Return ``run(name, x, y)``."""
    module = Module(target().lanes)
    for name in ("exp", "log", "power"):
        f = module.function(f"run_{name}", [("ptr", "x"), ("ptr", "y"), ("ptr", "out"), ("i64", "n")], public=True)
        p = f.parameters
        with f.loop(p["n"], step=module.lanes) as i:
            x, y = (f.load(f.at(p[which], i), module.floats) for which in "xy")
            result = exp_log_pow.power(f, x, y) if name == "power" else getattr(exp_log_pow, name)(f, x)
            f.store(result, f.at(p["out"], i))
        f.ret()
    made = code(module.text())
    signature = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 3, ctypes.c_int64)

    def run(name: str, x: Floats, y: Floats | float = 0.0) -> Floats:
        y = np.broadcast_to(np.asarray(y, dtype=float), x.shape)
        padded = [np.ascontiguousarray(np.append(a, np.ones(-x.size % module.lanes))) for a in (x, y)]
        out = np.empty_like(padded[0])
        signature(made.address(f"run_{name}"))(*(a.ctypes.data for a in (*padded, out)), out.size)
        return out[: x.size]

    return run


def between(low: float, high: float, name: str) -> Floats:
    return low + (high - low) * uniforms(4, name, 0, 400)


def units(computed: Floats, exact: list[mpmath.mpf]) -> float:
    """The largest error in units of the last place."""
    return max(
        abs(float((mpmath.mpf(float(g)) - e) / float(np.spacing(abs(g))))) for g, e in zip(computed, exact, strict=True)
    )


@pytest.mark.parametrize(("low", "high"), [(-700, 700), (-1, 1), (-1e-3, 1e-3)])
def test_exponential(run, low: float, high: float) -> None:
    x = between(low, high, "exp")
    with mpmath.workprec(120):
        assert units(run("exp", x), [mpmath.exp(float(v)) for v in x]) < 0.6


@pytest.mark.parametrize(("low", "high"), [(-700, 700), (-1, 1), (-1e-6, 1e-6)])
def test_logarithm(run, low: float, high: float) -> None:
    x = np.exp(between(low, high, "log"))
    with mpmath.workprec(120):
        assert units(run("log", x), [mpmath.log(float(v)) for v in x]) <= 0.5 + 1e-3


@pytest.mark.parametrize(
    ("base", "exponent"), [((0, 3), (-10, 10)), ((1e-20, 1e20), (-10, 10)), ((0.9, 1.1), (-120, 120))]
)
def test_power(run, base: tuple[float, float], exponent: tuple[float, float]) -> None:
    x, y = between(*base, "base"), between(*exponent, "exponent")
    with mpmath.workprec(120):
        assert units(run("power", x, y), [mpmath.power(float(a), float(b)) for a, b in zip(x, y, strict=True)]) < 0.65


def test_whole_powers_of_whole_numbers_are_exact(run) -> None:
    x = np.arange(1.0, 4_000.0)
    for k in (0, 1, 2, 3, 4):
        assert (run("power", x, float(k)) == x**k).all()


def test_what_is_no_plain_number_is_as_in_the_library(run) -> None:
    x, y = (a.ravel() for a in np.meshgrid(SPECIAL, EXPONENTS))
    with np.errstate(all="ignore"):
        for computed, wanted in (
            (run("power", x, y), np.power(x, y)),
            (run("exp", x), np.exp(x)),
            (run("log", x), np.log(x)),
        ):
            np.testing.assert_allclose(computed, wanted, rtol=1e-14, equal_nan=True)


def test_neighbours_in_a_vector_do_not_matter(run) -> None:
    """A lane that goes to the library leaves the others their bits."""
    x = between(0.5, 2.0, "neighbours")
    alone = run("power", x, 0.3)
    x[::3] = -1.0
    mixed = run("power", x, 0.3)
    assert np.isnan(mixed[::3]).all()
    assert (np.delete(mixed, np.s_[::3]) == np.delete(alone, np.s_[::3])).all()
