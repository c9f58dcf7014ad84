"""What a run that was killed left beside its report: known by its name and by all that is in it, and removed."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

from payback.reports.files.layout import FIGURES, Layout

_LEFT = re.compile(r"\.payback-new-([0-9a-f]{8}-)?[0-9a-f]{16}|\.payback-old-[0-9a-f]{8}-[0-9a-f]{16}")


def beside(path: Path, kind: str) -> Path:
    """Return a new name beside the report `path`, for the `kind` "new" or "old"; another report has other names."""
    return path.with_name(f".payback-{kind}-{_mark(path)}-{secrets.token_hex(8)}")


def _mark(path: Path) -> str:
    return blake2b(os.fsencode(path.name), digest_size=4).hexdigest()


@contextmanager
def in_use(folder: Path) -> Iterator[bool]:
    """Hold `folder`, so that another run takes it for no leftover; yield False if another run holds it.

    The hold ends with the process, however that ends.
    """
    try:
        import fcntl

        held = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):  # where folders cannot be held, as on Windows
        yield True
        return
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        yield False
    else:
        yield True
    finally:
        os.close(held)


def clear(path: Path, layout: Layout) -> None:
    """Remove what killed runs left beside the report `path`, once a report is there.

    Only folders with such a name, of this report, which hold nothing but files of `layout`, and which no run holds.
    """
    try:
        names = [entry.name for entry in os.scandir(path.parent) if _LEFT.fullmatch(entry.name)]
    except OSError:
        return
    for name in names:
        left = path.with_name(name)
        if name.count("-") == 3 and name.split("-")[2] != _mark(path):
            continue
        if left.is_symlink() or not left.is_dir() or strangers(left, layout):
            continue
        with in_use(left) as mine:
            if mine:
                remove(left, layout)


def remove(folder: Path, layout: Layout) -> None:
    """Remove the files of `layout` in `folder`, then the folder; it stays if it holds anything else."""
    for inner, names in ((folder / FIGURES, layout.pictures), (folder, layout.names)):
        if inner.is_symlink() or not inner.is_dir():
            continue
        for name in names:
            file = inner / name
            try:
                if file.is_file() and not file.is_symlink():
                    file.unlink()
            except OSError:
                continue
        try:
            inner.rmdir()
        except OSError:
            continue


def strangers(folder: Path, layout: Layout) -> list[str]:
    """Return what is in `folder` and is no file of `layout`, links and folders with the name of one too."""
    figures = folder / FIGURES
    with_figures = figures.is_dir() and not figures.is_symlink()
    named = _strangers(folder, layout.names - {FIGURES}) if folder.is_dir() else []
    named = [name for name in named if not (name == FIGURES and with_figures)]
    return named + ([f"{FIGURES}/{name}" for name in _strangers(figures, layout.pictures)] if with_figures else [])


def _strangers(folder: Path, names: frozenset[str]) -> list[str]:
    entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    return [entry.name for entry in entries if entry.name not in names or not entry.is_file(follow_symlinks=False)]
