"""The registry of families: the distributions that the case language knows by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from payback.distributions.core.distribution import Distribution, Form


@dataclass(frozen=True)
class Family:
    """A family: its name in the case language, and its forms with the positional one first."""

    name: str
    forms: tuple[Form, ...]


def collect(members: Iterable[object]) -> Mapping[str, Family]:
    """Return the families among `members` by name: the subclasses of Distribution that state `roles`."""
    families = [m for m in members if isinstance(m, type) and issubclass(m, Distribution) and m.roles]
    return MappingProxyType({family.name: Family(family.name, family.forms()) for family in families})
