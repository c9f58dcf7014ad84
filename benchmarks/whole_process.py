"""Whole processes, interleaved: the command a user types, start-up and imports included."""

from __future__ import annotations

import json
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


@dataclass(frozen=True)
class Run:
    """One process: seconds, whole and inside (without set-up), of its cores, of a first run and at worst; MiB."""

    whole: float
    cpu: float
    peak: float
    inside: float | None = None
    inside_cpu: float | None = None
    first: float | None = None
    worst: float | None = None


@dataclass
class Runs:
    """One command over the rounds."""

    runs: list[Run] = field(default_factory=list)

    def median(self, figure: str) -> float | None:
        """Return the median of a figure of `Run`, None where a process does not tell it."""
        values = [value for run in self.runs if (value := getattr(run, figure)) is not None]
        return statistics.median(values) if values else None

    @property
    def peak(self) -> float:
        """Largest resident set, MiB."""
        return max(run.peak for run in self.runs)


def payback(*arguments: str) -> list[str]:
    """Return the command line of payback in this environment."""
    return [str(Path(sys.executable).with_name("payback")), *arguments]


def peer(name: str, *arguments: object) -> list[str]:
    """Return the command line of a script under ``benchmarks/peers``."""
    return [sys.executable, "-m", f"benchmarks.peers.{name}", *map(str, arguments)]


def run(command: Sequence[str]) -> Run:
    """Return the figures of one process.

    Raises
    ------
    RuntimeError
        If it fails, with what it wrote to stderr.
    """
    begin = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, env=COMPILED, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        out, err = process.stdout, process.stderr
        if out is None or err is None:
            raise RuntimeError("no pipes")
        text = out.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if status:
            raise RuntimeError(f"{' '.join(command)} failed: {err.read().decode()}")
    report = json.loads(text.splitlines()[-1]) if text.startswith('{"system"') else {}
    cpu = usage.ru_utime + usage.ru_stime
    inside = (report.get(key) for key in ("inside", "cpu", "first", "worst"))
    return Run(seconds, cpu, usage.ru_maxrss / 1024, *inside)


def interleave(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, Runs]:
    """Run every command once a round, after one round that is not counted."""
    runs_of = {name: Runs() for name in commands}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            figures = run(command)
            if turn:
                runs_of[name].runs.append(figures)
    return runs_of
