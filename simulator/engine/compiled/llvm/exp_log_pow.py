"""Exponential, logarithm and power on vectors, to about half a unit in the last place.

The logarithm is a sum of two doubles, so that a power, the exponential of its product with the exponent, is still
right in the last place; whole powers of whole numbers are exact. Arguments that are 0, negative, subnormal or not
finite go to the C library, lane by lane.

References
----------
W. J. Cody, W. Waite, "Software Manual for the Elementary Functions", Prentice-Hall (1980) (reduction by ln 2).
P. T. P. Tang, "Table-driven implementation of the logarithm function in IEEE floating-point arithmetic", ACM
Trans. Math. Softw. 16(4), 378-400 (1990), doi:10.1145/98267.98294 (the series in (m - 1) / (m + 1)).
T. J. Dekker, "A floating-point technique for extending the available precision", Numer. Math. 18, 224-242 (1971),
doi:10.1007/BF01397083 (sums and products of two doubles).
"""

from __future__ import annotations

import math

from payback.simulator.engine.compiled.llvm.builder import DOUBLE, WHOLE, Function, Module, Value

LN2_HIGH = float.fromhex("0x1.62e42fefa3800p-1")
LN2_LOW = float.fromhex("0x1.ef35793c76730p-45")
_ROOT_HALF = 0x3FE6A09E667F3BCD
_SHIFTER = float.fromhex("0x1.8p52")
_TWO_THIRDS = 2.0 / 3.0
_TWO_THIRDS_LOW = math.ldexp(1.0, -54) * (2.0 / 3.0)
_TERMS = 15
_DEGREE = 13
_LARGEST = 800.0
_LARGEST_EXPONENT = 2.0**40


def exp(f: Function, x: Value) -> Value:
    """Return e to the power `x`."""
    return f.call(_exp(f.module), f.module.floats, x, f.constant(0.0, f.module.floats))


def log(f: Function, x: Value) -> Value:
    """Return the natural logarithm of `x`."""
    return f.call(_log(f.module), f.module.floats, x)


def power(f: Function, x: Value, y: Value) -> Value:
    """Return `x` to the power `y`."""
    return f.call(_power(f.module), f.module.floats, x, y)


def _exp(module: Module) -> str:
    """Return the name of the function e to the power ``high + low``, added to the module if it is not there."""
    name, kind = "exp", module.floats
    if module.has(name):
        return name
    f = module.function(name, [(kind, "high"), (kind, "low")], kind)
    given, low = f.parameters["high"], f.parameters["low"]
    high = given.compare("ogt", _LARGEST).choose(given.like(_LARGEST), given)
    high = given.compare("olt", -_LARGEST).choose(given.like(-_LARGEST), high)
    low = high.compare("oeq", given).choose(low, 0.0)
    shifted = high * (1.0 / math.log(2.0)) + _SHIFTER
    k = shifted - _SHIFTER
    # k LN2_HIGH and the difference are exact
    rest, tail = high - k * LN2_HIGH, low - k * LN2_LOW
    r = rest + tail
    tail = (rest - r) + tail
    series = r.like(1.0 / math.factorial(_DEGREE))
    for n in range(_DEGREE - 1, 1, -1):
        series = fma(f, series, r, r.like(1.0 / math.factorial(n)))
    whole = 1.0 + r
    correction = (r - (whole - 1.0)) + fma(f, r * r, series, fma(f, tail, r, tail))
    scaled = whole + correction
    bits = shifted.cast("bitcast", module.wholes)
    power_of_two = bits - int(_bits(_SHIFTER))
    half = power_of_two.shift_signed(1)
    f.ret(scaled * _two_to(half) * _two_to(power_of_two - half))
    return name


def _bits(value: float) -> int:
    import struct

    return int(struct.unpack("<q", struct.pack("<d", value))[0])


def _two_to(k: Value) -> Value:
    return ((k + 1023) << 52).cast("bitcast", k.function.module.floats)


