"""Comparisons: what-ifs and stresses against the case as it is, claims and hurdles against the trials."""

from __future__ import annotations
