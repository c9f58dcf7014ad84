"""The command line: from words on a command line to an exit code; `verbs` has one file for each command."""

from __future__ import annotations

from payback.cli.commands import main as main

__all__ = ["main"]
