"""Every step of a plan, compiled and in numpy: the same bits, but for exponentials, logarithms and powers."""

from __future__ import annotations

import numpy as np
import pytest

from payback.simulator.cube import SAMPLERS, Cube
from payback.simulator.engine import simulate
from payback.simulator.engine.compiled import backend
from payback.simulator.engine.numpy_engine.shared_inputs import SharedInputs
from payback.simulator.engine.run.keep_trials import prepared
from tests.simulator.engine.compiled.side_by_side import backends, both, same_bits
from tests.simulator.engine.models import outputs
from tests.simulator.engine.run.test_pick_freeze import pieces
from tests.simulator.engine.test_against_twin import ASKED, CLEAN, CONDITIONS, FORMULAS, RATES, SCALARS, one

ROUNDED = {"negative power", "power of a monthly base", "s curve", "elementwise", "present", "powers", "index"}
"""Formulas in which a power or an exponential depends on the trial."""

SAMPLER_OF = dict(zip(FORMULAS, [*SAMPLERS.values()] * len(FORMULAS), strict=False))


def of(name: str) -> tuple:
    measures = [*ASKED, *SCALARS, *CONDITIONS, *(RATES if name in {"third pass", "lag, uncertain"} else ())]
    return one(CLEAN.get(name, FORMULAS[name])), outputs(*measures), Cube(("a", "b", "c"), 1_200, 3, SAMPLER_OF[name])


@pytest.mark.parametrize("name", FORMULAS)
def test_every_function(name: str) -> None:
    numpy, compiled = both(*of(name), start=3, stop=1_000)
    for rate in RATES[:2]:
        np.testing.assert_allclose(compiled.pop(rate, 0.0), numpy.pop(rate, 0.0), rtol=1e-9, atol=1e-12)
    if name not in ROUNDED:
        assert not same_bits(numpy, compiled)
        return
    flow = np.abs(numpy["total_cost"]).max()
    for output, wanted in numpy.items():
        np.testing.assert_allclose(compiled[output], wanted, rtol=1e-10, atol=1e-10 * flow, err_msg=output)


@pytest.mark.parametrize("name", ["lag of a state", "third pass", "noise through a state"])
def test_blocks_and_threads_do_not_matter(name: str) -> None:
    model, expressions, cube = of(name)
    whole = simulate(model, cube, expressions, engine="compiled", block=cube.trials, threads=1)
    for block, threads in ((1_024, 2), (333, 2), (16, 1)):
        parts = simulate(model, cube, expressions, engine="compiled", block=block, threads=threads)
        assert all(parts[text].tobytes() == whole[text].tobytes() for text in expressions)


def test_a_worker_takes_blocks_of_any_size() -> None:
    _, compiled = backends(*of("state"))
    work = compiled.worker()
    small = {name: np.array(values) for name, values in work(100, 110).items()}
    large = work(7, 1_007)
    assert all((values == large[name][93:103]).all() for name, values in small.items())


@pytest.mark.parametrize(
    ("measure", "room"), [("npv", "NUMPY_BYTES"), ("upfront", "BLOCK_BYTES"), ("irr", "NUMPY_BYTES")]
)
def test_blocks_have_more_room_where_numpy_draws_inputs(
    measure: str, room: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`npv` reads inputs with parameters; what a block has room for is not more than `BLOCK`, nor less than 256."""
    model, cube, expression = pieces(measure, 16)
    assert 256 < backends(model, {measure: expression}, cube)[1].block <= backend.BLOCK
    monkeypatch.setattr(backend, room, 1)
    assert backends(model, {measure: expression}, cube)[1].block == 256


def test_blocks_fit_the_cache_where_draws_are_only_read(monkeypatch: pytest.MonkeyPatch) -> None:
    model, cube, expression = pieces("npv", 16)
    shared = SharedInputs()
    simulate(model, cube, {"npv": expression}, engine="compiled", shared=shared)
    monkeypatch.setattr(backend, "BLOCK_BYTES", 1)
    alone, reading = (prepared(model, cube, {"npv": expression}, "compiled", of) for of in (None, shared))
    assert alone.block > reading.block == 256


def test_blocks_are_long_where_rows_are_written_once() -> None:
    long_and_usual = {}
    for name in ("state", "third pass"):
        numpy, compiled = backends(*of(name))
        assert numpy.long_block == numpy.block
        long_and_usual[name] = compiled.long_block > compiled.block
    assert long_and_usual == {"state": True, "third pass": False}
