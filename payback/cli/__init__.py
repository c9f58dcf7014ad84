"""The command line: one file a group of commands; a command loads, calls and prints."""

from __future__ import annotations

from payback.cli.commands import main as main

__all__ = ["main"]
