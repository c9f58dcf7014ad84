"""Values of inputs that several runs on the same trials share: drawn by the first, read by the others."""

from __future__ import annotations

import threading
from collections.abc import Hashable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MOST_BYTES = 2**27
"""Most bytes of inputs that are kept between runs; further inputs are drawn anew by each run."""


class Column:
    """The values of one input in every trial; complete once all ranges of trials are written.

    Parameters
    ----------
    trials : int
    """

    def __init__(self, trials: int) -> None:
        self._values = np.empty(trials)
        self._missing = trials
        self._lock = threading.Lock()

    @property
    def trials(self) -> int:
        """Number of trials."""
        return self._values.size

    @property
    def complete(self) -> bool:
        """Whether every trial was written."""
        return self._missing == 0

    def write(self, start: int, values: Floats) -> None:
        """Store the values of trials from `start` on; each trial is written once."""
        self._values[start : start + values.size] = values
        with self._lock:
            self._missing -= values.size

    def read(self, start: int, out: Floats) -> None:
        """Copy the values of trials from `start` on into `out`."""
        np.copyto(out, self._values[start : start + out.size])


class SharedInputs:
    """The columns of inputs that successive runs share, by the key of their values.

    Parameters
    ----------
    most : int
        Most bytes that are kept.
    """

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._columns: dict[Hashable, Column] = {}
        self._left = most

    def column(self, origin: Hashable, trials: int) -> Column | None:
        """Return the column of `origin`: a complete one, or a new one to be written; None if there is no room.

        A complete one may be longer: its first trials are those asked for.

        Parameters
        ----------
        origin : hashable
            Equal for inputs whose values are equal in every trial.
        trials : int
        """
        column = self._columns.get(origin)
        if column is not None and column.complete and column.trials >= trials:
            return column
        room = self._left + (8 * column.trials if column else 0)
        if 8 * trials > room:
            return None
        self._left = room - 8 * trials
        column = self._columns[origin] = Column(trials)  # a run that broke off leaves none behind
        return column
