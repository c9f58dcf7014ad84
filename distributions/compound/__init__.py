"""Sums of a random number of draws. Sums of a certain number are in `known_sums`."""

from __future__ import annotations
