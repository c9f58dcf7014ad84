"""How many trials a run takes: until stated precision, or until two honest digits."""

from __future__ import annotations
