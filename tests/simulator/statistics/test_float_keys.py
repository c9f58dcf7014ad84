"""Keys of values against their definition, a value at a time."""

from __future__ import annotations

import math

import numpy as np
import pytest

from payback.simulator.statistics.float_keys import leading, magnitudes


def _key(x: float, centre: float, rate: float, mantissa: int, last: int) -> int:
    distance = (x - centre) * rate
    size = 1.0 + abs(distance)
    if math.isinf(size):
        key = last
    else:
        fraction, power = math.frexp(size)  # fraction in [0.5, 1)
        key = min(((power - 1) << mantissa) + int((2.0 * fraction - 1.0) * 2**mantissa), last)
    return -1 - key if math.copysign(1.0, distance) < 0 else key


@pytest.mark.parametrize(("mantissa", "last"), [(1, 5), (7, 16 << 7), (11, (40 << 11) - 1)])
@pytest.mark.parametrize(("centre", "rate"), [(0.0, 1.0), (3.5, 0.25), (-1e9, 1e4)])
def test_keys_are_leading_bits_and_grow_with_the_value(centre: float, rate: float, mantissa: int, last: int) -> None:
    steps = np.array([0.0, 1e-300, 1e-3, 0.499, 0.5, 1.0, 3.0, 1e3, 1e6, 1e12, 1e300, np.inf])
    values = np.concatenate([centre - steps[::-1] / rate, centre + steps / rate])
    bits, side = magnitudes(values, centre, rate, np.empty((2, values.size + 3)))
    keys = leading(bits, side, mantissa, last)
    assert keys.tolist() == [_key(x, centre, rate, mantissa, last) for x in values.tolist()]
    assert (np.diff(keys) >= 0).all()
    assert (keys[0], keys[-1]) == (-1 - last, last)
