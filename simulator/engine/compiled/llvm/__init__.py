"""A builder of LLVM text, its target, its compiler and the cache of its code. It knows no plan and no cube."""

from __future__ import annotations
