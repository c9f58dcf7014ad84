"""Code that is ready to run: from memory, from the disk, or compiled; and what that costs."""

from __future__ import annotations

import hashlib
import struct
import threading
import time
from collections.abc import Iterable
from functools import lru_cache

from simulator.engine.kernel import cache
from simulator.engine.kernel.machine import Code, compiled, target

LOADING = 0.01
"""Seconds to load the code of a module that is at hand."""

_PACE = "seconds-per-character"
_LIKELY_PACE = 6e-6
_LOCK = threading.Lock()


def code(text: str) -> Code:
    """Return the code of a module; for any thread."""
    with _LOCK:
        return _code(text)


@lru_cache(maxsize=64)
def _code(text: str) -> Code:
    name = _name(text)
    found = cache.read(name)
    if found is None:
        begun = time.perf_counter()
        found = compiled(text)
        cache.write(name, found)
        cache.write(_PACE, struct.pack("<d", (time.perf_counter() - begun) / len(text)))
    return Code(found)


def cost(texts: Iterable[str]) -> float:
    """Return the seconds that `code` of these modules will take, going by the last one that was compiled here."""
    kept = cache.read(_PACE)
    pace = struct.unpack("<d", kept)[0] if kept else _LIKELY_PACE
    return sum(LOADING if cache.has(_name(text)) else pace * len(text) for text in texts)


def _name(text: str) -> str:
    here = target()
    parts = (text, here.cpu, here.features, here.version)
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=20).hexdigest()
