"""Numbers as text: no more digits than their simulation error supports, units in words, never ``inf``.

Every text that a question, a report or the terminal shows comes from here, so that one number is
written one way. Shares come in as ratios (``0.984``) and go out as percent (``98.4 %``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

EXACT_DIGITS = 6
"""Significant digits of a number that carries no simulation error."""

BARE_DIGITS = 3
"""Significant digits of a number whose error is not known or not shown."""

RATES = ("1/year", "1/month")
"""Units that are written in percent."""

LOST = -0.999
"""A rate of return below this is a loss of everything: its digits say no more."""

_FRACTIONS = {
    5: "one in twenty",
    10: "one in ten",
    25: "one in four",
    50: "half of all",
    75: "three in four",
    80: "four in five",
    90: "nine in ten",
    95: "nineteen in twenty",
}


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


def number(value: float, decimals: int | None = None) -> str:
    """Return `value` with thousands separators, rounded to `decimals` places.

    Without `decimals`, up to six significant digits and no trailing zeros. Far from 1 the scientific
    form is used: ``1.5e-07``, ``2e+18``.

    Examples
    --------
    >>> number(-11139.4, -1), number(0.30000000000000004), number(1234567.0)
    ('-11,140', '0.3', '1,234,567')
    """
    if not math.isfinite(value):
        raise ValueError(f"`number` takes finite values, got {value!r}")
    exact = decimals is None
    if decimals is None:
        decimals = max(significant(value, EXACT_DIGITS), 0)
    rounded = round(value, decimals) + 0.0
    if rounded and not 1e-4 <= abs(rounded) < 1e15:
        kept = max(0, decimals - significant(rounded, 1)) if not exact else EXACT_DIGITS - 1
        mantissa, exponent = f"{rounded:.{min(kept, 15)}e}".split("e")
        if exact and "." in mantissa:
            mantissa = mantissa.rstrip("0").rstrip(".")
        return f"{mantissa}e{exponent}"
    text = f"{rounded:,.{max(decimals, 0)}f}"
    return text.rstrip("0").rstrip(".") if exact and "." in text else text


def bare(value: float) -> str:
    """Return `value` with three significant digits; whole digits left of the point are kept.

    Examples
    --------
    >>> bare(0.0123456), bare(43_812.7), bare(3.0)
    ('0.0123', '43,813', '3')
    """
    return number(value, 0 if value.is_integer() else max(significant(value, BARE_DIGITS), 0))


def exact(value: float) -> str:
    """Return `value` as it was given, to 12 significant digits.

    Examples
    --------
    >>> exact(1_234_567.25), exact(0.1 + 0.2), exact(2e-7)
    ('1,234,567.25', '0.3', '2e-07')
    """
    return f"{value:,.12g}"


def quantity(value: float, unit: str = "", decimals: int | None = None) -> str:
    """Return a number with its unit: ``14.2 months``, ``-11,139 USD``, ``12 %/year``.

    A rate per time (``1/year``) is written in percent.
    """
    if unit in RATES:
        if value < LOST:
            return f"under {number(100 * LOST)} %{unit[1:]}"
        return f"{number(100 * value, None if decimals is None else decimals - 2)} %{unit[1:]}"
    text = number(value, decimals)
    return f"{text} {plural(unit, text)}" if unit else text


def plural(unit: str, text: str = "") -> str:
    """Return the unit as it follows the number `text`: ``month`` follows ``1``, ``months`` the rest."""
    return unit + "s" if unit in ("month", "year", "hour") and text not in ("1", "-1") else unit


def with_error(value: float, low: float | None, high: float | None, unit: str = "", horizon: int | None = None) -> str:
    """Return a value with its 95 % interval, digits limited by it.

    Parameters
    ----------
    value : float
        The estimate.
    low, high : float or None
        Ends of the interval; equal ends mean a certain value. With `horizon`, None on the high
        side means beyond it; otherwise that this end is not known.
    unit : str
        Unit of all three.
    horizon : int, optional
        Months, for a quantity that may be never.

    Examples
    --------
    >>> with_error(14.213, 14.121, 14.305, "month")
    '14.2 months (14.1 to 14.3)'
    >>> with_error(-11139.2, -11190.7, -11087.9, "USD")
    '-11,140 USD (-11,190 to -11,090)'
    >>> with_error(35.6, 35.1, None, "month", 36), with_error(-0.99999, -0.999999, -0.9999, "1/year")
    ('35.6 months (35.1 to beyond 36)', 'under -99.9 %/year')
    """
    if (low is not None and low == high) or (unit in RATES and value < LOST):
        return quantity(value, unit)
    known = (low if low is not None else value, high if high is not None else value)
    decimals = places(*known)
    scale = 100.0 if unit in RATES else 1.0
    shown = decimals if scale == 1.0 or decimals is None else decimals - 2

    def end(bound: float | None, missing: str) -> str:
        return missing if bound is None else number(scale * bound, shown)

    if low is None and high is None:
        return quantity(value, unit, max(significant(value, BARE_DIGITS), 0))
    beyond = f"beyond {horizon}" if horizon is not None else "not known"
    return f"{quantity(value, unit, decimals)} ({end(low, 'not known')} to {end(high, beyond)})"


def percent(share: float, low: float | None = None, high: float | None = None) -> str:
    """Return a share as percent, with its 95 % interval when given.

    At 0 and at 1 the interval has one open side and is written as a bound.

    Examples
    --------
    >>> percent(0.98430, 0.98362, 0.98496), percent(0.0, 0.0, 2.9e-5), percent(0.25)
    ('98.43 % (98.36 to 98.50)', '0 % (at most 0.0029 %)', '25 %')
    """
    if low is None or high is None or low == high:
        return f"{bare_percent(share)} %"
    if share <= 0:
        return f"0 % (at most {number(100 * high, significant(100 * high, 2))} %)"
    if share >= 1:
        below = 100 * (1 - low)
        return f"100 % (at least {number(100 * low, significant(below, 2))} %)"
    decimals = (places(low, high) or 0) - 2
    decimals = max(decimals, 0)
    return f"{number(100 * share, decimals)} % ({number(100 * low, decimals)} to {number(100 * high, decimals)})"


def bare_percent(share: float, low: float | None = None, high: float | None = None) -> str:
    """Return ``100 * share``, with three significant digits of the smaller of `share` and 1 - `share`.

    There are fewer digits when the interval [`low`, `high`], of the share or of 1 less the share, supports fewer.

    Examples
    --------
    >>> bare_percent(0.12345), bare_percent(0.99987), bare_percent(1.0), bare_percent(0.99869, 0.0012, 0.0015)
    ('12.3', '99.987', '100', '99.87')
    """
    rest = min(abs(share), abs(1 - share))
    decimals = max(significant(100 * rest, BARE_DIGITS), 1) if rest else 0
    supported = places(low, high)
    if supported is not None:
        decimals = min(decimals, max(supported - 2, 0))
    text = number(100 * share, decimals)
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def difference(value: float, low: float | None, high: float | None, unit: str = "") -> str:
    """Return a difference with its sign always shown; `unit` "share" gives percentage points.

    Examples
    --------
    >>> difference(0.0312, 0.0301, 0.0323, "share"), difference(-812.0, -830.0, -794.0, "USD")
    ('+3.1 points (+3.0 to +3.2)', '-810 USD (-830 to -790)')
    """
    scale, suffix = (100.0, "points") if unit == "share" else (1.0, "")
    if unit in RATES:
        scale, suffix = 100.0, "points" + unit[1:]
    decimals = places(low, high)
    if decimals is not None and scale != 1.0:
        decimals -= 2

    def signed(amount: float) -> str:
        text = number(scale * amount, decimals)
        return text if text.startswith("-") or not text.strip("0.,") else "+" + text

    text = signed(value)
    text += f" {suffix or plural(unit, text.lstrip('+'))}" if suffix or unit else ""
    if low is None or high is None or low == high:
        return text
    return f"{text} ({signed(low)} to {signed(high)})"


def not_within(horizon: int) -> str:
    """Return the text of a value beyond the horizon.

    Examples
    --------
    >>> not_within(36)
    'not within 36 months'
    """
    return f"not within {horizon} month{'' if horizon == 1 else 's'}"


def censored(value: float | None, low: float | None, high: float | None, unit: str, horizon: int) -> str:
    """Return the text of a percentile that may lie beyond the horizon (`value` None).

    Examples
    --------
    >>> censored(None, 34.9, None, "month", 36), censored(None, None, None, "month", 36)
    ('not within 36 months (at least 34.9)', 'not within 36 months')
    """
    if value is None:
        return not_within(horizon) + ("" if low is None else f" (at least {bare(low)})")
    return with_error(value, low, high, unit, horizon)


def trials(q: float) -> str:
    """Return the share of trials at or below percentile `q` in words: ``nine in ten trials``."""
    words = _FRACTIONS.get(int(q)) if q == int(q) else None
    return f"{words} trials" if words else f"{number(q)} % of trials"


def percentile_sentence(name: str, q: float, value: float | None, text: str, horizon: int) -> str:
    """Return a percentile as a sentence.

    Parameters
    ----------
    name : str
        The quantity, ``payback`` and ``discounted_payback`` having their own words.
    q : float
        The percentile, 0 to 100.
    value : float or None
        None when it lies beyond the horizon.
    text : str
        The value as written elsewhere, with its unit and without its interval.
    horizon : int
        Months.

    Examples
    --------
    >>> percentile_sentence("payback", 90, 14.2, "14.2 months", 36)
    'nine in ten trials pay back by month 14.2'
    >>> percentile_sentence("payback", 90, None, "", 36)
    'fewer than nine in ten trials pay back within 36 months'
    >>> percentile_sentence("npv", 10, -812.0, "-812 USD", 36)
    'one in ten trials has npv of -812 USD or less'
    >>> percentile_sentence("payback", 10, 0.0, "0 months", 36)
    'one in ten trials needs no funding'
    """
    who = trials(q)
    if name in ("payback", "discounted_payback"):
        how = "pay back" if name == "payback" else "pay back after discounting"
        if value is None:
            return f"fewer than {who} {how} within {horizon} months"
        if value == 0:
            return f"{who} {'needs' if who.startswith('one ') else 'need'} no funding"
        verb = how.replace("pay", "pays", 1) if who.startswith("one ") else how
        return f"{who} {verb} by month {text.split(maxsplit=1)[0]}"
    if value is None:
        return f"fewer than {who} reach {name} within {horizon} months"
    return f"{who} {'has' if who.startswith('one ') else 'have'} {name} of {text} or less"


def unfunded(share: float) -> str:
    """Return the share of trials whose cumulative net is never below 0, so that payback is 0; empty if there is none.

    Examples
    --------
    >>> unfunded(0.121), unfunded(1.0), unfunded(0.0)
    ('no funding is needed in 12.1 % of trials', 'no funding is needed in any trial', '')
    """
    if share == 0:
        return ""
    return "no funding is needed in " + ("any trial" if share == 1 else f"{percent(share)} of trials")


def series(parts: Sequence[str]) -> str:
    """Return `parts` as a list in a sentence.

    Examples
    --------
    >>> series(["volume", "price", "overrun"])
    'volume, price and overrun'
    """
    return " and ".join(piece for piece in (", ".join(parts[:-1]), *parts[-1:]) if piece)