def fma(f: Function, a: Value, b: Value, c: Value) -> Value:
    """Return ``a * b + c``, rounded once."""
    return f.intrinsic("fma", a.kind, a, b, c)


def _parts(f: Function, x: Value) -> tuple[Value, Value]:
    """Return the logarithm of a normal positive number as a sum of two doubles, the high and the low part."""
    module = f.module
    bits = x.cast("bitcast", module.wholes)
    exponent = (bits - _ROOT_HALF).shift_signed(52)
    m = (bits - (exponent << 52)).cast("bitcast", module.floats)
    k = exponent.cast("sitofp", module.floats)
    over, under = m - 1.0, m + 1.0
    lost = m - (under - 1.0)
    inverse = 1.0 / under
    s = over * inverse
    s_low = (fma(f, -s, under, over) - s * lost) * inverse
    z = s * s
    z_low = fma(f, s, s, -z) + 2.0 * s * s_low
    cube = s * z
    cube_low = fma(f, s, z, -cube) + s * z_low + s_low * z
    third = cube * _TWO_THIRDS
    third_low = fma(f, cube, cube.like(_TWO_THIRDS), -third) + cube * _TWO_THIRDS_LOW + cube_low * _TWO_THIRDS
    series = z.like(2.0 / (2 * _TERMS + 1))
    for n in range(_TERMS - 1, 1, -1):
        series = fma(f, series, z, z.like(2.0 / (2 * n + 1)))
    rest = cube * z * series
    first = k * LN2_HIGH
    high = first + 2.0 * s
    low = (first - high) + 2.0 * s
    total = high + third
    low = ((high - total) + third) + low + (2.0 * s_low + third_low + k * LN2_LOW + rest)
    high = total + low
    return high, (total - high) + low


def _plain(x: Value) -> Value:
    """Return whether a number is positive, normal and finite."""
    bits = x.cast("bitcast", x.function.module.wholes)
    smallest, infinity = 0x0010000000000000, 0x7FF0000000000000
    return (bits - smallest).compare("ult", infinity - smallest)


def _log(module: Module) -> str:
    name, kind = "log", module.floats
    if module.has(name):
        return name
    f = module.function(name, [(kind, "x")], kind)
    x = f.parameters["x"]
    plain = _plain(x)
    high, _ = _parts(f, plain.choose(x, 1.0))
    f.ret(_by_library(f, "payback_log", plain, high, x))
    return name


def _power(module: Module) -> str:
    name, kind = "power", module.floats
    if module.has(name):
        return name
    exponential = _exp(module)
    f = module.function(name, [(kind, "x"), (kind, "y")], kind)
    x, y = f.parameters["x"], f.parameters["y"]
    size = f.intrinsic("fabs", kind, y)
    plain = _plain(x) & size.compare("olt", _LARGEST_EXPONENT)
    high, low = _parts(f, plain.choose(x, 1.0))
    exponent = plain.choose(y, 1.0)
    product = exponent * high
    correction = fma(f, exponent, high, -product) + exponent * low
    result = f.call(exponential, kind, product, correction)
    f.ret(_by_library(f, "payback_pow", plain, result, x, y))
    return name


def _by_library(f: Function, name: str, plain: Value, result: Value, *arguments: Value) -> Value:
    """Return `result` where `plain` holds, and the value of the C library's function elsewhere."""
    lanes = f.array_of(result)
    with f.when((plain ^ -1).any()):
        mask = f.array_of(plain.cast("zext", f.module.wholes))
        addresses = [f.array_of(a) for a in arguments]
        with f.loop(f.module.lanes) as lane, f.when(f.load(f.at(mask, lane, WHOLE), WHOLE).compare("eq", 0)):
            given = (f.load(f.at(address, lane)) for address in addresses)
            f.store(f.call(name, DOUBLE, *given, declared=True), f.at(lanes, lane))
    return f.load(lanes, result.kind)
