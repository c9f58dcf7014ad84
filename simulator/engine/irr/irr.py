"""Internal rate of return: the rates at which the net present value of a cash flow is 0.

With ``v = 1 / (1 + i)`` the net present value is a polynomial in `v` whose coefficients are the flows;
rates in (-100 %, inf) are its positive roots. A rate is a return where the net present value falls as the
rate rises; where it rises, as for a loan, the rate is what the money costs [1]_.

References
----------
.. [1] Teichroew, Robichek and Montalbano (1965), An analysis of criteria for investment and financing decisions
   under certainty, Management Science 12(3), doi:10.1287/mnsc.12.3.151
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

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
        NaN unless there is exactly one rate above -100 %, and the net present value falls there: with several,
        none of them is "the" rate, and where it rises or only touches 0, the rate is no return.
    count : array, shape (trials,)
        Number of distinct rates; NaN where a flow is not finite.

    Examples
    --------
    >>> rate, count = irr(np.array([[-1000.0, 100.0, 1000.0], [90.0, -150.0, -90.0], [990.0, 80.0, -990.0]]))
    >>> count.tolist(), rate.round(6).tolist()
    ([1.0, 0.0, 1.0], [0.619688, nan, nan])
    """
    trials = flows.shape[1]
    finite = np.isfinite(flows).all(axis=0)
    columns, roots = positive_roots(flows if finite.all() else np.where(finite, flows, 0.0), only=True)
    count = np.bincount(columns, minlength=trials)
    rate = np.full(trials, np.nan)
    single = (count == 1)[columns] & _falling(flows)[columns]
    with np.errstate(over="ignore"):
        rate[columns[single]] = np.expm1(-MONTHS * np.log(roots[single]))
    return rate, np.where(finite, count, np.nan)


def _falling(flows: Floats) -> NDArray[np.bool_]:
    """Return whether the first flow that is not 0 is money out and the last one money in, shape (trials,).

    Where there is one rate, that is where the net present value falls as the rate rises: as a polynomial in
    ``1 / (1 + i)`` it is below 0 before its only root and above 0 after it.
    """
    return (_leading(flows) < 0.0) & (_leading(flows[::-1]) > 0.0)


def _leading(rows: Floats) -> Floats:
    """Return the first number of each column that is not 0, 0 where all are."""
    result: Floats = rows[0].copy()
    for row in rows[1:]:
        if result.all():
            break
        np.copyto(result, row, where=result == 0.0)
    return result


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
