"""The command line: one file for each command, which loads a case, asks a question and prints its record."""

from __future__ import annotations

from payback.cli.commands import main as main

__all__ = ["main"]
