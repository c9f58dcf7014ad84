"""Digits: how many of them the simulation error of a number supports, and where two numbers need another."""

from __future__ import annotations

import math
from collections.abc import Sequence

EXACT_DIGITS = 6
"""Significant digits of a number that carries no simulation error."""

UNSURE_DIGITS = 2
"""Significant digits of a number that too few trials leave without an error."""

BARE_DIGITS = 3
"""Significant digits of a number whose error is not known or not shown."""


def places(low: float | None, high: float | None) -> int | None:
    """Return the decimal places that the interval [low, high] supports, negative left of the point.

    The half-width is 0.8 to 8 units of the last digit kept, ten times that near zero, where a sign
    would be lost. None when an end is missing or the interval has no width: then no error limits
    the digits.

    Examples
    --------
    >>> places(14.12, 14.30), places(-350, 1730), places(2.0, 2.0)
    (1, -2, None)
    """
    if low is None or high is None:
        return None
    half = (high - low) / 2
    if not math.isfinite(half) or half <= 0:
        return None
    near_zero = abs(low + high) < 4 * half
    return near_zero - math.floor(math.log10(1.25 * half) + 1e-9)


def significant(value: float, digits: int) -> int:
    """Return the decimal places that show `value` with `digits` significant digits."""
    return digits - 1 - math.floor(math.log10(abs(value))) if value and math.isfinite(value) else 0


def share_places(low: float, high: float) -> int:
    """Return the decimal places, in percent, that the interval of a share supports, near 1 as near 0."""
    return max((places(low, high) or 0) - 2, (places(1 - high, 1 - low) or 0) - 2, 0)


def shown_places(value: float, low: float | None, high: float | None) -> int | None:
    """Return the decimal places with which a value is shown beside its interval; None for up to six digits.

    Where one end is missing, the distance to the other one counts; where both are, two digits are shown.
    """
    if low is not None and low == high:
        return None
    if low is None and high is None:
        return max(significant(value, UNSURE_DIGITS), 0)
    return places(value if low is None else low, value if high is None else high)


def ordered_places(values: Sequence[tuple[float | None, float | None, float | None]]) -> list[int | None]:
    """Return the decimal places of ascending values, each with its interval, so that rounding keeps their order.

    Each value has the places that its interval supports. Where that would show a value above the next one, the one with
    fewer places gets more, until it does not. A value that is not shown, as no digit of it is left, has no say.

    Parameters
    ----------
    values : sequence of (float or None, float or None, float or None)
        Value, low and high, such as the percentiles of a measure; a value may be None.

    Examples
    --------
    >>> ordered_places([(23.51, 11.0, 36.0), (23.54, 23.4, 23.7)])
    [1, 1]
    """
    rows = {k: (value, low, high) for k, (value, low, high) in enumerate(values) if value is not None}
    stated = {k: shown_places(*row) for k, row in rows.items()}
    known = {k: row[0] for k, row in rows.items() if not swamped(*row, stated[k])}
    digits = {k: exact_places(known[k]) if stated[k] is None else stated[k] or 0 for k in known}
    pairs = list(zip(list(known), list(known)[1:], strict=False))
    while reversed_pairs := [(a, b) for a, b in pairs if round(known[a], digits[a]) > round(known[b], digits[b])]:
        for pair in reversed_pairs:
            coarser = min(pair, key=lambda k: digits[k])
            digits[coarser] += 1
            stated[coarser] = digits[coarser]
    return [stated.get(k) for k in range(len(values))]


def bare_places(value: float) -> int:
    """Return the decimal places of a number whose error is not known or not shown."""
    return max(significant(value, BARE_DIGITS), 0)


def exact_places(value: float) -> int:
    """Return the decimal places of a number that carries no simulation error."""
    return max(significant(value, EXACT_DIGITS), 0)


def swamped(value: float, low: float | None, high: float | None, decimals: int | None) -> bool:
    """Return whether no digit of `value` is left at the `decimals` that its interval supports.

    Zero is a digit where it is an end of the interval, as of a share or a percentile that is often 0.
    """
    if decimals is None:
        return False
    if value == 0:
        return low is not None and high is not None and low < 0 < high
    return round(value, decimals) == 0
