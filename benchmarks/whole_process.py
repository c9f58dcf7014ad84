"""Whole processes, interleaved: the command a user types, start-up and imports included."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
COMPILED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""The environment of every command: Python keeps compiled sources, as it does unless told not to."""


@dataclass
class Runs:
    """Seconds and peak memory of one command over the rounds."""

    seconds: list[float] = field(default_factory=list)
    mebibytes: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """Median seconds."""
        return statistics.median(self.seconds)

    @property
    def peak(self) -> float:
        """Largest resident set, MiB."""
        return max(self.mebibytes)


def payback(*arguments: str) -> list[str]:
    """Return the command line of payback in this environment."""
    return [str(Path(sys.executable).with_name("payback")), *arguments]


def peer(name: str, trials: int) -> list[str]:
    """Return the command line of a peer's script."""
    return [sys.executable, "-m", f"benchmarks.peers.{name}", str(trials)]


def run(command: Sequence[str]) -> tuple[float, float]:
    """Return (seconds, MiB) of one process."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=COMPILED, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    if status:
        message = process.stderr.read().decode() if process.stderr else ""
        raise RuntimeError(f"{' '.join(command)} failed: {message}")
    return seconds, usage.ru_maxrss / 1024


def interleave(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, Runs]:
    """Run every command once a round, after one round that is not counted."""
    found = {name: Runs() for name in commands}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            seconds, mebibytes = run(command)
            if turn:
                found[name].seconds.append(seconds)
                found[name].mebibytes.append(mebibytes)
    return found
