"""Inverse sampling: the interface of fast quantile functions, by which values are drawn.

A draw is the quantile at a coordinate that is uniform on (0, 1); Devroye (1986), Non-Uniform Random Variate
Generation, section II.2, doi:10.1007/978-1-4613-8643-8. This module holds the contract alone; tables and closed
forms are in `payback.distributions.inversion`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from payback.distributions.core.array_types import FloatArray

STRIP = 131_072
"""Draws at a time; bounds the work arrays."""


class Inverter(ABC):
    """A fast quantile function: maps coordinates to values, and is safe to share between threads.

    `kind` says what stands behind it: "closed" (a formula), "table", "steps" (of a discrete distribution), or
    "exact" (the quantile function itself).
    """

    kind: ClassVar[str]

    def __call__(self, u: FloatArray, out: FloatArray | None = None) -> FloatArray:
        """Return the values at the coordinates `u`.

        Parameters
        ----------
        u : ndarray of float64, any shape
            In (0, 1). Below 2^-53 and above 1 - 2^-53 a table answers as at these bounds.
        out : ndarray of the same shape, optional
            Where to write; may be `u` itself.

        Returns
        -------
        ndarray of the shape of `u`
        """
        if out is None:
            out = np.empty(u.shape)
        if u.ndim != 1:
            flat = np.ascontiguousarray(u).reshape(-1)
            out[...] = self(flat, np.empty(flat.shape)).reshape(u.shape)
            return out
        for start in range(0, u.size, STRIP):
            self._fill(u[start : start + STRIP], out[start : start + STRIP])
        return out

    @abstractmethod
    def _fill(self, u: FloatArray, out: FloatArray) -> None:
        """Write the values at `u`, shape (draws,), to `out`."""

    def affine(self, factor: float, shift: float) -> Inverter | None:
        """Return the quantile function of ``factor * X + shift``, X having this one; None if that takes a new table.

        For a negative factor it must rise with the coordinate, too.
        """
        return None
