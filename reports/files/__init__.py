"""What lands on disk, whole or not at all."""

from __future__ import annotations
