"""Units of measurement: products of powers of nouns.

A noun is a dimension of its own, declared by use (request, run, GPU), and so is every currency.
Seconds to years are one dimension: 1 month is 730 hours, 1 year is 12 months. Plural is singular.
A unit is kept as it was written (an hour stays an hour); factors come in where two units of one
dimension meet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

TIME = {
    "second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800, "month": 2_628_000, "year": 31_536_000,
}  # fmt: skip
"""Seconds in each unit of time; all are whole, so that their ratios are exact."""

CURRENCIES = frozenset(
    """AED ARS AUD BDT BGN BHD BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP GHS HKD HUF IDR ILS INR ISK JOD JPY KES
    KRW KWD KZT LKR MAD MXN MYR NGN NOK NZD OMR PEN PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB TND TRY TWD UAH UGX
    USD UYU VND XAF XOF ZAR""".split()
)
"""Codes of ISO 4217."""

HIGHEST = 12
"""Sum of the exponents of a unit; factors of such units stay far inside the range of floats."""

_SHORT = {
    "s": "second", "sec": "second", "secs": "second", "h": "hour", "hr": "hour", "hrs": "hour", "d": "day",
    "wk": "week", "mo": "month", "mth": "month", "yr": "year", "yrs": "year", "y": "year",
    "usd": "USD", "dollar": "USD", "dollars": "USD", "eur": "EUR", "euro": "EUR", "euros": "EUR",
    "gbp": "GBP", "chf": "CHF", "jpy": "JPY", "percent": "%", "pct": "%",
}  # fmt: skip
_FACTOR = re.compile(r"([A-Za-z_][A-Za-z_0-9]*)(?:\*\*([0-9.e+-]+))?")
_WRITTEN = re.compile(r"(%|1(?=/)|[A-Za-z_][A-Za-z_0-9]*)((?:/[A-Za-z_][A-Za-z_0-9]*)*)")


class UnitError(ValueError):
    """A text that is not a unit; `near` is what may be meant."""

    def __init__(self, given: str, allowed: str, near: str = "") -> None:
        self.given, self.allowed, self.near = given, allowed, near
        super().__init__(given)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: exponents by noun, sorted by noun, none of them 0.

    Raises
    ------
    UnitError
        When the exponents come to more than `HIGHEST`.
    """

    powers: tuple[tuple[str, float], ...] = ()

    def __post_init__(self) -> None:
        if sum(abs(power) for _, power in self.powers) > HIGHEST:
            raise UnitError("a product of too many units", f"at most {HIGHEST}, powers included")

    def __str__(self) -> str:
        over = "*".join(_power(noun, power) for noun, power in self.powers if power > 0)
        under = "".join(f"/{_power(noun, -power)}" for noun, power in self.powers if power < 0)
        return (over or "1") + under if self.powers else ""

    def __pow__(self, power: float) -> Unit:
        return _unit({noun: exponent * power for noun, exponent in self.powers})

    @property
    def plain(self) -> bool:
        """Whether it is a number without a unit."""
        return not self.powers

    @property
    def time(self) -> dict[str, float]:
        """The exponents of its units of time."""
        return {noun: power for noun, power in self.powers if noun in TIME}

    @property
    def others(self) -> dict[str, float]:
        """The exponents of everything else."""
        return {noun: power for noun, power in self.powers if noun not in TIME}

    @property
    def currencies(self) -> frozenset[str]:
        """The currencies in it."""
        return CURRENCIES.intersection(noun for noun, _ in self.powers)

    def same_dimension(self, other: Unit) -> bool:
        """Return whether a factor leads from one to the other."""
        return self.others == other.others and sum(self.time.values()) == sum(other.time.values())


PLAIN = Unit()
DURATION = Unit((("month", 1.0),))
RATE = Unit((("month", -1.0),))
YEARLY = Unit((("year", -1.0),))


def _power(noun: str, power: float) -> str:
    return noun if power == 1 else f"{noun}**{power:g}"


def _unit(powers: dict[str, float]) -> Unit:
    return Unit(tuple(sorted((noun, power) for noun, power in powers.items() if power)))


