"""Running the command line in a process of its own, and in this one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from payback.cli.commands import run
from tests.catalogue import catalogue

ROOT = Path(__file__).resolve().parents[2]
MESSAGES = catalogue(Path(__file__).with_name("messages.txt"))


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Command:
    """``payback`` in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *words: object) -> Outcome:
        self._capsys.readouterr()
        code = run([str(word) for word in words])
        return Outcome(code, *self._capsys.readouterr())


def environment(**changed: str) -> dict[str, str]:
    """Return the environment of a process that finds this tree, from whatever folder it runs in."""
    return os.environ | {"PYTHONPATH": str(ROOT)} | changed


def process(*words: object, cwd: Path = ROOT, **changed: str) -> Outcome:
    """Return what ``python -m payback`` in a process of its own does."""
    done = subprocess.run(
        [sys.executable, "-m", "payback", *map(str, words)],
        env=environment(**changed), capture_output=True, text=True, check=False, cwd=cwd,
    )  # fmt: skip
    return Outcome(done.returncode, done.stdout, done.stderr)


def python(code: str) -> Outcome:
    """Return what a Python process does that runs `code`."""
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=False, cwd=ROOT
    )
    return Outcome(done.returncode, done.stdout, done.stderr)
