"""Words that no expression may use as names: those of the grammar, and those kept for later versions."""

from __future__ import annotations

KEYWORDS = frozenset({"and", "or", "not", "to", "in"})
"""Words of the grammar."""

LATER = frozenset(
    """cauchy frechet gev chi_squared f_distribution inverse_gamma loggamma rayleigh erlang kumaraswamy johnson
    multinomial""".split()
)
"""Functions of the language that this version does not have yet."""

BASE = ".base"
"""Ends the name under which the base of an overridden calculation goes on."""
