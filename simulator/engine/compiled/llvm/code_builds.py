"""Code that is ready to run: from memory, from the disk, or compiled."""

from __future__ import annotations

import hashlib
import threading
from functools import lru_cache

from payback.simulator.engine.compiled.llvm import code_cache
from payback.simulator.engine.compiled.llvm.target import Code, compiled, target

_LOCK = threading.Lock()


def code(text: str) -> Code:
    """Return the code of a module; for any thread."""
    with _LOCK:
        return _code(text)


@lru_cache(maxsize=64)
def _code(text: str) -> Code:
    name = _name(text)
    found = code_cache.read(name)
    if found is None:
        found = compiled(text)
        code_cache.write(name, found)
    return Code(found)


def _name(text: str) -> str:
    here = target()
    parts = (text, here.cpu, here.features, here.version)
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=20).hexdigest()
