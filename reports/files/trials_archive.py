"""The trials of a run as files: all of them for programs, the first ones for people."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

FIRST = 1_000
"""Trials in the readable file."""


def archive(trials: Mapping[str, NDArray[np.float64]]) -> bytes:
    """Return an ``.npz`` archive of arrays of shape (trials,), +inf being never and NaN not defined.

    It holds plain arrays, is read with ``allow_pickle=False``, and has the same bytes on every run.
    """
    out = io.BytesIO()
    arrays: dict[str, Any] = {name: np.ascontiguousarray(values) for name, values in trials.items()}
    np.savez(out, **arrays)
    return out.getvalue()


def first_rows(trials: Mapping[str, NDArray[np.float64]], rows: int = FIRST) -> str:
    """Return the first `rows` trials as CSV, with "never" and "undefined" in words."""
    import pandas as pd

    table = pd.DataFrame({name: values[:rows] for name, values in trials.items()}, dtype=object)
    return str(table.map(_word).to_csv(index_label="trial", lineterminator="\n"))


def _word(value: float) -> float | str:
    if np.isposinf(value):
        return "never"
    return "undefined" if np.isnan(value) else value
