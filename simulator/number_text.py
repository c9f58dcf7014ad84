"""Numbers as text: no more digits than their simulation error supports, units in words, never ``inf``.

Every text that a question, a report or the terminal shows comes from here, so that one number is
written one way. Shares come in as ratios (``0.984``) and go out as percent (``98.4 %``).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from payback.simulator.digits import (
    BARE_DIGITS,
    EXACT_DIGITS,
    bare_places,
    exact_places,
    places,
    share_places,
    shown_places,
    significant,
    swamped,
)

RATES = ("1/year", "1/month")
"""Units that are written in percent."""

LOST = -0.999
"""A rate of return below this is a loss of everything: its digits say no more."""

NEARLY_SURE = 0.01
"""No bound is shown in a sentence with a share of 0 or 1 that is known to within this."""

NOT_KNOWN, LESS_THAN = "not known", "less than"
"""How the text of a value begins of which its error leaves no digit."""

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
        decimals = exact_places(value)
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
    return number(value, 0 if value.is_integer() else bare_places(value))


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


def with_error(
    value: float,
    low: float | None,
    high: float | None,
    unit: str = "",
    horizon: int | None = None,
    decimals: int | None = None,
) -> str:
    """Return a value with its 95 % interval, digits limited by it.

    A value of which the interval leaves no digit is not shown: "not known: between -380 and 310 USD".

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
    decimals : int, optional
        Decimal places, where they follow from other values too (`ordered_places`).

    Examples
    --------
    >>> with_error(14.213, 14.121, 14.305, "month")
    '14.2 months (14.1 to 14.3)'
    >>> with_error(-11139.2, -11190.7, -11087.9, "USD")
    '-11,140 USD (-11,190 to -11,090)'
    >>> with_error(35.6, 35.1, None, "month", 36), with_error(-0.99999, -0.999999, -0.9999, "1/year")
    ('35.6 months (35.1 to beyond 36)', 'under -99.9 %/year')
    >>> with_error(3.0, -380.0, 310.0, "USD"), with_error(0.2, 0.0, 30.0, "USD")
    ('not known: between -380 and 310 USD', 'less than 30 USD')
    """
    if low is not None and low == high:
        return quantity(value, unit, decimals)
    if unit in RATES and value < LOST and (high is None or high < LOST):
        return quantity(value, unit)
    decimals = shown_places(value, low, high) if decimals is None else decimals
    if low is None and high is None:
        return quantity(value, unit, decimals)
    scale = 100.0 if unit in RATES else 1.0
    shown = decimals if scale == 1.0 or decimals is None else decimals - 2

    def end(bound: float | None, missing: str) -> str:
        return missing if bound is None else number(scale * bound, shown)

    if swamped(scale * value, low, high, shown):
        return unknown(end(low, ""), end(high, ""), unit, least=low)
    beyond = f"beyond {horizon}" if horizon is not None else "not known"
    return f"{_amount(value, unit, decimals)} ({end(low, 'not known')} to {end(high, beyond)})"


def _amount(value: float, unit: str, decimals: int | None) -> str:
    """Return a number with its unit, a rate below `LOST` too."""
    if unit in RATES:
        return f"{number(100 * value, None if decimals is None else decimals - 2)} %{unit[1:]}"
    return quantity(value, unit, decimals)


def unknown(low: str, high: str, unit: str = "", *, least: float | None) -> str:
    """Return in words that a value is not known, only its interval.

    Parameters
    ----------
    low, high : str
        Ends of the interval as text without a unit, empty where an end is not known.
    unit : str
    least : float or None
        The lower end: from 0 on it is enough to say what the value stays below.
    """
    suffix = f" %{unit[1:]}" if unit in RATES else f" {plural(unit, high or low)}" if unit else ""
    if not high:
        return f"{NOT_KNOWN}: at least {low}{suffix}"
    if not low:
        return f"{NOT_KNOWN}: at most {high}{suffix}"
    if least is not None and least >= 0:
        return f"{LESS_THAN} {high}{suffix}"
    return f"{NOT_KNOWN}: between {low} and {high}{suffix}"


def is_known(text: str) -> bool:
    """Return whether the text of an estimate states its value.

    Examples
    --------
    >>> is_known("14.2 months (14.1 to 14.3)"), is_known("less than 30 USD")
    (True, False)
    """
    return not text.startswith((NOT_KNOWN, LESS_THAN))


def percent(share: float, low: float | None = None, high: float | None = None) -> str:
    """Return a share as percent, with its 95 % interval when given.

    At 0 and at 1 the interval has one open side and is written as a bound.

    Examples
    --------
    >>> percent(0.98430, 0.98362, 0.98496), percent(0.0, 0.0, 2.9e-5), percent(0.25)
    ('98.43 % (98.36 to 98.50)', '0 % (at most 0.0029 %)', '25 %')
    >>> percent(1e-5, 0.0, 0.02)
    'less than 2.0 %'
    """
    if low is None or high is None or low == high:
        return f"{bare_percent(share)} %"
    if share <= 0:
        return f"0 % (at most {number(100 * high, significant(100 * high, 2))} %)"
    if share >= 1:
        below = 100 * (1 - low)
        return f"100 % (at least {number(100 * low, significant(below, 2))} %)"
    decimals = share_places(low, high)
    if round(100 * share, decimals) == 0:
        return f"{LESS_THAN} {number(100 * high, decimals)} %"
    if round(100 * share, decimals) == 100:
        return f"more than {number(100 * low, decimals)} %"
    return f"{number(100 * share, decimals)} % ({number(100 * low, decimals)} to {number(100 * high, decimals)})"


def of_trials(share: float, low: float | None = None, high: float | None = None) -> str:
    """Return a share of the trials without its interval; a share of none or all with its bound, where that is wide.

    Examples
    --------
    >>> of_trials(0.214, 0.213, 0.215), of_trials(0.0, 0.0, 0.19), of_trials(0.0, 0.0, 2.9e-5)
    ('21.4 %', '0 % (at most 19 %)', '0 %')
    """
    if share in (0.0, 1.0) and low is not None and high is not None and high - low > NEARLY_SURE:
        return percent(share, low, high)
    return f"{bare_percent(share, low, high)} %"


def bare_percent(share: float, low: float | None = None, high: float | None = None) -> str:
    """Return ``100 * share``, with three significant digits of the smaller of `share` and 1 - `share`.

    There are fewer digits when the interval [`low`, `high`], of the share or of 1 less the share, supports fewer; one
    is kept, so that 0 and 100 are shown of no other share.

    Examples
    --------
    >>> bare_percent(0.12345), bare_percent(0.99987), bare_percent(1.0), bare_percent(0.99869, 0.0012, 0.0015)
    ('12.3', '99.987', '100', '99.87')
    """
    rest = min(abs(share), abs(1 - share))
    decimals = max(significant(100 * rest, BARE_DIGITS), 1) if rest else 0
    if rest and low is not None and high is not None and low < high:
        decimals = min(decimals, max(share_places(low, high), significant(100 * rest, 1)))
    text = number(100 * share, decimals)
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def difference(value: float, low: float | None, high: float | None, unit: str = "") -> str:
    """Return a difference with its sign always shown; `unit` "share" gives percentage points.

    Examples
    --------
    >>> difference(0.0312, 0.0301, 0.0323, "share"), difference(-812.0, -830.0, -794.0, "USD")
    ('+3.1 points (+3.0 to +3.2)', '-810 USD (-830 to -790)')
    >>> difference(0.00001, -0.0102, 0.0101, "share")
    'not known: between -1.0 and +1.0 points'
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

    if swamped(scale * value, low, high, decimals):
        ends = ["" if bound is None else signed(bound) for bound in (low, high)]
        text = unknown(*ends, least=None)
        return f"{text} {suffix or plural(unit)}" if suffix or unit else text
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


