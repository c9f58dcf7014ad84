"""Cases: YAML to a checked value that the engine compiles."""

from __future__ import annotations
