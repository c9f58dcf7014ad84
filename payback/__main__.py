"""``python -m payback``."""

from __future__ import annotations

from payback.cli import main

if __name__ == "__main__":  # processes of a cluster import this file
    main()
