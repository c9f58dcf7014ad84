"""The size of a run: how many trials it takes until a stated precision, or until two honest digits."""

from __future__ import annotations
