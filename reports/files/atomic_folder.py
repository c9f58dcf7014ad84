"""A folder of results: written beside its place and moved there whole, never half."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from payback.reports.files.layout import Layout
from payback.reports.files.leftovers import beside, clear, in_use, remove, strangers
from payback.simulator.errors import PaybackError, UsageError, visible


def check(folder: str | Path, layout: Layout) -> None:
    """Raise if a report may not be written to `folder`: call it before the work starts.

    A folder that is new, empty, or holds a report of this kind and nothing else will do. Whether something can be
    written beside it is tried, with an empty folder that is removed again.

    Raises
    ------
    UsageError
        If `folder` is a link or a file, holds what payback did not write, or cannot be written.
    """
    path = Path(folder)
    shown = visible(str(path))
    try:
        _check_content(path, shown, layout)
        _try_to_write(Path(os.path.abspath(path)))  # noqa: PTH100  # Path.resolve would follow links
    except OSError as error:
        raise UsageError(f"output folder {shown} cannot be written: {error.strerror or error}") from error


def _check_content(path: Path, shown: str, layout: Layout) -> None:
    if path.is_symlink():
        raise UsageError(f"output folder {shown} is a link -> give a folder")
    if not path.exists():
        return
    if not path.is_dir():
        raise UsageError(f"output folder {shown} is a file -> give a folder")
    inside = sorted(entry.name for entry in path.iterdir())
    if not inside:
        return
    if not _is_result(path / layout.result, layout.schema):
        raise UsageError(f"output folder {shown} is not empty and holds no result of payback -> give a new folder")
    others = strangers(path, layout)
    if others:
        named = visible(", ".join(others[:3])) + (", ..." if len(others) > 3 else "")
        raise UsageError(f"output folder {shown} also holds {named} -> move it away or give a new folder")


def _try_to_write(path: Path) -> None:
    """Raise OSError if nothing can be made where the folder `path`, or the first missing one above it, is to lie."""
    parent = next(folder for folder in path.parents if folder.exists())
    probe = parent / f".payback-probe-{secrets.token_hex(8)}"
    probe.mkdir()
    probe.rmdir()


def replace(folder: str | Path, files: Iterable[tuple[str, str | bytes]], layout: Layout) -> None:
    """Write `files`, names and contents, to `folder`; a report that is already there is replaced whole.

    On failure nothing is left behind and what was there stays.

    Parameters
    ----------
    folder : str or Path
    files : iterable of (str, str or bytes)
        Names and contents.
    layout : Layout

    Raises
    ------
    UsageError
        See `check`.
    PaybackError
        If the folder cannot be written.
    """
    check(folder, layout)
    path = Path(os.path.abspath(folder))  # noqa: PTH100  # Path.resolve would follow links
    new, old = beside(path, "new"), beside(path, "old")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new.mkdir()
        with in_use(new):
            for name, content in files:
                target = new / name
                target.parent.mkdir(exist_ok=True)
                target.write_bytes(content.encode() if isinstance(content, str) else content)
            _move(new, path, old)
    except OSError as error:
        raise PaybackError(f"cannot write {visible(str(path))}: {error.strerror or error}") from error
    finally:
        remove(new, layout)
        remove(old, layout)
    clear(path, layout)


def _move(new: Path, path: Path, old: Path) -> None:
    """Move the folder `new` to `path`; what was there goes to `old`, and comes back if that fails."""
    if path.exists():
        path.rename(old)
    try:
        new.rename(path)
    except OSError:
        if old.exists():
            old.rename(path)
        raise


def _is_result(path: Path, schema: str) -> bool:
    """Return whether `path` is a result of payback whose schema begins so."""
    if path.is_symlink() or not path.is_file():
        return False
    try:
        raw = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(raw, dict) and str(raw.get("schema", "")).startswith(schema)
