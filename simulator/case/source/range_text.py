"""Texts that people mean as a range and that arithmetic reads as one number: ``10-20``, ``100 +- 20``."""

from __future__ import annotations

import re

_NUMBER = r"(?>[-−]?(?:[0-9][0-9_]*(?:\.[0-9][0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?)"
_UNIT = r"\s*(?:%|[A-Za-z1][A-Za-z_0-9]*)(?:/[A-Za-z_0-9/]+)?"
_ENDS = re.compile(
    rf"\s*(?P<low>{_NUMBER})(?P<low_unit>{_UNIT})?(?P<sign>\s*(?:\+/?-|±|\.\.+|…|~|[-‐‑‒–—―−])\s*)"
    rf"(?P<high>{_NUMBER})(?P<high_unit>{_UNIT})?\s*(?P<share>\([^()]*\))?\s*"
)
_SPREADS = ("+-", "+/-", "±")


def range_trap(text: str) -> tuple[str, str] | None:
    """Return the problem with a text that is meant as a range and reads as a difference, and its remedy.

    A difference of two constants stays one where it cannot be meant as a range: where the first is the larger, or is
    negative with blanks around the sign between the two.

    Parameters
    ----------
    text : str
        A whole value of a case.

    Returns
    -------
    (str, str) or None
        What was given and what is allowed instead; None if the text is no such range.

    Examples
    --------
    >>> range_trap("10-20 USD")
    ('`10-20 USD` is no range but a difference, -10', '`10 to 20 USD` for a range, `-10 USD` for the one value')
    >>> range_trap("20 - 10 USD")
    """
    ends = _ENDS.fullmatch(text)
    if ends is None:
        return None
    try:
        low, high = _value(ends["low"]), _value(ends["high"])
    except ValueError:
        return None
    units = [(ends[name] or "").strip() for name in ("low_unit", "high_unit")]
    same = not all(units) or units[0].rstrip("s") == units[1].rstrip("s")
    if not same and not (ends["sign"].strip() in _SPREADS and units[1] == "%"):
        return None
    written, sign, unit = text.strip(), ends["sign"].strip(), units[1] or units[0]
    share = f" {ends['share']}" if ends["share"] else ""
    if sign in _SPREADS:
        return _spread(written, low, high, units, share)
    if sign[0] in ".…~":
        return f"`{written}` is no range", f"`{_range(low, high, unit, share)}`"
    mixed = "%" in unit and not all(units)
    blank = ends["sign"] != sign
    if not mixed and not (low < high if not blank else 0.0 <= low < high):
        return None
    if mixed:
        given = f"`{written}` is no range but a difference, of which one end is in percent"
        return given, f"`{_range(low, high, unit, share)}` for a range, both in percent for the difference"
    value = f"{low - high:_.15g}"
    valued = f"{value} {unit}".strip()
    given = f"`{written}` is no range but a difference, {value}"
    return given, f"`{_range(low, high, unit, share)}` for a range, `{valued}` for the one value"


def _spread(written: str, middle: float, half: float, units: list[str], share: str) -> tuple[str, str]:
    """Return the problem with ``100 +- 20`` and its remedy; a percentage behind a number is one of it."""
    unit = units[1] or units[0]
    if units[1] == "%" and units[0] != "%":
        half, unit = abs(middle) * half / 100.0, units[0]
    around = _range(middle - half, middle + half, unit, share)
    sd = "%" if unit == "%" else ""
    normal = f"normal({middle:_.15g} {sd}".rstrip() + f", {half:_.15g} {sd}".rstrip() + ")"
    normal = normal if unit in ("", "%") else f"{normal} {unit}"
    of_range = share.strip(" ()") or "90 %"
    return (
        f"`{written}` is no range",
        f"`{around}` for the middle {of_range}, `{normal}` where the second is one sd",
    )


def _range(low: float, high: float, unit: str, share: str) -> str:
    if unit == "%":
        return f"{low:_.15g} % to {high:_.15g} %{share}"
    if share and unit:
        return f"{low:_.15g} to {high:_.15g}{share} {unit}"
    return f"{low:_.15g} to {high:_.15g}{share} {unit}".rstrip()


def _value(text: str) -> float:
    return float(text.replace("−", "-"))
