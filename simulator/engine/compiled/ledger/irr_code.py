"""Internal rates of return in compiled code, for flows that change sign once or twice, as nearly all do.

Where signs change once, the method is that of `payback.simulator.engine.irr.positive_roots`: Newton's on ``log(P / N)``
over ``log x``, inside a bracket. Where they change twice, there are two rates or none, and only
their number is wanted. With m the first power after the first change, the polynomial over x^m
has one extreme, since ``sum of (k - m) c_k x^k`` has coefficients whose signs change once: the
same method finds it, and its sign decides. Flows for which it is close to 0, and those with more
changes, are left to `payback.simulator.engine.irr.positive_roots`.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from payback.simulator.engine.compiled.llvm import code_cache, exp_log_pow
from payback.simulator.engine.compiled.llvm.builder import DOUBLE, POINTER, WHOLE, Function, Local, Module, Value
from payback.simulator.engine.compiled.llvm.exp_log_pow import fma
from payback.simulator.engine.compiled.llvm.target import target
from payback.simulator.engine.compiled.sampling.quantile_steps import higher
from payback.simulator.engine.irr.irr import MONTHS
from payback.simulator.engine.irr.positive_roots import SETTLED, STEPS

Floats = NDArray[np.float64]

UNSOLVED = -1.0
"""The count of flows that are left to numpy."""

_CLOSE = 1e-9

PARAMETERS = ((POINTER, "start"), (POINTER, "net"), (WHOLE, "stride"), (WHOLE, "months"))
RESULTS = ((POINTER, "rate"), (POINTER, "count"), (WHOLE, "trials"))


@cache
def text(lanes: int) -> str:
    """Return the text of ``rates(start, net, stride, months, rate, count, trials)``.

    `start` is a row of flows at t = 0, and `net` has a row for each month, `stride` trials apart; rates and counts are
    as those of `payback.simulator.engine.irr.irr.irr`.
    """
    module = Module(lanes)
    f = module.function("rates", [*PARAMETERS, *RESULTS], public=True)
    with f.loop(f.parameters["trials"], step=lanes) as i:
        _solve(f, i)
    f.ret()
    return module.text()


def solve(start: Floats, net: Floats) -> tuple[Floats, Floats]:
    """Return rates of return and their counts, with the count `UNSOLVED` where flows are left to `engine.irr`.

    Parameters
    ----------
    start : ndarray of shape (trials,)
        Flows at t = 0; `trials` is a multiple of the lanes of a vector.
    net : ndarray of shape (months, trials), contiguous
    """
    code = code_cache.code(text(target().lanes))
    rate, count = np.empty_like(start), np.empty_like(start)
    run = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 2, *[ctypes.c_int64] * 2, *[ctypes.c_void_p] * 2, ctypes.c_int64)
    addresses = [a.ctypes.data for a in (start, net, rate, count)]
    run(code.address("rates"))(*addresses[:2], net.shape[1], net.shape[0], *addresses[2:], start.size)
    return rate, count


def _flow(f: Function, i: Value, month: Value) -> Value:
    """Return the flow of `month`, that at t = 0 for month 0."""
    p = f.parameters
    later = f.at(p["net"], (month - 1) * p["stride"])
    row = month.compare("eq", 0).choose(p["start"], later)
    return f.load(f.at(row, i), f.module.floats)


def _solve(f: Function, i: Value) -> None:
    module, last = f.module, f.parameters["months"] + 1
    floats = module.floats
    changes, sign, first, total, moment, middle = (f.local(floats, 0.0) for _ in range(6))
    with f.loop(last) as month:
        flow, now = _flow(f, i, month), month.cast("sitofp", DOUBLE).splat(module.lanes)
        turns = (flow * sign.get()).compare("olt", 0.0)
        middle.set((turns & changes.get().compare("oeq", 0.0)).choose(now, middle.get()))
        changes.set(changes.get() + turns.cast("uitofp", floats))
        own = flow.compare("olt", 0.0).choose(flow.like(-1.0), 1.0)
        sign.set(flow.compare("one", 0.0).choose(own, sign.get()))
        first.set(first.get().compare("oeq", 0.0).choose(sign.get(), first.get()))
        total.set(total.get() + flow)
        moment.set(moment.get() + flow * now)
    finite = (total.get() - total.get()).compare("oeq", 0.0)
    once, twice = (finite & changes.get().compare("oeq", number) for number in (1.0, 2.0))
    live = f.local(module.truths, once | twice)
    at_one = twice.choose(moment.get() - middle.get() * total.get(), total.get())
    # the root lies below 1 where the value at 1 has the last sign; the others are solved from the other end
    polynomial = _Polynomial(f, i, (at_one * sign.get()).compare("ogt", 0.0) ^ 1, twice, middle.get())
    lowest = twice.choose(-first.get(), first.get())
    x = _newton(polynomial, polynomial.turned.choose(sign.get(), lowest), live)
    done = live.get() ^ 1
    size = exp_log_pow.log(f, x) * float(MONTHS)
    rate = _less_one(f, polynomial.turned.choose(size, -size))
    count = _extreme(polynomial, x, first.get(), twice & done)
    count = changes.get().compare("oeq", 0.0).choose(count.like(0.0), count)
    count = (once & done).choose(count.like(1.0), count)
    falling = first.get().compare("olt", 0.0)  # money out first: the net present value falls as the rate rises
    f.store((once & done & falling).choose(rate, float("nan")), f.at(f.parameters["rate"], i))
    f.store(finite.choose(count, float("nan")), f.at(f.parameters["count"], i))


def _extreme(polynomial: _Polynomial, x: Value, first: Value, known: Value) -> Value:
    """Return the number of roots, from the sign at the extreme `x` where it is `known`, else `UNSOLVED`."""
    p, _, n, _ = polynomial.sums(x, weighted=False)
    above = (n - p) * first
    near = x.like(_CLOSE) * (p + n)
    none = known & above.compare("olt", -near)
    return none.choose(x.like(0.0), (known & above.compare("ogt", near)).choose(x.like(2.0), UNSOLVED))


def _less_one(f: Function, y: Value) -> Value:
    """Return ``exp(y) - 1``, accurate near 0: Kahan's way, by the logarithm of what the exponential gave."""
    power = exp_log_pow.exp(f, y)
    size = f.intrinsic("fabs", y.kind, y)
    near = (power - 1.0) * y / exp_log_pow.log(f, size.compare("olt", 1.0).choose(power, 2.0))
    near = power.compare("oeq", 1.0).choose(y, near)
    return size.compare("olt", 1.0).choose(near, power - 1.0)


