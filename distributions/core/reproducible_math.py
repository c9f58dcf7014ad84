"""Elementary functions and a matrix product whose bits do not depend on the vector units of the processor.

Where a processor has AVX2 or AVX-512, numpy takes other code for ``exp``, ``log`` and ``cos``, and BLAS sums a product
in another order. Tables of quantiles would magnify the last bits of that. The functions of `scipy.special`
go through the C library one number at a time; the product here sums in order.
"""

from __future__ import annotations

import math

import numpy as np

from payback.distributions.core.array_types import FloatArray


def exp(x: FloatArray) -> FloatArray:
    """Return e to the power `x`."""
    from scipy.special import inv_boxcox

    return np.asarray(inv_boxcox(x, 0.0))


def log(x: FloatArray) -> FloatArray:
    """Return the natural logarithm of `x`."""
    from scipy.special import boxcox

    return np.asarray(boxcox(x, 0.0))


def cos(x: FloatArray) -> FloatArray:
    """Return the cosine of `x`; for a few numbers."""
    return np.array([math.cos(value) for value in x.ravel()]).reshape(x.shape)


def product(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return the matrix product of `a`, shape (rows, inner), and `b`, shape (inner, columns)."""
    out: FloatArray = a[:, 0, None] * b[0]
    term = np.empty_like(out)
    for k in range(1, len(b)):
        np.multiply(a[:, k, None], b[k], out=term)
        np.add(out, term, out=out)
    return out
