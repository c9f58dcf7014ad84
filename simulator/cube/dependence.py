"""Groups of axes that move together, and the copulas that couple them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from payback.distributions.copulas.conditioning import Band
from payback.distributions.copulas.elliptical import Copula, GaussianCopula, TCopula
from payback.distributions.core.workspace import OUTER, work

Fill: TypeAlias = Callable[[str, NDArray[np.float64]], None]
"""Writes the coordinates of an axis before any coupling."""


class Dependence(Protocol):
    """A group of dependent axes, in declaration order, with the parameters of their copula."""

    @property
    def axes(self) -> tuple[str, ...]:
        """Scalar axes of the cube, or monthly inputs, which are coupled month by month."""

    @property
    def correlation(self) -> tuple[tuple[float, ...], ...]:
        """The parameters of the copula: symmetric, unit diagonal, positive semidefinite."""

    @property
    def degrees(self) -> float | None:
        """The degrees of freedom of a t copula, 1 or more; None is the Gaussian copula."""


def copula_of(group: Dependence) -> Copula:
    """Return the copula of a group.

    Raises
    ------
    ValueError
        If its correlations cannot hold together, or its degrees of freedom are out of range.
    """
    return _copula(group.correlation, group.degrees)


@lru_cache(maxsize=64)
def _copula(correlation: tuple[tuple[float, ...], ...], degrees: float | None) -> Copula:
    return GaussianCopula(correlation) if degrees is None else TCopula(correlation, degrees)


def require_groups(dependence: Iterable[Dependence], axes: Iterable[str]) -> None:
    """Check that groups do not overlap, hold only `axes` or only monthly inputs, and have a matrix of their size.

    Raises
    ------
    ValueError
        For the first group that breaks a rule; the message names it.
    """
    scalar, seen = set(axes), set[str]()
    for group in dependence:
        if len(copula_of(group).correlation) != len(group.axes):
            raise ValueError(f"the matrix of the group {group.axes} must be of its size")
        if len(scalar & set(group.axes)) not in {0, len(group.axes)}:
            raise ValueError(f"the group {group.axes} must hold axes of the cube alone, or monthly inputs alone")
        if len(seen | set(group.axes)) < len(seen) + len(group.axes):
            raise ValueError(f"an axis belongs to two groups of the dependence: see {group.axes}")
        seen |= set(group.axes)


@dataclass(frozen=True)
class Conditioned:
    """A group of dependent axes, in one month if they are monthly, with the bands of its axes by position."""

    group: Dependence
    month: str
    bands: Mapping[int, Band]

    @property
    def weighted(self) -> bool:
        """Whether the bands make some trials likelier than others."""
        return copula_of(self.group).weights(np.empty((0, self._size(0)), order="F"), self.bands) is not None

    def couple(self, fill: Fill, trials: int, last: int) -> NDArray[np.float64]:
        """Return the coupled coordinates of axes 0 to `last`, or more, column-major, as a work array."""
        u = self._uncoupled(fill, trials, last)
        return copula_of(self.group).couple(u, self.bands, u)

    def weights(self, fill: Fill, trials: int) -> NDArray[np.float64]:
        """Return the weights of trials, shape (trials,)."""
        weights = copula_of(self.group).weights(self._uncoupled(fill, trials, 0), self.bands)
        return np.ones(trials) if weights is None else weights

    def require_possible(self) -> None:
        """Raise ValueError where no trial can meet all bands; the message names axes.

        Raises
        ------
        ValueError
            See `Copula.couple`, which knows axes by their positions only.
        """
        with _named(self.group, self.month):
            copula_of(self.group).couple(np.empty((0, self._size(0)), order="F"), self.bands)

    def _size(self, last: int) -> int:
        return 1 + max([last, *self.bands])

    def _uncoupled(self, fill: Fill, trials: int, last: int) -> NDArray[np.float64]:
        u = work((self._size(last), trials), OUTER + 3).T
        for position, column in enumerate(u.T):
            fill(self.group.axes[position] + self.month, column)
        return u


@contextmanager
def _named(group: Dependence, month: str) -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        text = re.sub(r"\baxis (\d+) of the group", lambda match: f"{group.axes[int(match[1])]}{month}", str(error))
        raise ValueError(text) from None
