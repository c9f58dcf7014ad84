"""A case and its plan in words, without a simulation."""

from __future__ import annotations
