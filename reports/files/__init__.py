"""Output folders and their files, written whole or not at all. Nothing here decides what a page says."""

from __future__ import annotations
