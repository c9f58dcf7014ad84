"""Paths of data files: a case reads files under its own folder, and never through a link.

The path is judged as text first, then link by link; what is opened is checked once more, so that a
file that was swapped in between is not read. Special files are never opened.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import NoReturn

from payback.simulator.case.source.spelling import nearest, quoted
from payback.simulator.errors import CaseError, Location, Problem

LONGEST = 300

_DRIVE = re.compile(r"[A-Za-z]:")
_DEVICE = re.compile(r"(?i:con|prn|aux|nul|conin\$|conout\$|clock\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])")
_SPECIAL = {
    stat.S_IFDIR: "is a folder",
    stat.S_IFLNK: "is a link",
    stat.S_IFIFO: "is a pipe",
    stat.S_IFSOCK: "is a socket",
    stat.S_IFCHR: "is a device",
    stat.S_IFBLK: "is a device",
}
_INSIDE = "the path of a data file under the folder of the case: 'data/volume.csv'"
_LISTED = 1_000


def refuse(file: str, given: str, allowed: str, nearest: str = "", line: int = 0, column: int = 0) -> NoReturn:
    """Raise the error of a data file, at its `line` and `column` where they are known."""
    raise CaseError(Problem(given, allowed, near=nearest, at=Location(file, line, column)))


def inside(case_file: str, file: str) -> Path:
    """Return the path of the data file that a case names.

    Parameters
    ----------
    case_file : str
        The file of the case; its folder holds the data.
    file : str
        As the case names it: relative, with ``/`` between folders.

    Raises
    ------
    CaseError
        For a path that is absolute, leads out of the folder, names a device, passes a link, or
        ends at anything but a regular file.
    """
    reason = wrong_path(file)
    if reason:
        refuse(file, reason, _INSIDE)
    folder = Path(case_file).parent
    base = Path(os.path.realpath(folder))
    path, parts = base, file.split("/")
    for position, segment in enumerate(parts):
        path /= segment
        try:
            mode = path.lstat().st_mode
        except (OSError, ValueError):
            allowed = f"a file in the folder of the case, {quoted(str(folder))}"
            neighbour = _neighbour(path)
            near = "/".join([*parts[:position], neighbour, *parts[position + 1 :]]) if neighbour else ""
            refuse(file, "no such file", allowed, near)
        if stat.S_ISLNK(mode):
            refuse(file, f"{quoted(segment)} is a link", "a file and folders that are no links")
    if os.path.commonpath([base, os.path.realpath(path)]) != str(base):
        refuse(file, "lies outside the folder of the case", _INSIDE)
    return path


def wrong_path(file: str) -> str:
    """Return the problem with the text of a path in words; empty if there is none."""
    parts = file.split("/")
    if not file.strip() or len(file) > LONGEST:
        return "an empty path" if not file.strip() else f"a path of {len(file):,} characters"
    if not file.isprintable():
        return "a path with characters that are not printable"
    if "\\" in file:
        return "a path with a backslash"
    if file.startswith(("/", "~")) or _DRIVE.match(file):
        return "a path that does not begin at the folder of the case"
    if ".." in parts:
        return "a path that leads out of a folder (`..`)"
    if "" in parts or "." in parts:
        return "a path with a part that is empty or `.`"
    for segment in parts:
        if _DEVICE.fullmatch(segment.split(".")[0].rstrip()):
            return f"{quoted(segment)} is the name of a device"
        if ":" in segment or segment.endswith((" ", ".")) or segment.startswith(" "):
            return f"{quoted(segment)} is no portable name"
    return ""


def content(path: Path, file: str, largest: int, *, links: bool = False) -> bytes:
    """Return the bytes of a regular file of at most `largest` bytes.

    Parameters
    ----------
    path : Path
    file : str
        Name of the file in messages.
    largest : int
    links : bool
        Whether the path may be a link.

    Raises
    ------
    CaseError
        When it is anything else than a regular file, is too large, or cannot be read.
    """
    try:
        _require_regular(path.stat(), file, largest)
        # Should the file become a pipe or a link by now: do not wait, do not follow.
        names = ("O_NONBLOCK", "O_BINARY", *(() if links else ("O_NOFOLLOW",)))
        descriptor = os.open(path, os.O_RDONLY | sum(getattr(os, name, 0) for name in names))
        with os.fdopen(descriptor, "rb") as stream:
            _require_regular(os.fstat(descriptor), file, largest)
            return stream.read(largest + 1)[:largest]
    except (FileNotFoundError, NotADirectoryError):
        neighbour = _neighbour(path)
        refuse(file, "no such file", "the path of a data file", str(path.with_name(neighbour)) if neighbour else "")
    except (OSError, ValueError) as error:
        refuse(file, f"cannot be read: {getattr(error, 'strerror', None) or error}", "a file that you may read")


def _require_regular(status: os.stat_result, file: str, largest: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        refuse(file, _SPECIAL.get(stat.S_IFMT(status.st_mode), "is no regular file"), "a regular file")
    if status.st_size > largest:
        refuse(file, f"the file has {status.st_size:,} bytes", f"at most {largest:,}")


def _neighbour(path: Path) -> str:
    """Return the name nearest to that of `path` in its folder."""
    try:
        names = [entry.name for entry in sorted(path.parent.iterdir())[:_LISTED]]
    except (OSError, ValueError):
        return ""
    return nearest(path.name, names)
