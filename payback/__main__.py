"""``python -m payback``."""

from __future__ import annotations

from payback.cli import main

main()
