"""The library: the code that fills rows with the values of inputs, the same for every case.

A program is a list of steps of `WORDS` words each: code, row, and numbers of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from payback.simulator.engine.compiled.llvm.builder import POINTER, WHOLE, Function, Module, Value
from payback.simulator.engine.compiled.sampling import philox_sobol
from payback.simulator.engine.compiled.sampling.copula_steps import COUPLINGS
from payback.simulator.engine.compiled.sampling.quantile_steps import LOOKUPS, word

WORDS = 8

_PARAMETERS = [(POINTER, "step"), (WHOLE, "start"), (WHOLE, "trials"), (WHOLE, "offset"), (POINTER, "row")]


def _copy(f: Function, step: Value, i: Value) -> Value:
    """Return a row that numpy filled; its word: the address of the row."""
    source = f.at(word(f, step, 0, POINTER), f.parameters["offset"])
    return f.load(f.at(source, i), f.module.floats)


def _lookup(look: Callable[..., Value]) -> Callable[[Function, Value, Value], Value]:
    def make(f: Function, step: Value, i: Value) -> Value:
        return look(f, step, f.load(f.at(f.parameters["row"], i), f.module.floats))

    return make


VECTORS: Mapping[str, Callable[[Function, Value, Value], Value]] = {
    "copy": _copy,
    **{name: _lookup(look) for name, look in LOOKUPS.items()},
    **COUPLINGS,
}
"""Steps that write a row vector by vector."""

ROWS: Mapping[str, Callable[[Function], None]] = {"keyed": philox_sobol.keyed, "sobol": philox_sobol.sobol}
"""Steps that write a row in their own order."""

CODES: Mapping[str, int] = {name: code for code, name in enumerate((*VECTORS, *ROWS))}
"""The code of each kind of step."""


@cache
def text(lanes: int) -> str:
    """Return the text of the library: ``fill(program, steps, start, trials, offset, work, stride)``."""
    module = Module(lanes)
    for name, vector in VECTORS.items():
        f = module.function(name, [*_PARAMETERS, (WHOLE, "stride")])
        with f.loop(f.parameters["trials"], step=lanes) as i:
            f.store(vector(f, f.parameters["step"], i), f.at(f.parameters["row"], i))
        f.ret()
    for name, rows in ROWS.items():
        f = module.function(name, [*_PARAMETERS, (WHOLE, "stride")])
        rows(f)
        f.ret()
    parameters = [(POINTER, "program"), (WHOLE, "steps"), (WHOLE, "start"), (WHOLE, "trials")]
    f = module.function("fill", [*parameters, (WHOLE, "offset"), (POINTER, "work"), (WHOLE, "stride")], public=True)
    p = f.parameters
    with f.loop(p["steps"]) as k:
        step = f.at(p["program"], k * WORDS)
        code, row_number = (f.load(f.at(step, word), WHOLE) for word in range(2))
        row = f.at(p["work"], row_number * p["stride"])
        for name, number in CODES.items():
            with f.when(code.compare("eq", number)):
                f.call(name, "void", step, p["start"], p["trials"], p["offset"], row, p["stride"])
    f.ret()
    return module.text()
