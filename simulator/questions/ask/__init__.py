"""From a question to its answer with the simulation error, in numbers, in words and as a record."""

from __future__ import annotations