def censored(
    value: float | None, low: float | None, high: float | None, unit: str, horizon: int, decimals: int | None = None
) -> str:
    """Return the text of a percentile that may lie beyond the horizon (`value` None); `decimals` as in `with_error`.

    Examples
    --------
    >>> censored(None, 34.9, None, "month", 36), censored(None, None, None, "month", 36)
    ('not within 36 months (at least 34.9)', 'not within 36 months')
    """
    if value is None:
        return not_within(horizon) + ("" if low is None else f" (at least {bare(low)})")
    return with_error(value, low, high, unit, horizon, decimals)


def reasons(shares: Iterable[tuple[str, float]]) -> str:
    """Return why trials have no value, with the shares of all trials.

    Examples
    --------
    >>> reasons([("no rate", 0.2), ("several rates", 0.3)])
    'no rate in 20 %, several rates in 30 %'
    >>> reasons([("nothing is invested", 1)])
    'nothing is invested'
    """
    return ", ".join(why if share == 1 else f"{why} in {percent(share)}" for why, share in shares)


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
        if not is_known(text):
            return f"{who} {verb} " + (f"in {text}" if text.startswith(LESS_THAN) else f"by a month that is {text}")
        return f"{who} {verb} by month {text.split(maxsplit=1)[0]}"
    if value is None:
        return f"fewer than {who} reach {name} within {horizon} months"
    if not is_known(text):
        return f"the {name} that {who} {'does' if who.startswith('one ') else 'do'} not exceed is {text}"
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