@dataclass(frozen=True)
class _Polynomial:
    """The flows of the trials from `i` on as polynomials, reversed where `turned`.

    Where `weighted`, coefficient k is ``k - middle`` times the flow.
    """

    f: Function
    i: Value
    turned: Value
    weighted: Value
    middle: Value

    def sums(self, x: Value, *, weighted: bool) -> tuple[Value, ...]:
        """Return the sum of the positive terms and its slope, then those of the negative terms, by Horner's rule."""
        f, months = self.f, self.f.parameters["months"]
        p, p_slope, n, n_slope = (f.local(f.module.floats, 0.0) for _ in range(4))
        with f.loop(months + 1) as power:
            flow = self._term(power, months - power, weighted)
            p_slope.set(fma(f, p_slope.get(), x, p.get()))
            n_slope.set(fma(f, n_slope.get(), x, n.get()))
            p.set(fma(f, p.get(), x, higher(flow, flow.like(0.0))))
            n.set(fma(f, n.get(), x, higher(-flow, flow.like(0.0))))
        return p.get(), p_slope.get(), n.get(), n_slope.get()

    def _term(self, ascending: Value, descending: Value, weighted: bool) -> Value:
        flow = self.turned.choose(_flow(self.f, self.i, ascending), _flow(self.f, self.i, descending))
        if not weighted:
            return flow
        months = (month.cast("sitofp", DOUBLE).splat(self.f.module.lanes) for month in (ascending, descending))
        return flow * self.weighted.choose(self.turned.choose(*months) - self.middle, 1.0)


def _newton(polynomial: _Polynomial, sign: Value, live: Local) -> Value:
    """Return the root in (0, 1] of each `live` polynomial, whose sign right above 0 is `sign`.

    A polynomial stays live until its root is found.
    """
    f = polynomial.f
    floats = f.module.floats
    x, low, high = f.local(floats, 1.0), f.local(floats, 0.0), f.local(floats, 1.0)
    with f.loop(STEPS, among=live):
        here = x.get()
        p, p_slope, n, n_slope = polynomial.sums(here, weighted=True)
        before = ((p - n) * sign).compare("ogt", 0.0)
        low.set(before.choose(here, low.get()))
        high.set(before.choose(high.get(), here))
        step = -exp_log_pow.log(f, live.get().choose(p / n, 1.0)) / (here * (p_slope / p - n_slope / n))
        settled = f.intrinsic("fabs", floats, step).compare("ole", SETTLED)
        candidate = here * exp_log_pow.exp(f, step)
        inside = candidate.compare("ogt", low.get()) & candidate.compare("olt", high.get())
        new = (settled | inside).choose(candidate, 0.5 * (low.get() + high.get()))
        exact = p.compare("oeq", n)
        x.set((live.get() & (exact ^ 1)).choose(new, here))
        live.set(live.get() & ((settled | exact) ^ 1))
    return x.get()
