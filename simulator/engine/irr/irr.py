"""Internal rate of return: the rates at which the net present value of a cash flow is 0.

With ``v = 1 / (1 + i)`` the net present value is a polynomial in `v` whose coefficients are the flows;
rates in (-100 %, inf) are its positive roots.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from payback.simulator.engine.irr.polynomials import Floats
from payback.simulator.engine.irr.positive_roots import positive_roots

MONTHS = 12


def irr(flows: Floats) -> tuple[Floats, Floats]:
    """Return the internal rate of return, effective per year, and the number of such rates.

    Parameters
    ----------
    flows : array, shape (months + 1, trials)
        Net cash flow at the start and at the end of each month.

    Returns
    -------
    rate : array, shape (trials,)
        NaN unless there is exactly one rate above -100 %: with several, none of them is "the" rate.
    count : array, shape (trials,)
        Number of distinct rates; NaN where a flow is not finite.

    Examples
    --------
    >>> rate, count = irr(np.array([[-1000.0, 100.0], [90.0, -150.0], [990.0, 80.0]]))
    >>> count.tolist(), round(float(rate[0]), 6)
    ([1.0, 0.0], 0.619688)
    """
    trials = flows.shape[1]
    finite = np.isfinite(flows).all(axis=0)
    columns, roots = positive_roots(flows if finite.all() else np.where(finite, flows, 0.0), only=True)
    count = np.bincount(columns, minlength=trials)
    rate = np.full(trials, np.nan)
    single = count[columns] == 1
    with np.errstate(over="ignore"):
        rate[columns[single]] = np.expm1(-MONTHS * np.log(roots[single]))
    return rate, np.where(finite, count, np.nan)


def rates(flows: ArrayLike) -> Floats:
    """Return every rate per period in (-100 %, inf) at which the net present value of one cash flow is 0.

    Parameters
    ----------
    flows : array, shape (periods + 1,)

    Returns
    -------
    array, shape (rates,)
        In ascending order.

    Examples
    --------
    >>> rates([-100, 230, -132])
    array([0.1, 0.2])
    """
    _, roots = positive_roots(np.asarray(flows, dtype=np.float64)[:, None])
    return 1.0 / roots[::-1] - 1.0
