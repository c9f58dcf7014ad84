"""The verdict on a fit and the warnings about its data, in sentences."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from payback.distributions.fitting.observations import Observations
from payback.simulator.document.fit import FittedFamily, Source
from payback.simulator.number_text import bare, bare_percent, number

REJECTED = 0.05
"""A family is said not to fit below this share."""

CLOSE = 2.0
"""Families within this of the best AICc are hardly told apart (Burnham & Anderson 2002, section 2.6)."""

FEW, MANY = 50, 2_000
UNDECIDED = 30
"""Fewer values than this hardly ever refuse a family that is not the right one."""

YES_OR_NO = "a column of 0 and 1 has one family, bernoulli: its p is the share of ones"
ZERO_HEAVY = 0.05
_REPEATED = 0.01


def verdict(families: Sequence[FittedFamily], tested: bool, count: int = MANY) -> tuple[FittedFamily, bool | None, str]:
    """Return the family to use, whether it fits (None when that is not known), and why.

    Among those close to the best and not rejected, the one that reaches below zero least, then the
    one with the fewest parameters.

    Parameters
    ----------
    families : sequence of FittedFamily
        Ranked, best first.
    tested : bool
        Whether the leading families were tested.
    count : int
        The number of values.
    """
    leading = [family for family in families if family.p is not None]
    holding = [family for family in leading if family.p is not None and family.p > REJECTED]
    among = holding or families
    close = [family for family in among if family.aicc - among[0].aicc <= CLOSE]
    best = min(close, key=lambda family: (family.below_zero > 1e-3, family.chosen, family.aicc))
    others = [
        f"{family.family}, first in the table," if family is families[0] else family.family
        for family in close
        if family is not best
    ]
    hardly = f"; {_listed(others)} can hardly be told from it" if others else ""
    if not tested or not leading:
        why = (
            ""
            if not tested
            else " (not tested: " + next(family.untested for family in families if family.untested) + ")"
        )
        return best, None, f"{best.family} has the best AICc{why}{hardly}"
    if not holding:
        tests = ", ".join(f"{family.family} p = {family.p:.1g}" for family in leading)
        return best, False, f"nothing fits: {tests}; {best.family} is the least bad"
    if count < UNDECIDED:
        not_refuted = _listed([family.family for family in holding])
        return (
            best,
            True,
            f"{count} values decide nothing: {not_refuted} are all possible; the line takes {best.family}",
        )
    rejected = [family.family for family in leading if family not in holding]
    passed = f"; {_listed(rejected)} {'does' if len(rejected) == 1 else 'do'} not fit" if rejected else ""
    return best, True, f"{best.family} fits (p = {best.p:.1g}){hardly}{passed}"


def warnings(
    source: Source,
    data: Observations,
    values: NDArray[np.float64],
    families: Sequence[FittedFamily],
    unit: str = "",
) -> tuple[str, ...]:
    """Return warnings about the data of a fit, each a sentence.

    Parameters
    ----------
    source : Source
    data : Observations
        The values that were fitted.
    values : ndarray, shape (n,)
        All values, in the order of the file.
    families : sequence of FittedFamily
    unit : str
        The unit of the values; empty when none is given.
    """
    texts = []
    count = source.rows - source.missing
    if source.missing:
        texts.append(f"{source.missing:,} of {source.rows:,} rows have no value and are left out")
    if source.zeros:
        share = bare_percent(source.zeros / count)
        texts.append(f"{share} % of the values are exactly 0: set apart, the rest is fitted")
    elif data.kind == "amounts" and (zeros := float(np.mean(values == 0.0))) > ZERO_HEAVY:
        texts.append(f"{bare_percent(zeros)} % of the values are exactly 0: taken as amounts, they are set apart")
    if source.censored:
        texts.append(f"{source.censored:,} values are lower bounds: the fit takes them as at least that")
    texts += _atoms(data)
    if count < FEW:
        texts.append(f"{count} values tell few families apart: more data, or what is known otherwise, should decide")
    tested = [family for family in families if family.p is not None]
    rejected = [family for family in tested if family.p is not None and family.p <= REJECTED]
    if tested and rejected == tested:
        advice = "the line takes the data themselves; or look for several things mixed in one column"
        texts.append(f"no family fits: {advice}" if not source.censored else "no family fits")
        if count > MANY:
            texts.append(f"with {number(count)} values a misfit too small to matter is seen: look at the figures")
    if families[0].below_zero > 1e-3:
        texts.append(f"{families[0].family} puts {bare_percent(families[0].below_zero)} % below 0, where no value lies")
    if not unit and families[0].family != "bernoulli":
        texts.append("the line has no unit: give one by --unit, such as hour or request/month")
    return (*texts, *_order(values))


def _atoms(data: Observations) -> list[str]:
    """Return a warning when many amounts are equal: a cap, or values of a short list."""
    if data.kind == "counts":
        return []
    texts = []
    value, share = data.commonest
    distinct = np.unique(data.exact).size
    if data.censored is None and value == data.values[-1] and share >= max(_REPEATED, 3.0 / data.size):
        times = round(share * data.size)
        texts.append(
            f"{times:,} values equal the highest, {bare(value)}: if larger ones were cut off, give it as a cap"
        )
    elif distinct < data.exact.size / 10 and distinct < FEW:
        texts.append(f"only {distinct} different values: `discrete` or `empirical` may say it better")
    return texts


def _order(values: NDArray[np.float64]) -> list[str]:
    """Return a warning when neighbouring rows are alike: then the values are no independent draws.

    The rank correlation of neighbours has a standard error of 1 / sqrt(n) if they are (Wald &
    Wolfowitz 1943, doi:10.1214/aoms/1177731358); the warning is given beyond four of these.
    """
    steps = np.diff(values)
    if np.all(steps >= 0.0) or np.all(steps <= 0.0):
        return ["the rows are sorted by size: whether neighbours were alike when they came cannot be seen"]
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - 0.5 * counts)[places]
    neighbours = float(np.corrcoef(ranks[:-1], ranks[1:])[0, 1])
    if not neighbours > 4.0 / math.sqrt(values.size):
        return []
    advice = "a trend or a season belongs in `calculations`, what is left of it in the fit"
    return [f"neighbouring rows are alike (rank correlation {neighbours:.2f}): {advice}"]


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
