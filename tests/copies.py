"""A copy of the product in which something is added, to count what an addition touches."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

Edits = Mapping[str, Sequence[tuple[str, str]]]
"""By file: texts that occur once in it, and what they become."""


def changed_copy(folder: Path, new: Mapping[str, str], edits: Edits) -> int:
    """Copy the product into `folder`, add the files `new`, make the `edits`, and return how many files that touched.

    Files are named as in the repository (``simulator/case/load.py``).
    """
    shutil.copytree(ROOT / "payback", folder / "payback", ignore=shutil.ignore_patterns("__pycache__"))
    for top in ("distributions", "simulator", "reports", "configs"):
        (folder / top).symlink_to(folder / "payback" / top, target_is_directory=True)
    for name, text in new.items():
        (folder / name).write_text(text.lstrip("\n"), encoding="utf-8")
    for name, pairs in edits.items():
        content = (folder / name).read_text(encoding="utf-8")
        for old, text in pairs:
            assert content.count(old) == 1, f"{name}: {content.count(old)} times {old!r}"
            content = content.replace(old, text)
        (folder / name).write_text(content, encoding="utf-8")
    return len({*new, *edits})


def run(folder: Path, *command: object) -> str:
    """Return what a Python process prints that imports the product from `folder`; its failure fails the test."""
    process = subprocess.run(
        [sys.executable, "-W", "error", *map(str, command)], cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert process.returncode == 0, process.stderr
    return process.stdout
