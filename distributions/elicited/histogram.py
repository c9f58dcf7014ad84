"""The histogram: a density that is constant in each bin."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

import numpy as np

from payback.distributions.core.parameters import number, refuse
from payback.distributions.core.piecewise_linear import Line
from payback.distributions.elicited.polyline import Polyline


@dataclass(frozen=True)
class Histogram(Polyline):
    """A histogram: each bin has its share, spread evenly over the bin.

    Density in bin i, with share_i = counts[i] / sum(counts)::

        f(x) = share_i / (edges[i + 1] - edges[i]),  edges[i] <= x < edges[i + 1]

    Parameters
    ----------
    edges : sequence of float
        Of the bins, rising, in the unit of the input.
    counts : sequence of float
        One less; counts or shares, at least 0, of which the sum counts.

    Raises
    ------
    ValueError
        If the numbers do not match, edges do not rise, or counts are negative or all 0.

    References
    ----------
    .. [1] Silverman (1986), Density Estimation for Statistics and Data Analysis, Chapman and Hall, section 2.2.

    Examples
    --------
    >>> float(Histogram((0, 10, 20, 60), (25, 40, 10)).ppf(0.5))
    13.125
    """

    edges: tuple[float, ...]
    counts: tuple[float, ...]

    name: ClassVar[str] = "histogram"

    def __post_init__(self, checked: bool) -> None:
        edges = tuple(number("Histogram", f"edges[{i}]", x) for i, x in enumerate(self.edges))
        counts = tuple(number("Histogram", f"counts[{i}]", x) for i, x in enumerate(self.counts))
        if len(edges) != len(counts) + 1 or not counts:
            raise ValueError(f"`Histogram(...)` needs one edge more than counts, got {len(edges)} and {len(counts)}")
        for i, (low, high) in enumerate(pairwise(edges)):
            if not low < high:
                raise refuse("Histogram", f"edges[{i + 1}]", f"must be greater than edges[{i}] = {low}", high)
        for i, count in enumerate(counts):
            if count < 0:
                raise refuse("Histogram", f"counts[{i}]", "must be at least 0", count)
        if not math.fsum(counts) > 0:
            raise ValueError("`Histogram(counts=...)` must not all be 0")
        object.__setattr__(self, "edges", edges)
        object.__setattr__(self, "counts", counts)

    def _corners(self) -> Line:
        filled = np.flatnonzero(self.counts)
        bins = slice(int(filled[0]), int(filled[-1]) + 1)
        counts = np.array(self.counts[bins])
        return Line(np.array(self.edges[bins.start : bins.stop + 1]), counts / math.fsum(counts))
