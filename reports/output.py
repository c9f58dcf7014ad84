"""The output folder: written beside its place and moved there whole, never half."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simulator.document import Document, to_json
from simulator.errors import PaybackError, UsageError, visible

RESULT, APPENDIX = "result.json", "appendix.html"
OURS = {RESULT, APPENDIX, "appendix.md", "summary.csv", "figures", "trials.npz", "trials.csv"}
"""What a report writes; a folder that holds anything else is not replaced."""


def check_output(folder: str | Path) -> None:
    """Raise if a report may not be written to `folder`: call it before the simulation starts.

    A folder that is new, empty, or holds a report of ours and nothing else will do. Whether something can be
    written beside it is tried, with an empty folder that is removed again.

    Raises
    ------
    UsageError
        If `folder` is a link or a file, holds what payback did not write, or cannot be written.
    """
    path = Path(folder)
    shown = visible(str(path))
    try:
        _check_content(path, shown)
        _try_to_write(Path(os.path.abspath(path)))  # noqa: PTH100  # Path.resolve would follow links
    except OSError as error:
        raise UsageError(f"output folder {shown} cannot be written: {error.strerror or error}") from error


def _check_content(path: Path, shown: str) -> None:
    if path.is_symlink():
        raise UsageError(f"output folder {shown} is a link -> give a folder")
    if not path.exists():
        return
    if not path.is_dir():
        raise UsageError(f"output folder {shown} is a file -> give a folder")
    inside = sorted(entry.name for entry in path.iterdir())
    if not inside:
        return
    if not _is_result(path / RESULT):
        raise UsageError(f"output folder {shown} is not empty and holds no result of payback -> give a new folder")
    strangers = [name for name in inside if name not in OURS]
    if strangers:
        named = visible(", ".join(strangers[:3])) + (", ..." if len(strangers) > 3 else "")
        raise UsageError(f"output folder {shown} also holds {named} -> move it away or give a new folder")


def _try_to_write(path: Path) -> None:
    """Raise OSError if nothing can be made where the folder `path`, or the first missing one above it, is to lie."""
    parent = next(folder for folder in path.parents if folder.exists())
    probe = parent / f".payback-probe-{secrets.token_hex(8)}"
    probe.mkdir()
    probe.rmdir()


def write(document: Document, folder: str | Path, trials: Mapping[str, NDArray[np.float64]] | None = None) -> Path:
    """Write the appendix, its figures, the result document and the tables; return the appendix's path.

    A report that is already in `folder` is replaced whole. On failure nothing is left behind and
    what was there stays.

    Parameters
    ----------
    document : Document
    folder : path
        Created, with its parents, if need be.
    trials : mapping of str to ndarray, optional
        Arrays of shape (trials,) to keep as ``trials.npz``, and their first rows as ``trials.csv``.

    Raises
    ------
    UsageError
        See `check_output`.
    PaybackError
        If the folder cannot be written.
    """
    check_output(folder)
    path = Path(os.path.abspath(folder))  # noqa: PTH100  # Path.resolve would follow links
    mark = secrets.token_hex(8)
    new, old = (path.with_name(f".payback-{kind}-{mark}") for kind in ("new", "old"))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new.mkdir()
        for name, content in _files(document, trials):
            target = new / name
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(content.encode() if isinstance(content, str) else content)
        if path.exists():
            path.rename(old)
        try:
            new.rename(path)
        except OSError:
            if old.exists():
                old.rename(path)
            raise
    except OSError as error:
        raise PaybackError(f"cannot write {visible(str(path))}: {error.strerror or error}") from error
    finally:
        shutil.rmtree(new, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
    return Path(folder) / APPENDIX


def _files(document: Document, trials: Mapping[str, NDArray[np.float64]] | None) -> Iterator[tuple[str, str | bytes]]:
    from reports import html, markdown, summary
    from reports import trials as kept
    from reports.figures import plates, render
    from reports.legible import legible

    yield RESULT, to_json(document)
    yield APPENDIX, html.render(document)
    yield "appendix.md", markdown.render(document)
    yield "summary.csv", summary.csv(document)
    for key, plate in plates(legible(document)).items():
        yield f"figures/{key}.svg", render(plate, "svg")
        yield f"figures/{key}.png", render(plate, "png")
    if trials is not None:
        yield "trials.npz", kept.archive(trials)
        yield "trials.csv", kept.first_rows(trials)


def _is_result(path: Path) -> bool:
    """Return whether `path` is a result document of payback, of any version."""
    if path.is_symlink() or not path.is_file():
        return False
    try:
        raw = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(raw, dict) and str(raw.get("schema", "")).startswith("payback-result/")
