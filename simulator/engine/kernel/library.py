"""The code that fills rows with the values of inputs; it is the same for every case.

A program is a list of steps of `WORDS` words each: code, row, and numbers of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from simulator.engine.kernel import coordinates
from simulator.engine.kernel.code import Function, Module
from simulator.engine.kernel.lookups import LOOKUPS, in_place, word
from simulator.engine.kernel.values import POINTER, WHOLE, Value

WORDS = 8

_PARAMETERS = [(POINTER, "step"), (WHOLE, "start"), (WHOLE, "trials"), (WHOLE, "offset"), (POINTER, "row")]


def _copy(module: Module, f: Function, step: Value, start: Value, trials: Value, row: Value) -> None:
    source = f.at(word(f, step, 0, POINTER), f.parameters["offset"])
    with f.loop(trials, step=module.lanes) as i:
        f.store(f.load(f.at(source, i), module.floats), f.at(row, i))
    f.give()


STEPS: Mapping[str, Callable[..., None]] = {
    "copy": _copy,
    "keyed": coordinates.keyed,
    "sobol": coordinates.sobol,
    **{name: in_place(look) for name, look in LOOKUPS.items()},
}
"""Every kind of step by name."""

CODES: Mapping[str, int] = {name: code for code, name in enumerate(STEPS)}
"""The code of each kind of step."""


def text(lanes: int) -> str:
    """Return the library: ``fill(program, steps, start, trials, offset, work, stride)``."""
    module = Module(lanes)
    for name, make in STEPS.items():
        f = module.function(name, _PARAMETERS)
        make(module, f, *(f.parameters[p] for p in ("step", "start", "trials", "row")))
    parameters = [(POINTER, "program"), (WHOLE, "steps"), (WHOLE, "start"), (WHOLE, "trials")]
    f = module.function("fill", [*parameters, (WHOLE, "offset"), (POINTER, "work"), (WHOLE, "stride")], public=True)
    p = f.parameters
    with f.loop(p["steps"]) as k:
        step = f.at(p["program"], k * WORDS)
        code, place = (f.load(f.at(step, word), WHOLE) for word in range(2))
        row = f.at(p["work"], place * p["stride"])
        for name, number in CODES.items():
            with f.when(code.compare("eq", number)):
                f.call(name, "void", step, p["start"], p["trials"], p["offset"], row)
    f.give()
    return module.text()
