"""Output folders and their files, written whole or not at all. The contents of pages are not decided here."""

from __future__ import annotations
