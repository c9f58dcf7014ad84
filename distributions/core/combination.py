"""The base class of distributions made of several others: mixtures, and the lowest or highest of several draws."""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property, reduce

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.finite_support import Atoms
from payback.distributions.core.parameters import refuse
from payback.distributions.core.root_finding import crossing


def require(owner: str, components: tuple[Distribution, ...], least: int) -> None:
    """Check the components: ValueError if there are fewer than `least`, TypeError if one is not a distribution."""
    if len(components) < least:
        raise refuse(owner, "distributions", f"must be at least {least}", len(components))
    for i, component in enumerate(components):
        if not isinstance(component, Distribution):
            raise TypeError(f"`{owner}(distributions[{i}]=...)` must be a distribution, got {component!r}")


class Several(Distribution):
    """A distribution made of several others, inverted by root finding.

    A subclass gives its distribution function, density, support and `_bracket`.
    """

    distributions: tuple[Distribution, ...]

    @property
    def discrete(self) -> bool:
        """Whether all components are discrete."""
        return all(d.discrete for d in self.distributions)

    @property
    def continuous(self) -> bool:
        """Whether all components are continuous."""
        return all(d.continuous for d in self.distributions)

    @property
    def searched(self) -> bool:
        """Whether there is a density, in which quantiles are searched for."""
        return not self.discrete

    @property
    def allowed(self) -> bool | BoolArray:
        """Whether the parameters of all components are allowed, by trial where they vary."""
        return reduce(np.logical_and, (d.allowed for d in self.distributions))

    @property
    def knots(self) -> tuple[float, ...]:
        """The knots of the components, the ends of their supports, and their atoms."""
        if self.discrete:
            return ()
        values = {x for d in self.distributions for x in (*d.knots, *d.support)}
        if not self.continuous:
            values |= set(_atoms_of(self.distributions).tolist())
        return tuple(float(x) for x in values if np.isfinite(x))

    def _atoms(self) -> FloatArray | None:
        lists = [d.atoms() for d in self.distributions if not d.continuous]
        return None if any(values is None for values in lists) else _atoms_of(self.distributions)

    def _around(self, x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        triples = [d.around(x) for d in self.distributions if self.discrete or not d.continuous]
        if not triples:
            return x, x, x
        below, at, above = zip(*triples, strict=True)
        hit = reduce(lambda a, b: np.where(np.isnan(a), b, a), at)
        if self.discrete:
            return reduce(np.maximum, below), hit, reduce(np.minimum, above)
        # Beside a density every value is possible, but only that of an atom has a value next to it.
        mixed = [d for d in self.distributions if not d.continuous]
        atom = np.any([_is_atom(d, neighbours) for d, neighbours in zip(mixed, triples, strict=True)], axis=0)
        atom &= np.isfinite(x)
        return self.beside(np.where(atom, hit, x), atom)

    @abstractmethod
    def _bracket(self, v: FloatArray, up: BoolArray) -> tuple[FloatArray, FloatArray]:
        """Return a lower and an upper bound of each quantile, from which the search starts."""

    @cached_property
    def _jumps(self) -> Atoms | None:
        """The atoms with their probabilities; None without any, or if parameters vary by trial."""
        values = None if self.continuous or np.ndim(self.allowed) else self._atoms()
        if values is None:
            return None
        before = self._around(values)[0]
        below, above = self.cdf(values), self.sf(values)
        masses = np.where(below <= 0.5, below - self.cdf(before), self.sf(before) - above)
        return Atoms(values, masses, below, above)

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        jumps = self._jumps
        if jumps is not None and self.discrete:
            return jumps.quantile(v, up)
        v, up = np.broadcast_arrays(v, up, np.asarray(self.allowed))[:2]
        shape, constant = v.shape, np.ndim(self.allowed) == 0

        def tail(x: FloatArray, side: bool) -> FloatArray:
            return np.ravel((self._sf if side else self._cdf)(x if constant else x.reshape(shape)))

        def density(x: FloatArray) -> FloatArray:
            return np.ravel(self._pdf(x if constant else x.reshape(shape)))

        if jumps is None:
            low, high = (np.broadcast_to(end, shape).ravel() for end in self._bracket(v, up))
            return crossing(tail, density, v.ravel(), up.ravel(), (low, high), one_by_one=constant).reshape(shape)
        # On an atom the mass up to it reaches v, and the mass before it does not.
        values = np.asarray(jumps.quantile(v, up))
        index = np.searchsorted(jumps.values, values)
        below, above, mass = jumps.below[index], jumps.above[index], jumps.masses[index]
        hit = np.where(up, (above <= v) & (v < above + mass), (v <= below) & (below - mass < v))
        if not np.all(hit):
            rest = ~hit
            values[rest] = crossing(tail, density, v[rest], up[rest], self._bracket(v[rest], up[rest]))
        return values


def _is_atom(d: Distribution, neighbours: tuple[FloatArray, FloatArray, FloatArray]) -> BoolArray:
    below, at, _ = neighbours
    return np.asarray(~np.isnan(at) & (d.discrete | (below < at)))


def _atoms_of(distributions: tuple[Distribution, ...]) -> FloatArray:
    lists = [d.atoms() for d in distributions if not d.continuous]
    return np.unique(np.concatenate([np.empty(0), *(values for values in lists if values is not None)]))
