"""A copy of the tree in which something is added, to show what an addition touches."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.laws import members, test_distributions

ROOT = Path(__file__).resolve().parent.parent
LINKED = ("configs", "distributions", "reports", "simulator")

Edits = Mapping[str, Sequence[tuple[str, str]]]
"""By file: texts that occur once in it, and what they become."""


def changed_copy(folder: Path, new: Mapping[str, str], edits: Edits, *, tests: bool = False) -> set[str]:
    """Copy the product into `folder`, add the files `new`, make the `edits`, and return the files that then differ.

    Files are named as in the repository (``simulator/case/load.py``). With `tests` the docs and the tests of
    distributions are copied too.
    """
    quiet = shutil.ignore_patterns("__pycache__", "*.png")
    for name in ("payback", *(("docs", "tests/laws", "tests/distributions") if tests else ())):
        shutil.copytree(ROOT / name, folder / name, ignore=quiet)
    for path in (ROOT / "tests").glob("*.py") if tests else ():
        shutil.copy(path, folder / "tests")
    for name in LINKED:
        (folder / name).symlink_to(folder / "payback" / name, target_is_directory=True)
    before = _contents(folder)
    for name, text in new.items():
        (folder / name).write_text(text.lstrip("\n"), encoding="utf-8")
    for name, pairs in edits.items():
        content = (folder / name).read_text(encoding="utf-8")
        for old, text in pairs:
            assert content.count(old) == 1, f"{name}: {content.count(old)} times {old!r}"
            content = content.replace(old, text)
        (folder / name).write_text(content, encoding="utf-8")
    return {name for name, content in _contents(folder).items() if before.get(name) != content}


def _contents(folder: Path) -> dict[str, bytes]:
    """Return the content of each file below `folder` by its name in the repository."""
    files = [Path(top) / name for top, _, names in os.walk(folder) for name in names]
    linked = re.compile(rf"^payback/(?=({'|'.join(LINKED)})/)")
    return {linked.sub("", path.relative_to(folder).as_posix()): path.read_bytes() for path in files}


def run(folder: Path, *command: object) -> str:
    """Return what a Python process prints that imports the product from `folder`; its failure fails the test."""
    process = subprocess.run(
        [sys.executable, "-W", "error", *map(str, command)], cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert process.returncode == 0, process.stderr
    return process.stdout


def laws() -> list[str]:
    """Return the names of the laws that hold for every distribution, or for every continuous one."""
    names = sorted(
        name
        for name, law in vars(test_distributions).items()
        for mark in getattr(law, "pytestmark", ())
        if name.startswith("test_") and mark.args[1] in (members.MEMBERS, members.CONTINUOUS)
    )
    assert len(names) > 8
    return names
