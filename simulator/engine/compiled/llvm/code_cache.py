"""Compiled code, kept in memory and on disk, so that a second process compiles nothing.

A file is named by a digest of everything that its content depends on: the text of the code, the compiler and the
processor. So nothing in the folder is ever stale. Files are written under another name and then renamed, are checked
when they are read, and are read only from a folder that belongs to the user: object code is trusted as a program is.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import re
import stat
import tempfile
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from payback.simulator.engine.compiled.llvm.builder import DOUBLE, POINTER, WHOLE
from payback.simulator.engine.compiled.llvm.target import PASSES, Code, compiled, target
from payback.simulator.stage_times import Stage

VARIABLE = "PAYBACK_CACHE"
"""The environment variable that names the folder; empty is no folder."""

MOST_FILES = 2048
"""Most files of this cache in the folder, of some ten kilobytes each; beyond that the oldest eighth is removed."""

SUFFIX = ".payback-code"
"""The end of the name of every file of this cache."""

_OURS = re.compile(rf"(?:[0-9a-f]{{40}}|new-[a-z0-9_]+){re.escape(SUFFIX)}")
"""The names of its files: files of other names are never removed."""

_C_TYPES: dict[str, type[ctypes._SimpleCData[Any]]] = {
    WHOLE: ctypes.c_int64,
    DOUBLE: ctypes.c_double,
    POINTER: ctypes.c_void_p,
}
_DIGEST = 32
_LOCK = threading.Lock()


@Stage("compile")
def code(text: str) -> Code:
    """Return the compiled code of a module: from memory, from the disk, or newly compiled. Any thread may call it."""
    with _LOCK:
        return _code(text)


def function(text: str, name: str, parameters: Sequence[tuple[str, str]]) -> ctypes._FuncPointer:
    """Return a function without a result of a module, given as text, and the types and names of its parameters."""
    module = code(text)
    made = ctypes.CFUNCTYPE(None, *(_C_TYPES[kind] for kind, _ in parameters))(module.address(name))
    made.code = module  # type: ignore[attr-defined]  # lives as long as the function
    return made


@lru_cache(maxsize=64)
def _code(text: str) -> Code:
    name = _name(text)
    content = read(name)
    if content is None:
        content = compiled(text)
        write(name, content)
    return Code(content)


def _name(text: str) -> str:
    here = target()
    parts = (text, here.cpu, here.features, here.version, *PASSES)
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=20).hexdigest()


def folder() -> Path | None:
    """Return the folder of compiled code, created if need be; None if there is none that only the user can write to."""
    if VARIABLE in os.environ:
        named = os.environ[VARIABLE]
        return _made(Path(named)) if named else None
    # Anybody can foresee this name: a link there, or a folder of someone else, is not followed.
    private = Path(tempfile.gettempdir()) / f"payback-{os.getuid() if hasattr(os, 'getuid') else 'cache'}"
    home = _home()
    made = _made(home) if home is not None else None
    return made if made is not None else _made(private, links=False)


def _home() -> Path | None:
    given = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    try:
        return (Path(given) if given else Path.home() / ".cache") / "payback"
    except RuntimeError:
        return None


def _made(path: Path, *, links: bool = True) -> Path | None:
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = path.stat() if links else path.lstat()
    except OSError:
        return None
    if not stat.S_ISDIR(status.st_mode):
        return None
    if hasattr(os, "getuid") and (status.st_uid != os.getuid() or status.st_mode & 0o022):
        return None
    return path


def read(name: str) -> bytes | None:
    """Return the content kept under a name, None if there is none or it is damaged."""
    directory = folder()
    if directory is None:
        return None
    try:
        kept = (directory / f"{name}{SUFFIX}").read_bytes()
    except OSError:
        return None
    content = kept[_DIGEST:]
    return content if kept[:_DIGEST] == _check(name, content) else None


def write(name: str, content: bytes) -> None:
    """Keep `content` under a name; a disk that cannot be written to is no error."""
    directory = folder()
    if directory is None:
        return
    try:
        with tempfile.NamedTemporaryFile(dir=directory, prefix="new-", suffix=SUFFIX, delete=False) as stream:
            stream.write(_check(name, content) + content)
        Path(stream.name).replace(directory / f"{name}{SUFFIX}")
        _prune(directory)
    except OSError:
        return


def _prune(directory: Path) -> None:
    names = [name for name in os.listdir(directory) if _OURS.fullmatch(name)]  # noqa: PTH208 - a tenth of the time
    if len(names) <= MOST_FILES:
        return
    files = sorted((directory / name for name in names), key=lambda path: path.stat().st_mtime)
    for old in files[: len(files) - MOST_FILES + MOST_FILES // 8]:
        if old.is_file():
            old.unlink(missing_ok=True)


def _check(name: str, content: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\0" + content).digest()
