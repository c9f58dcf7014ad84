"""Work arrays that each thread keeps, so that a draw allocates nothing."""

from __future__ import annotations

import math
import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

_LOCAL = threading.local()

MOST_VIEWS = 256

OUTER = 16
"""Slots from it on are for what holds its arrays while quantiles or shares are looked up."""


def work(shape: tuple[int, ...], slot: int, dtype: type = np.float64) -> NDArray[Any]:
    """Return the work array of this thread in a slot, with this shape and arbitrary content."""
    views: dict[tuple[Any, ...], NDArray[Any]] = _LOCAL.__dict__.setdefault("views", {})
    view = views.get((slot, shape, dtype))
    if view is not None:
        return view
    size, kind = math.prod(shape), np.dtype(dtype)
    kept: dict[int, NDArray[np.uint8]] = _LOCAL.__dict__.setdefault("arrays", {})
    array = kept.get(slot)
    if array is None or array.size < size * kind.itemsize:
        array = kept[slot] = np.empty(size * kind.itemsize, dtype=np.uint8)
        views.clear()  # those of the array before would keep it
    if len(views) >= MOST_VIEWS:
        views.clear()
    view = views[slot, shape, dtype] = array[: size * kind.itemsize].view(kind).reshape(shape)
    return view