@lru_cache(maxsize=4096)
def parse_unit(text: str) -> tuple[float, Unit]:
    """Return (factor, unit) of ``USD/request``, ``1/month`` or ``%/year``; the factor of % is 0.01.

    Raises
    ------
    UnitError
        When the text is not a unit.
    """
    match = _WRITTEN.fullmatch(text.strip())
    if not match:
        near = re.sub(r"\s*/\s*", "/", text.strip())
        raise UnitError(
            f"`{text}` is no unit", "nouns divided by nouns, without blanks, products or powers: USD/hour, 1/month",
            near if _WRITTEN.fullmatch(near) else "",
        )  # fmt: skip
    head, tail = match.groups()
    powers: dict[str, float] = {}
    if head not in ("%", "1"):
        powers[singular(head)] = 1.0
    for noun in tail.split("/")[1:]:
        powers[singular(noun)] = powers.get(singular(noun), 0.0) - 1
    return (0.01 if head == "%" else 1.0), _unit(powers)


def shown_unit(text: str) -> Unit:
    """Return the unit that ``str(unit)`` shows as `text`, products and powers too, which no case can spell.

    Examples
    --------
    >>> unit = Unit((("USD", 2.0), ("hour", 1.0), ("month", -0.5)))
    >>> str(unit), shown_unit(str(unit)) == unit
    ('USD**2*hour/month**0.5', True)
    """
    powers: dict[str, float] = {}
    for position, factors in enumerate(text.split("/")):
        for noun, exponent in _FACTOR.findall(factors):
            powers[noun] = (-1.0 if position else 1.0) * float(exponent or 1)
    return _unit(powers)


def singular(noun: str) -> str:
    """Return the singular of a noun, which stands for the plural, too.

    Raises
    ------
    UnitError
        For abbreviations and capitals that would silently be another noun.

    Examples
    --------
    >>> [singular(noun) for noun in ("hours", "queries", "batches", "GPUs", "class")]
    ['hour', 'query', 'batch', 'GPU', 'class']
    """
    near = _SHORT.get(noun) or _SHORT.get(noun.lower() if noun.lower().rstrip("s") in TIME else "")
    lower = noun.lower().removesuffix("s")
    if lower in TIME and lower != noun.removesuffix("s"):
        near = lower
    if near:
        raise UnitError(f"`{noun}` is no unit here", "units are written in full: hour, month, USD", near)
    if noun.endswith("ies") and len(noun) > 4:
        return noun[:-3] + "y"
    if noun.endswith(("ches", "shes", "xes", "sses")):
        return noun[:-2]
    if noun.endswith("s") and not noun.endswith(("ss", "us", "is")) and len(noun) > 1:
        return noun[:-1]
    return noun


@lru_cache(maxsize=4096)
def factor(given: Unit, wanted: Unit) -> float:
    """Return what a number in `given` is multiplied by to be in `wanted`, of the same dimension."""
    over = under = 1.0
    for unit, sign in ((given, 1), (wanted, -1)):
        for noun, power in unit.time.items():
            if sign * power > 0:
                over *= TIME[noun] ** abs(power)
            else:
                under *= TIME[noun] ** abs(power)
    return over / under


@lru_cache(maxsize=4096)
def times(left: Unit, right: Unit, sign: int = 1) -> tuple[float, Unit]:
    """Return the unit of a product or a quotient, and the factor that its numbers take.

    Parameters
    ----------
    left, right : Unit
    sign : {1, -1}
        1 for ``left * right``, -1 for ``left / right``.

    Returns
    -------
    (factor, unit) : float and Unit
        The product of two numbers is in `unit` once it is multiplied by `factor`.

    Notes
    -----
    Equal nouns cancel. Where different units of time meet over and under the line they become one,
    except in hours of work a month and the like. A quotient of two amounts
    of one dimension is a number.
    """
    if sign < 0 and left.same_dimension(right):
        return factor(left, right), PLAIN
    powers = dict(left.powers)
    for noun, power in right.powers:
        powers[noun] = powers.get(noun, 0.0) + sign * power
    raw = _unit(powers)
    time = raw.time
    shares = [noun for noun, power in time.items() if power > 0]
    wholes = [noun for noun, power in time.items() if power < 0]
    if not (left.time and right.time and shares and wholes):
        return 1.0, raw
    total = sum(time.values())
    longest, shortest = max(TIME[noun] for noun in shares), min(TIME[noun] for noun in wholes)
    if total == 0 and longest <= TIME["day"] < shortest and not raw.currencies:
        return 1.0, raw
    kept: dict[str, float] = {}
    if total:
        kept = {max(time, key=lambda noun: (time[noun] * total > 0, abs(time[noun]), noun in left.time)): total}
    reduced = _unit(raw.others | kept)
    return factor(raw, reduced), reduced
