"""Questions: each is a transformation of the case or of the cube, run by the one engine."""

from __future__ import annotations
